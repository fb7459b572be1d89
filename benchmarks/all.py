"""All claims about speed in one table: each beside its peer or limit, with its spread, and whether the aim is met.

    python benchmarks/all.py                       everything: about half an hour, on a machine that does nothing else
    python benchmarks/all.py dryrun reload.memory  one program; one part of a program
    python benchmarks/all.py --quick               few runs and small numbers: does it all work?

Every part is measured in a process of its own, one after the other. The rows stand in `benchmarks.json` too, with all
that was seen, and how time grows is drawn into `growth.png` (where matplotlib is installed: the extra `bench`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from measure import Row, heading, line

PROGRAMS = {
    "startup": ("startup",),
    "compile": ("compile", "check"),
    "reread": ("reread",),
    "room": ("reactions", "day"),
    "dryrun": ("dryrun",),
    "lateness": ("lateness",),
    "together": ("together", "streams"),
    "frames": ("frames",),
    "obs": ("trips", "values"),
    "reload": ("delays", "lateness", "memory"),
    "watch": ("watch",),
    "console": ("console",),
    "stage": ("stage",),
    "reconnects": ("reconnects",),
    "linear": ("lengths", "memory"),
    "growth": ("cues", "devices", "rate", "journal"),
    "peer_ink": ("ink",),
    "lsp": ("keys",),
}
"""The programs with their parts, in the order of the table."""


def main() -> int:
    """Measure what is asked for; 1 where an aim was missed or something did not work."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("name", nargs="*", help=f"a program, or PROGRAM.PART: {', '.join(PROGRAMS)}")
    wanted.add_argument("--quick", action="store_true", help="few runs and small numbers")
    wanted.add_argument(
        "--to", type=Path, default=Path(), metavar="DIR", help="where JSON and plots are written (here)"
    )
    given = wanted.parse_args()
    parts = list(_chosen(given.name))
    if not parts:
        wanted.error(f"no such benchmark; there are {', '.join(PROGRAMS)}")
    given.to.mkdir(parents=True, exist_ok=True)
    began, load = time.time(), _load()
    rows: list[tuple[str, Row]] = []
    print(heading(), flush=True)
    for program, part in parts:
        for row in _measured(program, part, quick=given.quick):
            rows.append((f"{program}.{part}", row))
            print(line(row), flush=True)
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load": [load, _load()],
        "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began)),
        "seconds": round(time.time() - began),
        "quick": given.quick,
    }
    told: dict[str, Any] = {"machine": machine, "rows": [{"part": part, **asdict(row)} for part, row in rows]}
    Path(given.to, "benchmarks.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    missed = sum(row.missed for _, row in rows)
    silent = [(part, row) for part, row in rows if not row.found]
    print(f"\n{len(rows)} rows in {machine['seconds']} s; {missed} beyond their aim (!), {len(silent)} not measured")
    for part, row in silent:
        print(f"  {part}: {' '.join(row.detail)}")
    grown = [row for _, row in rows if row.points]
    if grown:
        print(_draw(grown, Path(given.to, "growth.png")))
    return 1 if missed or silent else 0


def _chosen(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for program, parts in PROGRAMS.items():
        for part in parts:
            if not names or program in names or f"{program}.{part}" in names:
                yield program, part


def _measured(program: str, part: str, *, quick: bool) -> Iterator[Row]:
    """Give the rows of a part, measured in a process of its own; what went wrong there is a row without a result."""
    words = [sys.executable, str(Path(__file__).with_name(f"{program}.py")), part, "--json"]
    state = {**os.environ, "PYTHONUTF8": "1"}
    words += ["--quick"] if quick else []
    ran = subprocess.run(words, capture_output=True, encoding="utf-8", errors="replace", env=state, check=False)
    for text in ran.stdout.splitlines():
        told = json.loads(text)
        yield Row(**{key: _tuples(value) for key, value in told.items()})
    if ran.returncode:
        last = ran.stderr.strip().splitlines()[-1:] or [f"it ended with {ran.returncode}"]
        yield Row(f"{program}.{part}", "", "", (), detail=tuple(last))


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def _load() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _draw(rows: Sequence[Row], path: Path) -> str:
    """Draw the points of every row that has some."""
    try:
        from matplotlib.figure import Figure
        from matplotlib.ticker import LogLocator, NullFormatter
    except ImportError:
        return "no plots: matplotlib is not installed (the extra `bench`)"
    across = min(3, len(rows))
    down = -(-len(rows) // across)
    figure = Figure(figsize=(4.4 * across, 3.6 * down), layout="constrained")
    for row, panel in zip(rows, figure.subplots(down, across, squeeze=False).flat, strict=False):
        xs, ys = zip(*row.points, strict=True)
        panel.plot(xs, ys, "o-", color="#2563eb", label="measured")
        if row.axes[1] == "seconds":
            panel.plot(xs, [ys[-1] * x / xs[-1] for x in xs], ":", color="#888888", label="linear")
            panel.set(xscale="log", yscale="log", title=f"{row.claim} (n = {row.found[0]:.2f})")
            panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        else:
            panel.set(ylim=(0, None), title=row.claim)
        panel.set_xticks(xs)
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter("{x:,g}")
            axis.set_minor_formatter(NullFormatter())
        panel.set(xlabel=row.axes[0], ylabel=row.axes[1])
        panel.grid(which="major", color="#dddddd")
        panel.legend(frameon=False, fontsize=8)
    for panel in figure.axes[len(rows) :]:
        panel.set_axis_off()
    figure.savefig(path, dpi=110)
    return f"plots: {path}"


if __name__ == "__main__":
    sys.exit(main())
