"""Live2D's published motion format (`.motion3.json`): its curves, read from a text, and their value at an instant.

Source: Live2D's specification of the file formats ("motion3.json"), and Cubism SDK manual, "Motion" and "Fade". Times
of the file are seconds; here they are microseconds, but for the points of a curve, which stay as written.

A curve is a first point and segments: linear, Bézier, stepped (its first value holds) and inverse stepped (its last
one does). Where the file says that its Béziers are restricted, the time within one runs evenly; else it is that of
the curve.
A fade bends a value in from what was there and out to where it rests, as a sine. Without a fade of its own a curve has
the motion's, and a motion that says none, or a negative one, fades for a second, as the SDK does.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.slotted import dataclass

SECOND = 1_000_000
LINEAR, BEZIER, STEPPED, INVERSE = 0, 1, 2, 3
"""The segments by the numbers that the file has for them."""

POINTS = {LINEAR: 1, BEZIER: 3, STEPPED: 1, INVERSE: 1}

SAID_NOTHING = SECOND
"""The fade of a motion that says none."""

MOST_CURVES, MOST_POINTS, MOST_MARKS = 1_000, 200_000, 1_000
LONGEST = 6 * 3600 * SECOND
LONGEST_MARK = 500

TARGETS = ("Parameter", "PartOpacity", "Model")

Point = tuple[float, float]
"""A time in seconds and a value."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a curve from the last point before it: one more point, of a Bézier two handles and one."""

    kind: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """What one thing does. ``of``: a parameter, the opacity of a part, or of the model. Fades: None is the motion's."""

    of: str
    id: str
    first: Point
    segments: tuple[Segment, ...]
    fade_in: int | None = None
    fade_out: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that the file has written at an instant of it."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion of ``length`` microseconds."""

    length: int
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...] = ()
    fade_in: int = SAID_NOTHING
    fade_out: int = SAID_NOTHING
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """One curve as it is played: ``speed`` times as fast, ``rounds`` times, each as long as the motion.

    ``fade_in``, ``fade_out``: microseconds of the show at the beginning and the end of the whole. ``factor`` and
    ``plus`` turn a value of the file into one of the property. ``joins``: it is faded in from that instant, counted
    from its beginning; where the show's text changes under it, that is later than 0.
    """

    curve: Curve
    length: int
    speed: float = 1
    rounds: int = 1
    fade_in: int = 0
    fade_out: int = 0
    restricted: bool = False
    factor: float = 1
    plus: float = 0
    joins: int = 0

    @property
    def one(self) -> int:
        """How long one round takes."""
        return max(1, round(self.length / self.speed))

    @property
    def takes(self) -> int:
        """How long all of it takes."""
        return self.one * self.rounds


# ------------------------------------------------------------------------------------------------------- at an instant


def shaped(shape: Shape, start: float, rest: float, elapsed: int) -> float:
    """Give the value so many microseconds after the beginning; ``start`` was there before, ``rest`` comes after."""
    within = min(max(elapsed, 0), shape.takes)
    turn = min(within // shape.one, shape.rounds - 1)
    seconds = (within - turn * shape.one) * shape.speed / SECOND
    value = at(shape.curve, seconds, restricted=shape.restricted) * shape.factor + shape.plus
    value = start + (value - start) * _sine(elapsed - shape.joins, shape.fade_in)
    return rest + (value - rest) * _sine(shape.takes - elapsed, shape.fade_out)


def weighed(shape: Shape, start: Sequence[float], elapsed: int) -> tuple[float, float]:
    """Give the value with its weight, which is what fades; ``start``: the pair that was there before."""
    bare = replace(shape, fade_in=0, fade_out=0)
    value, before = shaped(bare, 0, 0, elapsed), start[1]
    into = _sine(elapsed - shape.joins, shape.fade_in)
    weight = (before + (1 - before) * into) * _sine(shape.takes - elapsed, shape.fade_out)
    return (start[0] + (value - start[0]) * into if before else value), weight


def at(curve: Curve, seconds: float, *, restricted: bool) -> float:
    """Give the value of a curve at a time of the file; before its first point and behind its last these hold."""
    before = curve.first
    if seconds <= before[0]:
        return before[1]
    for segment in curve.segments:
        end = segment.points[-1]
        if seconds < end[0]:
            return _within(segment, before, seconds, restricted=restricted)
        before = end
    return before[1]


def _within(segment: Segment, before: Point, seconds: float, *, restricted: bool) -> float:
    end = segment.points[-1]
    if segment.kind == STEPPED:
        return before[1]
    if segment.kind == INVERSE:
        return end[1]
    share = (seconds - before[0]) / (end[0] - before[0])
    if segment.kind == LINEAR:
        return before[1] + (end[1] - before[1]) * share
    first, second = segment.points[0], segment.points[1]
    if not restricted:
        share = _solved(before[0], first[0], second[0], end[0], seconds)
    return _cubic(before[1], first[1], second[1], end[1], share)


def _cubic(a: float, b: float, c: float, d: float, share: float) -> float:
    left = 1 - share
    outer = left * left * left * a + share * share * share * d
    return outer + 3 * left * share * (left * b + share * c)


def _solved(a: float, b: float, c: float, d: float, wanted: float) -> float:
    """Find where a Bézier has a time. Its handles lie between its ends (``read`` sees to that): there is one place."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if _cubic(a, b, c, d, middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _sine(passed: int, length: int) -> float:
    if length <= 0 or passed >= length:
        return 1.0
    return 0.0 if passed <= 0 else 0.5 - 0.5 * math.cos(math.pi * passed / length)


# -------------------------------------------------------------------------------------------------------- as it is read


def read(text: str) -> Motion | Sentence:
    """Read a file; a sentence says what is wrong with it. What the file counts (`CurveCount` …) is counted anew."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError):
            return sentence("it is no JSON (line {line})", error.lineno)
        return sentence("it is no JSON")
    meta = whole.get("Meta") if isinstance(whole, dict) else None
    if not isinstance(meta, dict) or not isinstance(whole.get("Curves"), list):
        return sentence("it is no motion: `Meta` and `Curves` are missing")
    if whole.get("Version") != 3:
        version = json.dumps(whole.get("Version"))[:20]
        return sentence("its version is {version}, and 3 is the one that is known", version)
    length = _seconds(meta.get("Duration"))
    if length is None or not 0 < length <= LONGEST:
        return sentence("`Duration` is no number of seconds above 0 (six hours are the most)")
    if len(whole["Curves"]) > MOST_CURVES:
        return sentence("it has {count} curves, and {most} are the most", len(whole["Curves"]), MOST_CURVES)
    restricted = meta.get("AreBeziersRestricted") is True
    curves: list[Curve] = []
    points = 0
    for place, row in enumerate(whole["Curves"]):
        curve = _curve(row, restricted=restricted)
        if isinstance(curve, Sentence):
            return sentence("curve {number}{name}: {wrong}", place + 1, _named(row), curve)
        points += 1 + sum(len(segment.points) for segment in curve.segments)
        if points > MOST_POINTS:
            return sentence("it has more than {most} points", MOST_POINTS)
        curves.append(curve)
    marks = _marks(whole.get("UserData"), length)
    fades = (_fade(meta.get(name)) for name in ("FadeInTime", "FadeOutTime"))
    into, out = (SAID_NOTHING if fade is None else fade for fade in fades)
    return Motion(length, tuple(curves), marks, into, out, restricted)


def _named(row: Any) -> str:
    return f" (`{str(row['Id'])[:60]}`)" if isinstance(row, dict) and isinstance(row.get("Id"), str) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e12 else None


def _seconds(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else round(number * SECOND)


def _fade(value: Any) -> int | None:
    """Give a fade in microseconds; one that is missing, or below 0, is not said."""
    length = _seconds(value)
    return None if length is None or length < 0 else min(length, LONGEST)


def _curve(row: Any, *, restricted: bool) -> Curve | Sentence:
    if not isinstance(row, dict) or row.get("Target") not in TARGETS or not isinstance(row.get("Id"), str):
        return sentence("it wants a `Target` (`Parameter`, `PartOpacity` or `Model`) and an `Id`")
    numbers = row.get("Segments")
    if not isinstance(numbers, list) or len(numbers) < 2:
        return sentence("`Segments` is no list that begins with a point")
    read_: list[float] = []
    for one in numbers:
        number = _number(one)
        if number is None:
            return sentence("`Segments` has something that is no number")
        read_.append(number)
    first = (read_[0], read_[1])
    segments: list[Segment] = []
    before, place = first, 2
    while place < len(read_):
        kind = read_[place]
        count = POINTS.get(int(kind)) if kind == int(kind) else None
        if count is None:
            return sentence("`Segments` has a segment of the kind {kind}, and 0, 1, 2 and 3 are known", f"{kind:g}")
        flat = read_[place + 1 : place + 1 + 2 * count]
        if len(flat) < 2 * count:
            return sentence("`Segments` ends in the middle of a segment")
        points = tuple(zip(flat[::2], flat[1::2], strict=True))
        if points[-1][0] < before[0]:
            return sentence("its times run back at {time} s", f"{points[-1][0]:g}")
        if count > 1 and not restricted:
            points = tuple((min(max(time, before[0]), points[-1][0]), value) for time, value in points)
        segments.append(Segment(int(kind), points))
        before, place = points[-1], place + 1 + 2 * count
    return Curve(row["Target"], row["Id"], first, tuple(segments), *map(_fade, _fades(row)))


def _fades(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row.get("FadeInTime"), row.get("FadeOutTime")


def _marks(rows: Any, length: int) -> tuple[Mark, ...]:
    """Read what is written beside the curves; what has no time within the motion says nothing."""
    found: list[Mark] = []
    for row in rows if isinstance(rows, list) else []:
        when = _seconds(row.get("Time")) if isinstance(row, dict) else None
        if when is not None and 0 <= when <= length and isinstance(row.get("Value"), str) and row["Value"].strip():
            found.append(Mark(when, row["Value"].strip()[:LONGEST_MARK]))
    return tuple(sorted(found[:MOST_MARKS], key=lambda mark: mark.at))


# ------------------------------------------------------------------------------------------------------ as it is played


def played(motion: Motion, curve: Curve, speed: float, rounds: int) -> Shape:
    """Give one curve of a motion as it is played."""
    fades = (motion.fade_in if curve.fade_in is None else curve.fade_in, curve.fade_out)
    into, out = fades[0], motion.fade_out if fades[1] is None else fades[1]
    shape = Shape(curve, motion.length, speed, rounds, restricted=motion.restricted)
    return replace(shape, fade_in=min(into, shape.takes), fade_out=min(out, shape.takes))


def marked(motion: Motion, speed: float, rounds: int) -> Iterator[tuple[int, str]]:
    """Give its marks with the microseconds from the beginning at which they come, in every round."""
    one = max(1, round(motion.length / speed))
    for turn in range(rounds):
        for mark in motion.marks:
            yield turn * one + min(one, round(mark.at / speed)), mark.text


STRAIGHTS = 12
"""So many straight pieces stand for one bend where a curve is only drawn."""


def corners(shape: Shape, most: int) -> Sequence[int]:
    """Give instants, from the beginning of the whole, between which the way is straight, or nearly: for a picture.

    Where there were more than ``most`` of them, so many that are equally far apart.
    """
    if shape.rounds * (1 + STRAIGHTS * len(shape.curve.segments)) > most:
        return tuple(shape.takes * part // most for part in range(most + 1))
    found = {0, shape.takes}
    for fade in (range(STRAIGHTS + 1)) if shape.fade_in or shape.fade_out else ():
        found |= {shape.joins + shape.fade_in * fade // STRAIGHTS, shape.takes - shape.fade_out * fade // STRAIGHTS}
    for turn in range(shape.rounds):
        base = turn * shape.one
        for begin, segment in pairwise((Segment(LINEAR, (shape.curve.first,)), *shape.curve.segments)):
            since, until = begin.points[-1][0], segment.points[-1][0]
            count = STRAIGHTS if segment.kind == BEZIER else 1
            for part in range(count + 1):
                moment = base + round((since + (until - since) * part / count) * SECOND / shape.speed)
                found |= {moment, moment - 1} if segment.kind in (STEPPED, INVERSE) else {moment}
    return sorted(moment for moment in found if 0 <= moment <= shape.takes)


# -------------------------------------------------------------------------------------------------------------- as data

_PLAIN = ("length", "speed", "rounds", "fade_in", "fade_out", "restricted", "factor", "plus", "joins")


def as_data(shape: Shape) -> dict[str, Any]:
    """Give a shape as plain data: its numbers by name, and ``points``, the first one, then kind and points of each."""
    parts = shape.curve.segments
    rows = [[segment.kind, *(number for point in segment.points for number in point)] for segment in parts]
    return {"points": [list(shape.curve.first), *rows], **{name: getattr(shape, name) for name in _PLAIN}}


def of_data(data: Mapping[str, Any]) -> Shape:
    """Give the shape of such data back; whose curve it is stands elsewhere."""
    (first, value), *rows = data["points"]
    segments = tuple(Segment(kind, tuple(zip(flat[::2], flat[1::2], strict=True))) for kind, *flat in rows)
    return Shape(Curve("", "", (first, value), segments), **{name: data[name] for name in _PLAIN})
