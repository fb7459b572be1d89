"""The devices of one machine held for a house: a ``Hand`` with real wires, or doubles on sockets, and the one loop."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping

from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.house.hand import Hand, Took
from showrunner.house.jetstream import JetStream
from showrunner.running.wiring import Wiring, join
from showrunner.show import user_files
from showrunner.wires.wire import Mail, Pressed, Wire

STOP, SILENCE = frozenset({"interrupt", "stop"}), frozenset({"panic"})


class Ways:
    """The ways to the devices of this machine, made when a show wants them. ``simulated`` are doubles on sockets."""

    def __init__(self, simulated: frozenset[str], warn: Callable[[str], None]) -> None:
        self.wired = Wiring({})
        self._simulated = simulated
        self._warn = warn

    def join(self, fixture: Fixture, inventory: Inventory | None) -> tuple[Fixture, Wire]:
        """Make the way to a device."""
        name, known = fixture.name, {} if inventory is None else {fixture.name: inventory}
        join(self.wired, name, fixture, self._simulated, known, lambda _: time.time_ns() // 1_000_000)
        return self.wired.fixtures[name], self.wired.wires[name]

    def leave(self) -> None:
        """End the doubles; the wires are closed already."""
        self.wired.close()
        self.wired.hosted.clear()
        self.wired.wires.clear()
        self.wired.secrets.clear()

    def memory(self, fixture: Fixture) -> Mapping[str, str]:
        """Give what was kept for a device: a double has nothing."""
        return {} if fixture.name in self._simulated else user_files.memory({fixture.name: fixture})[fixture.name]

    def secrets(self, fixture: Fixture) -> Mapping[str, str]:
        """Give its secrets."""
        return self.wired.secrets.get(fixture.name, {})

    def remember(self, device: str, key: str, value: str) -> None:
        """Keep something for the next run."""
        if device not in self._simulated:
            wrong = user_files.remember(self.wired.fixtures[device], key, value)
            if wrong is not None:
                self._warn(wrong)


class Holding:
    """A stagehand on a real house. Raises ``Refusal`` where that is not reached."""

    def __init__(
        self,
        url: str,
        name: str,
        fixtures: Mapping[str, Fixture],
        simulated: frozenset[str],
        tell: Callable[[str], None],
        ledger: Callable[[Took], None] | None = None,
    ) -> None:
        ways = Ways(simulated, tell)
        self.wired = ways.wired
        self.inbox = ways.wired.inbox
        known = {one: fixture.played if one in simulated else fixture for one, fixture in fixtures.items()}
        bus = JetStream(url, name, self.inbox)
        self.hand = Hand(name, secrets.token_hex(4), known, bus, self.inbox.now, ways, tell, ledger)

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Hold the devices until somebody stops it."""
        hand, inbox = self.hand, self.inbox
        while not until():
            arrival = inbox.next(hand.due)
            now = inbox.now()
            if arrival is None:
                hand.act(now)
            elif isinstance(arrival.what, Pressed):
                if arrival.what.action in STOP:
                    return
                if arrival.what.action in SILENCE:
                    hand.silence(now)
            elif arrival.device or isinstance(arrival.what, Mail):
                hand.arrived(arrival, now)

    def close(self) -> None:
        """Let go of everything."""
        self.hand.close()
