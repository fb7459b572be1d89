"""Where the next and the previous cue are, wherever the show is: what a rehearsal asks of the engine for these keys."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from showrunner.console.hub import Hub
from showrunner.reports.now import Present
from showrunner.reports.plan import plan
from showrunner.running.conductor import NewText
from showrunner.running.rehearsal import Rehearsal
from showrunner.show.prepare import prepare

SHOW = """\
segment one
  at 0s  log "a"
  at 5s  log "b"; wait 5s
segment two
  at 2s  log "c"
  cue chorus at 4s  log "d"
  at 6s  repeat 2 times every 1s
    at 0s log "turn"
  track beside
    at 3s  log "e"; wait 10s
segment three
  at 0s  log "f"
  at 1s  hold "ready?"
  then   log "g"; hold "sure?"
  at 4s  log "h"
"""


class Stage:
    """A rehearsal on no stage: what it would have the engine do is taken down, where the show is is told by hand."""

    def __init__(self, path, text=SHOW):
        path.write_text(text, "utf-8")
        prepared = prepare(str(path))
        self.pressed = []
        self.obeyed = 0
        self.stands = SimpleNamespace(paused=False, ending=None, ended=False, panicked=False)
        performance = SimpleNamespace(
            cues=prepared.cues,
            devices=frozenset(),
            caller=SimpleNamespace(snapshot=lambda: self.stands),
            journal=SimpleNamespace(zero=0),
            conductor=SimpleNamespace(at=1),
        )
        inbox = SimpleNamespace(now=lambda: 1, put=self._put)
        self.performance = performance
        shown = SimpleNamespace(refused=pytest.fail, coming=lambda *_: None, returned=pytest.fail)
        self.present = Present(prepared.cues, plan(prepared.cues, prepared.fixtures))
        self.rehearsal = Rehearsal(
            prepared,
            prepared.cues,
            lambda: prepare(str(path)),
            performance,
            inbox,
            Hub(),
            self.present,
            shown,
            join=pytest.fail,
        )
        assert self.rehearsal.score()

    def _put(self, _, pressed):
        self.pressed.append(pressed)
        if pressed.taken is not None:
            pressed.taken()
        if isinstance(pressed.given, NewText):
            self.performance.cues = pressed.given.cues

    def tell(self, kind, **keys):
        self.present.take({"kind": kind, "at": 0, **keys})

    def obey(self):
        """Let the engine take the seeks that were pressed, as it does: it says so first."""
        for one in self.pressed[self.obeyed :]:
            self.tell("operator", action=one.action, to=one.to)
        self.obeyed = len(self.pressed)

    def segment(self, name):
        self.obey()
        self.tell("segment", segment=name)

    def wait(self, cue, what, kind="wait"):
        self.tell(kind, segment="three", track="main", cue=cue, **{"for": what})

    def cue(self, segment, cue, track="main"):
        self.tell("cue", segment=segment, track=track, cue=cue)

    def asked(self, action):
        """Press a key, and give where the engine is sent to: the words, and microseconds of the plan."""
        wrong = self.rehearsal.do(action, None, None, None, "key")
        if wrong is not None:
            return wrong
        sent = self.pressed[-1]
        assert sent.action == "seek"
        return sent.to, sent.given.point / 1_000_000


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path / "a.show")
    yield made
    made.rehearsal.close()


def test_from_the_start_of_a_segment_it_goes_into_it_and_back_out_of_it(stage):
    stage.segment("one")
    stage.cue("one", "L3")
    stage.segment("two")
    assert stage.asked("previous") == ("one/L3", 5)
    stage.segment("one")
    stage.cue("one", "L3")
    stage.segment("two")
    assert stage.asked("next") == ("two/L5", 12)


def test_next_and_previous_count_from_the_cue_that_was_taken_in_any_track(stage):
    stage.segment("two")
    stage.cue("two", "L5")
    assert stage.asked("next") == ("two/L10", 13)
    stage.segment("two")
    stage.cue("two", "L10", "beside")
    assert stage.asked("next") == ("two/chorus", 14)
    stage.segment("two")
    stage.cue("two", "chorus")
    assert stage.asked("previous") == ("two/L10", 13)


def test_pressed_again_before_a_cue_was_taken_it_goes_on_from_where_it_was_sent(stage):
    stage.segment("one")
    stage.cue("one", "L2")
    assert [stage.asked("next") for _ in range(3)] == [("one/L3", 5), ("two/L5", 12), ("two/L10", 13)]
    stage.segment("two")
    assert stage.asked("next") == ("two/chorus", 14)
    assert [stage.asked("previous") for _ in range(4)][-1] == ("one/L2", 0)


def test_before_the_first_and_behind_the_last_there_is_none_and_a_turn_is_no_cue_to_go_to(stage):
    stage.segment("one")
    stage.cue("one", "L2")
    assert stage.asked("previous") == "there is no previous cue"
    stage.segment("two")
    stage.cue("two", "L7")
    stage.cue("two", "L7#2/L8")
    assert stage.asked("next")[0] == "three/L12"
    stage.segment("three")
    stage.cue("three", "L15")
    assert stage.asked("next") == "there is no next cue"


def test_a_cue_of_the_place_that_is_left_is_none_of_the_place_that_was_sought(stage):
    """The show goes on until it obeys: its thread writes entries while another thread presses."""
    stage.segment("two")
    stage.cue("two", "L5")
    assert stage.rehearsal.do("seek", None, "one", None, "console") is None
    stage.cue("two", "chorus")
    assert stage.asked("next") == ("one/L3", 5)
    stage.segment("one")
    assert stage.asked("previous") == ("one/L2", 0)


def test_a_segment_that_begins_before_a_seek_is_obeyed_is_not_the_one_that_was_sought(stage):
    stage.segment("one")
    assert stage.rehearsal.do("seek", None, "three/L15", None, "console") is None
    stage.tell("segment", segment="two")
    stage.segment("three")
    assert stage.asked("previous") == ("three/L14", 24)


def test_a_cue_is_one_to_go_to_whatever_it_is_called_and_wherever_its_file_lies(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "song.show").write_text('segment song\n  at 1s  log "a"\n  at 2s  log "b"\n', "utf-8")
    named = 'segment two\n  cue "A/B test" at 1s  log "c"\n  cue "take #1" at 2s  log "d"\n'
    stage = Stage(tmp_path / "a.show", f'include "parts/song.show"\n{named}')
    try:
        stage.segment("song")
        stage.cue("song", "parts/song.show:L2")
        assert stage.asked("next") == ("song/parts/song.show:L3", 2)
        stage.cue("song", "parts/song.show:L3")
        assert stage.asked("next") == ("two/A/B test", 3)
        stage.segment("two")
        stage.cue("two", "A/B test")
        assert stage.asked("next") == ("two/take #1", 4)
        stage.cue("two", "take #1")
        assert stage.asked("previous") == ("two/A/B test", 3)
    finally:
        stage.rehearsal.close()


@pytest.mark.parametrize(("waited", "does"), [("go ready?", "skip"), ("button raid", "skip"), ("time 5s", "seek")])
def test_behind_a_wait_of_the_operator_next_goes_on_from_where_the_list_stands(stage, waited, does):
    stage.segment("three")
    stage.cue("three", "L13")
    stage.wait("L13", waited)
    assert stage.rehearsal.do("next", None, None, None, "key") is None
    assert stage.pressed[-1].action == does


def test_when_the_wait_is_over_or_another_cue_comes_later_next_is_a_point_of_the_plan_again(stage):
    stage.segment("three")
    stage.cue("three", "L13")
    stage.wait("L13", "go ready?")
    stage.wait("L13", "go ready?", "resume")
    stage.cue("three", "L14")
    assert stage.asked("next")[0] == "three/L15"
    stage.segment("three")
    stage.cue("three", "L14")
    stage.wait("L14", "go sure?")
    assert stage.asked("next")[0] == "three/L15"


# ------------------------------------------------------------------------------------------------------------- the loop


def wished(stage, action, to=None, until=None):
    """Ask for something, and give what the engine is told: the action, its words, and up to which segment it plays."""
    stage.pressed.clear()
    assert stage.rehearsal.do(action, None, to, until, "key") is None
    return [(one.action, one.to, one.given.last) for one in stage.pressed]


def test_a_seek_inside_a_loop_stays_in_it_and_one_out_of_it_ends_it(stage):
    stage.segment("two")
    assert wished(stage, "loop") == [("loop", "two", 1)]
    assert wished(stage, "seek", "two/chorus") == [("seek", "two/chorus", 1)]
    assert wished(stage, "again") == [("seek", "two", 1)]
    assert wished(stage, "seek", "one+3s") == [("seek", "one+3s", None), ("unloop", None, None)]
    assert wished(stage, "seek", "two") == [("seek", "two", None)]


def test_between_two_points_a_loop_keeps_its_end_and_the_same_key_ends_it(stage):
    stage.segment("two")
    assert wished(stage, "loop", "two+1s", "two/chorus") == [("loop", "two+1s two/chorus", None)]
    end = stage.pressed[0].given.before
    wished(stage, "seek", "two+2s")
    assert stage.pressed[0].given.before == end
    assert ("two", "main", "chorus") in end
    assert wished(stage, "loop") == [("unloop", None, None)]


def test_a_loop_that_was_not_obeyed_in_a_panic_is_none(stage):
    stage.segment("two")
    stage.stands.panicked = True
    assert wished(stage, "loop") == [("loop", "two", 1)]
    assert wished(stage, "seek", "one") == [("seek", "one", None)]


def test_one_segment_alone_is_no_loop_any_more_and_still_ends_with_it(stage):
    stage.segment("two")
    wished(stage, "loop")
    assert wished(stage, "only") == [("seek", "only two", 1), ("unloop", None, 1)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("segment one", 'segment zero\n  at 0s  log "z"\nsegment one', [("loop", "two", 2)]),
        ("segment two", "segment other", [("unloop", None, None)]),
        ('log "d"', 'log "e"', []),
    ],
)
def test_a_loop_goes_round_where_its_segment_is_in_a_new_text(stage, tmp_path, old, new, told):
    stage.segment("two")
    wished(stage, "loop")
    stage.pressed.clear()
    (tmp_path / "a.show").write_text(SHOW.replace(old, new), "utf-8")
    stage.rehearsal.saved()
    assert stage.rehearsal.score()
    stage.rehearsal.close()
    assert [(one.action, one.to, one.given.last) for one in stage.pressed[1:]] == told
