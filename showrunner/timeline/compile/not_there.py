"""Names that are not there: a device that is not on the stage, a verb that its device has not; what was meant."""

from __future__ import annotations

from collections.abc import Sequence

from showrunner import devices
from showrunner.devices.forms import ANY, JSON, NUMBER, STRING, TIME, WORD, Atom
from showrunner.diagnostics.sentence import plain, sentence
from showrunner.diagnostics.wording import did_you_mean, listed, nearest, quoted, there_are
from showrunner.syntax import nodes, slips
from showrunner.timeline.compile.draft import Draft
from showrunner.timeline.compile.posts import Post
from showrunner.timeline.compile.repairs import FILLERS, verb_for

_MEANT = {
    "print": "log", "write": "log", "comment": "log", "note": "log",
    "sleep": "wait", "pause": "wait", "delay": "wait",
    "speak": "say", "talk": "say", "tell": "say",
    "for": "repeat", "run": "do",
    "exit": "stop", "quit": "stop", "end": "stop",
}  # fmt: skip
"""Words that other programs have for a command of ours."""


def nobody(draft: Draft, node: nodes.DeviceCommand, device: nodes.Word) -> None:
    """Say that a command is for no device of the stage."""
    name, stage = device.text, draft.at_hand.posts
    if node.short:
        verb = node.verb.text
        message = sentence("`{verb}` alone is for a voice, and none on the stage takes it without its name", verb)
        draft.say("E302", node.verb.span, message, sentence("write the device before `{verb}`", verb))
        return
    if name == "button":
        advice = sentence("write `wait for button {verb}`", node.verb.text)
        draft.say("E301", device.span, sentence("`button` alone is no command"), advice, "wait for button")
        return
    owner, dot, verb = name.partition(".")
    if dot and verb and (owner in stage or owner in draft.at_hand.drivers()):
        advice = sentence("write `{owner} {verb} {value}`", owner, verb, node.verb.text)
        draft.say("E301", device.span, sentence("`{name}` is two words", name), advice, f"{owner} {verb}")
        return
    no_device(draft, device, following=node.verb.text)


def no_device(draft: Draft, word: nodes.Word, others: Sequence[str] = (), following: str = "") -> None:
    """Say that there is no such device: it is misspelled, or not on the stage. ``others`` could stand there, too;
    ``following`` stands behind it.
    """
    name, stage = word.text, draft.at_hand.posts
    if name in draft.at_hand.drivers():
        draft.at_hand.absent.add(name)
        offered = devices.outside(name)
        if offered is not None and offered.wrong:
            message = sentence("`{name}` of {package} is of no use: {wrong}", name, offered.package, offered.wrong)
            draft.say("E302", word.span, message, sentence("put its package right, or ask who made it"))
            return
        message = sentence("`{name}` is not on the stage: the stage file does not list it", name)
        draft.say("E302", word.span, message, sentence("add `{name}: {{}}` below `devices:` in the stage file", name))
        return
    said = None if others else slips.absent.instead(name, following)
    if said is not None:
        draft.say("E301", word.span, *said)
        return
    close = nearest(name, (*stage, *draft.at_hand.drivers(), *others))
    if close is not None:
        draft.say("E301", word.span, sentence("there is no device `{name}`", name), did_you_mean(close), close)
        return
    owner = next((post.name for post in stage.values() if name in post.matchers), None)
    if owner is not None and not others:
        draft.say(
            "E301",
            word.span,
            sentence("`{name}` is no device", name),
            did_you_mean(f"{owner} {name}"),
            f"{owner} {name}",
        )
        return
    meant = _MEANT.get(name.casefold())
    if meant is not None:
        draft.say(
            "E301",
            word.span,
            sentence("`{name}` is neither a device nor a word of the language", name),
            did_you_mean(meant),
            meant,
        )
        return
    there = sentence(
        "a command begins with a device, and there are {devices}", listed(map(quoted, stage), "and") or "no devices"
    )
    draft.say("E301", word.span, sentence("there is no device `{name}`", name), there)


def no_verb(draft: Draft, node: nodes.DeviceCommand, post: Post) -> None:
    """Say that its device has no such command: it is misspelled, forgotten, or another device's."""
    verb = node.verb.text
    message = sentence("`{post}` has no command `{verb}`", post.name, verb)
    if verb in post.device.lacks:
        draft.say("E303", node.verb.span, message, plain(post.device.lacks[verb]))
        return
    first = node.arguments[0] if node.arguments else None
    if verb in FILLERS and isinstance(first, nodes.Word) and first.text in post.matchers:
        draft.say(
            "E303", node.verb.span, message, sentence("leave it out: `{post} {first} …`", post.name, first.text), ""
        )
        return
    owner = next((other.name for other in draft.at_hand.posts.values() if verb in other.matchers), None)
    close = nearest(verb, post.matchers) if owner is None else None
    if close is not None:
        draft.say("E303", node.verb.span, message, did_you_mean(close), close)
        return
    words = [_plain(value) for value in (node.verb, *node.arguments)]
    forgotten = verb_for(post, words) if owner is None else None
    if forgotten is not None:
        said = " ".join(atom.source for atom in words)
        advice = sentence("is `{forgotten}` missing: `{post} {forgotten} {said}`?", forgotten.name, post.name, said)
        draft.say("E303", node.verb.span, message, advice, f"{forgotten.name} {verb}")
        return
    advice = (
        sentence("`{verb}` belongs to `{owner}`: `{owner} {verb}`", verb, owner) if owner else there_are(post.matchers)
    )
    draft.say("E303", node.verb.span, message, advice)


def _plain(value: nodes.Argument) -> Atom:
    """Give the shape of a value as it is written; a guess needs no more."""
    if isinstance(value, nodes.Word):
        return Atom(WORD, value.text, value.text, value.span)
    if isinstance(value, nodes.Number):
        return Atom(NUMBER, value.value, value.source, value.span)
    if isinstance(value, nodes.Duration):
        return Atom(TIME, value.micros, value.source, value.span)
    if isinstance(value, nodes.Beats):
        return Atom(TIME, 1, value.source, value.span)
    if isinstance(value, nodes.String):
        return Atom(STRING, "", value.source, value.span)
    if isinstance(value, nodes.Variable):
        return Atom(ANY, "", f"${value.name}", value.span)
    return Atom(JSON, "", "{…}", value.span)
