"""What a line of a `.showtest` that cannot be read was meant to be: a finding with a way out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from showrunner.diagnostics.diagnostic import Diagnostic, Fix, Place
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import did_you_mean, listed, nearest, quoted, shortened

NO_TIME = sentence("write it like `250ms`, `2s`, `1m30s` or `00:40`")
"""What to write where a time is none."""

_PIECE = re.compile(r"""[^\s"']+|["'][^\n]*""")
_LUMP = re.compile(r"[^\s]+")

_SAYS = {
    "STRING": sentence('a text in quotes, as `"hello"`'),
    "MOMENT": sentence("a time, as `250ms`, `2s` or `00:40`"),
    "NAME": sentence("a name"),
    "ARGUMENT": sentence("a word"),
    "FIELD": sentence("a field, as `user=Aki`"),
    "COUNT": sentence("a whole number"),
    "TIMES_COUNT": sentence("a number of times, as `3 times`"),
    "RESULT": sentence("`done`, `failed`, `timed-out`, `skipped` or `cancelled`"),
    "ENTRY": sentence("a kind of entry, as `device`"),
}

BEGINS = (
    "play", "test", "see", "never", "in this order", "over", "ends", "no outcome but", "no cue late by more than",
    "reload", "journal has", "at", "latency", "by hand", "go after", "stay", "on failure", "clock", "seed", "from",
    "until", "only", "stage", "catalogue",
)  # fmt: skip
"""What a line may begin with."""

_RESULTS = ("done", "failed", "timed-out", "skipped", "cancelled")

_MEANT = {
    "expect": "see",
    "assert": "see",
    "must": "see",
    "should": "see",
    "then": "see",
    "wait": "at",
    "press": "at 2s button",
    "button": "at 2s button",
    "show": "play",
    "not": "never see",
    "finished": "over",
    "done": "no outcome but",
    "reloads": "reload",
}
"""What people write who mean another word."""


def explain(text: str, at: int, able: frozenset[str], place: Place) -> Diagnostic:
    """Say what is wrong with ``text``, which stands at ``place``, from the offset ``at`` on; there may be ``able``."""
    found = _PIECE.match(text, at) or _LUMP.match(text, at)
    word = "" if found is None else found[0]
    where = Place(place.path, place.line, place.column + at, max(1, len(word)))
    words = sorted(name.lower().replace("_", "-") for name in able if name not in _SAYS and name[0] != "$")
    words += list(_RESULTS) if "RESULT" in able else []
    kinds = [says for name, says in _SAYS.items() if name in able]
    if not at:
        return _begun(word, where)
    if not word or word.startswith("#"):
        last = Place(place.path, place.line, place.column + max(0, len(text[:at].rstrip()) - 1), 1)
        return Diagnostic("E321", last, sentence("this line ends too early"), _comes(kinds, words))
    if word[0] in "\"'":
        whole = re.match(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", word)
        if whole is None:
            return Diagnostic(
                "E321",
                where,
                sentence("this text has no end"),
                sentence("close it with {mark} on the same line", word[0]),
            )
        where = Place(where.path, where.line, where.column, len(whole[0]))
        return Diagnostic("E321", where, sentence("a text cannot stand here"), _comes(kinds, words))
    if word[0] in "\u201c\u201d\u201e\u300c\u300e\u2018\u2019":
        message = sentence("these are quotes of a word processor")
        return Diagnostic("E321", where, message, sentence("write straight ones: \"…\" or '…'"))
    if "MOMENT" in able:
        timed = _time(word, where)
        if timed is not None:
            return timed
    meant = nearest(word, words)
    fix = None if meant is None else Fix(where, meant)
    said = sentence("{word} cannot stand here", quoted(shortened(word)))
    return Diagnostic("E321", where, said, did_you_mean(meant, _comes(kinds, words)), fix)


def _begun(word: str, where: Place) -> Diagnostic:
    firsts = [one.split()[0] for one in BEGINS]
    meant = nearest(word, firsts) or _MEANT.get(word.casefold())
    said = sentence("no line begins with {word}", quoted(shortened(word)))
    fix = Fix(where, meant) if meant is not None else None
    return Diagnostic(
        "E320", where, said, did_you_mean(meant, sentence("a line begins with {words}", listed(BEGINS, "or"))), fix
    )


def _time(word: str, where: Place) -> Diagnostic | None:
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", word):
        said = sentence("`{number}` is a number without a unit", word)
        way_out = sentence("write `{number}s`, `{number}ms` or a clock like `00:40`", word)
        return Diagnostic("E322", where, said, way_out, Fix(where, f"{word}s"))
    if word[:1].isdigit():
        message = sentence("{word} is no time", quoted(shortened(word)))
        return Diagnostic("E322", where, message, NO_TIME)
    return None


def _comes(kinds: Iterable[str], words: Iterable[str]) -> Sentence:
    able = [*kinds, *(f"`{word}`" for word in words)]
    if not able:
        return sentence("nothing more comes on this line")
    return sentence("here comes {words}", listed(able, "or"))
