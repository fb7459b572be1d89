"""What is seen of a command: in which words, whether it stands until another one takes its place, what it takes off.

Read off its row, for whoever draws a show. How anything is drawn is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from showrunner.devices.presence import STANDS
from showrunner.devices.vocabulary import Answer, Class, Command, Text
from showrunner.times import short

_SIGN = re.compile(r"[\[\]()|\u2026]|[^\s\[\]()|\u2026]+")


def owned(command: Command) -> tuple[str, ...]:
    """Give the properties that it takes from whatever stood there: it stands until another command takes the first of
    them. None: it passes.
    """
    verb = command.verb
    if verb.class_ is Class.STATE and verb.stream is None and verb.properties is not None:
        return verb.properties(command)
    return (verb.draws,) if verb.draws is not None and verb.draws in STANDS else ()


def taken_off(command: Command) -> tuple[str, ...] | None:
    """Tell whether it takes something off the stage, or turns it off: then beginnings of properties that are gone,
    beside those that it owns. None: it does not.
    """
    if command.verb.clears is not None:
        return command.verb.clears
    states = command.verb.class_ is Class.STATE
    return () if states and any(argument.value is False for argument in command.arguments) else None


def spelled(command: Command) -> str:
    """Write a command as its row spells it, without its device: `scene Live by Fade over 1s`. What the row itself fixes
    is not said again.
    """
    verb, said = command.verb, [command.verb.name]
    first, before = _literals(verb.form)
    said += first
    for argument in command.arguments:
        if (argument.name, argument.value) in verb.fixed:
            continue
        said += before.get(argument.name, ())
        said += _value(command, argument.name, argument.value)
    return " ".join(said)


@cache
def _literals(form: str) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Give the words that a form begins with, and those right before each placeholder."""
    first: list[str] = []
    before: dict[str, tuple[str, ...]] = {}
    words: list[str] = []
    began = False
    for sign in _SIGN.findall(form):
        if sign[0].isupper():
            if began:
                before.setdefault(sign, tuple(words))
            began, words = True, []
        elif sign == "|":
            continue
        elif sign in "[]()\u2026":
            began, words = True, []
        elif began:
            words.append(sign)
        else:
            first.append(sign)
    return tuple(first), before


def _value(command: Command, name: str, value: Any) -> Iterator[str]:
    kind = command.verb.kinds.get(name)
    if value is True or value is False:
        yield "on" if value else "off"
    elif kind is not None and kind.accepts == "duration":
        yield short(value)
    elif isinstance(value, Answer):
        yield f"{{{value.name}}}"
    elif isinstance(value, tuple):
        yield heard(value)
    else:
        yield str(value)


def heard(text: str | Text) -> str:
    """Give a text as it will be heard; an answer that will come is called by its name."""
    if isinstance(text, str):
        return text
    return "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in text)
