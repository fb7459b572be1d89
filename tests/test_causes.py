"""What a row says that it causes, against its double: each of these events comes of it, and no other does."""

import json
from dataclasses import replace

import pytest

from showrunner import devices
from showrunner.devices.vocabulary import Terms
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show.book import read
from showrunner.timeline.compiler import compile_show
from showrunner.wires.loopback import World
from tests.documented import with_documents
from tests.test_devices import IDS, ROWS, stage_for

SECTIONS = {"weather": ("w1", "w2"), "culture": ("c1",), "sport": ("s1",)}
DECK = json.dumps({
    "presentationId": "news",
    "title": "News",
    "sections": [
        {"id": name, "title": name, "slides": [{"id": one, "markdown": one, "narration": one} for one in slides]}
        for name, slides in SECTIONS.items()
    ],
})  # fmt: skip

DECKED = 'aituber deck "slides/news.json"'
ELSEWHERE = {
    ("aituber", "present", "[from SLIDE]"): [[DECKED], [DECKED, "aituber present from s1"]],
    ("aituber", "present", "next section"): [[DECKED], [DECKED, "aituber slide s1"]],
    ("aituber", "back", ""): [[DECKED, "aituber slide s1"]],
    ("aituber", "pause", "deck"): [[DECKED, "aituber present"]],
    ("aituber", "show", "deck"): [[DECKED, "aituber slide s1", "aituber hide deck"]],
    ("obs", "scene", "NAME [by TRANSITION] [over D]"): [["obs scene Break"]],
    ("obs", "studio", "SWITCH"): [["obs studio on", "obs studio off"]],
    ("obs", "show", "SOURCE [in SCENE]"): [['obs hide "Lower third" in Live']],
    ("obs", "unmute", "INPUT"): [["obs mute Jingle"]],
    ("vts", "item", "unload all"): [["vts item load cup.png"]],
}
"""Row -> what is told the device before its example, where that makes more of it."""

INSTEAD = (["aituber present from s1"], ["obs studio off"])
"""Lines that stand for an example."""

AMIDST = {
    ("obs", "pause", "INPUT"): ["obs play Jingle"],
    ("obs", "resume", "INPUT"): ["obs play Jingle", "obs pause Jingle"],
    ("obs", "stop", "INPUT"): ["obs play Jingle"],
}
"""The same, of what is told while the rest is still going on."""

UNASKED = {"aituber": {"page"}}
"""What a double tells whatever it is told."""


def lines_of(name, verb):
    """Give the shows that are played for a row: lines with their seconds, and from when on what comes counts."""
    key = (name, verb.name, verb.form)
    if key in AMIDST:
        told = [*AMIDST[key], verb.example]
        yield [(place * 0.5, line) for place, line in enumerate(told)], (len(told) - 1) * 0.5
        return
    for before in ELSEWHERE.get(key, [list(verb.after)]):
        told = before if before[-1:] in INSTEAD else [*before, verb.example]
        yield [(place * 10, line) for place, line in enumerate(told)], (len(told) - 1) * 10


def heard(tmp_path, name, verb, lines, since):
    """Play them, with a driver that tells all there is; give the events from then on, by name."""
    written = "".join(f"at {second}s {line}\n" for second, line in [*lines, (90, "wait 1s")])
    (tmp_path / "a.show").write_text(written, encoding="utf-8")
    stage = stage_for(name, verb)
    kind, settings = stage[name].device, dict(stage[name].settings)
    if name == "aituber":
        settings["api"] = {"url": "http://localhost:3000", "client": "studio", "key-env": "AITUBERKIT_API_KEY"}
        settings["documents"] = {"slides/news.json": kind.document(DECK, settings).value}
    if name == "animaze":
        settings["profile"] = "next"

    def attentive(terms):
        driver = kind.driver(terms)
        listen = driver.listen
        driver.listen = lambda _, now: listen([event.name for event in kind.events], now)
        return driver

    stage = {**stage, name: replace(stage[name], device=replace(kind, driver=attentive), settings=settings)}
    book = read(str(tmp_path / "a.show")).book
    made = compile_show(book, stage)
    if name != "aituber":
        made, stage = with_documents(tmp_path / "a.show", book, stage)
    assert made.findings == ()
    one = stage[name].played
    world, entries = World(), []
    terms = Terms(name, one.settings, "0", lambda now: now // 1000)
    wires = {name: world.join(name, kind.double(terms), one.ways)}
    played = Performance(made.cues, {**stage, name: one}, wires, world, Journal(entries.append), Options(auto=True))
    assert played.standby(10_000_000) == {}
    assert played.play().result == "done"
    told = (entry for entry in entries if entry["at"] >= since * 1_000_000 and "event" in entry)
    return {entry["event"] for entry in told} - UNASKED.get(name, set())


@pytest.mark.parametrize(("name", "verb"), [row for row in ROWS if devices.find(row[0]).events], ids=[
    label for label, row in zip(IDS, ROWS, strict=True) if devices.find(row[0]).events
])  # fmt: skip
def test_what_a_row_causes_is_what_its_double_tells_and_nothing_else(name, verb, tmp_path):
    shows = list(lines_of(name, verb))
    found = set().union(*(heard(tmp_path, name, verb, lines, since) for lines, since in shows))
    assert found == set(verb.causes)
