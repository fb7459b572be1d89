"""Random edits of random programs at random moments of a random world: what every reload must keep.

The programs and edits are made in ``programs``; what a journal must keep is in ``invariants``, what the state of a show
must keep stands here: both are looked at after every single step. Nothing is taken twice from one version, and nothing
is lost (``nothing_is_lost``, one outcome for each command); nothing of a removed hold is left (``nothing_is_orphaned``,
``what_is_shown_is_what_is_held``); and below the playheads the journal is that of a show that had the text all along.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from showrunner.engine import curves
from showrunner.engine.caller import Caller
from showrunner.engine.messages import Effect, TextChange, Write
from showrunner.engine.play import Home, Play, Run, Scope
from showrunner.timeline import cues
from showrunner.timeline.revise import compare
from tests import invariants, toys
from tests.chance import examples
from tests.coherence import coherent
from tests.invariants import same
from tests.programs import around, bodies, distinct, edits, lawful, paper, script, segments, shows, worlds
from tests.toys import World, fixture

ROWS = {("toy", v.name): v for v in toys.VERBS.values() if v.stream is None}
BAD = ("failed", "timed-out")
usual = examples(100)

Act = Callable[[Caller, int], list[Effect]]


def reload(new: cues.CueList) -> Act:
    def act(caller: Caller, now: int) -> list[Effect]:
        change = TextChange("", "", compare(caller.play.cues, new))
        return caller.revise(new, {name: fixture(name) for name in new.devices}, change, now)

    return act


def reworded(old: cues.CueList) -> cues.CueList:
    """Give the same show as another value, as if it had been read again."""
    listed = (replace(s, tracks=tuple(replace(t) for t in s.tracks)) for s in old.segments)
    return around(script(*listed), old.whens, old.above)


# --- what the state of a show must keep


def live(play: Play) -> Iterator[Scope]:
    part = play.part
    if part is None or part.over or play.ending is not None:
        return
    stack: list[Home] = list(part.homes)
    while stack:
        home = stack.pop()
        yield from (s for s in {**dict.fromkeys(home.scopes), home.scope: None} if not s.closed)
        stack.extend(home.inner)


def nothing_is_lost(play: Play) -> None:
    """Whatever stands above a playhead was taken or missed; what stands below it has something that lets it come."""
    for scope in live(play):
        past = {index for index, _ in scope.history} | scope.missed
        assert past == set(range(scope.index)), f"{scope.key}: {scope.history} {scope.missed} at {scope.index}"
        taken = [index for index, _ in scope.history]
        assert taken == sorted(set(taken)), "taken twice, or before what stands above"
        if scope.done:
            assert scope.index == len(scope.body.cues)
            continue
        stands = any(wait.scope is scope for wait in play.waits)
        coming = scope.alarm is not None and scope.alarm.act is not None
        assert stands or coming, f"nothing lets the list {scope.key} go on at {scope.index}"


def nothing_is_orphaned(play: Play) -> None:
    """What is held is what some command of the present text says."""
    part = play.part
    if part is None or part.over or part.follow is not None or play.ending is not None:
        return
    said = set()
    stack = [(part.segment.name, track.body) for track in part.segment.tracks]
    while stack:
        name, listed = stack.pop()
        for cue in listed.cues:
            for step in cue.steps:
                stack.extend((name, inner) for inner in cues.bodies(step))
                if isinstance(step, cues.Send) and step.command.verb.targets is not None:
                    said.update((t.property, t.to) for t in step.command.verb.targets(step.command))
    for port in play.ports.values():
        for name, held in [one for stream in port.streams.values() for one in stream.values.items()]:
            if held.run.scope.part is part and held.run.scope.names is None:  # turns of whens play their old text
                assert (name, held.course.to) in said, f"{name} is {held.course.to}, and no line says so"


def what_is_shown_is_what_is_held(world: World, play: Play) -> None:
    """When nothing is on its way, the last frame carries exactly what is held."""
    streams = [(port, stream) for port in play.ports.values() for stream in port.streams.values()]
    for port, stream in streams:
        if stream.dirty or stream.dropped or stream.releasing or not port.ready:
            continue
        due = play.agenda.due()
        if due is not None and due <= play.instant:
            continue
        if any(held.course.start is None or not held.settled for held in stream.values.values()):
            continue
        held = {name: curves.value(held.course, play.instant) for name, held in stream.values.items()}
        assert held == world.shown.get(stream.lane.name, {}) or not stream.holds


def watch(world: World) -> World:
    unwritten: dict[Run, None] = {}

    def look(caller: Caller) -> None:
        coherent(caller.play, edited=True)
        nothing_is_lost(caller.play)
        nothing_is_orphaned(caller.play)
        unwritten.update(dict.fromkeys(run for run in caller.play.runs.values() if run.silent))
        refused = any("frames" in entry and entry.get("result") in BAD for entry in world.entries)
        if not refused and not world.losses and not any(run.result in BAD for run in unwritten):
            what_is_shown_is_what_is_held(world, caller.play)

    world.look = look
    return world


def kept(entries: list[dict[str, Any]]) -> None:
    invariants.time_never_runs_backwards(entries)
    invariants.one_outcome_each(entries)
    invariants.one_in_flight_per_lane(entries, ROWS)
    invariants.nothing_before_what_stands_above(list(told_apart(entries)))


def told_apart(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Leave out cues that labels do not tell apart: a command that comes again behind the wait at which its cue stood
    when the text changed has a block of the same name as the one that still plays. (Their lists are looked at above.)
    """
    reloaded = False
    for entry in entries:
        reloaded = reloaded or entry["kind"] == "reload"
        if not (reloaded and entry["kind"] == "cue" and "/" in entry["cue"]):
            yield entry


moments = st.sampled_from([0, 1, 1_000, 100_000, 250_000, 399_999, 400_000, 700_000, 1_000_000, 1_400_000, 3_000_000])


class Rehearsal:
    """A show, and the texts it is replaced by, each an edit of the one before (or an undo)."""

    def __init__(self, first: cues.CueList, changes: list[tuple[int, cues.CueList]]) -> None:
        self.first, self.changes = first, changes

    def __repr__(self) -> str:
        return "\n".join(["", paper(self.first), *(f"--- at {when}\n{paper(new)}" for when, new in self.changes), ""])


@st.composite
def rehearsals(draw: st.DrawFn) -> Rehearsal:
    """Edit a show up to three times, or put back what was there before: at first, or last."""
    first = before = text = draw(shows())
    changes = []
    for when in sorted(draw(st.lists(moments, min_size=1, max_size=3))):
        back = draw(st.sampled_from([None, None, None, None, first, before]))
        before, text = text, draw(edits(text)) if back is None else back
        changes.append((when, text))
    return Rehearsal(first, changes)


@usual
@given(rehearsals(), worlds())
def test_every_reload_keeps_the_rules(rehearsal: Rehearsal, given_world: dict[str, Any]) -> None:
    first = rehearsal.first
    planned = tuple((when, reload(new)) for when, new in rehearsal.changes)
    world = watch(World(first, **given_world, changes=planned))
    entries = world.run()
    kept(entries)
    invariants.replayed_the_same(world, *(new for _, new in rehearsal.changes))
    again = World(first, **given_world, changes=planned).run()
    assert json.dumps(entries) == json.dumps(again)


@usual
@given(shows(), worlds(), moments)
def test_the_same_text_again_changes_nothing(cue_list: cues.CueList, given_world: dict[str, Any], when: int) -> None:
    plain = World(cue_list, **given_world)
    entries = plain.run()
    again = World(cue_list, **given_world, changes=((when, reload(reworded(cue_list))),))
    after = again.run()
    told = [entry for entry in after if entry["kind"] == "reload"]
    same([entry for entry in after if entry["kind"] != "reload"], entries)
    assert again.sends == plain.sends
    for entry in told:
        assert not any(entry[key] for key in ("added", "removed", "changed", "missed", "again", "running")), entry


def without_lines(entry: dict[str, Any]) -> dict[str, Any]:
    """Leave out where in the text something stands: above the edit that is what moves."""
    bare = {key: value for key, value in entry.items() if key not in {"line", "through"}}
    for key, place in (("cue", r"\bL\d+"), ("reason", r"\bline \d+")):
        if key in bare:
            bare[key] = re.sub(place, "L", bare[key])
    return bare


@st.composite
def edits_below(draw: st.DrawFn) -> tuple[Rehearsal, dict[str, Any]]:
    """Edit a show below all its playheads at some moment of some world: other cues to come, other later segments."""
    old, given_world, when = draw(shows()), draw(worlds()), draw(moments)
    heads: dict[str, int] = {}
    there: list[int] = []

    def peek(caller: Caller, _now: int) -> list[Effect]:
        part = caller.play.part
        if part is not None and not part.over and caller.play.ending is None:
            there.append(part.index)
            heads.update({scope.track: scope.index for scope in part.tracks})
        return []

    World(old, **given_world, changes=((when, peek),)).run()
    assume(there)
    listed = list(old.segments)
    running = listed[there[0]]
    tracks = []
    for track in running.tracks:
        index = heads[track.name] + 1
        tail = draw(bodies(2)).cues if index <= len(track.body.cues) else ()
        tracks.append(replace(track, body=lawful(distinct(toys.body(*track.body.cues[:index], *tail)))))
    later = [draw(segments(f"n{n}")) for n in range(draw(st.integers(0, 2)))]
    new = around(script(*listed[: there[0]], replace(running, tracks=tuple(tracks)), *later), old.whens, old.above)
    return Rehearsal(old, [(when, new)]), given_world


@usual
@given(edits_below())
def test_what_is_edited_below_the_playheads_plays_as_if_it_had_always_stood_there(
    drawn: tuple[Rehearsal, dict[str, Any]],
) -> None:
    rehearsal, given_world = drawn
    when, new = rehearsal.changes[0]
    revised = World(rehearsal.first, **given_world, changes=((when, reload(new)),))
    always = World(new, **given_world)
    entries = [without_lines(entry) for entry in revised.run() if entry["kind"] != "reload"]
    same(entries, [without_lines(entry) for entry in always.run()])
    assert [sent for sent in revised.sends if not_written(sent)] == [sent for sent in always.sends if not_written(sent)]


def not_written(sent: tuple[int, Effect]) -> bool:
    return not isinstance(sent[1], Write)


@usual
@given(rehearsals(), worlds())
def test_an_undo_at_the_same_moment_brings_everything_back(rehearsal: Rehearsal, given_world: dict[str, Any]) -> None:
    first, (when, other) = rehearsal.first, rehearsal.changes[0]
    kept_heads: list[bool] = []

    def there(caller: Caller, now: int) -> list[Effect]:
        before = {scope: len(scope.history) for scope in live(caller.play)}
        effects = reload(other)(caller, now)
        told = next(e.entry for e in effects if isinstance(e, Write) and e.entry["kind"] == "reload")
        after = {scope: len(scope.history) for scope in live(caller.play)}
        kept_heads.append(before == after and not told["running"] and not told["again"] and len(effects) == 1)
        return effects

    changed = World(first, **given_world, changes=((when, there), (when, reload(first))))
    entries = [entry for entry in changed.run() if entry["kind"] != "reload"]
    if all(kept_heads):
        plain = World(first, **given_world)
        same(entries, plain.run())
        assert changed.sends == plain.sends


@usual
@given(shows(), worlds(), moments, moments)
def test_a_segment_that_is_called_otherwise_for_a_while_plays_as_if_nothing_had_been(
    cue_list: cues.CueList, given_world: dict[str, Any], when: int, later: int
) -> None:
    """Renaming what is the same changes nothing but what it is called."""
    renamed_segments = (replace(segment, name=f"{segment.name} anew") for segment in cue_list.segments)
    named = around(script(*renamed_segments), cue_list.whens, cue_list.above)
    changes = ((when, reload(named)), (when + later, reload(cue_list)))
    plain, renamed = World(cue_list, **given_world), World(cue_list, **given_world, changes=changes)
    plain.run()
    for entry in renamed.run():
        if entry["kind"] == "reload":
            assert not any(entry[key] for key in ("added", "removed", "changed", "missed", "again", "running")), entry
    assert [sent for sent in renamed.sends if not_written(sent)] == [sent for sent in plain.sends if not_written(sent)]


@usual
@given(
    st.sampled_from([None, 40]),
    st.integers(1, 9),
    st.integers(0, 60),
    st.integers(1, 60),
    st.lists(st.sampled_from([0, 100_000, 300_000]), min_size=1, max_size=3),
    st.sampled_from([None, None, 300_000, 1_700_000]),
)
def test_a_repeat_that_is_put_back_is_where_it_would_have_been(
    count: int | None, every: int, out: int, back: int, body: list[int], more: int | None
) -> None:
    """From the turn that begins when it is there again, cue for cue."""
    turn = toys.body(*(toys.plus(gap, toys.send("act", ("NAME", "x"))) for gap in body))
    gap = max(every * 100_000, sum(body)) or 10_000
    repeat = cues.Repeat(count, gap, turn, "repeat", toys.SPAN, most=None if more is None else gap + more)
    end = toys.at(9_000_000, toys.send("scene", ("NAME", "x")))
    whole = toys.show(toys.segment("one", toys.track("main", toys.at(50_000, repeat), end)))
    without = toys.show(toys.segment("one", toys.track("main", end)))
    put_back = 60_001 + (out + back) * 50_000
    changes = ((60_001 + out * 50_000, reload(without)), (put_back, reload(whole)))
    plain, edited = World(whole), watch(World(whole, changes=changes))
    assert [mark for mark in taken(edited.run()) if mark[0] > put_back] == [
        mark for mark in taken(plain.run()) if mark[0] > put_back
    ]


def taken(entries: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(entry["at"], entry["cue"]) for entry in entries if entry["kind"] == "cue"]
