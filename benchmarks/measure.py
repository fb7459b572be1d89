"""What a benchmark finds: rows, each a claim beside a peer or a limit, and the command line that all of them share.

A program in this folder is a table of parts, ``PARTS``: functions that measure and give rows. ``run`` is its command
line; `all.py` reads the same rows of all programs. Ratios are taken run by run, both sides in turn.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

WIDTH = 80


class Absent(Exception):  # noqa: N818 - nothing went wrong
    """What a part needs is not here; the text says what."""


@dataclass(frozen=True, slots=True)
class Row:
    """One claim. ``found``: the ratio to the peer (or what ``unit`` says) of each run; ``aim``: the most it may be.

    ``ours`` is our own figure as a person reads it, ``detail`` what else was seen, ``points`` what a plot is drawn of,
    and ``axes`` what they are: seconds are drawn by tens, all else from nothing up.
    """

    claim: str
    ours: str
    beside: str
    found: tuple[float, ...]
    aim: float | None = None
    least: bool = False
    unit: str = "x"
    detail: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    axes: tuple[str, str] = ("", "seconds")

    @property
    def missed(self) -> bool:
        """Whether the aim was missed; with ``least`` it is the least there may be."""
        if self.aim is None or not self.found:
            return False
        middle = statistics.median(self.found)
        return middle < self.aim if self.least else middle > self.aim


Part: TypeAlias = Callable[[bool], Iterable[Row]]
"""Measures, with few runs and small numbers where it is told to be quick."""


def run(parts: Mapping[str, Part], about: str | None, named: Mapping[str, Part] | None = None) -> None:
    """Be the command line of a program: the parts that are named, or all but those that have to be ``named``."""
    every = {**parts, **(named or {})}
    wanted = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("part", nargs="*", choices=[*every, []], help="measure this alone")
    wanted.add_argument("--quick", action="store_true", help="few runs and small numbers: does it work at all?")
    wanted.add_argument("--json", action="store_true", help="a row a line")
    given = wanted.parse_args()
    first = True
    for name in given.part or parts:
        for row in rows(name, every[name], given.quick):
            if given.json:
                print(json.dumps(asdict(row)), flush=True)
                continue
            print((heading() + "\n" if first else "") + line(row), flush=True)
            for said in row.detail:
                print(f"    {said}", flush=True)
            first = False


def rows(name: str, part: Part, quick: bool) -> Iterator[Row]:
    """Give the rows of a part; where what it needs is not here, the row says so."""
    try:
        yield from part(quick)
    except Absent as absent:
        yield Row(name, "", "", (), detail=(str(absent),))


def heading() -> str:
    """Give the two lines above a table of rows."""
    return f"{_line('claim', 'ours', 'beside', 'result', 'spread', 'aim')}\n{'-' * WIDTH}"


def line(row: Row) -> str:
    """Give a row as one line of ``WIDTH`` columns; `!` stands where the aim was missed."""
    aim = "" if row.aim is None else f"{'>' if row.least else '<'}{row.aim:g}"
    if not row.found:
        return _line(row.claim, "-", row.beside, "", "", aim)
    shown = [f"{value:.{_places(row.found)}f}" for value in (statistics.median(row.found), *_ends(row.found))]
    spread = f"{shown[1]} to {shown[2]}" if len(row.found) > 1 else "one run"
    return _line(row.claim, row.ours, row.beside, f"{shown[0]}{row.unit}", spread, f"{aim}{'!' if row.missed else ''}")


def _line(claim: str, ours: str, beside: str, result: str, spread: str, aim: str) -> str:
    return f"{claim:<28} {ours:>9}  {beside:<12} {result:>7} {spread:>13} {aim:>5}".rstrip()


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)


def _places(values: Sequence[float]) -> int:
    most = max(map(abs, values))
    return 0 if most >= 100 else 1 if most >= 10 else 2 if most >= 0.1 else 3


def seconds(work: Callable[[], object]) -> float:
    """Time one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def side_by_side(ours: Callable[[], object], peer: Callable[[], object], runs: int) -> tuple[list[float], list[float]]:
    """Time both in turn, so that what else the machine does falls on both alike."""
    mine, theirs = [], []
    for _ in range(runs):
        mine.append(seconds(ours))
        theirs.append(seconds(peer))
    return mine, theirs


def ratios(ours: Sequence[float], peer: Sequence[float]) -> tuple[float, ...]:
    """Give ours over the peer's, run by run."""
    return tuple(a / b for a, b in zip(ours, peer, strict=True))


def shown(values: Sequence[float]) -> str:
    """Give the median of times in seconds as a person reads it."""
    middle = statistics.median(values)
    return (
        f"{middle:.2f} s" if middle >= 1 else f"{middle * 1000:.3g} ms" if middle >= 1e-3 else f"{middle * 1e6:.3g} µs"
    )


def spread(values: Sequence[float], unit: str, scale: float = 1.0) -> str:
    """Give the median with the lowest and the highest."""
    low, middle, high = min(values) * scale, statistics.median(values) * scale, max(values) * scale
    return f"{middle:.3f} {unit} ({low:.3f} to {high:.3f}, {len(values)} runs)"


def share(values: Sequence[float], percent: int) -> float:
    """Give the value that so many in a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def percentiles(values: Sequence[float]) -> str:
    """Give p50, p95, p99 and the highest of times in seconds, as milliseconds."""
    at = [share(values, percent) * 1000 for percent in (50, 95, 99, 100)]
    return "p50 {:.2f} ms, p95 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms".format(*at)


def slope(points: Iterable[tuple[float, float]]) -> float:
    """Fit ``y = a * x ** b`` by least squares of the logarithms; give b: 1 is linear."""
    import math

    xs, ys = zip(*((math.log(x), math.log(y)) for x, y in points), strict=True)
    return statistics.linear_regression(xs, ys).slope


def resident() -> int:
    """Give the memory this process has now, in bytes; on macOS the most it has had, on Windows 0: not known."""
    if sys.platform == "win32":
        return 0
    import resource

    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def began(now: Callable[[], int], zero: int) -> float:
    """Tell when a clock of microseconds showed ``zero``, in seconds of ``time.perf_counter``.

    The two clocks are read one after the other; of several readings the one with the least between them counts.
    """
    best = float("inf"), 0.0
    for _ in range(50):
        before = time.perf_counter()
        shown = now()
        after = time.perf_counter()
        best = min(best, (after - before, before - (shown - zero) / 1e6))
    return best[1]
