"""Prints what a benchmark found: medians, spread, and the ratio that is the claim."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path


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


def spread(values: Sequence[float], unit: str, scale: float = 1.0) -> str:
    """Give the median with the lowest and the highest."""
    low, middle, high = min(values) * scale, statistics.median(values) * scale, max(values) * scale
    return f"{middle:.3f} {unit} ({low:.3f} to {high:.3f}, {len(values)} runs)"


def ratios(ours: Sequence[float], peer: Sequence[float]) -> str:
    """Give ours over the peer's, run by run: the median, the lowest, the highest."""
    each = sorted(a / b for a, b in zip(ours, peer, strict=True))
    return f"{statistics.median(each):.2f} ({each[0]:.2f} to {each[-1]:.2f})"


def percentiles(values: Sequence[float]) -> str:
    """Give p50, p99 and the highest of times in seconds, as milliseconds."""
    ordered = sorted(values)
    at = [ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], ordered[-1]]
    return "p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms".format(*(value * 1000 for value in at))


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
