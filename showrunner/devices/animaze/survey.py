"""Asking Animaze for everything it can list: which list is next, and what has been learnt.

Actions, poses and idles are those of the avatar that is loaded; nothing is loaded in order to ask for more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from showrunner.devices.animaze.requests import LISTINGS, entries
from showrunner.devices.animaze.table import OWNED
from showrunner.devices.vocabulary import Entry, Frame, Listed, Terms

WHO = "GetCurrentAvatarInfo"
"""Known to next-version builds only (vendor's page, "Get Current Avatar Info")."""


class Survey:
    """One round of questions, each waited for no longer than the device's time limit."""

    def __init__(self, terms: Terms) -> None:
        steps = {listing.action: name for name, listing in LISTINGS.items()}
        self._lists: dict[str, str | None] = {WHO: None} if terms.settings.get("profile") == "next" else {}
        self._lists.update(steps)
        self._left = list(self._lists)
        self._timeout = int(terms.settings.get("timeout", 5_000_000))
        self._asked: str | None = None
        self._owner: str | None = None
        self._found: dict[str, tuple[Entry, ...]] = {}
        self.deadline: int | None = None

    def next(self, now: int) -> str | None:
        """Give the next action to send, or None when all were asked."""
        self._asked = self._left.pop(0) if self._left else None
        self.deadline = None if self._asked is None else now + self._timeout
        return self._asked

    def heard(self, action: str, reply: Frame, reason: str | None) -> bool:
        """Take in a reply; false if it comes too late to go on from it."""
        if reason is None:
            name = self._lists[action]
            if name is None:
                self._owner = _name(reply.get("avatars"))
            elif isinstance(reply.get(LISTINGS[name].key), list):
                self._found[name] = entries(LISTINGS[name], reply)
        return action == self._asked

    def listed(self) -> Listed:
        """Give what was learnt; a list that did not come is left out."""
        return Listed(
            {
                name: tuple(replace(one, owner=self._owner) for one in found) if name in OWNED else found
                for name, found in self._found.items()
            }
        )


def _name(avatars: Any) -> str | None:
    first = avatars[0] if isinstance(avatars, list) and avatars else None
    name = first.get("itemName") if isinstance(first, dict) else None
    return name if isinstance(name, str) else None
