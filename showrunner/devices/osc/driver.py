"""The driver of OSC: commands to messages, and messages to what they tell. Nothing is answered, all may be lost.

So what is a state is sent twice, and what was asked is over when something comes at the address where it is awaited, or
too late. Typing is ``osc_arguments``' business. No clock, no socket.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from showrunner.devices.osc.table import AGAIN, fields
from showrunner.devices.osc_arguments import misspelled, moved, packets, typed
from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Condition,
    Ended,
    Frame,
    FrameAnswered,
    Happened,
    Heard,
    Listed,
    Number,
    Output,
    Quantity,
    Send,
    Silent,
    Terms,
    Values,
)
from showrunner.slotted import dataclass
from showrunner.times import as_duration

REPLY = "/reply"
"""Where an answer comes, before the address that it is to: QLab's way."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody waits for until an instant."""

    id: int
    attempt: int
    until: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """What an address was last told, when, and whether it has been told so once only."""

    args: Sequence[Sequence[Any]]
    at: int
    once: bool = True


class OscDriver:
    """One address that messages go to, and one where they come. See ``vocabulary.Driver`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._timeout = int(terms.settings.get("timeout", 2_000_000))
        self._where = str(terms.settings.get("send", ""))
        self._heard = str(terms.settings.get("listen", ""))
        self._asked: dict[str, _Asked] = {}
        self._shown: dict[str, _Shown] = {}
        self._held: dict[str, Number] = {}
        self._left: dict[str, int] = {}  # what is told once more, and when

    # -- the ways

    def connected(self, connection: int, now: int, way: str = "", origin: str | None = None) -> Sequence[Output]:
        """Be ready as soon as something can be sent: nobody greets."""
        _ = connection, now, origin
        heard = f", heard at {self._heard}" if self._heard else ""
        said = f"sent to {self._where}{heard}; nobody answers by design"
        return [Condition("ready", said)] if way in {"", "out"} else []

    def listen(self, events: Sequence[str], now: int) -> Sequence[Output]:
        """Say so where a show waits for messages and no port is open for them: they would never come."""
        _ = now
        said = "it waits for messages, and nothing is heard: write `listen: udp://127.0.0.1:53001` in the stage file"
        return [Condition("note", said)] if events and not self._heard else []

    def disconnected(self, connection: int, now: int, reason: str, code: int | None = None) -> Sequence[Output]:
        """Nothing ends here."""
        _ = connection, now, reason, code
        return []

    # -- what comes in

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        """Read a message: an answer that is waited for, and in any case something that happened."""
        _ = connection, now
        if isinstance(frame, str):
            return [Heard({"text": frame}, reply=False)]
        address, args = str(frame.get("address", "")), frame.get("args", [])
        happened = Happened("", fields(address, args, str(frame.get("from", ""))))
        asked = self._asked.pop(address, None)
        if asked is None:
            return [Heard(frame, reply=False), happened]
        ok, answer = _answer(args)
        heard = Heard(frame, True, asked.id, ok=ok, answer=answer, attempt=asked.attempt)
        reason = None if ok else f"it answered: {answer or 'an error'}"
        ended = Ended(asked.id, asked.attempt, "done" if ok else "failed", reason, answer)
        return [heard, ended, happened]

    # -- what goes out

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        """Send a message; a value that is set once more later, and a question until it is answered."""
        address = str(command.get("ADDR"))
        reply = str(command.get("ADDR2", f"{REPLY}{address}"))
        wrong = misspelled(address) or misspelled(reply)
        if wrong is not None:
            return [Answered(id, attempt, False, wrong[0])]
        args = typed(command.arguments)
        sent: list[Output] = [Send({"address": address, "args": args}, id, attempt)]
        sent.append(Answered(id, attempt, True))
        if command.verb.name == "set":
            self._shown[address] = _Shown(args, now)
            self._left[address] = now + AGAIN
        elif command.verb.name == "ask":
            self._asked[reply] = _Asked(id, attempt, now + self._timeout)
        return sent

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:
        """Send all held and moving values; what is held no longer is told once more, if it was told once only."""
        _ = lane
        held = {name: value for name, value in values.items() if not isinstance(value, tuple)}
        self._let_go(set(held), now)
        messages = []
        for address, value in held.items():
            args = [moved(value)]
            before = self._shown.get(address)
            self._shown[address] = _Shown(args, now, before is None or before.args != args)
            self._left.pop(address, None)
            messages.append({"address": address, "args": args})
        self._held = held
        return [*(Send(one, number=number) for one in packets(messages)), FrameAnswered(number, ok=True)]

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:
        """Let go: whoever listens keeps what it was told last."""
        _ = lane
        self._let_go(set(), now)
        return [FrameAnswered(number, ok=True)]

    def _let_go(self, held: set[str], now: int) -> None:
        for address in self._held.keys() - held:
            shown = self._shown[address]
            if shown.once:
                self._left[address] = max(now, shown.at + AGAIN)
        self._held = {name: value for name, value in self._held.items() if name in held}

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:
        """Nothing can be asked: give what was told last, where that is a number."""
        _ = now
        told = {name: self._shown[name].args for name in properties if name in self._shown}
        numbers = {
            name: args[0][1]
            for name, args in told.items()
            if len(args) == 1 and isinstance(args[0][1], int | float) and not isinstance(args[0][1], bool)
        }
        return [Values(numbers, lane)]

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        """Wait no longer for what was asked."""
        _ = now
        self._asked = {at: one for at, one in self._asked.items() if (one.id, one.attempt) != (id, attempt)}
        return []

    def panic(self, now: int) -> Sequence[Output]:
        """Hold nothing any more, and wait for nothing."""
        self._asked.clear()
        self._let_go(set(), now)
        return [Silent()]

    def hush(self, now: int) -> Sequence[Output]:
        """Nothing here can be cut."""
        _ = now
        return [Silent()]

    def inventory(self, now: int) -> Sequence[Output]:
        """Nobody lists anything."""
        _ = now
        return [Listed({})]

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        """Silence is no sign of anything."""
        _ = connection, now, gone
        return []

    @property
    def deadline(self) -> int | None:
        """When something is told once more, or waited for no longer."""
        return min((*self._left.values(), *(one.until for one in self._asked.values())), default=None)

    def elapsed(self, now: int) -> Sequence[Output]:
        """Tell once more what may have been lost; end what was asked and not answered."""
        due = [address for address, at in self._left.items() if at <= now]
        outputs: list[Output] = []
        for address in due:
            del self._left[address]
            outputs.append(Send({"address": address, "args": self._shown[address].args}))
        for address, one in [(address, one) for address, one in self._asked.items() if one.until <= now]:
            del self._asked[address]
            reason = f"nothing came at {address} within {as_duration(self._timeout)}"
            outputs.append(Ended(one.id, one.attempt, "failed", reason))
        return outputs


def _answer(args: Sequence[Sequence[Any]]) -> tuple[bool, str | None]:
    """Read an answer: one value as it is, several as a list; of QLab's JSON its `data`, and whether all is well."""
    said = [value for _, value in args]
    if len(said) == 1 and isinstance(said[0], str) and said[0].startswith("{"):
        try:
            found = json.loads(said[0])
        except (ValueError, RecursionError):
            return True, said[0]
        if "status" in found:
            data = found.get("data")
            return found["status"] != "error", data if data is None or isinstance(data, str) else _json(data)
        return True, said[0]
    if len(said) == 1:
        return True, said[0] if isinstance(said[0], str) else _json(said[0])
    return True, _json(said) if said else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
