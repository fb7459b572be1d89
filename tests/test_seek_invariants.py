"""Seeks in random programs at random moments of a random world: what every seek, loop and skip must keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from showrunner.engine.caller import Caller
from showrunner.engine.messages import Effect, Excerpt, Options
from showrunner.engine.play import Sending
from showrunner.timeline import cues
from tests.invariants import replayed_the_same, same
from tests.programs import shows, worlds
from tests.test_reload_invariants import kept, moments, usual, watch
from tests.toys import World

Act = Callable[[Caller, int], list[Effect]]

points = st.sampled_from([0, 1, 1_000, 100_000, 250_000, 400_000, 500_000, 1_000_000, 1_300_000, 2_500_000, 4_000_000])


def asked(action: str, excerpt: Excerpt | None = None) -> Act:
    return lambda caller, now: caller.press(action, None, "key", now, str(excerpt and excerpt.point), excerpt)


@st.composite
def wishes(draw: st.DrawFn) -> list[tuple[int, str, Excerpt | None]]:
    """What the operator asks for, and when: seeks above all."""
    asked_for = []
    for when in sorted(draw(st.lists(moments, min_size=1, max_size=3))):
        action = draw(st.sampled_from(["seek", "seek", "seek", "skip", "loop", "unloop", "panic", "pause", "resume"]))
        excerpt = Excerpt(draw(points)) if action in {"seek", "loop", "unloop"} else None
        asked_for.append((when, action, excerpt))
    return asked_for


@usual
@given(shows(), worlds(), wishes())
def test_every_seek_keeps_the_rules(
    cue_list: cues.CueList, given_world: dict[str, Any], wished: list[tuple[int, str, Excerpt | None]]
) -> None:
    changes = tuple((when, asked(action, excerpt)) for when, action, excerpt in wished)
    # A show that lingers after its panic, or goes round and round, has its end when it is stopped.
    changes += ((20_000_000, asked("stop")),)
    given_world["options"] = replace(given_world["options"], lingers=frozenset({"panic"}))
    world = watch(World(cue_list, **given_world, changes=changes))
    entries = world.run()
    kept(entries)
    replayed_the_same(world)
    again = World(cue_list, **given_world, changes=changes).run()
    assert json.dumps(entries) == json.dumps(again)


def plain(entries: list[dict[str, Any]], since: int, before: int) -> list[dict[str, Any]]:
    """Count time and commands from the seek on, and leave out what is about commands taken before it."""
    found = []
    for entry in entries:
        if entry.get("id", before + 1) <= before or entry["kind"] == "end":
            continue
        made = {key: value for key, value in entry.items() if key not in {"frames", "took"}}
        made["at"] -= since
        if "id" in made:
            made["id"] -= before
        if made.get("for", "").startswith("command "):
            made["for"] = f"command {int(made['for'][8:]) - before}"
        found.append(made)
    return found


@usual
@given(shows(), moments, points, st.sampled_from([0, 100_000, 2_500_000]))
def test_after_a_seek_the_show_plays_as_one_that_began_there(
    cue_list: cues.CueList, when: int, point: int, go_after: int
) -> None:
    idle: list[tuple[bool, int]] = []

    def seek(caller: Caller, now: int) -> list[Effect]:
        play = caller.play
        lanes = [lane for port in play.ports.values() for lane in port.lanes.values()]
        streams = [stream for port in play.ports.values() for stream in port.streams.values()]
        flying = any(isinstance(lane.flight, Sending) or lane.queue for lane in lanes) or play.speaking
        shown = any(stream.values or stream.dropped or stream.releasing for stream in streams)  # to be cleared first
        idle.append((not flying and not shown and play.ending is None, play.ids))
        return asked("seek", Excerpt(point))(caller, now)

    options = Options(auto=True, go_after=go_after)
    delay = {"reply": lambda *_: (50_000, True)}
    sought = World(cue_list, **delay, options=options, changes=((when, seek),)).run()
    assume(idle and idle[0][0])
    begun = World(cue_list, **delay, options=replace(options, excerpt=Excerpt(point))).run()
    at = next(n for n, entry in enumerate(sought) if entry.get("action") == "seek")
    after = [entry for entry in sought[at + 1 :] if entry.get("why") != "seek"]
    same(plain(after, when, idle[0][1]), plain(begun, 0, 0))
