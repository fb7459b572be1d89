"""A house in memory, for tests: a server, stagehands with doubles and conductors, all on one virtual clock.

What happens is told in advance (`at(time, …)`): machines die, stand, are cut off, and people press.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from showrunner.engine.messages import Options
from showrunner.house.hand import Hand, Took
from showrunner.house.member import Member, Show
from showrunner.house.memory import APART, LATENCY, Server
from showrunner.house.opening import show_of
from showrunner.running.dry_run import double
from showrunner.show.prepare import prepare
from showrunner.wires.loopback import World
from showrunner.wires.wire import Arrival, Pressed, Stood

SECOND = 1_000_000
PRESS = "press"


class Doubles:
    """The ways of a stagehand in memory. The doubles outlive the shows, and stagehands."""

    def __init__(self, world: World) -> None:
        self.world = world

    def join(self, fixture, inventory):
        played = fixture.played
        if fixture.name not in self.world.wires:
            self.world.join(fixture.name, double(played, inventory, lambda now: now // 1000), played.ways)
        return played, self.world.wires[fixture.name]

    def leave(self):
        pass

    def memory(self, _fixture):
        return {}

    def secrets(self, _fixture):
        return {}

    def remember(self, device, key, value):
        pass


class House:
    """One channel, `evening`, with the stagehand `stage` and as many conductors as are begun."""

    def __init__(
        self, path: str, *, latency: int = 1_000, way: int = LATENCY, seed: str = "0", options: Options | None = None
    ) -> None:
        self.world = World(latency)
        self.server = Server(self.world, way)
        self.prepared = prepare(str(path))
        assert self.prepared.cues is not None, self.prepared.findings
        self.path = str(path)
        self.seed = seed
        self.options = options or Options(seed=seed)
        self.members: dict[str, Member] = {}
        self.entries: dict[str, list[dict[str, Any]]] = {}
        self.said: list[tuple[int, str, str]] = []
        self.shifts: dict[str, int] = {}
        self.frozen: dict[str, tuple[int, list[Arrival]]] = {}
        self.ledger: list[Took] = []
        self.hands: dict[str, Hand] = {}
        self.orders = 0
        self.later: dict[int, Callable[[], None]] = {}
        self.lives = 0
        self.begin_hand()

    # --- who is there

    def begin_hand(self, name: str = "stage") -> Hand:
        self.lives += 1
        fixtures = {one: self.prepared.fixtures[one] for one in self.prepared.cues.devices}
        hand = Hand(
            name, f"life{self.lives}", fixtures, self.server.desk(name), self.world.now, Doubles(self.world),
            partial(self.say, name), self.ledger.append,
        )  # fmt: skip
        self.hands[name] = hand
        return hand

    def member(self, name: str, show: Show | None = None, shift: int = 0) -> Member:
        self.shifts[name] = shift
        entries = self.entries[name] = []

        def sink(taken):
            if taken.early:
                entries[:] = taken.early
            entries.extend(dict(one) for one in taken.entries)

        made = Member(
            name, "evening", self.server.desk(name), lambda: self.world.now() + self.shifts[name],
            self.world.now, sink=sink, tell=partial(self.say, name), show=show,
        )  # fmt: skip
        self.members[name] = made
        return made

    def opens(self, name: str = "a", shift: int = 0) -> Member:
        return self.member(name, self.show(), shift)

    def follows(self, name: str = "b", shift: int = 0) -> Member:
        return self.member(name, None, shift)

    def show(self) -> Show:
        hands = dict.fromkeys(self.prepared.cues.devices, "stage")
        held = {name: self.prepared.fixtures[name].played for name in hands}
        return show_of(self.prepared, held, hands, self.options, zone=0)

    def say(self, who: str, text: str) -> None:
        self.said.append((self.world.now(), who, text))

    # --- what happens

    def at(self, time: int, thing: Callable[[], None]) -> None:
        self.orders += 1
        self.later[self.orders] = thing
        self.world.arrive(max(0, time - self.world.now()), f"{self.orders}{APART}order", Pressed("order"))

    def press(self, name: str, action: str, button: str | None = None) -> None:
        if name in self.members:
            self.members[name].arrived(Arrival(self.world.now(), "", Pressed(action, button)))

    def kill(self, name: str) -> None:
        one = self.members.pop(name, None) or self.hands.pop(name)
        self.server.desks.pop(name).close()
        if isinstance(one, Hand):
            for wire in self.world.wires.values():
                wire.close()

    def freeze(self, name: str, time: int) -> None:
        self.frozen[name] = self.world.now(), []
        self.at(self.world.now() + time, lambda: self.thaw(name))

    def thaw(self, name: str) -> None:
        since, came = self.frozen.pop(name)
        stood = self.world.now() - since
        if name not in self.members:
            return
        if stood > SECOND:
            self.shifts[name] -= stood
            self.members[name].arrived(Arrival(self.world.now(), "", Stood(stood)))
        for one in came:
            self.members[name].arrived(one)

    def cut(self, name: str, time: int) -> None:
        desk = self.server.desks[name]
        desk.cut = True

        def back() -> None:
            desk.cut = False
            desk.back()

        self.at(self.world.now() + time, back)

    def down(self, time: int) -> None:
        self.server.down = True

        def back() -> None:
            self.server.down = False
            for desk in self.server.desks.values():
                desk.back()

        self.at(self.world.now() + time, back)

    # --- the clock

    def turn(self, until: int) -> bool:
        """Do what is next; tell whether there was something by then."""
        dues = {name: one.due - self.shifts[name] for name, one in self.members.items()
                if name not in self.frozen and one.due is not None}  # fmt: skip
        dues |= {name: one.due for name, one in self.hands.items()}
        first = min([*dues.values(), until])
        arrival = self.world.next(max(first, self.world.now()))
        now = self.world.now()
        if arrival is None:
            for name, due in dues.items():
                if due <= now:
                    if name in self.members:
                        self.members[name].act()
                    elif name in self.hands:
                        self.hands[name].act(now)
            return now < until
        who, _, what = arrival.device.rpartition(APART)
        if what == "order":
            self.later.pop(int(who))()
        elif not who:
            for hand in self.hands.values():
                hand.arrived(arrival, now)
        elif who in self.frozen:
            self.frozen[who][1].append(arrival)
        elif who in self.members:
            self.members[who].arrived(arrival)
        elif who in self.hands:
            self.hands[who].arrived(arrival, now)
        return True

    def run(self, until: int, done: Callable[[], bool] = lambda: False) -> None:
        """Let it go on until an instant, or until something is so."""
        while self.world.now() < until and not done() and self.turn(until):
            pass

    def leader(self) -> Member | None:
        return next((one for one in self.members.values() if one.leader is not None), None)

    def ready(self, limit: int = 60 * SECOND) -> None:
        """Go on until the show could begin."""

        def there() -> bool:
            one = self.leader()
            return one is not None and not one.leader.gathering and not one.leader.missing()

        self.run(self.world.now() + limit, there)
        assert there(), (self.said, {name: one.state for name, one in self.members.items()})

    def begin(self) -> None:
        self.ready()
        self.leader().press(Pressed("go"))

    def end(self, limit: int = 600 * SECOND) -> None:
        """Go on until somebody has the end of the show."""

        def ended() -> bool:
            return any(one.ended is not None for one in self.members.values())

        self.run(self.world.now() + limit, ended)
        assert ended(), (
            self.said,
            {name: (one.state, one.follower and one.follower.refusing) for name, one in self.members.items()},
        )
        self.run(self.world.now() + SECOND)

    # --- what came of it

    def twice(self) -> int:
        taken = Counter((one.id, one.attempt) for one in self.ledger)
        return sum(count - 1 for count in taken.values())

    def decided(self) -> set[tuple[int, int]]:
        """Give the attempts of commands that stand in the log."""
        from showrunner.house.messages import heard

        found = set()
        for _, _, data in self.server.logs["evening"]:
            for call in heard(data).calls:
                if call[1] == "command":
                    assert (call[2]["id"], call[2]["attempt"]) not in found
                    found.add((call[2]["id"], call[2]["attempt"]))
        return found

    def missing(self) -> int:
        return len(self.decided() - {(one.id, one.attempt) for one in self.ledger})


def entries_of(path, *, seed: str = "0", latency: int = 1_000) -> list[dict[str, Any]]:
    """Play the same show on one machine, in memory, without a house."""
    from showrunner.engine.journal import Journal
    from showrunner.running.performance import Performance

    show, world, entries = prepare(str(path)), World(latency), []
    used = {name: show.fixtures[name].played for name in show.cues.devices}
    for name, one in used.items():
        world.join(name, double(one, None, lambda now: now // 1000), one.ways)
    journal = Journal(entries.append, holds=True)
    performance = Performance(show.cues, used, world.wires, world, journal, Options(seed=seed))
    assert performance.standby(60 * SECOND) == {}
    performance.play()
    performance.close()
    return entries
