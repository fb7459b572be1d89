"""Something that stands or moves smoothly in a simulated VTube Studio: the model, or an item.

How the real one bends its ways is documented nowhere; here it is a smooth step.
"""

from __future__ import annotations

from collections.abc import Mapping

from showrunner.slotted import dataclass


@dataclass(frozen=True, slots=True)
class Motion:
    """A way from ``start`` at the instant ``since`` to ``to`` at ``arrives``."""

    start: Mapping[str, float]
    to: Mapping[str, float]
    since: int = 0
    arrives: int = 0

    def at(self, now: int) -> dict[str, float]:
        """Give where it is."""
        if now >= self.arrives:
            return dict(self.to)
        share = max(0.0, (now - self.since) / (self.arrives - self.since))
        bent = share * share * (3 - 2 * share)
        return {key: round(begin + (self.to[key] - begin) * bent, 6) for key, begin in self.start.items()}

    def turned(self, to: Mapping[str, float], over: int, now: int) -> Motion:
        """Go on from here to somewhere else; what is not said stays where it is by now."""
        start = self.at(now)
        return Motion(start, {**start, **to}, now, now + over)
