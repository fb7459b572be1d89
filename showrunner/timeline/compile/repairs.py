"""The one change that would let a command fit its table: a word put in, put in place of another, moved, or a verb.

A guess for a help line, tried out on the table itself. Not here: what is wrong (``misfits``), or what a command means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from showrunner.devices.forms import TIME, WORD, Atom, Match, Matcher, Mismatch
from showrunner.devices.vocabulary import Verb
from showrunner.diagnostics.diagnostic import Span
from showrunner.timeline.compile.posts import Post

FILLERS = frozenset({"load", "play", "show", "start", "trigger", "the", "a", "to"})
"""Words that people put where a command needs none."""

_SWITCH = ("on", "off")
_A_TIME = 1_000_000


class Repair(NamedTuple):
    """What to change. ``place``: the atom it is about; ``words``: those that fit there, each by itself.

    ``how``: ``before`` (a word is missing before the atom), ``instead`` (it is another word), ``without`` (it is too
    much), ``timed`` (a word and a time are missing before it), ``later`` (the atom and the one behind it belong to the
    end).
    """

    how: str
    place: int
    words: tuple[str, ...]


def repair(matcher: Matcher, found: Mismatch, atoms: Sequence[Atom]) -> Repair | None:
    """Find the one change that makes the words after a verb fit, near the place where they do not."""
    places = [place for place in (found.atom, found.atom - 1) if 0 <= place < len(atoms)]
    words = sorted(matcher.words)
    switches = _SWITCH if any(kind.accepts == "switch" for kind in found.row.kinds.values()) else ()
    for place in places:
        fitting = [word for word in (*switches, *words) if _fits(matcher, atoms, place, place, _word(word))]
        if fitting:
            return Repair("before", place, tuple(fitting))
    for place in places:
        if _said(atoms[place]) in FILLERS and _fits(matcher, atoms, place, place + 1):
            return Repair("without", place, ())
    for place in places:
        here = atoms[place]
        if here.shape != WORD or (_said(here) in matcher.words and here.value != "for"):
            continue
        fitting = [word for word in words if _fits(matcher, atoms, place, place + 1, _word(word))]
        if fitting:
            return Repair("instead", place, tuple(fitting))
    for place in places:
        fitting = [word for word in words if _fits(matcher, atoms, place, place, _word(word), _time())]
        if fitting and _said(atoms[place]) in matcher.words:
            return Repair("timed", place, tuple(fitting))
        pair = atoms[place : place + 2]
        moved = [*atoms[:place], *atoms[place + 2 :], *pair]
        if len(pair) == 2 and _said(pair[0]) in matcher.words and isinstance(matcher.match(moved, _NOWHERE), Match):
            return Repair("later", place, ())
    return None


def verb_for(post: Post, atoms: Sequence[Atom]) -> Verb | None:
    """Find the one verb of a device, as its settings let it be, that these words would fit, if it was forgotten."""
    if len(atoms) == 1:
        listed = {
            title for title, entries in post.lists.items() if str(atoms[0].value).casefold() in entries
        }  # without more, only the catalogue can tell
        rows = [row for row in post.device.verbs if any(kind.catalogue in listed for kind in row.kinds.values())]
        names = {row.name for row in rows}
    else:
        rows = list(post.device.verbs)
        names = {name for name, one in post.matchers.items() if isinstance(one.match(atoms, _NOWHERE), Match)}
    there = [row for row in rows if row.only is None or post.settings[row.only[0]] in row.only[1]]
    fit = {row.name: row for row in reversed(there) if row.name in names}
    return next(iter(fit.values())) if len(fit) == 1 else None


_NOWHERE = Span(0, 1, 1)


def _said(atom: Atom) -> str:
    """Give the word or text that an atom is; empty where it is none."""
    return atom.value if isinstance(atom.value, str) else ""


def _word(word: str) -> Atom:
    return Atom(WORD, word, word, _NOWHERE)


def _time() -> Atom:
    return Atom(TIME, _A_TIME, "1s", _NOWHERE)


def _fits(matcher: Matcher, atoms: Sequence[Atom], first: int, last: int, *put: Atom) -> bool:
    found = matcher.match([*atoms[:first], *put, *atoms[last:]], _NOWHERE)
    if not isinstance(found, Match):
        return False
    # A word that would only be taken for a name is no help.
    return not put or put[0].value in _SWITCH or first not in {hole.atom for hole in found.holes}
