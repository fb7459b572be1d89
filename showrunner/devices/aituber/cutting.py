"""Cutting a line: when its voice was asked to stop, whether that stop came too early, and when it is silent.

The stop goes beside the wire (README, "Stopping") and may reach the page before a line that was sent just before it:
then the page speaks the line all the same, and is asked once more. For the driver; sends nothing itself.

Source: ``POST /api/v1/stop/`` of AITuberKit 2.74, observed to cut within 0.1 s; the slash at the end is needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from showrunner.devices.vocabulary import Cut, HttpRequest

MOST = 3
"""So often a stop is asked for, for one line."""

REPORTED = 500_000
"""A page that is there has said by then (microseconds) that it has the line."""

NO_API = "no `api` in the stage file"

_REFUSALS = {
    401: "AITuberKit refused the stop: the key is not the one in its AITUBERKIT_API_KEY",
    404: "AITuberKit refused the stop: it knows none there; is `api: url` the address of its page, and no more?",
    503: "AITuberKit refused the stop: it has no key (AITUBERKIT_API_KEY in its environment)",
}


def stop(api: Mapping[str, Any] | None) -> Cut | str:
    """Give how the sound is cut, by that setting of the stage file, or why it cannot be."""
    if api is None:
        return NO_API
    url = str(api.get("url", ""))
    page = _page(url)
    if page is None:
        return f"`api: url` is no http address: {url}"
    variable = api.get("key-env")
    if not variable:
        return "`api` in the stage file has no `key-env`"
    body = {"clientId": str(api.get("client", "")), "mode": "all"}
    request = HttpRequest(f"{page}/api/v1/stop/", body, str(variable), "AITuberKit", _REFUSALS)
    return Cut(request, "stop")


def _page(url: str) -> str | None:
    """Give an http address without what an address of a page may have at its end."""
    try:
        parts = urlsplit(url)
        right = parts.port is None or parts.port > 0
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not right or not re.fullmatch(r"[!-~]*", url):
        return None
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


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
