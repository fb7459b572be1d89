"""A driver and its double, joined in memory: frames go straight across, time is set by the test.

For tests of one device alone: no engine, no wire. Commands are written as in a show.
"""

from __future__ import annotations

import json
import os
from collections import deque
from pathlib import Path
from typing import Any

from showrunner import devices
from showrunner.devices.vocabulary import (
    Command,
    Emit,
    Fixture,
    FrameAnswered,
    Hang,
    Heard,
    Inventory,
    Output,
    Reaction,
    Send,
    Terms,
)
from showrunner.show.stage import fixture, kinds
from showrunner.syntax.nodes import Book, Source
from showrunner.syntax.parser import parse
from showrunner.timeline.compiler import compile_show
from showrunner.wires import frames

SECOND = 1_000_000


def everybody() -> dict[str, Fixture]:
    """Put every kind of device on a stage, under its own name."""
    return {device.name: fixture(device.name, device) for device in kinds()}


def typed(line: str) -> Command:
    """Compile one command."""
    text = f"at 0s {line}\n"
    parsed = parse(text, "a.show")
    made = compile_show(Book("a.show", {"a.show": Source("a.show", text, parsed.script)}, {}, ""), everybody())
    assert made.cues is not None, (parsed.findings, made.findings)
    (step,) = made.cues.segments[0].tracks[0].body.cues[0].steps
    return step.command


class Joined:
    """``outputs``: what the driver said, in order. ``frames``: what went over the wire, as (to|from, frame).

    ``lane``: the one that has a stream.
    """

    def __init__(
        self,
        device: str,
        *,
        inventory: Inventory | None = None,
        memory: dict[str, str] | None = None,
        seed: str = "0",
        events: tuple[str, ...] = (),
        secrets: dict[str, str] | None = None,
        **settings: Any,
    ) -> None:
        found = devices.find(device)
        assert found is not None
        given = {**fixture(device, found).settings, **settings}
        self.now = 0
        terms = Terms(device, given, seed, lambda now: now // 1000, memory or {}, inventory, secrets or {})
        self.driver = found.driver(terms)
        assert not self.driver.listen(events, 0)
        self.lane = next((lane.name for lane in found.lanes if lane.rate), "main")
        self.double = found.double(Terms(device, given, seed, lambda now: now // 1000, {}, inventory))
        self.outputs: list[Output] = []
        self.frames: list[tuple[str, Any]] = []
        self.connection = 0
        self.ids = 0
        self.deaf = False
        self._up = False

    def connect(self) -> Joined:
        self.connection += 1
        self._up = True
        self._carry(self.double.connected(self.connection, self.now), self.driver.connected(self.connection, self.now))
        return self

    def lose(self) -> list[Output]:
        self._up = False
        self.double.disconnected(self.connection, self.now)
        return self._carry((), self.driver.disconnected(self.connection, self.now, "gone"))

    def do(self, line: str, *, attempt: int = 1, id: int | None = None) -> list[Output]:
        """Send a command; give what the driver said until nothing more happens by itself at this instant."""
        return self.send(typed(line), attempt=attempt, id=id)

    def send(self, command: Command, *, attempt: int = 1, id: int | None = None) -> list[Output]:
        """Send a command that is compiled already."""
        self.ids = self.ids + 1 if id is None else id
        return self._carry((), self.driver.command(self.ids, attempt, command, self.now))

    def frame(self, number: int, **values: Any) -> list[Output]:
        named = {name.replace("__", "."): value for name, value in values.items()}
        return self._carry((), self.driver.frame(self.lane, number, named, self.now))

    def call(self, name: str, *arguments: Any) -> list[Output]:
        """Call the driver: `clear`, `read`, `forget`, `panic`, `inventory`."""
        return self._carry((), getattr(self.driver, name)(*arguments, self.now))

    def switch(self, name: str, value: str | None = None) -> list[Output]:
        reactions, wrong = self.double.switch(name, value, self.now)
        assert wrong is None, wrong
        return self._carry(reactions, ())

    def hear(self, frame: Any) -> list[Output]:
        """Let the driver hear a frame that the double did not send."""
        return self._carry((Emit(self.connection, frame),), ())

    def until(self, now: int) -> list[Output]:
        """Let time pass, doing what falls due on either side."""
        said: list[Output] = []
        while True:
            due = [
                (deadline, side)
                for side, deadline in enumerate((self.double.deadline, self.driver.deadline))
                if deadline is not None and deadline <= now
            ]
            if not due:
                break
            deadline, side = min(due)
            self.now = max(self.now, deadline)
            if side == 0:
                said += self._carry(self.double.elapsed(self.now), ())
            else:
                said += self._carry((), self.driver.elapsed(self.now))
        self.now = now
        return said

    def sent(self) -> list[Any]:
        return [frame for way, frame in self.frames if way == "to"]

    def _carry(self, reactions: Any, outputs: Any) -> list[Output]:
        said: list[Output] = []
        waiting: deque[Reaction | Output] = deque([*reactions, *outputs])
        while waiting:
            thing = waiting.popleft()
            if isinstance(thing, Hang):
                self._up = False
                self.double.disconnected(thing.connection, self.now)
                waiting.extend(self.driver.disconnected(thing.connection, self.now, "closed", thing.code))
            elif isinstance(thing, Emit):
                if thing.connection == self.connection:
                    self.frames.append(("from", thing.frame))
                    heard = list(self.driver.received(thing.connection, thing.frame, self.now))
                    assert isinstance(heard[0], Heard)
                    assert sum(isinstance(output, Heard) for output in heard) == 1
                    waiting.extend(heard)
            else:
                said.append(thing)
                if isinstance(thing, Send):
                    json.dumps(thing.frame, allow_nan=False)
                    self.frames.append(("to", thing.frame))
                    if self._up and not self.deaf:
                        for one in frames.flat(thing.frame):
                            waiting.extend(self.double.received(self.connection, one, self.now))
        self.outputs += said
        return said


def only(outputs: list[Output], kind: type) -> Any:
    """Give the one output of a kind."""
    (found,) = [output for output in outputs if isinstance(output, kind)]
    return found


def none(outputs: list[Output], kind: type) -> bool:
    return not any(isinstance(output, kind) for output in outputs)


def refused(outputs: list[Output]) -> bool:
    return any(isinstance(output, FrameAnswered) and not output.ok for output in outputs)


def transcript(name: str) -> list[dict[str, Any]]:
    path = Path(__file__).parent / "transcripts" / name
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][1:]


def check_recorded(device: str, path: Path) -> None:
    """Play a file of recorded frames again: what is done, what goes to the device, what comes from it.

    With SHOWRUNNER_UPDATE=1 in the environment the file is written anew.
    """
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    joined = Joined(device).connect()
    number = 0
    played: list[dict[str, Any]] = []
    for line in lines:
        if "to" in line or "from" in line:
            continue
        played += [{way: frame} for way, frame in joined.frames]
        joined.frames.clear()
        played.append(line)
        if "command" in line:
            joined.do(line["command"])
        elif "frame" in line:
            number += 1
            values = {key: tuple(v) if isinstance(v, list) else v for key, v in line["frame"].items()}
            joined._carry((), joined.driver.frame(joined.lane, number, values, joined.now))
        elif "clear" in line:
            number += 1
            joined.call("clear", joined.lane, number)
    played += [{way: frame} for way, frame in joined.frames]
    if os.environ.get("SHOWRUNNER_UPDATE"):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in played)
        path.write_text(text, encoding="utf-8")
    assert played == lines
