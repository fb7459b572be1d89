"""How time grows: with the cues of a show, with its devices, with how many cues come a second, with a journal's length.

Every size is measured three times, the fastest counts; the claim is the fitted exponent of the total (1 is linear).
Cues, devices and rate are dry runs; a journal's length is that of what `report` reads. `all.py` draws the points.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from dryrun import compiled, play
from measure import Row, run, seconds, shown, slope

from showrunner.devices.vocabulary import Fixture
from showrunner.reports.evening import evening
from showrunner.show import stage

CUES, DEVICES, RATES = (500, 1_000, 2_000, 4_000, 8_000), (1, 2, 4, 8, 16, 32), (1, 4, 16, 64, 256, 1_000)
QUICK = 3
"""So many of the sizes are measured where it is to be quick."""

LIMIT = 1.15


def cues(quick: bool) -> Iterator[Row]:
    """Play ever more cues, one a second."""
    fixtures = stage.standard()

    def work(count: int) -> Callable[[], object]:
        return playing(
            (f"at {n}s animaze emote Emote_{n % 40}; live2d set ParamAngleY {n % 30} for 200ms" for n in range(count)),
            fixtures,
        )

    yield row("dry run: cues ** n", "cues", CUES, work, quick)


def devices(quick: bool) -> Iterator[Row]:
    """Play as many cues on each of ever more devices."""
    one = stage.standard()["animaze"]

    def work(count: int) -> Callable[[], object]:
        names = [f"stage{n}" for n in range(count)]
        lines = (f"at {n}s " + "; ".join(f"{name} emote Emote_{n % 40}" for name in names) for n in range(100))
        return playing(lines, {name: replace(one, name=name) for name in names})

    yield row("dry run: devices ** n", "devices", DEVICES, work, quick, fixed=True)


def rate(quick: bool) -> Iterator[Row]:
    """Play ever more cues a second, for ten seconds, while a value moves."""
    fixtures = stage.standard()

    def work(count: int) -> Callable[[], object]:
        body = (f"    at {n * 1000 // count}ms animaze emote Emote_{n % 40}" for n in range(10 * count))
        return playing(
            ("segment s", "  track a", *body, "  track b", "    at 0s live2d move ParamAngleX to 9 over 10s"), fixtures
        )

    yield row("dry run: cues a second ** n", "cues a second", RATES, work, quick, fixed=True)


def journal(quick: bool) -> Iterator[Row]:
    """Report of ever longer journals."""
    fixtures = stage.standard()
    kinds = {name: fixture.device for name, fixture in fixtures.items()}

    def work(count: int) -> Callable[[], object]:
        lines = (f"at {n}s animaze emote Emote_{n % 40}; say happy '{n}'" for n in range(count))
        entries = play(compiled("\n".join(lines) + "\n", fixtures), fixtures)
        return lambda: evening(entries, kinds, None, 0)

    yield row("report: journal ** n", "cues in the journal", CUES, work, quick)


def playing(lines: Iterable[str], fixtures: Mapping[str, Fixture]) -> Callable[[], object]:
    """Give a dry run of these lines."""
    made = compiled("\n".join(lines) + "\n", fixtures)
    return lambda: play(made, fixtures)


def row(
    claim: str,
    of: str,
    sizes: Sequence[int],
    work: Callable[[int], Callable[[], object]],
    quick: bool,
    *,
    fixed: bool = False,
) -> Row:
    """Measure every size. ``fixed``: some of the time is the same at every size, so only the larger half is fitted."""
    work(sizes[0])()  # what is made at the first time only is no growth
    points = []
    for size in sizes[:QUICK] if quick else sizes:
        done = work(size)
        points.append((float(size), min(seconds(done) for _ in range(1 if quick else 3))))
    fitted = points[len(points) // 2 :] if fixed and len(points) > QUICK else points
    detail = tuple(f"{size:>7,.0f} {of}: {shown([took])}" for size, took in points)
    return Row(
        claim,
        shown([points[-1][1]]),
        "linear",
        (slope(fitted),),
        LIMIT,
        unit="",
        detail=detail,
        points=tuple(points),
        axes=(of, "seconds"),
    )


PARTS = {"cues": cues, "devices": devices, "rate": rate, "journal": journal}

if __name__ == "__main__":
    run(PARTS, __doc__)
