"""What the programs behind the devices do not bear: too many commands at once, two that set the same thing."""

from __future__ import annotations

from collections.abc import Iterator

from showrunner.diagnostics.diagnostic import Place
from showrunner.diagnostics.sentence import sentence
from showrunner.timeline import cues
from showrunner.timeline.compile.draft import Passage, Whole
from showrunner.timeline.compile.notes import Note, further
from showrunner.times import as_duration


def too_many(seen: Passage) -> Iterator[Note]:
    """W536: more of a verb than its program takes in that time."""
    paced = seen.run.paced
    for (line, draft), moment in zip(seen.drafts, seen.timing.moments, strict=True):
        for one in draft.paced:
            anchor = moment.later + one.gate - 1 if one.gate else moment.anchor
            at, (most, span) = moment.start + one.start, one.most
            before = tuple(
                other for other in paced.get(one.key, ()) if other[0] == anchor and at - span < other[1] <= at
            )
            if len(before) == most:
                taken = f"{most} `{one.key[1]}`" if most > 1 else sentence("one `{one}`", one.key[1])
                message = sentence(
                    "`{one}` takes {taken} in {span}: this one comes late", one.key[0], taken, as_duration(span)
                )
                yield Note("W536", further(one.span, line), message, sentence("let them come further apart"))
            paced[one.key] = (*before, (anchor, at))[-most:]


def rivals(show: Whole) -> Iterator[Note]:
    """W537: two devices set values of one thing."""
    used = frozenset[str]().union(*(listed.block.devices for part in show.parts for listed in part.lists))
    fights = {name: dict(show.rivals.get(name, {})) for name in used}
    pairs = [(one, other, why) for one, all_ in fights.items() for other, why in all_.items() if other in used]
    for one, other, why in sorted(pairs):
        where = next(_setting(show, one), None)
        if where is not None and next(_setting(show, other), None) is not None:
            message = sentence("`{one}` and `{other}` both set values: {why}", one, other, why)
            yield Note("W537", where, message, sentence("let one of them set the values, and the other do the rest"))


def _setting(show: Whole, device: str) -> Iterator[Place]:
    """Give where a device is told values."""
    for part in show.parts:
        for track, listed in zip(part.segment.tracks, part.lists, strict=True):
            for line, draft in listed.block.drafts:
                for step in draft.made.steps:
                    if _sets(step, device):
                        span = step.span if isinstance(step, cues.Send) else draft.made.span
                        yield further(span, line).place(track.file, track.line)


def _sets(step: cues.Step, device: str) -> bool:
    """Tell whether a step sets a value, or has one in it that does."""
    if isinstance(step, cues.Send) and step.command.device == device and step.command.verb.stream in {"set", "move"}:
        return True
    return any(_sets(one, device) for body in cues.bodies(step) for cue in body.cues for one in cue.steps)
