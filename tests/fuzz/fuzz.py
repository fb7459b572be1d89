"""Feeds odd input to everything that reads shows, and stops at nothing: `python -m tests.fuzz.fuzz --count 10000`.

Every input follows from the seed and its number, so what is found can be had again: `--seed S --first N --count 1`.
`--large` takes the large inputs instead (ten-megabyte rows, a million cues), each in a process of its own.
A finding is printed with its traceback and kept, cut down, in the folder `--keep`. Leaves with 1 if there is any.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from .inputs import ROOT, Input, large, small
from .judge import TooSlow, allowed, bounded, judge

MEMORY = 2 * 1024**3
"""The bound on memory, in bytes, for any input up to the largest file."""


def main(words: list[str] | None = None) -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--seed", default="0")
    wanted.add_argument("--first", type=int, default=0, metavar="N")
    wanted.add_argument("--count", type=int, default=1_000, metavar="N")
    wanted.add_argument(
        "--large", nargs="?", const="", metavar="NAME", help="the large inputs whose name has NAME in it"
    )
    wanted.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    wanted.add_argument("--keep", default=None, metavar="DIR")
    asked = wanted.parse_args(words)
    if asked.large is not None:
        return _alone(asked.large) if asked.alone else _large(asked.large)
    return run(asked.seed, asked.first, asked.count, None if asked.keep is None else Path(asked.keep).absolute())


def run(seed: str, first: int, count: int, keep: Path | None = None) -> int:
    """Try ``count`` inputs; print what was found and the figures; give 1 if anything was found."""
    came: Counter[str] = Counter()
    found: dict[str, str] = {}
    slowest, began, sizes = (0.0, 0), time.monotonic(), 0
    home = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for number in range(first, first + count):
                one = small(random.Random(f"{seed}/{number}"))  # noqa: S311 - chance that can be had again
                sizes += len(one.script)
                start = time.monotonic()
                signature, told = attempt(one, Path(folder))
                slowest = max(slowest, (time.monotonic() - start, number))
                came[f"{one.kind}: {told if signature is None else 'BUG'}"] += 1
                if signature is not None and signature not in found:
                    least = reduced(one, lambda less, s=signature: attempt(less, Path(folder))[0] == s)
                    found[signature] = report(f"{seed}/{number}", least, told)
                    print(found[signature], flush=True)
                    if keep is not None:
                        keep.mkdir(parents=True, exist_ok=True)
                        keep.joinpath(f"{seed}-{number}.show").write_bytes(least.script)
                        keep.joinpath(f"{seed}-{number}.txt").write_text(found[signature], "utf-8", "backslashreplace")
        finally:
            os.chdir(home)
    took = time.monotonic() - began
    for kind, times in sorted(came.items()):
        print(f"  {times:>8,}  {kind}")
    print(
        f"seed {seed}, inputs {first:,} to {first + count - 1:,}: {sizes:,} bytes in {took:.0f} s "
        f"({count / max(took, 0.001):.0f} a second), slowest {slowest[0]:.2f} s (input {slowest[1]}), "
        f"most memory {_peak() // 1024**2} MiB, {len(found)} kinds of bug"
    )
    return 1 if found else 0


def attempt(one: Input, folder: Path) -> tuple[str | None, str]:
    """Try one input: (None, what it came to), or (what kind of bug, its traceback)."""
    try:
        with bounded(allowed(len(one.script) + sum(map(len, one.beside.values())))):
            return None, judge(one, folder)
    except (Exception, TooSlow) as bug:  # noqa: BLE001 - finding them is what this is for
        last = traceback.extract_tb(bug.__traceback__)[-1]
        where = "" if isinstance(bug, TooSlow) else f"{Path(last.filename).name}:{last.lineno}"
        said = str(bug).split(":")[0] if isinstance(bug, AssertionError) else ""
        return f"{type(bug).__name__} {where} {said}", traceback.format_exc()


def reduced(one: Input, still: Callable[[Input], bool], tries: int = 300) -> Input:
    """Cut an input down as long as the same bug comes: by halves, then by smaller and smaller pieces."""
    size = max(1, len(one.script) // 2)
    while size and tries:
        at = 0
        while at < len(one.script) and tries:
            less = replace(one, script=one.script[:at] + one.script[at + size :])
            tries -= 1
            if still(less):
                one = less
            else:
                at += size
        size //= 2
    return one


def report(name: str, one: Input, told: str) -> str:
    shown = one.script if len(one.script) < 2_000 else one.script[:2_000] + b"..."
    beside = "".join(f"\nbeside it {path}: {content!r}" for path, content in one.beside.items())
    return f"--- input {name} ({one.kind}), cut down: {shown!r}{beside}\n{told}"


# ------------------------------------------------------------------------------------------------------------ the large


def _large(chosen: str) -> int:
    bad = 0
    for name in large():
        if chosen not in name:
            continue
        words = [sys.executable, "-m", "tests.fuzz.fuzz", "--large", name, "--alone"]
        ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
        bad += ran.returncode != 0
        print(f"{'BUG ' if ran.returncode else 'fine'} {ran.stdout.strip() or ran.stderr.strip()[-3000:]}", flush=True)
        if ran.returncode and ran.stdout:
            print(ran.stderr[-3000:], flush=True)
    return 1 if bad else 0


def _alone(name: str) -> int:
    script = large()[name]()
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        start = time.monotonic()
        signature, told = attempt(Input(name, script), Path(folder))
        took = time.monotonic() - start
        os.chdir(ROOT)
    came = told if signature is None else signature
    print(f"{name}: {len(script):,} bytes, {took:.1f} s, most memory {_peak() // 1024**2} MiB: {came}")
    if signature is not None:
        print(told, file=sys.stderr)
    return 0 if signature is None else 1


def _peak() -> int:
    """Give the most memory this process has had, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    sys.exit(main())
