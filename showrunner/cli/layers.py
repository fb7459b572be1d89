"""The layers of a show as lines of text, a thing a line with its place: tokens, nodes, cues, and the plan.

A window into the compiler, for those who work on it; nothing here is meant to be read by a program. What a node or a
step holds is read off its fields, so that a new one needs no line here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from showrunner.devices.vocabulary import Answer, Command
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.wording import cells, visible
from showrunner.reports.plan import plan as planned
from showrunner.reports.timetable import (
    Moment,
    TimedCommand,
    TimedCue,
    TimedCurve,
    TimedLog,
    TimedSegment,
    TimedUtterance,
    Voice,
    moments,
)
from showrunner.show.prepare import Prepared
from showrunner.syntax.nodes import Book, Placed
from showrunner.syntax.parser import lexemes
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import CuePlace, Key, Labels, ListPlace, path_of, tracks, whens
from showrunner.times import clock

Line: TypeAlias = tuple[str, ...]
"""What stands in a line: its place, and what there is to say in further columns."""

STEP = "  "
"""How far a node is indented below the one around it."""

_BESIDE = frozenset(
    {"seq", "last", "id", "name", "where", "start", "end", "at", "line", "file", "sent", "took", "until"}
)
"""Fields of what is planned that stand in columns of their own, or only tell it apart."""


# ---------------------------------------------------------------------------------------------------------------- files


def tokens(prepared: Prepared) -> Iterator[Line]:
    """Give the tokens of every file: the terminal of the grammar, and the text."""
    for path, source in _book(prepared).sources.items():
        for one in lexemes(source.text):
            yield f"{path}:{one.line}:{one.column}", one.terminal, one.text


def nodes(prepared: Prepared) -> Iterator[Line]:
    """Give the nodes of every file, each below the one it is part of, with the field it fills there."""
    for path, source in _book(prepared).sources.items():
        for item in source.script.items:
            yield from _tree(path, item, "", 0, Span(0, 1, 1), "")


def _book(prepared: Prepared) -> Book:
    found = prepared.reading.book
    return Book(prepared.path, {}, {}, "") if found is None else found


def _tree(path: str, node: Any, field: str, base: int, around: Span, indent: str) -> Iterator[Line]:
    """Give a node and those in it. ``base``: the line of its statement; ``around``: where it stands without a span."""
    if isinstance(node, Placed):
        yield from _tree(path, node.node, field, base + node.line, Span(0, 1, 1), indent)
        return
    span = getattr(node, "span", around)
    inner = [(one.name, _nodes(getattr(node, one.name)), getattr(node, one.name)) for one in fields(node)]
    parted = any(found and not isinstance(value, tuple) for _, found, value in inner)
    said = _facts(node, frozenset({"source"}) if parted else frozenset())
    named = f"{field}: " if field else ""
    yield f"{path}:{base + span.line}:{span.column}", f"{indent}{named}{said}"
    for name, found, value in inner:
        for one in found:
            yield from _tree(path, one, "" if isinstance(value, tuple) else name, base, span, indent + STEP)


def _nodes(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        return [node for one in value for node in _nodes(one)]
    return [value] if is_dataclass(value) and not isinstance(value, Span) else []


# ------------------------------------------------------------------------------------------------------------- compiled


def cues(prepared: Prepared) -> Iterator[Line]:
    """Give the compiled cues: segment, track, label, when it is taken and how one begins there; and below each, what is
    done in it.

    What is done or repeated stands behind that, of a `repeat` or a `when` the first turn; the whens come last.
    """
    show = prepared.cues
    for listed in () if show is None else (*tracks(show), *whens(show)):
        for one in _all(listed):
            segment, name, label = one.key
            place = f"{one.within.file}:{one.line}:{one.cue.span.column}"
            point = f"{segment}/{label}"
            start = f'--from "{point}"' if " " in point else f"--from {point}"
            # In the turns of a `when` nothing has a time in the plan.
            yield place, segment, name, label, f"Cue {_held(one.cue.position)}{f'  {start}' if name else ''}"
            for step in one.cue.steps:
                place = f"{one.within.file}:{one.line + step.span.line}:{step.span.column}"
                yield place, "", "", "", STEP + _facts(step, frozenset({"text", "file", "line"}))


def _all(here: ListPlace) -> Iterator[CuePlace]:
    for one in here.places():
        yield one
        for inner in (*one.lists(), *one.lists(1)):
            yield from _all(inner)


def plan(prepared: Prepared) -> Iterator[Line]:
    """Give what is expected to happen: from when to when, where, and what; below a command what it moves and says."""
    show = prepared.cues
    if show is None:
        return
    table = planned(show, prepared.fixtures, prepared.inventories)
    curves: dict[int, list[TimedCurve]] = defaultdict(list)
    for curve in table.curves:
        curves[curve.id].append(curve)
    voices = {one.id: one for one in table.voices}
    places = _Places(show)
    for moment, ended in moments(table):
        if ended:
            continue
        place = places.of(moment)
        yield place, *_when(moment), *_where(moment), _expected(moment)
        if not isinstance(moment, TimedCommand):
            continue
        for curve in curves[moment.id]:
            until = "" if curve.until is None else clock(curve.until)
            way = _held(curve.course, frozenset({"since"}))
            yield place, clock(curve.course.since), until, "", "", "", f"{STEP}{_expected(curve)} {way}"
        if moment.id in voices:
            voice = voices[moment.id]
            yield place, clock(voice.start), clock(voice.end), "", "", "", STEP + _expected(voice)
            for said in voice.utterances:
                yield place, clock(said.start), clock(said.end), "", "", "", 2 * STEP + _expected(said)
    if not table.whole:
        yield show.main, clock(table.length), "", "", "", "", "… and it goes on: further ahead nobody looks"


class _Places:
    """Where in the files what is planned is written."""

    def __init__(self, show: CueList) -> None:
        self._main = show.main
        self._labels = Labels(show)
        self._segments = {one.name: one for one in show.segments}

    def of(self, moment: Moment) -> str:
        if isinstance(moment, TimedSegment):
            found = self._segments[moment.name]
            return f"{found.file}:{found.line}"
        if isinstance(moment, TimedCommand):
            return f"{path_of(self._main, moment.file)}:{moment.line}"
        label = self._labels.label(moment.where)
        return f"{path_of(self._main, label.file)}:{label.line}"


def _when(moment: Moment) -> tuple[str, str]:
    match moment:
        case TimedCue() | TimedLog():
            return clock(moment.at), ""
        case _:
            return clock(moment.start), "" if moment.end is None else clock(moment.end)


def _where(moment: Moment) -> Key:
    return (moment.name, "", "") if isinstance(moment, TimedSegment) else moment.where


def _expected(one: Moment | TimedCurve | Voice | TimedUtterance) -> str:
    # Of a compiled command its verb and its values are told, not its words.
    told = {"device", "verb", "text"} if isinstance(one, TimedCommand) and one.command is not None else set()
    return _facts(one, _BESIDE | told)


# ----------------------------------------------------------------------------------------------------------------- text


def _facts(one: Any, unsaid: frozenset[str] = frozenset()) -> str:
    """Name what kind of thing it is, and what it holds."""
    return f"{type(one).__name__} {_held(one, unsaid)}".rstrip()


def _held(one: Any, unsaid: frozenset[str] = frozenset()) -> str:
    """Name what is in its fields, but for what is nothing, or a thing of its own."""
    said = []
    for field in fields(one):
        value = getattr(one, field.name)
        if field.name in unsaid or value is None or value is False or value == ():
            continue
        if isinstance(value, Command):
            given = [f"{argument.name}={argument.value!r}" for argument in value.arguments]
            lasting = [] if value.lasting is None else [f"lasting={value.lasting}"]
            said.append(" ".join([value.device, value.verb.name, *given, *lasting]))
        elif _plain(value):
            said.append(f"{field.name}={value!r}")
    return " ".join(said)


def _plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_plain, value))
    return isinstance(value, str | int | float | Fraction | Answer)


def laid_out(lines: Iterable[Line]) -> str:
    """Lay lines out in columns; the last of each is as long as it is."""
    rows = [[visible(cell) for cell in line] for line in lines]
    columns = max(map(len, rows), default=0) - 1
    widths = [max((cells(row[n]) for row in rows if n < len(row) - 1), default=0) for n in range(columns)]
    out = ""
    for *front, last in rows:
        padded = [cell + " " * (width - cells(cell)) for cell, width in zip(front, widths, strict=False)]
        out += "  ".join([*padded, last]).rstrip() + "\n"
    return out
