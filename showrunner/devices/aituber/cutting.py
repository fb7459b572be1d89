"""Cutting a line: when its voice was asked to stop, whether that stop came too early, and when it is silent.

The stop goes beside the wire (README, "Stopping") and may reach the page before a line that was sent just before it:
then the page speaks the line all the same, and is asked once more. For the driver; sends nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST = 3
"""So often a stop is asked for, for one line."""

REPORTED = 500_000
"""A page that is there has said by then (microseconds) that it has the line."""


@dataclass(slots=True)
class Cutting:
    """The cut of one line. ``left``: what the page has not said yet that it begins to speak, of what was sent.

    ``mute``: a page of the legacy protocol, which says nothing; it has had the line since ``sent``. ``due`` ends the
    wait for its word. ``heard`` no more: something newer was sent, which must not be cut too.
    """

    request: str | None
    left: int
    mute: bool
    sent: int
    asked: int = 1
    waiting: bool = True
    certain: bool = False
    due: int | None = None

    def begun(self, now: int) -> None:
        """The stop is being asked for: it counts if the page had the whole line by now."""
        self.certain = self.left <= 0 and (not self.mute or now - self.sent >= REPORTED)
        self.waiting, self.due = True, None

    def again(self, now: int) -> bool:
        """Ask once more, if that is not too often."""
        if self.certain or self.asked >= MOST:
            return False
        self.asked += 1
        self.begun(now)
        self.certain = self.certain or self.mute
        return True

    def started(self, now: int) -> bool:
        """The page begins to speak a part; tell whether the stop is asked for once more, for it came too early."""
        self.left -= 1
        return self.left <= 0 and not self.waiting and self.again(now)

    def answered(self, now: int) -> bool | None:
        """The stop was answered; tell whether the voice is silent, None where it is asked for once more."""
        self.waiting = False
        if self.certain or self.asked >= MOST:
            return True
        if self.left <= 0:
            return None if self.again(now) else True
        self.due = now + REPORTED
        return False

    def ended(self) -> bool:
        """The page has reported the end of the line; tell whether that was waited for."""
        self.left, self.certain = 0, True
        waited, self.due = self.due is not None, None
        return waited
