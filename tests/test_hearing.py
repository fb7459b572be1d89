"""Random shows that hear, in a world that presses and seeks at random, keep what every journal must keep."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from showrunner.engine.caller import Caller
from showrunner.engine.messages import Effect, Excerpt
from showrunner.timeline import cues
from tests import invariants, toys
from tests.chance import examples
from tests.coherence import coherent
from tests.programs import script, segments, whens, worlds
from tests.toys import World

ROWS = {("toy", v.name): v for v in toys.VERBS.values() if v.stream is None}


@st.composite
def rooms(draw: st.DrawFn) -> cues.CueList:
    """Give a show of one or two segments that hear, with whens around them. Lines tell the whens apart."""
    listed = []
    for index in range(draw(st.integers(1, 2))):
        inside = tuple(draw(whens(1_000 + 100 * index + number)) for number in range(draw(st.integers(0, 2))))
        least = draw(st.sampled_from([1_000_000, 4_000_000]))
        listed.append(replace(draw(segments(f"s{index}")), at_least=least, at_most=None, whens=inside))
    above = tuple(sorted(draw(st.lists(st.integers(0, len(listed)), min_size=1, max_size=2))))
    edge = tuple(draw(whens(2_000 + number)) for number in range(len(above)))
    return replace(script(*listed), whens=edge, above=above)


Change = tuple[int, Any]


@st.composite
def changes(draw: st.DrawFn) -> tuple[Change, ...]:
    """Give what comes from outside: presses and seeks."""

    def pressed(name: str) -> Any:
        return lambda caller, now: caller.press("button", name, "api", now)

    def sought(caller: Caller, now: int) -> list[Effect]:
        return caller.press("seek", None, "key", now, "1000000", Excerpt(point=1_000_000))

    made = []
    for _ in range(draw(st.integers(1, 12))):
        what = draw(st.sampled_from([pressed("raid")] * 4 + [pressed("door")] * 3 + [sought]))
        made.append((draw(st.integers(0, 40)) * 100_000, what))
    return tuple(sorted(made, key=lambda one: one[0]))


@examples(150)
@given(rooms(), worlds(), changes())
def test_every_journal_of_a_room_keeps_the_rules(
    room: cues.CueList, world: dict[str, object], come: tuple[Change, ...]
) -> None:
    played = World(room, **{**world, "changes": come}, look=lambda caller: coherent(caller.play))  # type: ignore[arg-type]
    entries = played.run()
    invariants.replayed_the_same(played)
    invariants.time_never_runs_backwards(entries)
    invariants.one_outcome_each(entries)
    invariants.one_in_flight_per_lane(entries, ROWS)
    _each_event_comes_to_one_thing(entries)
    _nothing_is_heard_after_a_panic(entries)


def _each_event_comes_to_one_thing(entries: list[dict[str, Any]]) -> None:
    """Events are counted from 1; what was ignored or dropped is never begun, and what is dropped was queued."""
    became: dict[tuple[str | None, str], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if entry["kind"] == "heard":
            became[entry.get("segment"), entry["cue"]][entry["event"]].append(entry["became"])
    begun = {
        (entry.get("segment"), *entry["cue"].split("/")[0].split("#"))
        for entry in entries
        if entry["kind"] == "cue" and "track" not in entry
    }
    for (segment, cue), events in became.items():
        assert list(events) == list(range(1, len(events) + 1))
        for number, said in events.items():
            assert said in (["begun"], ["restarted"], ["queued"], ["ignored"], ["queued", "dropped"]), said
            assert said[-1] not in {"ignored", "dropped"} or (segment, cue, str(number)) not in begun


def _nothing_is_heard_after_a_panic(entries: list[dict[str, Any]]) -> None:
    over = False
    for entry in entries:
        if entry["kind"] == "operator":
            over = (over or entry["action"] in {"panic", "stop"}) and entry["action"] != "seek"
        assert not over or entry["kind"] != "heard" or entry["became"] == "dropped"
