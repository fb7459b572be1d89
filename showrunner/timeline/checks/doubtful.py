"""What is allowed and still probably not meant: one small function each over a list, a segment or the show.

Spans are half open: what ends at 2 s does not meet what begins at 2 s. Where a time is only guessed, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.compile.draft import Block, Claim, Draft, Spot
from showrunner.timeline.compile.notes import LINE, Note, further
from showrunner.timeline.compile.timing import Moment, Run, Timing
from showrunner.times import as_clock

Drafts = list[tuple[int, Draft]]


def of_stretch(drafts: Drafts, timing: Timing, run: Run, notes: list[Note]) -> None:
    """Look at a stretch of one list: a track, a body, a `meanwhile`."""
    held_twice(drafts, timing.moments, run, notes)
    held_alone(drafts, run, notes)
    never_ending(drafts, run, notes)
    if timing.sounding:
        still_speaking(drafts, timing, notes)


def held_twice(drafts: Drafts, moments: list[Moment], run: Run, notes: list[Note]) -> None:
    """W501: a command takes a property over while another still claims it."""
    taken = run.taken
    for (line, draft), moment in zip(drafts, moments, strict=True):
        if moment.start < run.latest:
            taken.clear()
        run.latest = moment.start
        for claim in draft.claims:
            gate, start, end, key, _, how = claim
            anchor = moment.later + gate - 1 if gate else moment.anchor
            start += moment.start
            end += moment.start
            if how == "release":
                _given_up(taken, key, anchor, start)
                continue
            before = taken.get(key)
            if before is not None and before[0] == anchor:
                within = before[1] < start < before[2] if how == "at once" else before[1] <= start < before[2]
                if within or (how == "hold" and start == before[1]):
                    notes.append(_held(claim, line, before))
            if how == "hold":
                taken[key] = (anchor, start, end, line)
            else:
                taken.pop(key, None)


def _held(claim: Claim, line: int, before: tuple[int, int, int, int]) -> Note:
    _, start, end, other = before
    span, name = further(claim.span, line), claim.property[1]
    advice = "let the one end before the other begins"
    if other == line:
        return Note("W501", span, f"`{name}` is set twice at once: only the last one is seen", advice)
    when = f"till {as_clock(end)}" if end > start else "by a command of the same moment"
    message = f"`{name}` is still held {when} by line {LINE} when this takes it over"
    return Note("W501", span, message, advice, lines=(other,))


def _given_up(
    taken: dict[tuple[str, str], tuple[int, int, int, int]], released: tuple[str, str], anchor: int, at: int
) -> None:
    device, name = released
    for key in [released] if name else [key for key in taken if key[0] == device]:
        before = taken.get(key)
        if before is not None and before[0] == anchor and before[1] < at:
            taken[key] = (anchor, before[1], min(before[2], at), before[3])


def held_alone(drafts: Drafts, run: Run, notes: list[Note]) -> None:
    """W504: a `do` stops inside, and the list it stands in does not wait for it."""
    first = [] if run.above is None else [(run.above_line, run.above)]
    for (line, draft), (_, following) in pairwise([*first, *drafts]):
        if draft.calls and not following.made.position.then:
            for name, span in draft.calls:
                message = f"this holds `{name}` alone: the line below it goes on by its own clock"
                notes.append(Note("W504", further(span, line), message, "write `then` in the line below"))


def never_ending(drafts: Drafts, run: Run, notes: list[Note]) -> None:
    """W508: `then` after a command whose end nobody hears of."""
    speaking, above = run.speaking, run.above
    for line, draft in drafts:
        then = draft.made.position.then
        if then and above is not None and above.unending is not None and not above.settles and not speaking:
            message = f"`{above.unending}` above never reports its end: `then` comes at once"
            span = further(draft.node.position.span, line)
            notes.append(Note("W508", span, message, f"say how long it takes: `{above.unending} … for 3s`"))
        speaking = bool(draft.speech) or any(f.kind == "voice" for f in draft.facts) or (speaking and not then)
        above = draft
    run.speaking = speaking


def still_speaking(drafts: Drafts, timing: Timing, notes: list[Note]) -> None:
    """W509: what stands beside a `say` comes at once, the `say` only when the voice has finished."""
    said: set[int] = set()
    for sounding in timing.sounding:
        if sounding.after is None or not sounding.own or sounding.line in said:
            continue
        (_, draft), moment = drafts[sounding.place], timing.moments[sounding.place]
        if not draft.beside or sounding.anchor != moment.anchor:
            continue
        said.add(sounding.line)
        until = as_clock(sounding.start - moment.start + moment.clock)
        position = draft.node.position
        written = position.at.source if isinstance(position.at, nodes.Clock | nodes.Duration) else None
        keep = f"`then at {written}`" if written else "`then`"
        message = (
            f"the voice will still be speaking (line {LINE}, till about {until}), "
            "and the rest of this line comes at once"
        )
        note = sounding.spot.further(sounding.line).note("W509", message, f"{keep} keeps them together")
        notes.append(note._replace(lines=(sounding.after,)))


def two_voices(spoken: Iterable[tuple[int, int, int, str, Spot]], notes: list[Note]) -> None:
    """W510: two devices speak at the same time."""
    last: dict[tuple[int, str], int] = {}
    for anchor, start, end, device, spot in sorted(spoken, key=lambda s: (s[0], s[1])):
        other = next((d for (a, d), until in last.items() if a == anchor and d != device and until > start), None)
        if other is not None:
            message = f"`{other}` is still speaking when `{device}` begins: two voices at once"
            notes.append(spot.note("W510", message, "let one speak after the other, with `then`"))
        last[anchor, device] = max(end, last.get((anchor, device), 0))


# ------------------------------------------------------------------------------------------------------------ a segment


def after_the_end(drafts: Drafts, at_most: int, notes: list[Note]) -> None:
    """W502: a cue that `at most` cuts off."""
    for line, draft in drafts:
        position = draft.made.position
        if position.at is not None and position.at >= at_most:
            message = f"this never comes: the segment is cut at {as_clock(at_most)}"
            span = further(draft.node.position.span, line)
            notes.append(Note("W502", span, message, "place it earlier, or raise `at most`"))


def over_at_once(tracks: list[tuple[str, int, Block]], at_least: int | None) -> Spot | None:
    """W503: give the last `repeat` without end of a segment that has nothing else to last for."""
    if at_least is not None:
        return None
    latest, spot = -1, None
    for _, base, block in tracks:
        for line, draft in block.drafts:
            made = draft.made
            for step in made.steps:
                if isinstance(step, cues.Repeat) and step.count is None:
                    if (made.position.at or 0) > latest:
                        latest, spot = made.position.at or 0, Spot(further(step.span, base + line))
                elif not isinstance(step, cues.Log):
                    return None
            if (made.position.at or made.position.plus) and made.steps and not isinstance(made.steps[-1], cues.Repeat):
                return None
    return spot
