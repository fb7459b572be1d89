"""Where a name stands: its definition, its uses, the places a new name is written at, in all files of a show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from showrunner.diagnostics.diagnostic import Place
from showrunner.editing.known import Known
from showrunner.editing.names import Name, Occurrence
from showrunner.editing.pages import Edit, Position, Range, range_of
from showrunner.editing.spelling import quoted
from showrunner.slotted import dataclass
from showrunner.syntax.keywords import RESERVED
from showrunner.syntax.lines import cut

RENAMED = ("constant", "parameter", "kept", "define", "cue", "button", "segment", "track")
"""Kinds of names that are the show's own."""

_PLAIN = re.compile(r"[^\W\d](?:\w|-(?!>))*")
_INSERTED = ("constant", "parameter", "kept")
_OWN = re.compile(r"[ \t]*(\S+?):")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a name cannot be given, in a sentence."""

    message: str


def definition(known: Known, path: str, place: Position) -> list[Place]:
    """Say where the name at a place gets its meaning; of a device, its part of the stage file."""
    one = known.index.at(path, place.line, place.column)
    if one is None:
        return []
    if one.name.kind == "device":
        return _staged(known, one.name.text)
    return [each.place for each in known.index.bound(one.name)]


def _staged(known: Known, device: str) -> list[Place]:
    path = known.prepared.stage.path
    lines = () if path is None else cut(known.prepared.texts.get(path, ""))
    for number, line in enumerate(lines, 1):
        found = _OWN.match(line)
        if path is not None and found is not None and found[1].strip("\"'") == device:
            return [Place(path, number, found.start(1) + 1, len(found[1]))]
    return []


def references(known: Known, path: str, place: Position, *, bound: bool) -> list[Place]:
    """Say where the name at a place stands, also where it gets its meaning if that is wanted."""
    one = known.index.at(path, place.line, place.column)
    found = () if one is None else known.index.by_name[one.name]
    return [each.place for each in found if bound or not each.binds]


def highlights(known: Known, path: str, place: Position) -> list[tuple[Range, bool]]:
    """Give the places of a name in its own file, and whether it gets its meaning there."""
    one = known.index.at(path, place.line, place.column)
    found = () if one is None else known.index.by_name[one.name]
    return [(range_of(each.place), each.binds) for each in found if each.place.path == path]


def renamed_at(known: Known, path: str, place: Position) -> tuple[Range, str] | None:
    """Say what would be renamed at a place: the stretch, without its `$`, and the name; None: nothing can be."""
    one = known.index.at(path, place.line, place.column)
    if one is None or one.name.kind not in RENAMED:
        return None
    return _bare(known, one), one.name.text


def renamed(known: Known, path: str, place: Position, new: str) -> list[tuple[str, Edit]] | Refused:
    """Give every edit that a new name takes, or say why it cannot have it."""
    one = known.index.at(path, place.line, place.column)
    if one is None or one.name.kind not in RENAMED:
        return Refused("nothing here has a name that can be changed")
    new = new.strip()
    name = one.name
    if name.kind in _INSERTED:
        new = new.removeprefix("$")
        if _PLAIN.fullmatch(new) is None or new in RESERVED:
            return Refused(f"`{new}` is no name that `$name` and `{{name}}` can say: letters, digits, `_` and `-`")
    elif not new or not new.isprintable():
        return Refused("a name cannot be empty")
    taken = next((each for each in _neighbours(known, name, new) if each in known.index.by_name), None)
    if taken is not None and new != name.text:
        return Refused(f"there is a {taken.kind} called `{new}` already")
    written = new if name.kind in _INSERTED else quoted(new)
    return [(each.place.path, Edit(_bare(known, each), written)) for each in known.index.by_name[name]]


def _neighbours(known: Known, name: Name, new: str) -> list[Name]:
    """Name what a new name would be confused with."""
    if name.kind in _INSERTED:
        within = [each.within for each in known.index.by_name if each.kind == "parameter"]
        own = [Name("parameter", new, one) for one in within if name.kind != "parameter" or one == name.within]
        return [Name("constant", new), Name("kept", new), *own]
    return [Name(name.kind, new, name.within)]


def _bare(known: Known, one: Occurrence) -> Range:
    """Give the stretch of a name without the `$` before it."""
    whole = range_of(one.place)
    lines = cut(known.prepared.texts.get(one.place.path, ""))
    line = lines[whole.start.line] if whole.start.line < len(lines) else ""
    dollar = line[whole.start.column : whole.start.column + 1] == "$"
    return Range(Position(whole.start.line, whole.start.column + dollar), whole.end)


# --------------------------------------------------------------------------------------------------- who does whom


@dataclass(frozen=True, slots=True)
class Caller:
    """A definition, or a segment that does some: its name, where its name stands, and the `do`s in question."""

    name: Name
    place: Place
    at: tuple[Place, ...]


def called(known: Known, path: str, place: Position) -> Caller | None:
    """Give the definition or segment that is named at a place."""
    one = known.index.at(path, place.line, place.column)
    if one is None or one.name.kind not in ("define", "segment"):
        return None
    return _caller(known, one.name, ())


def doing(known: Known, name: Name) -> list[Caller]:
    """Say who does a definition, and where."""
    found: dict[Name, list[Place]] = {}
    for one in known.index.by_name.get(name, ()):
        if not one.binds and one.inside is not None:
            found.setdefault(one.inside, []).append(one.place)
    made = (_caller(known, inside, tuple(at)) for inside, at in found.items())
    return [one for one in made if one is not None]


def done(known: Known, name: Name) -> list[Caller]:
    """Say which definitions a definition or a segment does, and where."""
    found: dict[Name, list[Place]] = {}
    for each, occurrences in known.index.by_name.items():
        if each.kind == "define":
            for one in occurrences:
                if not one.binds and one.inside == name:
                    found.setdefault(each, []).append(one.place)
    made = (_caller(known, each, tuple(at)) for each, at in found.items())
    return [one for one in made if one is not None]


def _caller(known: Known, name: Name, at: Sequence[Place]) -> Caller | None:
    bound: Sequence[Occurrence] = [one for one in known.index.by_name.get(name, ()) if one.binds]
    if bound:
        return Caller(name, bound[0].place, tuple(at))
    # A file without segments is one that nobody has named.
    return Caller(name, Place(at[0].path, 1, 1), tuple(at)) if at else None
