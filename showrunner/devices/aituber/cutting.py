"""Cutting a line: when its voice was asked to stop, whether that stop came too early, and whether it is silent.

The stop goes by another way than the line (README, "Stopping") and may reach the page before a line that was sent just
before it: then the page speaks the line all the same, and is asked once more. That it is taken says nothing: AITuberKit
takes one for any client id. Only the page's report of the end tells. For the driver; sends nothing itself.

Source: ``POST /api/v1/stop/`` of AITuberKit 2.74, observed to cut within 0.2 s; the slash at the end is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from showrunner.devices.vocabulary import Frame
from showrunner.slotted import dataclass

MOST = 3
"""So often a stop is asked for, for one line."""

REPORTED = 1_000_000
"""A page that was cut has reported the end by then (microseconds; 0.2 s were seen, 2 s on a machine that is busy)."""

BEGUN = 500_000
"""A page that is there has the line by then (microseconds)."""

ACTED_UPON = 250_000
"""So long after it took a stop the page has acted on it (microseconds; 0.07 s were seen), and hits nothing later."""

FETCHED = 1_000_000
"""A page that is there has fetched a stop by then (microseconds)."""


def stop(target: Mapping[str, str]) -> Frame:
    """Give the body of the request that cuts the sound: of the page, or the client id, that is the ``target``."""
    return {**target, "mode": "all"}


Verdict: TypeAlias = Literal["ask", "wait", "cut", "doubt", "mute", "quiet", "unfetched"]
"""What is to be done about a cut: ask for it (once more), wait for a report; else it is over: the page has reported the
end, has not though it should have, never reports, nothing was in flight that could be reported, or no page took it.
"""

TOLD: Mapping[Verdict, str] = {
    "cut": "the voice was cut",
    "doubt": (
        "the voice may go on: AITuberKit took the stop, but no page has reported an end. Is `client` of `api` the "
        "client id of the page that speaks (NEXT_PUBLIC_CLIENT_ID)? `showrunner doctor` looks"
    ),
    "unfetched": (
        "no page has fetched the stop: what sounds may go on. Is AITuberKit's page open, and is `client` of `api` its "
        "client id (NEXT_PUBLIC_CLIENT_ID)?"
    ),
    "mute": "AITuberKit was asked to cut the voice; a page of the old protocol does not report whether it did",
}
"""What people are told when it is over."""


@dataclass(slots=True)
class Cutting:
    """The cut of one line (``request``; None: none was in flight), from the first stop on.

    ``left``: what the page has not said yet that it begins to speak, of what was sent. ``mute``: a page of the legacy
    protocol, which says nothing; it has had the line since ``sent``. ``certain``: it had the whole line when it was
    asked last. ``waiting`` for the answer to the stop; ``due`` ends the wait for the page's report, ``over``: it has
    come. ``after``: what it comes to then, where no report is waited for. ``listens``: it is told when a page fetches
    a stop, and one ``got`` it.
    ``short``, ``ends``: what they are of the line, should it not be cut.
    """

    request: str | None
    left: int
    mute: bool
    sent: int
    short: bool = False
    ends: int | None = None
    asked: int = 0
    waiting: bool = False
    certain: bool = False
    doubted: bool = False
    over: bool = False
    due: int | None = None
    after: Verdict | None = None
    listens: bool = False
    got: bool = False

    def ask(self, now: int) -> Verdict:
        """Have the stop asked for."""
        self.asked += 1
        # Who reports nothing is asked a second time, and believed.
        late = self.mute and (self.asked > 1 or now - self.sent >= BEGUN)
        self.certain = self.left <= 0 and (late or not self.mute)
        self.waiting, self.due, self.after, self.got = True, None, None, False
        return "ask"

    def started(self, now: int) -> Verdict:
        """The page begins to speak a part: a stop that was answered before came too early."""
        self.left -= 1
        return self.ask(now) if self.left <= 0 and not self.waiting and self.asked < MOST else "wait"

    def answered(self, now: int) -> Verdict:
        """The stop was taken, which says nothing of whether a page heard of it."""
        self.waiting = False
        if self.over:
            return "cut"
        if self.request is None and self.listens and not self.got:
            self.after, self.due = "unfetched", now + FETCHED
            return "wait"
        if self.request is None:
            return self._acting("quiet", now)
        if not self.certain and self.left <= 0 and self.asked < MOST:
            return self.ask(now)
        if self.mute:
            return self._acting("mute", now)
        self.due = now + REPORTED
        return "wait"

    def fetched(self, now: int) -> None:
        """A page has taken a stop, and acts on it in a moment."""
        self.got = True
        if self.after == "unfetched":
            self._acting("quiet", now)

    def _acting(self, after: Verdict, now: int) -> Verdict:
        self.after, self.due = after, now + ACTED_UPON
        return "wait"

    def ended(self) -> Verdict:
        """The page has reported the end of what it spoke."""
        self.over, self.due = True, None
        return "wait" if self.waiting else "cut"

    def elapsed(self, now: int) -> Verdict:
        """No report has come in time: ask once more, then give it up."""
        self.due = None
        if self.after is not None:
            return self.after
        if self.doubted or self.asked >= MOST:
            return "doubt"
        self.doubted = True
        return self.ask(now)
