"""What is flipped on a double by hand: switches that do not fit, and faults on order (`showrunner double … fault`).

Shared by the doubles, which know what each switch does. What a refusal looks like on the wire is their own business,
too; delay and lost frames are the wire's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from showrunner.devices.vocabulary import FAULTS, Switch
from showrunner.slotted import dataclass

GARBAGE = "<this is no JSON>"
"""What a double says when it is told to talk nonsense."""

ON_OFF = ("on", "off")


def misfit(device: str, switches: Sequence[Switch], name: str, value: str | None, choices: Iterable[str] = ()) -> str:
    """Say what is wrong with an order: there is no such switch, or it cannot be set to that.

    ``choices``: what it can be set to, where that is known only while the double plays.
    """
    row = next((row for row in switches if row.name == name), None)
    if row is None:
        return f"{device} has no switch `{name}`: there are {', '.join(one.name for one in switches)}, fault"
    able = tuple(choices) or row.choices
    if able:
        return f"`{name}` cannot be `{value or ''}`: there are {', '.join(able)}"
    return f"`{name}` takes {row.takes or 'nothing'}, not `{value or ''}`"


@dataclass(slots=True)
class FaultsOnOrder:
    """What was ordered and has not happened yet.

    ``silent`` counts down to the request that gets no answer (0: none is ordered; None: none gets any). ``refusal`` is
    the error that a request gets, once ``patience`` others have gone by.
    """

    silent: int | None = 0
    refusal: str | None = None
    patience: int = 0

    def order(self, fault: str, value: str | None) -> str | None:
        """Order `silent N` or `error [N] TEXT` (N: which request, 1 the next), `silent all` and its end, `silent none`.

        Gives what is wrong with the order.
        """
        if fault == "silent":
            which = _count(value or "1")
            if which is None and value not in {"all", "none"}:
                return (
                    "`silent` needs the number of the request that gets no answer, like `silent 1`, or `all` or `none`"
                )
            self.silent = None if value == "all" else which or 0
            return None
        if fault == "error":
            first, _, rest = (value or "").strip().partition(" ")
            which = _count(first) if rest else None
            words = rest if which is not None else (value or "")
            self.refusal, self.patience = words.strip().strip("\"'") or None, (which or 1) - 1
            return None if self.refusal else "`error` needs the words of the error"
        return f"there is no fault called `{fault}`: there are {', '.join(one.name for one in FAULTS)}"

    def mute(self) -> bool:
        """Count one request; tell whether it is one that gets no answer."""
        if self.silent is None or self.silent == 0:
            return self.silent is None
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
