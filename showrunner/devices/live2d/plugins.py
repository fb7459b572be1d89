"""The programs that a simulated Editor knows: a token and a box `Allow` for each, as in its settings window.

Source: the vendor's manual, "Token authentication". A program is known by its token, whatever its name and however
often it connects.
"""

from __future__ import annotations

from collections.abc import Callable

from showrunner.diagnostics.wording import listed
from showrunner.slotted import dataclass

MOST_NAMED = 3
"""So many names are told to people at once."""

LONGEST_NAME = 40


@dataclass(slots=True)
class Plugin:
    """One program. ``name`` as it gave it last, which need not be its own alone."""

    name: str
    allowed: bool


class Plugins:
    """All that have ever registered. ``make`` makes tokens, ``kept`` is a token of an earlier run."""

    def __init__(self, make: Callable[[str], str], kept: str | None) -> None:
        self._make = make
        self._plugins: dict[str, Plugin] = {} if kept is None else {kept: Plugin("", allowed=True)}
        self._next = True  # whether the box of the next one that comes is ticked
        self._everybody = True  # and of all that come after it

    def register(self, name: str, token: str | None) -> str:
        """Know a program, by its token; give that, or a new one."""
        if token is None or token not in self._plugins:
            token = self._make("token")
            self._plugins[token] = Plugin("", self._next)
            self._next = self._everybody
        self._plugins[token].name = name[:LONGEST_NAME]
        return token

    def allowed(self, token: str | None) -> bool:
        """Tell whether the box beside a program is ticked."""
        return token is not None and self._plugins[token].allowed

    def tick(self, name: str | None, *, on: bool) -> str | None:
        """Tick, or untick, the boxes of a name, or all there are; give what is wrong, if anything.

        Who comes later is not meant: once there was a word about it, each has to be allowed for itself. Only where
        nobody is there yet it is meant for the first who comes.
        """
        named = [one for one in self._plugins.values() if name is None or one.name.casefold() == name.casefold()]
        if name is not None and not named:
            there = listed((one.name for one in self._plugins.values() if one.name), most=MOST_NAMED)
            return f"no program called `{name}` has registered: there are {there or 'none'}"
        for one in named:
            one.allowed = on
        if name is None:
            self._everybody = self._everybody and on
            self._next = on if not named else self._everybody
        return None

    def visible(self) -> list[str]:
        """Say who is not allowed, for people."""
        waiting = [one.name for one in self._plugins.values() if not one.allowed]
        if not waiting:
            return [] if self._plugins or self._next else ["not allowed"]
        named = listed((name for name in waiting if name), most=MOST_NAMED)
        return [f"not allowed: {named}" if named else "not allowed"]
