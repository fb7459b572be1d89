"""Events that are waited for, compiled: looked up in their device's table, with what they are matched by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from showrunner.devices.forms import ANY, Match, Matcher, Mismatch
from showrunner.devices.vocabulary import Text
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, there_are
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.compile.constants import atom_of, to_come
from showrunner.timeline.compile.draft import Draft
from showrunner.timeline.compile.misfits import mismatch, refused
from showrunner.timeline.compile.model_names import looked_up
from showrunner.timeline.compile.modifiers import name_of, time_of
from showrunner.timeline.compile.not_there import no_device
from showrunner.timeline.compile.posts import Post
from showrunner.timeline.compile.sends import at_fault, who
from showrunner.times import as_duration, as_time

MINUTE = 60_000_000
DAY = 1_440 * MINUTE

ANY_FIELD = "*"
"""What comes with a press has whatever fields were sent with it."""


def awaited(draft: Draft, events: Sequence[nodes.Event], where: str) -> tuple[cues.Awaited, ...]:
    """Compile what is waited for at ``where``; those that have a mistake (noted) are not among them."""
    found = (_awaited(draft, event, where) for event in events)
    return tuple(one for one in found if one is not None)


def until(draft: Draft, node: nodes.Until | None) -> cues.Until | None:
    """Compile what ends a segment or a `repeat`; None where it has a mistake (noted)."""
    if node is None:
        return None
    before = len(draft.facts)
    found = awaited(draft, node.events, "`until`")
    draft.facts[before:] = [
        fact._replace(kind="ended") if fact.kind == "awaited" else fact for fact in draft.facts[before:]
    ]
    if len(found) == 1 and found[0].kind == "button":
        draft.fact("alone", found[0].name, node.span)
    return cues.Until(found, node.span) if len(found) == len(node.events) else None


def says(draft: Draft, keep: str, events: Sequence[cues.Awaited], default: str | Text | None, span: Span) -> None:
    """Note what is kept of these events as ``keep``: its fields, and the few texts that it, or one of them, may be."""
    for field in _fields(events):
        draft.fact("says", f"{keep}.{field}", span)
    pressed = [event.name for event in events if event.kind == "button"]
    if not pressed or len(pressed) < len(events) or isinstance(default, tuple):
        return
    texts = tuple(pressed if default is None else [*pressed, default])
    draft.fact("gives", f"{keep}.button", span, texts)
    # What is kept of one button alone is the text that came with the press.
    if len(events) > 1:
        draft.fact("gives", keep, span, texts)


def _fields(events: Sequence[cues.Awaited]) -> Iterator[str]:
    for event in events:
        if event.kind == "button":
            yield ANY_FIELD
        elif event.kind == "time":
            yield cues.TIME
        elif event.row is not None:
            yield from (field.name for field in event.row.fields)


def _awaited(draft: Draft, node: nodes.Event, where: str) -> cues.Awaited | None:
    if node.clock is not None:
        return cues.Awaited("time", as_time(node.clock.micros))
    if node.often is not None:
        return _often(draft, node.often)
    if node.device is not None:
        noted, device = len(draft.notes), who(draft, node.device)
        told = None if device is None else _told(draft, node, device, where)
        at_fault(draft, node.device, noted)
        return told
    first = node.words[0]
    if isinstance(first, nodes.Number):
        raise TypeError("the grammar has no number for a name")
    name = name_of(draft, first, where)
    if name is None:
        return None
    if node.kind == "cue":
        draft.fact("awaited", name, first.span)
        return cues.Awaited("cue", name)
    draft.fact("button", name, node.span)
    return cues.Awaited("button", name)


def _often(draft: Draft, node: nodes.Time) -> cues.Awaited | None:
    """Compile a time of the day that comes again and again: parts of a day, from midnight on."""
    every = time_of(draft, node, "`time every`", least=1)
    if every is None:
        return None
    if MINUTE <= every <= DAY and not DAY % every:
        return cues.Awaited("time", f"every {as_duration(every)}", often=every)
    parts = [DAY // count for count in range(1, DAY // MINUTE + 1)]
    close = as_duration(min((part for part in parts if not DAY % part), key=lambda part: abs(part - every)))
    written = f"`{node.source}`" if not isinstance(node, nodes.Variable) else f"`${node.name}` ({as_duration(every)})"
    message = sentence("a day, counted from midnight, is not made of parts of {written}", written)
    draft.say(
        "E402", node.span, message, sentence("from `1m` to `24h`, and it goes into a day: `time every {close}`", close)
    )
    return None


def _told(draft: Draft, node: nodes.Event, device: nodes.Word, where: str) -> cues.Awaited | None:
    """Compile an event that a device tells."""
    post = draft.at_hand.posts.get(device.text)
    if post is None:
        no_device(draft, device, ("button", "cue", "time"))
        return None
    draft.devices |= {post.name}
    first, *rest = node.words
    nameless = post.events.get("")
    if isinstance(first, nodes.Number) or (nameless is not None and isinstance(first, nodes.String)):
        name, span, rest = "", device.span, list(node.words)
    else:
        found = name_of(draft, first, where)
        if found is None:
            return None
        name, span = found, first.span
    matcher = post.events.get(name)
    if matcher is None:
        _unknown(draft, post, name, first)
        return None
    values = _values(draft, post, f"{post.name} {name}".strip(), matcher, rest, span)
    if values is None:
        return None
    draft.fact("event", f"{post.name} {name}", node.span)
    row = next(event for event in post.device.events if event.row == values.verb)
    objections = () if row.check is None else row.check(values.arguments)
    for one in objections:
        at = span if one.place is None else values.arguments[one.place].span
        draft.say("W534" if one.warns else "E407", at, one.message, one.help)
    if not all(one.warns for one in objections):
        return None
    return cues.Awaited("device", name, post.name, row, tuple((one.name, one.value) for one in values.arguments))


def _values(
    draft: Draft, post: Post, label: str, matcher: Matcher, words: Sequence[nodes.Match], span: Span
) -> Match | None:
    """Read what an event is matched by."""
    atoms = [atom_of(word, draft) for word in words]
    found = matcher.match(atoms, span)
    if isinstance(found, Mismatch):
        draft.notes.append(mismatch(label, found, atoms, span, draft.at_hand.posts.values(), matcher))
        return None
    if not isinstance(found, Match):
        draft.notes.extend(refused(label, found, atoms))
        return None
    for hole, argument in zip(found.holes, found.arguments, strict=True):
        if isinstance(argument.value, tuple):
            message = sentence("what an event is matched by must be known before the show plays")
            atom = atoms[hole.atom]
            draft.say(
                "E221", atom.span, message, sentence("write it out, or let a constant give it"), given=to_come(atom)
            )
            return None
    if any(atom.shape == ANY for atom in atoms):
        return None
    found, notes = looked_up(found, atoms, post)
    draft.notes.extend(notes)
    return None if notes else found


def _unknown(draft: Draft, post: Post, name: str, word: nodes.Match) -> None:
    known, nameless = [one for one in post.events if one], post.events.get("")
    close = nearest(name, known)
    none = (
        sentence("it tells nothing unasked")
        if nameless is None
        else sentence("for example `{example}`", nameless.rows[0].example)
    )
    advice = did_you_mean(close, there_are(known) if known else none)
    teller = next((other.name for other in draft.at_hand.posts.values() if name in other.events), None)
    if teller is not None:
        advice = sentence("`{teller}` tells it: `wait for {teller} {name}`", teller, name)
    fix = close if isinstance(word, nodes.Word) else None
    draft.say("E307", word.span, sentence("`{post}` never tells `{name}`", post.name, name), advice, fix)
