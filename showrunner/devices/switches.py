"""Faults on order: how a double misbehaves when a test or `showrunner double … fault` asks for it.

Shared by the doubles. What a refusal looks like on the wire is each double's own business; delay and lost frames are
the wire's.
"""

from __future__ import annotations

from dataclasses import dataclass

GARBAGE = "<this is no JSON>"
"""What a double says when it is told to talk nonsense."""

FAULTS = ("silent", "error", "garbage", "drop")


@dataclass(slots=True)
class Faults:
    """What was ordered and has not happened yet.

    ``silent`` counts down to the request that gets no answer (0: none is ordered). ``refusal`` is the error that a
    request gets, once ``patience`` others have gone by.
    """

    silent: int = 0
    refusal: str | None = None
    patience: int = 0

    def order(self, fault: str, value: str | None) -> str | None:
        """Order `silent N` or `error [N] TEXT` (N: which request, 1 the next); give what is wrong with the order."""
        if fault == "silent":
            which = _count(value or "1")
            if which is None:
                return "`silent` needs the number of the request that gets no answer, like `silent 1`"
            self.silent = which
            return None
        if fault == "error":
            first, _, rest = (value or "").strip().partition(" ")
            which = _count(first) if rest else None
            words = rest if which is not None else (value or "")
            self.refusal, self.patience = words.strip().strip("\"'") or None, (which or 1) - 1
            return None if self.refusal else "`error` needs the words of the error"
        return f"there is no fault called `{fault}`: there are {', '.join(FAULTS)}"

    def mute(self) -> bool:
        """Count one request; tell whether it is the one that gets no answer."""
        if self.silent == 0:
            return False
        self.silent -= 1
        return self.silent == 0

    def refuse(self) -> str | None:
        """Count one request; give the error that it is to get, if one is ordered."""
        if self.refusal is None or self.patience > 0:
            self.patience = max(0, self.patience - 1)
            return None
        refusal, self.refusal = self.refusal, None
        return refusal


def _count(written: str) -> int | None:
    whole = written.isascii() and written.isdigit() and int(written[:9]) > 0
    return int(written[:9]) if whole else None
