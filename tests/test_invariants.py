"""Random programs in a random world keep what every journal must keep (the generators stand here, the rules beside)."""

from __future__ import annotations

import json
import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showrunner.engine.messages import Options
from showrunner.timeline import cues
from tests import invariants, toys
from tests.toys import SPAN, World, body, segment, send, show

LANES = {("toy", v.name): v.lane for v in toys.VERBS.values() if v.stream is None}
MANY = int(os.environ.get("SHOWRUNNER_EXAMPLES", "150"))

times = st.sampled_from([0, 1_000, 100_000, 250_000, 400_000, 1_000_000, 2_500_000])
lengths = st.sampled_from([10_000, 100_000, 400_000, 1_000_000, 3_000_000])
policies = st.sampled_from([None, "continue", "hold", "hold", "stop"])


@st.composite
def commands(draw: st.DrawFn, depth: int, *, endless: bool) -> cues.Step:
    verb = draw(st.sampled_from(["act", "scene", "ask", "tell", "echo", "set", "move", "release", "act", "tell"]))
    more: dict[str, object] = {"wait": draw(st.booleans()), "policy": draw(policies)}
    if draw(st.integers(0, 3)) == 0:
        more["within"] = draw(lengths)
    if verb in {"act", "scene", "set", "move"} and draw(st.integers(0, 2)) == 0:
        more["retry"] = draw(st.integers(1, 2))
    lasting = draw(lengths) if verb in {"act", "scene", "set", "move"} and draw(st.booleans()) else None
    if verb in {"set", "move"}:
        arguments = [("P", draw(st.sampled_from("AB"))), ("V", draw(st.integers(-9, 9)))]
        if verb == "move":
            arguments.append(("D", draw(lengths)))
        return send(verb, *arguments, lasting=lasting, **more)
    if verb == "release":
        return send(verb, *([("P", "A")] if draw(st.booleans()) else []), **more)
    if verb in {"ask", "tell", "echo"} and depth and draw(st.booleans()):
        more["meanwhile"] = draw(bodies(depth - 1, endless=endless))
    if verb == "ask":
        more |= {"keep": "answer", "default": "none"}
    return send(verb, ("NAME", "x"), lasting=lasting, **more)


@st.composite
def steps(draw: st.DrawFn, depth: int, *, endless: bool) -> cues.Step:
    kind = draw(st.sampled_from(["command"] * 6 + ["pause", "hold", "await", "log", "do", "repeat"]))
    if kind == "pause":
        return cues.Pause(draw(lengths), SPAN)
    if kind == "hold":
        within = draw(st.none() | lengths) if not endless else draw(lengths)
        inner = draw(bodies(depth - 1, endless=endless)) if depth and draw(st.booleans()) else None
        return cues.Hold("ready?", within, inner, "hold", SPAN)
    if kind == "await":
        inner = draw(bodies(depth - 1, endless=endless)) if depth and draw(st.booleans()) else None
        return cues.Await("device", "toy", "Rang", draw(lengths), draw(policies), inner, "wait for", SPAN)
    if kind == "log":
        return cues.Log("so far", SPAN)
    if kind == "do" and depth:
        return cues.Call("wave", draw(bodies(depth - 1, endless=endless)), "toy.show", 0, SPAN)
    if kind == "repeat" and depth:
        # An endless repeat in every turn of another piles up for ever, and with it the work: no show ends like that.
        count = draw(st.integers(1, 3) if endless else st.none() | st.integers(1, 3))
        return cues.Repeat(count, draw(lengths), draw(bodies(depth - 1, endless=endless or count is None)), SPAN)
    return draw(commands(depth, endless=endless))


def one_owner(listed: list[cues.Step]) -> tuple[cues.Step, ...]:
    """Keep one step with a list of its own per cue: cues of two would have the same beginning in their labels."""
    owners = [s for s in listed if getattr(s, "body", None) or getattr(s, "meanwhile", None)]
    return tuple(s for s in listed if s not in owners[1:])


@st.composite
def bodies(draw: st.DrawFn, depth: int, *, endless: bool = False) -> cues.Body:
    listed: list[cues.Cue] = []
    written = 0
    for index in range(draw(st.integers(1, 3))):
        inside = one_owner(draw(st.lists(steps(depth, endless=endless), min_size=1, max_size=3)))
        form = draw(st.sampled_from(["at", "plus", "then", "then plus", "then at"])) if index else "at"
        above = listed[-1].steps if listed else ()
        if form.startswith("then") and any(isinstance(s, cues.Repeat) and s.count is None for s in above):
            form = "plus"
        if form in {"at", "then at"}:
            written += draw(times)
            position = cues.Position(form == "then at", written, None)
        elif form == "plus":
            gap = draw(times)
            written += gap
            position = cues.Position(False, None, gap)
        else:
            position = cues.Position(True, None, draw(times) if form == "then plus" else 0)
        listed.append(cues.Cue(0, None, position, inside, SPAN))
    return body(*listed)


@st.composite
def shows(draw: st.DrawFn) -> cues.CueList:
    segments = []
    for index in range(draw(st.integers(1, 2))):
        tracks = []
        for number in range(draw(st.integers(1, 2))):
            made = draw(bodies(2))
            tracks.append(cues.Track(f"t{number}", "toy.show", 0, made))
        least = draw(st.none() | lengths)
        most = draw(st.none() | lengths.map(lambda t: t + 3_000_000))
        segments.append(segment(f"s{index}", *tracks, least=least, most=most))
    return show(*segments)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, object]:
    replies = draw(st.lists(st.none() | st.tuples(times, st.integers(0, 4).map(bool)), min_size=1, max_size=7))
    delays = st.tuples(st.sampled_from([0, 1_000, 50_000, 600_000]), st.just(value=True))
    framed = draw(st.lists(st.none() | delays, min_size=1, max_size=4))
    losses: list[tuple[int, str, bool]] = []
    if draw(st.integers(0, 3)) == 0:
        at = draw(times)
        losses = [(at, "toy", False), (at + draw(lengths), "toy", True)]
    presses: list[tuple[int, str, str | None]] = []
    for _ in range(draw(st.integers(0, 2))):
        at = draw(times)
        presses += [(at, "pause", None), (at + draw(lengths), "resume", None)]
    if draw(st.integers(0, 5)) == 0:
        presses.append((draw(times) + 1, draw(st.sampled_from(["stop", "panic", "interrupt", "go"])), None))
    return {
        "reply": lambda _d, number, _a, _v: replies[number % len(replies)],
        "frame_reply": lambda _d, number: framed[number % len(framed)],
        "options": Options(auto=True, go_after=draw(times)),
        "presses": tuple(sorted(presses, key=lambda p: p[0])),
        "losses": tuple(losses),
    }


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(shows(), worlds())
def test_every_journal_keeps_the_rules(cue_list: cues.CueList, world: dict[str, object]) -> None:
    entries = World(cue_list, **world).run()  # type: ignore[arg-type]
    invariants.time_never_runs_backwards(entries)
    invariants.one_outcome_each(entries)
    invariants.one_in_flight_per_lane(entries, LANES)
    invariants.nothing_before_what_stands_above(entries)
    again = World(cue_list, **world).run()  # type: ignore[arg-type]
    assert json.dumps(entries) == json.dumps(again)


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(shows(), worlds())
def test_clocks_stand_only_where_the_language_says(cue_list: cues.CueList, world: dict[str, object]) -> None:
    world = {**world, "presses": ()}
    entries = World(cue_list, **world).run()  # type: ignore[arg-type]
    invariants.clocks_stand_and_are_set_back_only_where_the_language_says(entries)
