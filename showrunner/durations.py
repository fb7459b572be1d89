"""Times outside of scripts: in the stage file and on the command line, written and read as the language does."""

from __future__ import annotations

import re

from showrunner.syntax import literals

_DURATION = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|[hms]))+")
_CLOCK = re.compile(r"[0-9]{1,2}(?::[0-5][0-9]){1,2}(?:\.[0-9]+)?")
_LONGEST = 40


def micros(written: str) -> int | None:
    """Read `250ms`, `1m30s`, `1.5s` into microseconds, exactly; None if it is no duration."""
    if len(written) > _LONGEST or _DURATION.fullmatch(written) is None:
        return None
    found = literals.duration(written)
    return found if isinstance(found, int) else None


def moment(written: str) -> int | None:
    """Read a duration or a clock (`00:40`) into microseconds; None if it is neither."""
    if len(written) <= _LONGEST and _CLOCK.fullmatch(written) is not None:
        found = literals.clock(written)
        return found if isinstance(found, int) else None
    return micros(written)
