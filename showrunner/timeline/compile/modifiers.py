"""What stands after the arguments: `and wait`, `within`, `retry`, `else`, `->`, `and meanwhile`.

Which of them a command may take is in section 5 of the language; what each does to the stage is the engine's.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, cast

from showrunner.devices.forms import FILLED, NUMBER, TIME
from showrunner.devices.vocabulary import Text
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import listed
from showrunner.syntax import nodes
from showrunner.timeline.compile.constants import BEATS, atom_of, text_of, to_come
from showrunner.timeline.compile.draft import Draft
from showrunner.timeline.compile.misfits import described
from showrunner.timeline.cues import Policy
from showrunner.times import Exact, rounded

_TIME = re.compile(
    r"[0-9]{1,2}(?::[0-9]{2}){1,2}(?:\.[0-9]+)?|(?:[0-9]+(?:\.[0-9]+)?(?:ms|[hms]))+|[0-9]+(?:\.[0-9]+)?(?:beat|bar)s?"
)
Word = Literal["and wait", "within", "retry", "else", "->", "and meanwhile"]


class Modifiers(NamedTuple):
    """The modifiers of one command, read. ``meanwhile`` is its block, not compiled yet."""

    wait: nodes.AndWait | None = None
    within: int | None = None
    retry: int = 0
    retry_span: Span | None = None
    policy: Policy | None = None
    keep: str | None = None
    keep_span: Span | None = None
    default: str | Text | None = None
    meanwhile: nodes.AndMeanwhile | None = None


NONE = Modifiers()


def modifiers_of(
    draft: Draft, given: tuple[nodes.Modifier, ...], allowed: tuple[Word, ...] | None, who: str
) -> Modifiers:
    """Read the modifiers of a command. ``allowed`` None: all. ``who`` is the command, for messages."""
    if not given:
        return NONE
    read: dict[str, object] = {}
    for modifier in given:
        word = _word(modifier)
        if allowed is not None and word not in allowed:
            draft.say(
                "E219", modifier.span, sentence("`{who}` cannot take `{word}`", who, word), _instead(word, allowed)
            )
            continue
        if isinstance(modifier, nodes.AndWait):
            read["wait"] = modifier
        elif isinstance(modifier, nodes.AndMeanwhile):
            read["meanwhile"] = modifier
        elif isinstance(modifier, nodes.Within):
            read["limit"] = time_of(draft, modifier.time, "`within`", least=1)
        elif isinstance(modifier, nodes.Retry):
            read["times"] = whole_of(draft, modifier.count, "`retry`")
            read["retry_span"] = modifier.span
        elif isinstance(modifier, nodes.Else):
            read["policy"] = modifier.policy
        else:
            read["keep"] = _kept(draft, modifier)
            read["keep_span"] = modifier.span
            read["default"] = _default(draft, modifier)
    return Modifiers(
        cast("nodes.AndWait | None", read.get("wait")),
        cast("int | None", read.get("limit")),
        cast("int", read.get("times") or 0),
        cast("Span | None", read.get("retry_span")),
        cast("Policy | None", read.get("policy")),
        cast("str | None", read.get("keep")),
        cast("Span | None", read.get("keep_span")),
        cast("str | Text | None", read.get("default")),
        cast("nodes.AndMeanwhile | None", read.get("meanwhile")),
    )


def _word(modifier: nodes.Modifier) -> Word:
    match modifier:
        case nodes.AndWait():
            return "and wait"
        case nodes.Within():
            return "within"
        case nodes.Retry():
            return "retry"
        case nodes.Else():
            return "else"
        case nodes.Keep():
            return "->"
        case nodes.AndMeanwhile():
            return "and meanwhile"


def _instead(word: str, allowed: tuple[Word, ...]) -> Sentence:
    if not allowed:
        return sentence("take `{word}` out", word)
    return sentence("it takes {words}", listed([f"`{one}`" for one in allowed], "and"))


def _kept(draft: Draft, modifier: nodes.Keep) -> str:
    name = modifier.name
    if name in draft.parameters:
        message = sentence("`{name}` is a parameter of this `define` already", name)
        draft.say("E216", modifier.name_span, message, sentence("keep the answer under another name"))
    elif draft.lookup(name) is not None and name not in draft.at_hand.names.unknown:
        message = sentence("`{name}` is a constant already: a `let` gives it its value", name)
        draft.say("E216", modifier.name_span, message, sentence("keep the answer under another name"))
    else:
        draft.fact("kept", name, modifier.name_span)
        if modifier.default is not None:
            draft.fact("otherwise", name, modifier.name_span)
    return name


def _default(draft: Draft, modifier: nodes.Keep) -> str | Text | None:
    if modifier.default is None:
        return None
    if isinstance(modifier.default, nodes.String):
        return text_of(modifier.default, draft)
    constant = draft.lookup(modifier.default.name)
    if constant is None:
        draft.bare(modifier.default.name, modifier.default.span)
        return ""
    return constant.source


# -------------------------------------------------------------------------------------------------------- single values


def time_of(draft: Draft, time: nodes.Time, where: str, least: int = 0) -> int | None:
    """Give a time in microseconds, at least ``least``; None if it is none, which is noted."""
    micros = exact_of(draft, time, where)
    if micros is None:
        return None
    if rounded(micros) < least:
        draft.say(
            "E404",
            time.span,
            sentence("{where} wants a time longer than zero", where),
            sentence("write at least `1ms`"),
        )
        return None
    return rounded(micros)


def in_beats(draft: Draft, time: nodes.Time) -> bool:
    """Tell whether a time is counted in beats."""
    if not isinstance(time, nodes.Variable):
        return isinstance(time, nodes.Beats)
    constant = draft.lookup(time.name)
    return constant is not None and constant.shape == BEATS


def exact_of(draft: Draft, time: nodes.Time, where: str) -> Exact | None:
    """Give a time as exactly as it is written: of beats a fraction, whatever it comes to. None as of ``time_of``."""
    if isinstance(time, nodes.Beats | nodes.Variable):
        atom = atom_of(time, draft)
        if atom.shape == BEATS:
            return draft.lasting(atom.value, time.span, atom.source)
        if atom.shape == TIME:
            micros: int = atom.value
        else:
            if atom.value is not None:
                message = sentence("{where} wants a time, and {atom} is none", where, described(atom))
                written = atom.value if isinstance(atom.value, str) and _TIME.fullmatch(atom.value) else None
                plain = sentence("a time stands without quotes: `{written}`", written)
                advice = plain if written else sentence("write `let {atom} = 2s`, for example", atom.source[1:])
                draft.say("E401", time.span, message, advice, given=to_come(atom))
            return None
    else:
        micros = time.micros
    return micros


def whole_of(draft: Draft, count: nodes.Number | nodes.Variable, where: str) -> int | None:
    """Give a whole number of times, 1 or more; None if it is none, which is noted."""
    atom = atom_of(count, draft)
    if atom.shape == NUMBER and isinstance(atom.value, int) and atom.value >= 1:
        return atom.value
    if atom.shape == NUMBER:
        draft.say(
            "E406",
            count.span,
            sentence("{where} wants a whole number, 1 or more, not {atom}", where, atom.source),
            sentence("for example `2`"),
        )
    elif atom.value is not None:
        message = sentence("{where} wants a number, and {atom} is none", where, described(atom))
        draft.say("E401", count.span, message, sentence("for example `2`"), given=to_come(atom))
    return None


def name_of(draft: Draft, name: nodes.Name, where: str) -> str | None:
    """Give a name that must be known before the show plays; None if it is not."""
    if isinstance(name, nodes.Word):
        return name.text
    if isinstance(name, nodes.String):
        plain = plain_of(draft, name)
        if plain != "":
            return plain
        draft.say("E126", name.span, sentence("a name cannot be empty"), sentence("write a word, or a text in quotes"))
        return None
    atom = atom_of(name, draft)
    if atom.shape == FILLED and isinstance(atom.value, str):
        return atom.value
    if atom.value is not None:
        message = sentence("{where} wants a name, and {atom} is none", where, described(atom))
        draft.say("E401", name.span, message, sentence("write the name itself"), given=to_come(atom))
    return None


def plain_of(draft: Draft, string: nodes.String) -> str | None:
    """Give a text that must be known before the show plays: constants may stand in it, answers may not."""
    before = len(draft.facts)
    text = text_of(string, draft)
    draft.facts[before:] = [fact._replace(kind="bare") for fact in draft.facts[before:]]
    if isinstance(text, str):
        return text
    for part in string.parts:
        if isinstance(part, nodes.Insert) and isinstance(getattr(draft.lookup(part.name), "value", None), tuple):
            message = sentence("`{part}` must be known before the show plays, and it is given an answer", part.name)
            draft.say("E221", part.span, message, sentence("write it out, or let a constant give it"), given=part.name)
    return None
