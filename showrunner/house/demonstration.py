"""A take-over to be looked at: a server, a stagehand with doubles and two conductors as processes of this machine.

What it says at the end is counted: what the log has of commands against what the stagehand handed to its drivers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from showrunner.diagnostics.refusal import Refusal
from showrunner.house.bus import Fetched
from showrunner.house.forms import Malformed
from showrunner.house.jetstream import UNREACHABLE, JetStream
from showrunner.house.messages import Record, heard
from showrunner.house.serving import Server, free
from showrunner.slotted import dataclass
from showrunner.wires.inbox import RealInbox
from showrunner.wires.wire import Mail

EXAMPLE = """\
segment evening
  at 0s    live2d set ParamAngleX 10 for 14s; animaze scene Spaceship
  at 500ms say happy "Hello, everyone! Watch closely: in a moment the machine that leads this show dies."
  at 1s    repeat 240 times every 50ms
    animaze emote Emote_Wave
"""

CHANNEL = "demo"

WAIT = 40.0
"""Seconds that the processes have to be ready."""

DIES = 4.0
"""Seconds after the start at which the leader is killed."""

LONGEST = 60.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the audience saw: so many commands, of them so many twice, and missing; and milliseconds from the leader's
    death to the next command, None where none came.
    """

    commands: int
    twice: int
    missing: int
    first: float | None

    @property
    def line(self) -> str:
        """Say it."""
        first = "never" if self.first is None else f"after {self.first:.0f} ms"
        return f"{self.commands} commands, {self.twice} twice, {self.missing} missing, first command {first}"


class Demonstration:
    """A house on loopback in a ``folder``; raises ``Refusal`` where no server can be had. ``close`` it in any case."""

    def __init__(self, folder: Path, tell: Callable[[str], None], show: str = EXAMPLE) -> None:
        self.url = f"nats://127.0.0.1:{free()}"
        self._folder, self._tell = folder, tell
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        (folder / "demo.show").write_text(show, encoding="utf-8")
        self.server = Server(self.url, tell, folder / "server")

    def begin(self) -> None:
        """Start stagehand and conductors, and wait until the show plays with somebody ready to take over."""
        ledger = str(self._folder / "ledger.jsonl")
        self._start("stagehand", "stagehand", "--house", self.url, "--doubles", "all", "--ledger", ledger)
        self._wait("stagehand", "holds")
        self._start(
            "backup", "run", "--follow", "--house", self.url, "--channel", CHANNEL, "--journal", "backup.journal"
        )
        self._wait("backup", "waiting for one")
        words = ("--yes", "--journal", "main.journal")
        self._start("main", "run", "demo.show", "--house", self.url, "--channel", CHANNEL, *words)
        self._wait("main", "segment evening")
        self._wait("backup", "Ready to take over")

    def take_over(self) -> Seen:
        """Kill who leads, wait for the end, and count."""
        time.sleep(DIES)
        self._tell("The leader is killed.")
        killed = time.time_ns() // 1_000
        self._processes["main"].kill()
        self._processes["main"].wait(10)
        self._wait("backup", "leads:")
        self._tell("The other one leads.")
        try:
            self._processes["backup"].wait(LONGEST)
        except subprocess.TimeoutExpired as error:
            raise Refusal(f"the show did not end: {self._said('backup')}", exit=UNREACHABLE) from error
        return self._count(killed)

    def _start(self, name: str, *words: str) -> None:
        log = (self._folder / f"{name}.log").open("wb")
        with log:
            self._processes[name] = subprocess.Popen(  # noqa: S603 - this program
                [sys.executable, "-c", "from showrunner.cli import main; main()", *words],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _said(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _wait(self, name: str, text: str) -> None:
        until = time.monotonic() + WAIT
        while text not in self._said(name):
            if self._processes[name].poll() is not None or time.monotonic() > until:
                raise Refusal(f"the demonstration stopped at `{name}`: {self._said(name).strip()}", exit=UNREACHABLE)
            time.sleep(0.02)

    def _count(self, killed: int) -> Seen:
        """Count what the log has decided against what was handed to the drivers."""
        decided = self.decided()
        took: list[Mapping[str, Any]] = [
            json.loads(line) for line in (self._folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        taken = Counter((one["id"], one["attempt"]) for one in took)
        after = [one["wall"] for one in took if one["wall"] > killed]
        first = (min(after) - killed) / 1_000 if after else None
        return Seen(len(decided), sum(taken.values()) - len(taken), len(decided - taken.keys()), first)

    def decided(self) -> set[tuple[int, int]]:
        """Give the attempts of commands that stand in the log."""
        inbox = RealInbox()
        bus = JetStream(self.url, "count", inbox)
        found: set[tuple[int, int]] = set()
        after, end = 0, 1
        try:
            while after < end:
                bus.fetch(CHANNEL, after)
                arrival = inbox.next(inbox.now() + 5_000_000)
                news = arrival.what.what if arrival is not None and isinstance(arrival.what, Mail) else None
                if not isinstance(news, Fetched) or news.wrong:
                    raise Refusal("the log cannot be read", exit=UNREACHABLE)
                end = news.last
                for seq, data in news.records:
                    after = seq
                    found |= _commands(data)
        finally:
            bus.close()
        return found

    def close(self) -> None:
        """End all that was started."""
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self._processes.values():
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        self.server.close()


def _commands(data: bytes) -> set[tuple[int, int]]:
    try:
        record = heard(data)
    except Malformed:
        return set()
    calls = record.calls if isinstance(record, Record) else ()
    return {(keys["id"], keys["attempt"]) for _, kind, keys in calls if kind == "command"}
