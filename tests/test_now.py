"""What stands: one reader of a journal, for whoever asks at any moment and in any thread."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from showrunner.engine.messages import Options
from showrunner.reports.now import Expected, Halt, Present, Sounding
from showrunner.reports.plan import plan
from showrunner.reports.status import status
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import Prepared, prepare
from showrunner.timeline.cues import CueList
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed

SECOND = 1_000_000

SHOW = """\
segment opening
  cue "A/B" at 1s  say happy "Good morning to all of you!"; log "up"
  at 2s  hold "ready?"
  at 4s  repeat 2 times every 1s
    at 0s  log "turn"
segment song
  cue "take #1" at 1s  log "la"
  at 3s  log "over"
"""


def read(folder: Path, text: str = SHOW) -> tuple[Prepared, CueList]:
    path = folder / "a.show"
    path.write_text(text, "utf-8")
    found = prepare(str(path))
    assert found.cues is not None
    return found, found.cues


def follow(folder: Path, text: str = SHOW) -> tuple[Present, Prepared, CueList]:
    found, cues = read(folder, text)
    planned = plan(cues, found.fixtures, found.inventories)
    return Present(cues, planned, None, found.fixtures), found, cues


@pytest.fixture
def present(tmp_path: Path) -> Present:
    return follow(tmp_path)[0]


def entry(kind: str, seconds: float, **keys: Any) -> dict[str, Any]:
    return {"kind": kind, "at": int(seconds * SECOND), **keys}


def cue(name: str, seconds: float, segment: str = "opening") -> dict[str, Any]:
    return entry("cue", seconds, segment=segment, track="main", cue=name)


def wait(what: str, seconds: float, kind: str = "wait") -> dict[str, Any]:
    return entry(kind, seconds, segment="opening", track="main", cue="L3", **{"for": what})


def test_a_show_that_has_not_begun_stands_before_its_first_cue(present: Present) -> None:
    now = present.now()
    assert (now.segment, now.cue, now.standing, now.voices, dict(now.devices)) == ("", None, (), (), {})
    assert now.next == Expected(("opening", "main", "A/B"), "A/B", SECOND)
    assert not now.uncertain


def test_the_place_is_that_of_the_last_cue_of_a_tracks_own_list_whatever_it_is_called(present: Present) -> None:
    present.take(entry("segment", 0, segment="opening"))
    assert present.now().place == ("opening", 0)
    present.take(cue("A/B", 1))
    assert present.now().place == ("opening", SECOND)
    present.take(cue("L4", 9))
    present.take(cue("L4#1/L5", 9))
    now = present.now()
    assert now.place == ("opening", 4 * SECOND)
    assert (now.cue, now.called) == (("opening", "main", "L4#1/L5"), "line 5, turn 1")
    assert now.behind == 5 * SECOND
    present.take(entry("segment", 20, segment="song"))
    present.take(cue("take #1", 21, "song"))
    assert present.now().place == ("song", 6 * SECOND)


def test_a_point_that_was_asked_for_is_the_place_until_the_show_is_there_and_from_then_on(present: Present) -> None:
    present.take(entry("segment", 0, segment="opening"))
    present.bound_for("song+2s", "song", 7 * SECOND)
    present.take(cue("A/B", 1))
    assert present.now().place == ("song", 7 * SECOND)
    present.take(entry("operator", 2, action="seek", to="song+2s"))
    present.take(entry("segment", 2, segment="song"))
    now = present.now()
    assert now.place == ("song", 7 * SECOND)
    assert now.next == Expected(("song", "main", "L8"), "line 8", 3 * SECOND)


def test_who_reads_the_journal_alone_finds_the_point_of_a_seek_by_its_words(present: Present) -> None:
    present.take(entry("segment", 0, segment="opening"))
    present.take(entry("operator", 2, action="seek", to="song+2s"))
    present.take(entry("segment", 2, segment="song"))
    assert present.now().place == ("song", 7 * SECOND)


def test_what_lists_stand_at_is_told_the_oldest_first_and_two_of_the_same_are_two(present: Present) -> None:
    for one in (wait("command 7", 1), wait("go ready?", 2), wait("go ready?", 3)):
        present.take(one)
    where = ("opening", "main", "L3")
    command, first, second = present.now().standing
    assert command == Halt("command 7", SECOND, where)
    assert (first.word, first.label, first.since, second.since) == ("go", "ready?", 2 * SECOND, 3 * SECOND)
    assert present.now().uncertain
    present.take(wait("go ready?", 4, "resume"))
    assert [halt.since for halt in present.now().standing] == [SECOND, 3 * SECOND]
    present.take(wait("go ready?", 5, "resume"))
    assert not present.now().uncertain


def test_a_voice_is_known_by_its_row_and_heard_from_its_sending_to_its_end(present: Present) -> None:
    said = {"segment": "opening", "track": "main", "cue": "A/B", "device": "aituber"}
    present.take(entry("command", 1, id=1, verb="say", text="say happy 'hi'", **said))
    present.take(entry("command", 1, id=2, verb="nothing of the kind", text="x", **said))
    assert present.now().voices == ()
    for number in (1, 2):
        present.take(entry("sent", 2, id=number, device="aituber"))
    assert present.now().voices == (Sounding("aituber", 1, "say happy 'hi'", 2 * SECOND),)
    present.take(entry("outcome", 3, id=1, result="done", took=SECOND))
    assert present.now().voices == ()


def test_of_a_show_whose_text_changes_everything_is_called_as_in_the_text_in_force(
    present: Present, tmp_path: Path
) -> None:
    present.take(entry("segment", 0, segment="opening"))
    present.take(cue("L3", 2))
    present.take(wait("go ready?", 2))
    found, cues = read(tmp_path, f"# a line more\n{SHOW}")
    present.revised(cues, plan(cues, found.fixtures, found.inventories), 3 * SECOND, found.fixtures)
    now = present.now()
    moved = ("opening", "main", "L4")
    assert (now.cue, now.standing) == (moved, (Halt("go ready?", 2 * SECOND, moved),))
    assert now.next is not None
    assert now.next.cue == ("opening", "main", "L5")
    present.take(wait("go ready?", 4, "resume"))  # as the entry called it that began it
    assert present.now().standing == ()


def test_the_shows_thread_never_waits_for_who_looks(present: Present) -> None:
    """Fault B9: the reader was a sink of the journal, and changed beside the show's thread what others read."""
    with present._looking():
        teller = threading.Thread(target=lambda: [present.take(cue("A/B", 1)), present.take(wait("go", 2))])
        teller.start()
        teller.join(20)
        assert not teller.is_alive()
    now = present.now()
    assert now.cue == ("opening", "main", "A/B")
    assert [halt.what for halt in now.standing] == ["go"]


def test_what_is_told_stays_as_it_was(present: Present) -> None:
    present.take(entry("device", 0, device="aituber", state="ready"))
    before = present.now()
    present.take(entry("device", 1, device="aituber", state="lost"))
    present.take(cue("A/B", 1))
    assert (dict(before.devices), before.cue) == ({"aituber": "ready"}, None)
    assert dict(present.now().devices) == {"aituber": "lost"}


def test_of_a_whole_show_every_cue_comes_as_it_was_expected(tmp_path: Path) -> None:
    present, found, cues = follow(tmp_path)
    expected: list[tuple[str, int]] = []
    taken: list[tuple[str, int]] = []

    def sink(one: dict[str, Any]) -> None:
        if one["kind"] == "cue":
            following = present.now().next
            assert following is not None
            expected.append((following.cue[2], following.at))
            taken.append((one["cue"], one["at"]))
        present.take(one)

    def arrange(world: World) -> None:
        world.press(world.now() + 3 * SECOND, Pressed("go"))

    dry_run(cues, found.fixtures, sink, options=Options(), arrange=arrange)
    assert [name for name, _ in taken] == ["A/B", "L3", "L4", "L4#1/L5", "L4#2/L5", "take #1", "L8"]
    # Of what is behind a hold nobody knows how long it stands; once it has gone on, all is as much later.
    assert expected == taken
    assert present.now().next is None


ROOM = """\
when button scare
  at 0s  log "boo"
segment opening until button start
  when button raid
    at 0s  log "raid"
segment song at least 1m
  when button clap
    at 0s  log "clap"
"""


def test_a_button_is_awaited_while_a_when_hears_it_or_an_until_waits_for_it(tmp_path: Path) -> None:
    present, _, _ = follow(tmp_path, ROOM)

    def awaited(at: int | None, **how: bool) -> list[str]:
        return [name for name, is_ in status(present, at, **how).buttons.items() if is_]

    assert awaited(None) == [], "in standby nothing is heard"
    present.take(entry("segment", 0, segment="opening"))
    present.take(entry("wait", 0, segment="opening", **{"for": "until button start"}))
    assert awaited(SECOND) == ["scare", "start", "raid"]
    present.take(entry("resume", 2, segment="opening", **{"for": "until button start", "why": "button"}))
    present.take(entry("segment", 2, segment="song"))
    assert awaited(3 * SECOND) == ["scare", "clap"]
    assert awaited(3 * SECOND, over=True) == [], "behind its end neither"
