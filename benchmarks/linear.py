"""`check` of ever longer shows: time a cue, how time grows with length (a fitted exponent; 1 is linear), memory a cue.

Every length has a process of its own, which does all that `check` does, the plan and its summary included, so that its
peak of memory is its own. The limit is 400 MB for 100,000 cues of three commands. Commands that stand in a show again
are kept once, so the same length is measured a second time with no two commands alike: the worst there can be.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measure import Row, run, shown, slope

LENGTHS = (1_000, 3_000, 10_000, 30_000, 100_000)
LIMIT = 400_000_000

ONE = """
import resource, sys, time
from showrunner.cli.scripts import check
assert check([sys.argv[1]]) == 0
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
assert check([sys.argv[2]]) == 0
took = time.perf_counter() - start
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
unit = 1 if sys.platform == "darwin" else 1024
print(took, before * unit, after * unit)
"""


def script(cues: int) -> str:
    # Together the cues take less than 24 hours of show, the most there may be.
    return "".join(
        f"at {n * 800}ms animaze emote Emote_{n % 40}; live2d set ParamAngleY {n % 30} for {n % 6 + 1}00ms; "
        f'say happy "{n}"\n'
        for n in range(cues)
    )


def unlike(cues: int) -> str:
    return "".join(
        f"at {n * 800}ms animaze emote Emote_{n}; live2d set ParamAngle{n} {n % 30} for {n % 6 + 1}00ms; "
        f'say happy "{n}"\n'
        for n in range(cues)
    )


def measure(cues: int, folder: Path, script: Callable[[int], str] = script) -> tuple[float, int, int]:
    """Give the seconds, and the peak of memory before and after, of one length."""
    small, large = folder / "small.show", folder / f"{cues}.show"
    small.write_text(script(1))
    large.write_text(script(cues))
    words = [sys.executable, "-c", ONE, str(small), str(large)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True, env=os.environ)
    took, before, after = ran.stdout.split()
    return float(took), int(before), int(after)


def lengths(quick: bool) -> Iterator[Row]:
    """Check ever longer shows, and look how time grows and what the longest takes."""
    points, detail, peak = [], [], 0
    with tempfile.TemporaryDirectory() as made:
        for cues in LENGTHS[:3] if quick else LENGTHS:
            measured = [measure(cues, Path(made)) for _ in range(3 if cues <= 10_000 and not quick else 1)]
            took = statistics.median(one[0] for one in measured)
            _, before, peak = measured[0]
            points.append((float(cues), took))
            detail.append(
                f"{cues:>7,} cues: {took:8.3f} s, {took / cues * 1e6:6.1f} µs a cue; "
                f"peak {peak / 1e6:6.1f} MB, {(peak - before) / cues:7.0f} bytes a cue"
            )
    found = (slope(points),)
    yield Row(
        "check: cues ** n",
        shown([points[-1][1]]),
        "linear",
        found,
        1.1,
        unit="",
        detail=tuple(detail),
        points=tuple(points),
        axes=("cues", "seconds"),
    )
    yield Row(f"{cues:,} cues: memory", f"{peak / 1e6:.0f} MB", "400 MB", (peak / LIMIT,), 1)


def memory(quick: bool) -> Iterator[Row]:
    """Check a show of which no two commands are alike."""
    cues = LENGTHS[0] if quick else LENGTHS[-1]
    with tempfile.TemporaryDirectory() as made:
        _, _, peak = measure(cues, Path(made), unlike)
    yield Row(f"{cues:,} unlike cues: memory", f"{peak / 1e6:.0f} MB", "400 MB", (peak / LIMIT,), 1)


PARTS = {"lengths": lengths, "memory": memory}

if __name__ == "__main__":
    run(PARTS, __doc__)
