"""What a driver has asked of its program: the requests in flight, and which of them a reply is for.

By the wire id; without one by the name of what was asked, the oldest first; never by arrival alone. What is answered is
remembered for a while, so that a reply that comes twice still finds its command. Where nobody waits for a request any
more, its reply may still come: until then a reply without id that could be either is taken for none.

Whether it answers at all is in ``Answering``: three limits missed in a row, and it counts as mute.

How a program spells ids and names is its driver's business, and so is what a reply means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeAlias, TypeVar

from showrunner.devices.vocabulary import Condition, Frame, Output
from showrunner.slotted import dataclass

What = TypeVar("What")
"""A request in the driver's own terms."""

Then: TypeAlias = Callable[[Frame, str | None, int], list[Output]]
"""What a reply leads to: called with the reply, its error if it has one, and the time."""

MOST = 256
"""So many unanswered requests are kept, and so many answered ones."""


MISSED = 3
"""After so many limits missed in a row a program that is connected is taken for mute."""

TRIED = 2_000_000
"""So long (microseconds) it is given to answer something harmless, and so often it is asked."""

MUTE = Condition(
    "not answering",
    f"it is connected, and {MISSED} answers in a row did not come in time; it is asked until it answers again",
    why="not answering",
)
ANSWERS = Condition("ready", "it answers again")


class Answering:
    """Whether the program at the end of one connection answers.

    With a limit that it misses it is in doubt and asked something harmless, for perhaps only that command has no reply.
    An answer that does not come to this is a missed limit like any other; with the third in a row the program is mute.
    It is asked on, quietly, and with whatever it answers it is ready.
    """

    def __init__(self) -> None:
        self.mute = False
        self.due: int | None = None
        """The instant at which ``elapsed`` wants to be called."""
        self._missed = 0
        self._asked = False

    def clear(self) -> None:
        """Begin anew: this is another connection, or there is none."""
        self.mute, self.due, self._missed, self._asked = False, None, 0, False

    def missed(self, now: int, limits: int = 1) -> list[Output]:
        """Note that a limit, or so many, has passed without an answer."""
        if self.mute:
            return []
        self._missed += limits
        self.mute = self._missed >= MISSED
        if self.due is None:
            self.due = now
        return [MUTE] if self.mute else []

    def overtaken(self, since: int | None, limit: int, now: int) -> list[Output]:
        """Note that a newer frame follows one that went at ``since`` (None: none is waited for) and had a ``limit``."""
        return self.missed(now) if since is not None and now - since >= limit else []

    def heard(self) -> list[Output]:
        """Note an answer, to whatever it was."""
        again = self.mute
        self.clear()
        return [ANSWERS] if again else []

    def elapsed(self, now: int, *, busy: bool) -> tuple[bool, list[Output]]:
        """Tell whether something harmless is to be asked now; and that it is mute, where this is found.

        ``busy``: something is on its way that may keep a living program from answering what comes behind it; what was
        asked before it counts.
        """
        if self.due is None or self.due > now:
            return False, []
        said = self.missed(now) if self._asked else []
        asks = not busy
        self.due, self._asked = now + TRIED, self._asked or asks
        return asks, said


@dataclass(slots=True, eq=False)
class Asked(Generic[What]):
    """A request that was sent as ``wire`` id. ``name``: what a reply calls it.

    ``id`` and ``attempt`` of the command it is for, ``number`` of the frame; neither for a question of the driver's
    own. ``since``: when it went. ``until``: the instant at which the driver does something about it, if nothing has
    come. ``given_up``: nobody waits for it any more. ``doubtful``: a reply has come that may have been its own.
    """

    wire: str
    name: str
    what: What
    then: Then
    id: int | None = None
    attempt: int | None = None
    number: int | None = None
    since: int = 0
    until: int | None = None
    open: bool = True
    given_up: bool = False
    doubtful: bool = False


class InFlight(Generic[What]):
    """The requests of one connection."""

    def __init__(self) -> None:
        self._open: list[Asked[What]] = []
        self._answered: dict[tuple[str, str], Asked[What]] = {}
        self._given_up: set[tuple[int | None, int | None]] = set()

    def clear(self) -> None:
        """Forget them all: their replies can not come any more."""
        self._open.clear()
        self._answered.clear()
        self._given_up.clear()

    def add(self, asked: Asked[What]) -> None:
        """Note a request that goes out."""
        self._open.append(asked)
        if len(self._open) > MOST:
            self._open.pop(0)

    def close(self, asked: Asked[What]) -> None:
        """Note that a request has its reply."""
        self._open.remove(asked)
        asked.open = False
        self._answered[asked.wire, asked.name] = asked
        if len(self._answered) > MOST:
            self._answered.pop(next(iter(self._answered)))

    def match(self, wire: object, name: object) -> Asked[What] | None:
        """Find the request that a reply is for, by its id (None: it has none) and its name (None: it says none).

        One that was answered before comes with ``open`` false.
        """
        if wire is not None:
            answered = reversed(self._answered.values())
            both = (asked for known in (self._open, answered) for asked in known)
            return next((asked for asked in both if asked.wire == wire and name in (None, asked.name)), None)
        same = [asked for asked in self._open if asked.name == name]
        able = [asked for asked in same if not (asked.given_up and asked.doubtful)]
        if len(able) > 1 and any(asked.given_up for asked in able):
            for asked in able:
                asked.doubtful = True
            return None
        return next(iter(able), None) or next(iter(same), None)

    # -- what nobody waits for any more

    def give_up(self, id: int, attempt: int) -> None:
        """Note that nobody waits for this attempt any more, whatever it has asked or would have asked next."""
        self._given_up.add((id, attempt))
        for asked in self._open:
            if (asked.id, asked.attempt) == (id, attempt):
                asked.given_up = True

    def gave_up(self, id: int | None, attempt: int | None) -> bool:
        """Tell whether this attempt was given up."""
        return (id, attempt) in self._given_up

    def supersede(self, number: int, name: str | None = None) -> int | None:
        """Note that frame ``number`` follows: whatever still comes for an older one is of no interest.

        ``name``: only for older ones that are called so, where several streams have a name each. Gives the instant at
        which the oldest of those went that somebody waited for until now.
        """
        before = (asked for asked in self._open if asked.number is not None and asked.number < number)
        older = [asked for asked in before if name in (None, asked.name)]
        since = min((asked.since for asked in older if not asked.given_up), default=None)
        for asked in older:
            # Newer values go out all the same, so nothing is lost by taking a reply for the newer frame's.
            asked.given_up = asked.doubtful = True
        return since

    def abandon(self) -> None:
        """Note that nobody waits for anything the show has asked: the program is mute."""
        for asked in self._open:
            if asked.id is not None or asked.number is not None:
                asked.given_up = True
                self._given_up.add((asked.id, asked.attempt))

    def mute(self, said: list[Output]) -> list[Output]:
        """Pass on that the program is mute, if that is ``said``: then nobody waits for an answer any more."""
        if said:
            self.abandon()
        return said

    @property
    def wanted(self) -> tuple[Asked[What], ...]:
        """The requests whose reply somebody waits for, the oldest first."""
        return tuple(asked for asked in self._open if not asked.given_up)

    # -- until when

    @property
    def deadline(self) -> int | None:
        """The next instant at which something is to be done about a request."""
        return min((asked.until for asked in self.wanted if asked.until is not None), default=None)

    def overdue(self, now: int) -> list[Asked[What]]:
        """Give those about which something is to be done by now; each comes once."""
        found = [asked for asked in self.wanted if asked.until is not None and asked.until <= now]
        for asked in found:
            asked.until = None
        return found


class WireIds:
    """The ids that go on the wire: the show's seed, then what for."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._own = 0

    def attempt(self, id: int, attempt: int) -> str:
        """Give the id of an attempt of a command: `0-12`, its second `0-12.2`."""
        return f"{self._seed}-{id}" + (f".{attempt}" if attempt > 1 else "")

    def frame(self, number: int) -> str:
        """Give the id of a streamed frame: `0-s3`."""
        return f"{self._seed}-s{number}"

    def own(self) -> str:
        """Give the id of a message of the driver's own (a greeting, a question): `0-h1`, then `0-h2`."""
        self._own += 1
        return f"{self._seed}-h{self._own}"

    def about(self, wire: object) -> tuple[int, int] | None:
        """Tell which command, and which attempt, an id is of, also long after it was given up; None for any other."""
        seed, _, rest = wire.rpartition("-") if isinstance(wire, str) else ("", "", "")
        numbers = rest.split(".") if "." in rest else [rest, "1"]
        ours = len(numbers) == 2 and all(one.isascii() and one.isdigit() and len(one) < 16 for one in numbers)
        return (int(numbers[0]), int(numbers[1])) if ours and seed == self._seed else None
