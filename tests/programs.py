"""Random programs for the toys, random edits of them, and the random worlds they play in. Generators only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from showrunner.engine.messages import Options
from showrunner.timeline import cues
from showrunner.timeline.revise import when_of
from showrunner.times import Exact
from tests.toys import SPAN, body, segment, send, show

times = st.sampled_from([0, 1_000, 100_000, 250_000, 400_000, 1_000_000, 2_500_000])
lengths = st.sampled_from([10_000, 100_000, 400_000, 1_000_000, 3_000_000])
beats = times.map(lambda time: time + Fraction(1, 3)) | lengths.map(lambda length: Fraction(length, 7) + 10_000)
"""What is counted in beats: no whole number of microseconds."""

bars = st.sampled_from([False] * 5 + [True])
policies = st.sampled_from([None, "continue", "hold", "hold", "stop"])


@dataclass(frozen=True, slots=True, repr=False)
class Script(cues.CueList):
    """A cue list that shows itself as a script, for whoever reads what failed."""

    def __repr__(self) -> str:
        return f"\n{paper(self)}\n"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))  # Hypothesis would print the fields


def script(*segments: cues.Segment) -> Script:
    made = show(*segments)
    return Script(**{field.name: getattr(made, field.name) for field in fields(made)})


# --- programs


COMMANDS = (
    *("act", "scene", "ask", "tell", "echo", "set", "move", "release", "act", "tell"),
    *("change", "clip", "everything", "poke", "fade"),
)


@st.composite
def commands(draw: st.DrawFn, depth: int, *, endless: bool) -> cues.Step:
    verb = draw(st.sampled_from(COMMANDS))
    more: dict[str, object] = {"wait": draw(st.booleans()), "policy": draw(policies)}
    if draw(st.integers(0, 3)) == 0:
        more["within"] = draw(lengths)
    if verb in {"act", "scene", "change", "everything", "set", "move"} and draw(st.integers(0, 2)) == 0:
        more["retry"] = draw(st.integers(1, 2))
    lasting = draw(lengths) if verb in {"act", "scene", "change", "set", "move"} and draw(st.booleans()) else None
    if verb in {"set", "move", "fade"}:
        arguments = [("P", draw(st.sampled_from("V" if verb == "fade" else "AB"))), ("V", draw(st.integers(-9, 9)))]
        if verb != "set":
            arguments.append(("D", draw(lengths)))
        return spelled(send(verb, *arguments, lasting=lasting, **more))
    if verb == "release":
        return spelled(send(verb, *([("P", "A")] if draw(st.booleans()) else []), **more))
    if verb in {"ask", "tell", "echo"} and depth and draw(st.booleans()):
        more["meanwhile"] = draw(bodies(depth - 1, endless=endless))
    if verb == "ask":
        more |= {"keep": "answer", "default": "none"}
    return spelled(send(verb, ("NAME", draw(st.sampled_from("xyz"))), lasting=lasting, **more))


def spelled(step: cues.Send) -> cues.Send:
    """Give a command its text: two different commands read differently, as in a script."""
    command = step.command
    words = [command.device, command.verb.name, *(str(a.value) for a in command.arguments)]
    more = (("for", command.lasting), ("within", step.within), ("retry", step.retry or None), ("else", step.policy))
    words += [f"{name} {value}" for name, value in more if value is not None]
    return replace(step, text=" ".join([*words, *(["and wait"] if step.wait else [])]))


RAID, DOOR = cues.Awaited("button", "raid"), cues.Awaited("button", "door")
RANG, EIGHT = cues.Awaited("device", "Rang", "toy"), cues.Awaited("time", "20:00")
AWAITED = ((RAID,), (RAID, DOOR), (RANG, DOOR), (EIGHT,), (EIGHT, RAID), (RANG,))
"""What may be waited for; the last for ever, where nobody presses."""


def turns(on_beat: bool) -> st.SearchStrategy[Exact]:
    return lengths.map(lambda length: Fraction(length) + Fraction(1, 3)) if on_beat else lengths


@st.composite
def steps(draw: st.DrawFn, depth: int, *, endless: bool) -> cues.Step:
    kind = draw(st.sampled_from(["command"] * 6 + ["pause", "hold", "await", "log", "do", "repeat"]))
    if kind == "pause":
        return cues.Pause(draw(lengths), "", SPAN)
    if kind == "hold":
        within = draw(st.none() | lengths) if not endless else draw(lengths)
        inner = draw(bodies(depth - 1, endless=endless)) if depth and draw(st.booleans()) else None
        return cues.Hold("ready?", within, inner, "hold", SPAN)
    if kind == "await":
        inner = draw(bodies(depth - 1, endless=endless)) if depth and draw(st.booleans()) else None
        events = draw(st.sampled_from(AWAITED if not endless else AWAITED[-1:]))
        keep, default = draw(st.sampled_from([(None, None), ("answer", None), ("answer", "none")]))
        text = f"wait for {' or '.join(event.called for event in events)}{f' -> {keep} or {default}' if keep else ''}"
        return cues.Await(events, draw(lengths), draw(policies), keep, default, inner, text, SPAN)
    if kind == "log":
        return cues.Log("so far", "", SPAN)
    if kind == "do" and depth:
        return draw(dos(depth, endless=endless))
    if kind == "repeat" and depth:
        # An endless repeat in every turn of another piles up for ever, and with it the work: no show ends like that.
        count = draw(st.integers(1, 3) if endless else st.none() | st.integers(1, 3))
        on_beat = draw(bars)
        inner = draw(bodies(depth - 1, endless=endless or count is None))
        return cues.Repeat(count, draw(turns(on_beat)), inner, "", SPAN, on_beat=on_beat)
    return draw(commands(depth, endless=endless))


NAMES = ("one", "two", "three")
"""What cues are called, and tracks of a `do`; it may also be `main` where it has cues of its own."""


@st.composite
def dos(draw: st.DrawFn, depth: int, *, endless: bool) -> cues.Call:
    """Draw a `do` of something with tracks, or of a plain list."""
    names = draw(st.sampled_from([("",), ("",), ("main", "one"), ("two", "one"), ("one",)]))
    tracks = [cues.Track(name, "toy.show", 0, draw(bodies(depth - 1, endless=endless))) for name in names]
    return cues.Call("wave", tuple(tracks), "do wave", SPAN)


@st.composite
def retracked(draw: st.DrawFn, step: cues.Call, depth: int, *, endless: bool) -> cues.Call:
    """Add a track to a `do`, take one out, or call one otherwise."""
    listed = [replace(one, name=one.name or "main") for one in step.tracks]
    free = draw(st.sampled_from([name for name in ("main", *NAMES, "four") if name not in [t.name for t in listed]]))
    what = draw(st.sampled_from(["new", "gone", "name", "plain"]))
    at = draw(st.integers(0, len(listed) - 1))
    if what == "new":
        listed.append(cues.Track(free, "toy.show", 0, draw(bodies(max(0, depth - 1), endless=endless))))
    elif what == "gone" and len(listed) > 1:
        listed.pop(at)
    elif what == "name":
        listed[at] = replace(listed[at], name=free)
    else:
        return replace(step, tracks=(replace(listed[at], name=""),))
    return replace(step, tracks=tuple(sorted(listed, key=lambda one: one.name != "main")))


def one_owner(listed: list[cues.Step]) -> tuple[cues.Step, ...]:
    """Keep one step with a list of its own per cue: cues of two would have the same beginning in their labels."""
    owners = [s for s in listed if cues.bodies(s)]
    return tuple(s for s in listed if not any(s is other for other in owners[1:]))


@st.composite
def bodies(draw: st.DrawFn, depth: int, *, endless: bool = False) -> cues.Body:
    listed: list[cues.Cue] = []
    written: Exact = 0
    for index in range(draw(st.integers(1, 3))):
        inside = one_owner(draw(st.lists(steps(depth, endless=endless), min_size=1, max_size=3)))
        form = draw(st.sampled_from(["at", "plus", "then", "then plus", "then at"])) if index else "at"
        above = listed[-1].steps if listed else ()
        if form.startswith("then") and any(isinstance(s, cues.Repeat) and s.count is None for s in above):
            form = "plus"
        if form in {"at", "then at"}:
            bar = draw(bars)
            written += draw(beats if bar else times)
            position = cues.Position(form == "then at", written, None, bar)
        elif form == "plus":
            gap = draw(times | times | beats)
            written += gap
            position = cues.Position(False, None, gap)
        else:
            position = cues.Position(True, None, draw(times) if form == "then plus" else 0)
        name = draw(st.sampled_from([None] * 5 + [*NAMES]))
        listed.append(cues.Cue(0, name, position, "", inside, SPAN))
    return distinct(body(*listed))


def distinct(listed: cues.Body) -> cues.Body:
    """Let every name of a cue stand once in its list."""
    seen: set[str | None] = set()
    made = []
    for cue in listed.cues:
        made.append(replace(cue, name=None) if cue.name in seen else cue)
        seen.add(cue.name)
    return body(*made)


@st.composite
def segments(draw: st.DrawFn, name: str) -> cues.Segment:
    tracks = [cues.Track(f"t{number}", "toy.show", 0, draw(bodies(2))) for number in range(draw(st.integers(1, 2)))]
    made = segment(
        name, *tracks, least=draw(st.none() | lengths), most=draw(st.none() | lengths.map(lambda t: t + 3_000_000))
    )
    return replace(made, release=draw(st.sampled_from([0, 0, 400_000])))


HEARD = ((RAID,), (DOOR,), (RAID, DOOR), (RAID, EIGHT))
HABITS = ("queue", "queue", "ignore", "restart", "together")


@st.composite
def whens(draw: st.DrawFn, line: int) -> cues.Track:
    events = draw(st.sampled_from(HEARD))
    keep = draw(st.sampled_from([None, "answer", "press"]))
    every = draw(st.none() | lengths)
    habit: Any = draw(st.sampled_from(HABITS))
    block = draw(bodies(1, endless=True))
    text = f"when {' or '.join(event.called for event in events)} {habit}"
    when = cues.When(events, keep, None, habit, every, 0, block, text, SPAN)
    return heard_by(when, line)


def heard_by(when: cues.When, line: int) -> cues.Track:
    """Give the list that a `when` is."""
    listed = cues.Body((cues.Cue(0, None, cues.Position(False, 0, None), "", (when,), SPAN),))
    return cues.Track("", "toy.show", line, listed)


@st.composite
def shows(draw: st.DrawFn) -> Script:
    listed = [draw(segments(f"s{index}")) for index in range(draw(st.integers(1, 2)))]
    if draw(st.booleans()):
        return script(*listed)
    for index, one in enumerate(listed):
        inside = tuple(draw(whens(1_000 + 100 * index + number)) for number in range(draw(st.integers(0, 2))))
        listed[index] = replace(one, whens=inside)
    above = tuple(sorted(draw(st.lists(st.integers(0, len(listed)), max_size=2))))
    return around(script(*listed), [draw(whens(2_000 + number)) for number in range(len(above))], above)


def around(made: Script, whens: Sequence[cues.Track], above: Sequence[int]) -> Script:
    """Put whens around the segments of a show."""
    most = len(made.segments)
    return replace(made, whens=tuple(whens), above=tuple(sorted(min(most, one) for one in above)))


# --- edits


EDITS = [
    *("limits", "track", "no track", "track name", "segment", "no segment", "segment name", "order"),
    *("when", "no when", "when words", "when words", "when block", "when block", "when moved"),
]
"""What is edited besides cues."""


@st.composite
def edits(draw: st.DrawFn, old: cues.CueList) -> Script:
    """Edit a show in one to three places, as somebody with the script open does."""
    listed, edge = list(old.segments), list(old.whens)
    for _ in range(draw(st.integers(1, 3))):
        what = draw(st.sampled_from(["cue"] * 12 + EDITS))
        if "when" in what:
            where = draw(st.integers(0, len(listed)))  # behind the last: those at the left edge
            heard = edge if where == len(listed) else list(listed[where].whens)
            draw(reheard(heard, what, 3_000 + draw(st.integers(0, 999))))
            if where < len(listed):
                listed[where] = replace(listed[where], whens=tuple(heard))
            continue
        where = draw(st.integers(0, len(listed) - 1))
        one = listed[where]
        if what == "segment":
            name = next(f"s{n}" for n in range(9) if f"s{n}" not in {s.name for s in listed})
            listed.insert(draw(st.integers(0, len(listed))), draw(segments(name)))
        elif what == "no segment" and len(listed) > 1:
            listed.pop(where)
        elif what == "order":
            listed = draw(st.permutations(listed))
        elif what == "segment name":
            listed[where] = replace(
                one, name=next(f"s{n}" for n in range(9) if f"s{n}" not in {s.name for s in listed})
            )
        elif what == "track name":
            name = next(f"t{n}" for n in range(9) if f"t{n}" not in {t.name for t in one.tracks})
            listed[where] = replace(one, tracks=(replace(one.tracks[0], name=name), *one.tracks[1:]))
        elif what == "limits":
            most = draw(st.none() | lengths.map(lambda t: t + 3_000_000))
            listed[where] = replace(one, at_least=draw(st.none() | lengths), at_most=most)
        elif what == "track":
            name = next(f"t{n}" for n in range(9) if f"t{n}" not in {t.name for t in one.tracks})
            tracks = list(one.tracks)
            tracks.insert(draw(st.integers(0, len(tracks))), cues.Track(name, "toy.show", 0, draw(bodies(1))))
            listed[where] = replace(one, tracks=tuple(tracks))
        elif what == "no track" and len(one.tracks) > 1:
            gone = draw(st.integers(0, len(one.tracks) - 1))
            listed[where] = replace(one, tracks=one.tracks[:gone] + one.tracks[gone + 1 :])
        elif what == "cue":
            number = draw(st.integers(0, len(one.tracks) - 1))
            track = replace(one.tracks[number], body=draw(revised(one.tracks[number].body, 2, endless=False)))
            listed[where] = replace(one, tracks=(*one.tracks[:number], track, *one.tracks[number + 1 :]))
    return around(script(*listed), edge, [*old.above, *[len(listed)] * len(edge)][: len(edge)])


@st.composite
def reheard(draw: st.DrawFn, listed: list[cues.Track], what: str, line: int) -> None:
    """Edit the whens of a segment, or those at the left edge."""
    at = draw(st.integers(0, max(0, len(listed) - 1)))
    if what == "when" or not listed:
        listed.insert(at, draw(whens(line)))
        return
    track = listed[at]
    step = when_of(track.body)
    if what == "no when":
        listed.pop(at)
    elif what == "when moved":
        listed.insert(0, listed.pop(at))
    elif what == "when words":
        habit: Any = draw(st.sampled_from(HABITS))
        listed[at] = heard_by(replace(step, habit=habit, every=draw(st.none() | lengths)), track.line)
    else:
        listed[at] = heard_by(replace(step, body=draw(revised(step.body, 1, endless=True))), track.line)


@st.composite
def revised(draw: st.DrawFn, old: cues.Body, depth: int, *, endless: bool) -> cues.Body:
    """Edit one cue of a list, or one inside a block of it."""
    listed = list(old.cues)
    at = draw(st.integers(0, len(listed) - 1))
    what = draw(st.sampled_from(["block"] * 3 + ["steps"] * 3 + ["time", "insert", "delete", "move", "name", "double"]))
    cue = listed[at]
    owners = [n for n, step in enumerate(cue.steps) if cues.bodies(step)]
    if what == "block" and owners:
        step = cue.steps[owners[0]]
        inside = endless or (isinstance(step, cues.Repeat) and step.count is None)
        if isinstance(step, cues.Call) and draw(st.integers(0, 2)) == 0:
            made: cues.Step = draw(retracked(step, depth, endless=inside))
        else:
            number = draw(st.integers(0, len(cues.bodies(step)) - 1))
            inner = draw(revised(cues.bodies(step)[number], max(0, depth - 1), endless=inside))
            made = with_block(step, number, inner)
        listed[at] = replace(cue, steps=(*cue.steps[: owners[0]], made, *cue.steps[owners[0] + 1 :]))
    elif what in {"block", "steps"}:
        listed[at] = replace(cue, steps=one_owner(draw(reworded(cue.steps, depth, endless=endless))))
    elif what == "time":
        listed[at] = replace(cue, position=draw(positions()))
    elif what == "insert":
        listed.insert(draw(st.integers(0, len(listed))), draw(bodies(depth, endless=endless)).cues[0])
    elif what == "delete" and len(listed) > 1:
        listed.pop(at)
    elif what == "move":
        listed.insert(draw(st.integers(0, len(listed) - 1)), listed.pop(at))
    elif what == "double":
        listed.insert(at, replace(cue, name=None))
    elif what == "name":
        listed[at] = replace(cue, name=draw(st.sampled_from([None, *NAMES, "four"])))
    return lawful(distinct(body(*listed)))


@st.composite
def positions(draw: st.DrawFn) -> cues.Position:
    then = draw(st.booleans())
    if draw(st.booleans()):
        bar = draw(bars)
        return cues.Position(then, draw(beats if bar else times), None, bar)
    return cues.Position(then, None, draw(times | times | beats))


@st.composite
def reworded(draw: st.DrawFn, old: tuple[cues.Step, ...], depth: int, *, endless: bool) -> list[cues.Step]:
    listed = list(old)
    at = draw(st.integers(0, len(listed) - 1))
    what = draw(st.sampled_from(["words", "words", "words", "new", "gone", "order"]))
    step = listed[at]
    if what == "new":
        listed.insert(draw(st.integers(0, len(listed))), draw(steps(depth, endless=endless)))
    elif what == "gone" and len(listed) > 1:
        listed.pop(at)
    elif what == "order":
        listed = draw(st.permutations(listed))
    elif isinstance(step, cues.Send):
        listed[at] = draw(respelled(step))
    elif isinstance(step, cues.Pause):
        listed[at] = replace(step, time=draw(lengths))
    elif isinstance(step, cues.Hold):
        listed[at] = replace(step, within=draw(lengths), text="hold anew")
    elif isinstance(step, cues.Await):
        listed[at] = replace(step, within=draw(lengths), policy=draw(policies), text="wait for anew")
    elif isinstance(step, cues.Repeat):
        count = draw(st.none() | st.integers(1, 5)) if step.count is not None and not endless else draw(counts(step))
        if count is None and (endless or any(no_end(s) for c in step.body.cues for s in c.steps)):
            count = 4
        on_beat = draw(bars)
        listed[at] = replace(step, count=count, every=draw(turns(on_beat)), on_beat=on_beat)
    else:
        listed[at] = draw(steps(depth, endless=endless))
    return listed


def counts(step: cues.Repeat) -> st.SearchStrategy[int | None]:
    return st.integers(1, 5) if step.count is not None else st.none() | st.integers(1, 5)


@st.composite
def respelled(draw: st.DrawFn, step: cues.Send) -> cues.Send:
    command = step.command
    what = draw(st.sampled_from(["value", "for", "wait", "within"]))
    if what == "value":
        values = {"V": st.integers(-9, 9), "D": lengths, "P": st.sampled_from("AB"), "NAME": st.sampled_from("xyz")}
        arguments = tuple(replace(a, value=draw(values[a.name])) for a in command.arguments)
        return spelled(replace(step, command=replace(command, arguments=arguments)))
    if what == "for" and command.verb.name in {"act", "scene", "set", "move"}:
        return spelled(replace(step, command=replace(command, lasting=draw(st.none() | lengths))))
    if what == "within":
        return spelled(replace(step, within=draw(st.none() | lengths), policy=draw(policies)))
    return spelled(replace(step, wait=not step.wait))


def with_block(step: cues.Step, number: int, inner: cues.Body) -> cues.Step:
    """Give a step another list, in place of the one with that number."""
    if isinstance(step, cues.Call):
        return replace(
            step, tracks=tuple(replace(one, body=inner) if n == number else one for n, one in enumerate(step.tracks))
        )
    if isinstance(step, cues.Repeat):
        return replace(step, body=inner)
    if isinstance(step, cues.Send | cues.Hold | cues.Await):
        return replace(step, meanwhile=inner)
    return step


def no_end(step: cues.Step) -> bool:
    """Tell whether a step is an endless `repeat`, or has one inside."""
    if isinstance(step, cues.Repeat) and step.count is None:
        return True
    return any(no_end(s) for inner in cues.bodies(step) for cue in inner.cues for s in cue.steps)


def lawful(edited: cues.Body) -> cues.Body:
    """Mend what the checks of the language refuse: times out of order, a `then` with nothing above it that ends."""
    listed: list[cues.Cue] = []
    written = 0
    for cue in edited.cues:
        position = cue.position
        above = listed[-1].steps if listed else None
        if position.then and (above is None or any(isinstance(s, cues.Repeat) and s.count is None for s in above)):
            position = replace(position, then=False)
        if position.at is not None:
            written = max(written, position.at)
            position = replace(position, at=written)
        elif not position.then:
            written += position.plus or 0
        listed.append(replace(cue, position=position))
    return body(*listed)


# --- worlds


class Drawn(dict[str, Any]):
    """The keys of a ``World``, and what was drawn for them in plain words."""

    def __init__(self, said: str, **keys: Any) -> None:
        super().__init__(**keys)
        self.said = said

    def __repr__(self) -> str:
        return f"{self.said}, go after {self['options'].go_after}"


RESULTS = ("done", "done", "failed", "cancelled")


@st.composite
def worlds(draw: st.DrawFn) -> Drawn:
    replies = draw(st.lists(st.none() | st.tuples(times, st.integers(0, 4).map(bool)), min_size=1, max_size=7))
    delays = st.tuples(st.sampled_from([0, 1_000, 50_000, 600_000]), st.just(value=True))
    framed = draw(st.lists(st.none() | delays, min_size=1, max_size=4))
    ends = draw(st.lists(st.tuples(times, st.sampled_from(RESULTS)), min_size=1, max_size=4))
    losses: list[tuple[int, str, bool]] = []
    if draw(st.integers(0, 3)) == 0:
        at = draw(times)
        losses = [(at, "toy", False), (at + draw(lengths), "toy", True)]
    conditions: list[tuple[int, str]] = []
    if draw(st.integers(0, 3)) == 0:
        at = draw(times)
        conditions = [(at, "busy"), (at + draw(lengths), draw(st.sampled_from(["ready", "ready", "lost"])))]
    presses: list[tuple[int, str, str | None]] = []
    for _ in range(draw(st.integers(0, 2))):
        at = draw(times)
        presses += [(at, "pause", None), (at + draw(lengths), "resume", None)]
    if draw(st.integers(0, 5)) == 0:
        presses.append((draw(times) + 1, draw(st.sampled_from(["stop", "panic", "interrupt", "go"])), None))
    for _ in range(draw(st.sampled_from([0, 0, 1, 5]))):
        presses.append((draw(times) + draw(lengths), "button", draw(st.sampled_from(["raid", "raid", "door"]))))
    return Drawn(
        f"replies {replies}, ends {ends}, conditions {conditions}, frames {framed}, presses {presses}, losses {losses}",
        reply=lambda _d, number, _a, _v: replies[number % len(replies)],
        end=lambda _d, number, _a, _v: ends[number % len(ends)],
        frame_reply=lambda _d, number: framed[number % len(framed)],
        options=Options(auto=True, go_after=draw(times)),
        presses=tuple(sorted(presses, key=lambda p: p[0])),
        losses=tuple(losses),
        conditions=tuple(conditions),
    )


# --- on paper, for whoever reads what failed


def paper(list_: cues.CueList) -> str:
    """Write a program down, much as a script."""
    lines = []
    for one in list_.segments:
        lines.append(f"segment {one.name} at least {one.at_least} at most {one.at_most}")
        for track in one.tracks:
            lines += [f" track {track.name}", *_paper(track.body, track.line, "  ")]
        lines += [line for track in one.whens for line in _paper(track.body, track.line, " ")]
    for track, above in zip(list_.whens, list_.above, strict=True):
        lines += [f"behind {above} segments", *_paper(track.body, track.line, "")]
    return "\n".join(lines)


def _paper(listed: cues.Body, base: int, indent: str) -> list[str]:
    lines = []
    for cue in listed.cues:
        position, said = cue.position, []
        for step in cue.steps:
            words = getattr(step, "text", type(step).__name__)
            keys = (
                () if isinstance(step, cues.Send) else ("time", "within", "policy", "count", "every", "on_beat", "keep")
            )
            extra = {key: getattr(step, key) for key in keys if getattr(step, key, None) is not None}
            said.append(f"{words} {extra}" if extra else words)
        then = f"{'then ' if position.then else ''}{'bar ' if position.bar else ''}"
        at = f"at {position.at}" if position.at is not None else f"+{position.plus}"
        lines.append(f"{indent}L{base + cue.line} {cue.name or ''} {then}{at}: {'; '.join(said)}")
        for step in cue.steps:
            for number, inner in enumerate(cues.bodies(step)):
                if isinstance(step, cues.Call) and step.tracks[number].name:
                    lines.append(f"{indent}   track {step.tracks[number].name}")
                lines += _paper(inner, 0 if isinstance(step, cues.Call) else base + cue.line, indent + "    ")
    return lines
