"""Ends: what never comes because something is over, and what waits for an end that nobody hears of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from showrunner.diagnostics.sentence import sentence
from showrunner.timeline import cues
from showrunner.timeline.compile.draft import DEFINE, Beside, Part, Passage, Whole
from showrunner.timeline.compile.facts import Spot
from showrunner.timeline.compile.notes import Note, further
from showrunner.times import Exact, as_clock


def held_alone(seen: Passage) -> Iterator[Note]:
    """W504: a `do` stops inside, and the list it stands in does not wait for it."""
    first = [] if seen.run.above is None else [(seen.run.above_line, seen.run.above)]
    for (line, draft), (_, following) in pairwise([*first, *seen.drafts]):
        if draft.calls and not following.made.position.then:
            for name, span in draft.calls:
                message = sentence("this holds `{name}` alone: the line below it goes on by its own clock", name)
                yield Note("W504", further(span, line), message, sentence("write `then` in the line below"))


def never_ending(seen: Passage) -> Iterator[Note]:
    """W508: `then` after a command whose end nobody hears of."""
    run = seen.run
    speaking, above = run.speaking, run.above
    for line, draft in seen.drafts:
        then = draft.made.position.then
        if then and above is not None and above.unending is not None and not above.settles and not speaking:
            message = sentence("`{unending}` above never reports its end: `then` comes at once", above.unending)
            span = further(draft.node.position.span, line)
            yield Note("W508", span, message, sentence("say how long it takes: `{unending} … for 3s`", above.unending))
        speaking = bool(draft.speech) or any(f.kind == "voice" for f in draft.facts) or (speaking and not then)
        above = draft
    run.speaking = speaking


def outlasts(beside: Beside) -> Iterator[Note]:
    """W542: a `repeat` without end in a track of a `define`: the `do` is over without it, and it goes on."""
    if beside.of is not DEFINE:
        return
    for listed in beside.lists:
        for fact in listed.block.facts:
            if fact.kind == "endless":
                message = sentence(
                    "this `repeat` has no end: when the other tracks are over, so is the `do`, and it goes on"
                )
                advice = sentence(
                    "give it a number of times, or an `until`; in a track of the segment it ends with that"
                )
                yield fact.spot.further(listed.base).note("W542", message, advice)


def after_the_end(part: Part) -> Iterator[Note]:
    """W502: a cue that `at most` cuts off."""
    at_most = part.segment.at_most
    if at_most is None:
        return
    for listed in part.lists:
        for line, draft in listed.block.drafts:
            position = draft.made.position
            if position.at is not None and position.at >= at_most:
                message = sentence("this never comes: the segment is cut at {at_most}", as_clock(at_most))
                span = further(draft.node.position.span, listed.base + line)
                yield Note("W502", span, message, sentence("place it earlier, or raise `at most`"))


def pressed_before(part: Part) -> Iterator[Note]:
    """W521: a button that is waited for, though its press ends the segment."""
    ends = part.segment.until
    buttons = set() if ends is None else {event.name for event in ends.events if event.kind == "button"}
    if not buttons:
        return
    for listed in part.lists:
        for line, draft in listed.block.drafts:
            for fact in draft.facts:
                if fact.kind == "button" and fact.name in buttons:
                    message = sentence("this never hears the button `{fact}`: its press ends the segment", fact.name)
                    advice = sentence("wait for another button, or end the segment by another one")
                    yield fact.spot.further(listed.base + line).note("W521", message, advice)


def over_at_once(part: Part) -> Iterator[Note]:
    """W503: a `repeat` without end, in a segment that has nothing else to last for."""
    held_open = part.segment.at_least is not None or part.segment.until is not None
    spot = None if held_open else _last_endless(part)
    if spot is not None:
        message = sentence("the segment is over as soon as this begins: a `repeat` without end keeps nothing open")
        name = part.segment.name if part.line else "NAME"
        yield spot.note("W503", message, sentence("say how long it lasts: `segment {name} at least 1m`", name))


def nothing_open(show: Whole) -> Iterator[Note]:
    """E227: a show hears events, and has nothing else that would keep it open."""
    kept = any(
        part.segment.at_least or part.segment.until or any(listed.block.drafts for listed in part.lists)
        for part in show.parts
    )
    if show.hearers and not kept:
        message = sentence("nothing keeps this show open: a `when` only hears as long as something plays")
        name = next((part.segment.name for part in show.parts if part.line), "NAME")
        yield Note(
            "E227",
            show.hearers[0].spot,
            message,
            sentence(
                "say how long it stays: `segment {name} at least 10m`, or `segment {name} until button end`", name
            ),
        )


def _last_endless(part: Part) -> Spot | None:
    """Give the last `repeat` without end of a segment that has nothing beside such and what is over at once."""
    latest: Exact = -1
    spot = None
    for listed in part.lists:
        for line, draft in listed.block.drafts:
            made = draft.made
            for step in made.steps:
                if isinstance(step, cues.Repeat) and step.endless:
                    if (made.position.at or 0) > latest:
                        latest, spot = made.position.at or 0, Spot(further(step.span, listed.base + line))
                elif not isinstance(step, cues.Log):
                    return None
            if (made.position.at or made.position.plus) and made.steps and not isinstance(made.steps[-1], cues.Repeat):
                return None
    return spot
