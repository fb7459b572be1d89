"""Curves as a picture has them: numbers on their way and held. A rotation is no curve on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from showrunner.devices import motion
from showrunner.devices.motion import Shape
from showrunner.engine.curves import value
from showrunner.reports.timetable import TimedCurve
from showrunner.slotted import dataclass
from showrunner.yielding import gently


@dataclass(frozen=True, slots=True)
class NumberCurve:
    """A number on its way (``start`` to ``arrives``) and held (to ``until``, None: it stays), by the command ``id``.

    ``begin`` None: the device alone knows where it comes from. Times in microseconds of the plan.
    """

    id: int
    device: str
    property: str
    begin: float | None
    to: float
    start: int
    arrives: int
    until: int | None
    ease: str


MOST = 400
"""So many straight pieces stand for one motion of a property at most, however long it is."""


def _pieces(one: TimedCurve, shape: Shape) -> Iterator[NumberCurve]:
    """Give a motion as straight pieces, as far as it was played."""
    way, over = one.course, shape.takes if one.until is None else min(shape.takes, one.until - one.course.since)
    corners = [at for at in motion.corners(shape, MOST) if at < over]
    for since, until in pairwise((*corners, over)):
        begin, to = value(way, way.since + since), value(way, way.since + until)
        if isinstance(begin, tuple) or isinstance(to, tuple):
            continue
        ends = one.until if until == over else way.since + until
        times = (way.since + since, way.since + until)
        yield NumberCurve(one.id, one.device, one.property, begin, to, *times, ends, "linear")


def numbers(curves: Iterable[TimedCurve]) -> Iterator[NumberCurve]:
    """Give what can be drawn, in the order in which it begins."""
    for one in gently(curves):
        way = one.course
        if way.shape is not None:
            yield from _pieces(one, way.shape)
        elif not isinstance(way.start, tuple) and not isinstance(way.to, tuple):
            yield NumberCurve(
                one.id, one.device, one.property, way.start, way.to, way.since, way.arrives, one.until, way.ease
            )
