"""Rows: the number a cue keeps through all edits, and what is laid over every entry that names one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from showrunner.console.hub import Hub
from showrunner.console.rows import Rows
from showrunner.reports.plan import plan
from showrunner.timeline.cues import CueList
from tests.test_labels import ODD, written


class Texts:
    """Texts of one show, each with its plan's cues as the rows say where they are."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.rows = folder, Rows()

    def cues(self, text: str) -> CueList:
        cues = written(self.folder, text).cues
        assert cues is not None
        return cues

    def told(self, text: str) -> dict[str, str]:
        """Give each cue of the plan with its row, as `ROW INNER TURNS`."""
        prepared = written(self.folder, text)
        assert prepared.cues is not None
        found = {}
        for cue in plan(prepared.cues, prepared.stage.fixtures, prepared.inventories).cues:
            segment, track, name = cue.where
            if segment == "opening":
                entry = {"kind": "cue", "segment": segment, "track": track, "cue": name}
                found[name] = " ".join(map(str, self.rows.of(entry, prepared.cues).values()))
        return found


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    return Texts(tmp_path)


FIRST = {
    "A/B test": "4",
    "A/B test/big/wave #2/L3": "4 1.0",
    "A/B test/big/wave #2/in/out": "4 1.1",
    "take #1": "5",
    "take #1/A": "5 0.0",
    "take #1/L10": "5 0.1",
    "L11": "6",
    "L11#1/B/#2": "6 0.0 [1]",
    "L11#1/L13": "6 0.1 [1]",
    "L11#1/L13/big/wave #2/L3": "6 0.1/0.0 [1]",
    "L11#1/L13/big/wave #2/in/out": "6 0.1/0.1 [1]",
    "L11#2/B/#2": "6 0.0 [2]",
    "L11#2/L13": "6 0.1 [2]",
    "L11#2/L13/big/wave #2/L3": "6 0.1/0.0 [2]",
    "L11#2/L13/big/wave #2/in/out": "6 0.1/0.1 [2]",
}


def test_a_cue_has_a_row_and_what_is_in_its_blocks_a_place_in_it(texts: Texts) -> None:
    assert texts.told(ODD) == FIRST


def test_a_cue_keeps_its_row_through_edits_and_a_new_one_gets_one_of_its_own(texts: Texts) -> None:
    texts.told(ODD)
    edited = ODD.replace("segment opening\n", 'segment opening\n  # a remark\n  at 500ms  log "new"\n')
    found = texts.told(edited)
    assert found.pop("L7") == "7"
    moved = {label.replace("L13", "L15").replace("L11", "L13").replace("L10", "L12"): at for label, at in FIRST.items()}
    assert found == moved


def test_who_goes_back_to_a_text_finds_its_rows_again(texts: Texts) -> None:
    shorter = "".join(line for line in ODD.splitlines(keepends=True) if "A/B test" not in line)
    one, other = texts.cues(ODD), texts.cues(shorter)
    texts.rows.numbered(one)
    assert texts.rows.numbered(other).numbers["opening", "main"] == (5, 6)
    assert texts.rows.numbered(one).numbers["opening", "main"] == (4, 5, 6)
    texts.rows.numbered(other)
    # As often as it is typed anew, it is another cue.
    assert texts.rows.numbered(texts.cues(ODD)).numbers["opening", "main"] == (7, 5, 6)


def test_what_ends_a_wait_is_where_the_wait_began_and_a_segment_that_is_gone_is_found_in_the_text_before(
    texts: Texts,
) -> None:
    one = texts.cues(ODD)
    gone = texts.cues(ODD.replace('include "parts/song.show"\n', "").replace("segment opening", "\nsegment opening"))
    wait = {"segment": "song", "track": "main", "cue": "parts/song.show:L3", "for": "go now"}
    assert texts.rows.of({"kind": "wait", **wait}, one) == {"row": 1}
    assert texts.rows.of({"kind": "cue", **wait}, gone) == {"row": 1}
    stands = {"segment": "opening", "track": "main", "cue": "L11", "for": "then"}
    assert texts.rows.of({"kind": "wait", **stands}, one) == {"row": 6}
    # In the text before nothing is called so; in this one it is line 11, that was 10 and stands in `take #1`.
    assert texts.rows.of({"kind": "resume", **stands}, gone) == {"row": 6}
    assert texts.rows.of({"kind": "outcome", "id": 1}, gone) == {}
    assert texts.rows.of({"kind": "command", "cue": "safe"}, gone) == {}


def test_the_hub_lays_the_row_over_each_entry_that_was_written_under_a_text(texts: Texts) -> None:
    one = texts.cues(ODD)
    other = texts.cues(ODD.replace("segment opening\n", 'segment opening\n  at 500ms  log "new"\n'))

    async def play() -> list[dict[str, Any]]:
        hub = Hub()
        force = [one]
        hub.in_force = lambda: force[-1]
        place = {"segment": "opening", "track": "main", "cue": "L11", "due": 0, "late": 0}
        hub.publish({"seq": 0, "at": 0, "kind": "show", "title": "One"})
        hub.publish({"seq": 1, "at": 0, "kind": "cue", **place})
        force.append(other)
        hub.publish({"seq": 2, "at": 0, "kind": "cue", **place, "cue": "L12"})
        hub.attach(asyncio.get_running_loop())
        with hub.reader(-1) as reader:
            batch = await reader.next(15)
        assert batch is not None
        return [json.loads(event.split(b"data: ")[1]) for event in batch]

    told = asyncio.run(play())
    assert [(entry["kind"], entry.get("cue"), entry.get("row")) for entry in told] == [
        ("show", None, None),
        ("cue", "L11", 6),
        ("cue", "L12", 6),
    ]


def test_a_when_keeps_its_row_through_all_edits_of_its_block(texts: Texts) -> None:
    edge, inside = "when button scare\n  log 'boo'\n", "  when button scare or clap\n    log 'both'\n"
    room = f"{edge}segment opening\n{inside}  at 0s  hold\n"
    edited = room.replace("log 'boo'", "at 0s  log 'boo'\n  at 1s  log 'hoo'").replace("segment", "# a line\nsegment")
    one, other = texts.cues(room), texts.cues(edited)
    heard = {"kind": "heard", "event": 1, "became": "begun"}
    rows = texts.rows
    before = [rows.of({**heard, **where}, one) for where in ({"cue": "L1"}, {"segment": "opening", "cue": "L4"})]
    after = [rows.of({**heard, **where}, other) for where in ({"cue": "L1"}, {"segment": "opening", "cue": "L6"})]
    assert before == after
    assert len({entry["row"] for entry in before}) == 2
    cue = {"kind": "cue", "cue": "L1#7/L3"}
    assert rows.of(cue, other) == {**before[0], "inner": "0.1", "turns": [7]}
