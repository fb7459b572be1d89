"""What a show lets be pressed: each button once, where it is heard, and what a press of it may bring."""

from __future__ import annotations

from pathlib import Path

from showrunner.reports.pads import Ear, Pad, pads
from showrunner.show.prepare import prepare


def of(folder: Path, text: str) -> list[Pad]:
    (folder / "a.show").write_text(text, "utf-8")
    prepared = prepare(str(folder / "a.show"))
    assert prepared.cues is not None, prepared.findings
    return pads(prepared.cues)


def test_buttons_stand_in_the_order_of_the_text_each_with_what_hears_it(tmp_path: Path) -> None:
    assert of(
        tmp_path,
        "when button scare restart at most every 20s\n"
        "  log 'boo'\n"
        "segment talk\n"
        "  when button clap or scare\n"
        "    wait for button again\n"
        "  at 0s  wait for button next\n",
    ) == [
        Pad("scare", None, (Ear(None, "L1", "restart", 20_000_000), Ear("talk", "L4", "queue", None)), False, ()),
        Pad("clap", "talk", (Ear("talk", "L4", "queue", None),), False, ()),
        Pad("again", "talk", (), True, ()),
        Pad("next", "talk", (), True, ()),
    ]


def test_a_press_may_bring_what_the_show_reads_of_it(tmp_path: Path) -> None:
    made = of(
        tmp_path,
        "segment talk\n"
        "  when button donate -> gift\n"
        "    log '{gift}, {gift.amount} of {gift.user}'\n"
        "  when button clap or cheer -> wish\n"
        "    log '{wish}'\n"
        "  at 0s  wait for button boo -> unread\n"
        "  then   wait for button name -> who or 'nobody'\n"
        "  then   animaze chat '{who.text}'\n",
    )
    assert {pad.name: pad.brings for pad in made} == {
        "donate": ("text", "amount", "user"), "clap": (), "cheer": (), "boo": (), "name": ("text",)
    }  # fmt: skip
