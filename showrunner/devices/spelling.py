"""The spelling of a form: `PARAM V [PARAM V]… [over D]` read into a small tree.

Only the string of a table row; matching commands against it is in ``forms``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_SIGN = re.compile(r"\s*(\[|\]|\(|\)|…|\.\.\.|\||[A-Z][A-Z0-9_]*|[a-z][a-z0-9-]*)")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a form.

    ``op``: ``word`` (one of ``words``), ``hole`` (the placeholder ``words[0]``), ``for`` (`for D`, which every form may
    end with), ``all`` (the ``parts`` in order), ``either`` (one of them), ``maybe`` (the one part or nothing), ``many``
    (the one part once or more).
    """

    op: Literal["word", "hole", "for", "all", "either", "maybe", "many"]
    words: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


def read_form(form: str) -> Part:
    """Read a row's form. ``for D`` is understood at the end where the form does not have it.

    Raises ``ValueError`` where the form itself is misspelled: a mistake in a table, not in a show.
    """
    signs: list[str] = []
    position = 0
    text = form.rstrip()
    while position < len(text):
        found = _SIGN.match(text, position)
        if found is None:
            raise ValueError(f"the form {form!r} cannot be read at {text[position:]!r}")
        signs.append("…" if found[1] == "..." else found[1])
        position = found.end()
    rest, part = _sequence(signs)
    if rest:
        raise ValueError(f"the form {form!r} closes a bracket it never opened")
    if "for" in signs:
        return part
    return Part("all", parts=(part, Part("maybe", parts=(Part("for"),))))


def _sequence(signs: list[str]) -> tuple[list[str], Part]:
    parts: list[Part] = []
    while signs and signs[0] not in "])":
        sign, signs = signs[0], signs[1:]
        if sign in "[(":
            signs, part = _sequence(signs)
            if not signs:
                raise ValueError(f"a form opens {sign!r} and never closes it")
            signs = signs[1:]
            if signs and signs[0] == "…":
                part, signs = Part("many", parts=(part,)), signs[1:]
            parts.append(Part("maybe", parts=(part,)) if sign == "[" else part)
        elif sign == "|":
            if not parts or not signs:
                raise ValueError("a form has a `|` with nothing beside it")
            other = _one(signs[0])
            parts[-1] = _either(parts[-1], other)
            signs = signs[1:]
        elif sign == "for" and signs and signs[0].isupper():
            parts.append(Part("for"))
            signs = signs[1:]
        else:
            parts.append(_one(sign))
    return signs, Part("all", parts=tuple(parts))


def _one(sign: str) -> Part:
    return Part("hole" if sign[0].isupper() else "word", words=(sign,))


def _either(first: Part, second: Part) -> Part:
    if first.op == second.op == "word":
        return Part("word", words=(*first.words, *second.words))
    return Part("either", parts=(*(first.parts if first.op == "either" else (first,)), second))
