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

    ``silent`` counts down to the request that gets no answer (0: none is ordered). ``refusal`` is the error that the
    next request gets.
    """

    silent: int = 0
    refusal: str | None = None

    def order(self, fault: str, value: str | None) -> str | None:
        """Order `silent N` or `error TEXT`; give what is wrong with the order, if anything."""
        if fault == "silent":
            count = value or "1"
            if not (count.isascii() and count.isdigit() and int(count[:9]) > 0):
                return "`silent` needs the number of the request that gets no answer, like `silent 1`"
            self.silent = int(count[:9])
            return None
        if fault == "error":
            self.refusal = (value or "").strip().strip("\"'") or None
            return None if self.refusal else "`error` needs the words of the error"
        return f"there is no fault called `{fault}`: there are {', '.join(FAULTS)}"

    def mute(self) -> bool:
        """Count one request; tell whether it is the one that gets no answer."""
        if self.silent == 0:
            return False
        self.silent -= 1
        return self.silent == 0

    def refuse(self) -> str | None:
        """Give the error that this request is to get, if one is ordered."""
        refusal, self.refusal = self.refusal, None
        return refusal
