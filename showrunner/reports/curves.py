"""Curves as a picture has them: numbers on their way and held. A rotation is no curve on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def numbers(curves: Iterable[TimedCurve]) -> Iterator[NumberCurve]:
    """Give what can be drawn, in the order in which it begins."""
    for one in gently(curves):
        way = one.course
        if not isinstance(way.start, tuple) and not isinstance(way.to, tuple):
            yield NumberCurve(
                one.id, one.device, one.property, way.start, way.to, way.since, way.arrives, one.until, way.ease
            )
