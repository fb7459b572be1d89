"""Words of the command line that several commands read the same way; what is no such word leaves with 2."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.wording import count, did_you_mean, nearest, quoted, there_are
from showrunner.engine.messages import Excerpt
from showrunner.timeline.cues import CueList, Policy
from showrunner.times import micros
from showrunner.wires.tempo import FASTEST, SLOWEST

if TYPE_CHECKING:
    from showrunner.show.prepare import Prepared

_SPEED = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")

POLICIES: tuple[Policy, ...] = ("continue", "stop", "hold")


def time(option: str, written: str) -> int:
    """Read a duration into microseconds."""
    found = micros(written)
    if found is None:
        raise Refusal(f"{option} is a time like `250ms` or `2s`, not `{written}`")
    return found


def policy(written: str | None) -> Policy | None:
    """Read what happens when a command fails."""
    for one in POLICIES:
        if one == written:
            return one
    if written is not None:
        raise Refusal(f"--on-failure is `continue`, `stop` or `hold`, not `{written}`")
    return None


def devices(option: str, written: str, known: Iterable[str]) -> frozenset[str]:
    """Read names of devices, parted by commas; `all` is every one that is ``known``."""
    names = tuple(known)
    if written == "all":
        return frozenset(names)
    chosen = [name for part in written.split(",") if (name := part.strip())]
    for name in chosen:
        if name not in names:
            way_out = did_you_mean(nearest(name, names), there_are(map(quoted, names)))
            raise Refusal(f"{option}: the stage has no device called `{name}`", way_out)
    return frozenset(chosen)


def tempo(option: str, written: str | None) -> Fraction:
    """Read how many times as fast a show is to be played; 1 where nothing is said."""
    if written is None:
        return Fraction(1)
    found = Fraction(written) if _SPEED.fullmatch(written) else Fraction(0)
    if not SLOWEST <= found <= FASTEST:
        raise Refusal(f"{option} is a number from {float(SLOWEST):g} to {float(FASTEST):g}, not `{written}`")
    return found


def doubles_only(option: str, given: object, used: Iterable[str], simulated: frozenset[str]) -> None:
    """Leave where ``option`` is given and a real program plays: it cannot be hurried."""
    real = [f"`{name}`" for name in used if name not in simulated]
    if given is not None and real:
        wrong = f"{option} is for doubles only, and {', '.join(real)} would be real"
        raise Refusal(wrong, "add `--doubles all`, or leave it away")


def script(path: str) -> str:
    """Take a script, or a folder that has exactly one directly in it."""
    if not Path(path).is_dir():
        return path
    found = sorted(entry.as_posix() for entry in Path(path).glob("*.show") if entry.is_file())
    if len(found) != 1:
        listed = f"name one of: {', '.join(found)}" if found else "name a script"
        counted = f"has {count(len(found), 'script')}" if found else "has no `.show` file"
        raise Refusal(f"the folder `{path}` {counted}", listed)
    return found[0]


def part(prepared: Prepared, cues: CueList, start: str | None, until: str | None, only: str | None) -> Excerpt:
    """Read which part of the show is to be played: `--from`, `--until`, `--only`."""
    if start is None and until is None and only is None:
        return Excerpt()
    from showrunner.reports.plan import plan
    from showrunner.reports.points import Unknown, excerpt

    found = excerpt(
        plan(cues, prepared.stage.fixtures, prepared.inventories, frozenset({"segment", "cue"})),
        cues,
        start,
        until,
        only,
    )
    if isinstance(found, Unknown):
        raise Refusal(found.message)
    return found
