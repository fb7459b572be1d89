"""One evening: a random show, its three programs behind a gate each, and the show's own process, the conductor."""

from __future__ import annotations

import os
import random
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from showrunner import devices
from showrunner.devices.vocabulary import Frame, Terms
from showrunner.show.stage import fixture
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.trouble import CALM, Trouble
from tests.chaos.gate import Gate, Manner

PATIENCE = 120
"""Seconds after which a conductor that has not ended hangs. A show is written for three."""

NAMES = ("animaze", "live2d", "aituber")

STAGE = """\
devices:
  animaze: {{url: 'ws://localhost:{animaze}', timeout: 800ms, return-within: 1s}}
  live2d: {{url: 'ws://localhost:{live2d}', timeout: 800ms, return-within: 1s}}
  aituber: {{url: 'ws://localhost:{home}/ws', timeout: 2s, return-within: 1s, speech-rate: 60, settle: 50ms}}
defaults: {{connect-timeout: 25s}}
console: {{port: {console}}}
"""

COMMANDS = {
    "face": (
        "live2d set ParamAngleX {n}",
        "live2d set ParamAngleY {n} for {d}",
        "live2d move ParamAngleX to {n} over {d}",
        "live2d move ParamAngleZ from 0 to {n} over {d} retry 1 else continue",
        "live2d release ParamAngleX over {d}",
        "live2d clear",
    ),
    "voice": (
        'say happy "a line of {n}"',
        'say happy "one" sad "and two {n}" and wait',
        'animaze chat "what is {n}?" -> joke',
        'animaze echo "number {n}" and wait',
        'hold "ready {n}?" within {d}',
        "wait for button raid within {d}",
        'log "{n}"',
    ),
    "body": (
        'animaze emote "{unique}"',
        'animaze emote "{unique}" for 20ms within 80ms else continue',
        'animaze emote "{unique}" and wait',
        "animaze camera fov {p} over {d}",
        "animaze scene Studio retry 1",
        "wait for animaze AvatarChanged within {d}",
    ),
}

EMOTE = re.compile(r'emote "([^"]+)"')


def written(chance: random.Random) -> str:
    """Write a show of about three seconds; every emote has a name of its own."""
    lines, emotes = [], 0
    for name in ("one", "two"):
        lines += [f"segment {name}", '  at 0s  animaze emote "begun"' if name == "one" else '  at 0s  log "half"']
        for track, commands in COMMANDS.items():
            lines += [f"  track {track}", '    at 0s  log "begin"']
            for _ in range(6):
                emotes += 1
                said = chance.choice(commands).format(
                    n=chance.randint(-9, 9),
                    d=f"{chance.choice([40, 130, 300])}ms",
                    p=chance.randint(20, 90),
                    unique=f"E{emotes}",
                )
                lines.append(f"    at +{chance.randint(20, 350)}ms  {said}")
            if chance.random() < 0.5:
                lines += ["    then  repeat 3 times every 150ms", "      at 0s  live2d set ParamAngleY 7 for 70ms"]
    return "\n".join([*lines, ""])


@dataclass(frozen=True, slots=True)
class Ended:
    """How a conductor ended: its code (None: it hung, and ``said`` has where), and what it said on both outputs."""

    code: int | None
    said: str


class Conductor:
    """The show's own process. ``said`` is what it has said so far."""

    KILLED = 1 if sys.platform == "win32" else -9
    """The exit code of one that was killed."""

    def __init__(
        self,
        folder: Path,
        words: Sequence[str],
        environment: Mapping[str, str] | None = None,
        shut: str = "",
        **streams: Any,
    ) -> None:
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **streams}
        program = [sys.executable, "-X", "faulthandler", "-c", "from showrunner.cli import main; main()", *words]
        self.process = subprocess.Popen(
            ["sh", "-c", f"exec {shlex.join(program)} {shut}"] if shut else program,
            cwd=folder,
            env={**os.environ, "SHOWRUNNER_STATE": str(folder / "state"), **(environment or {})},
            **streams,
        )
        self.said = b""
        self.reading = threading.Thread(target=self._read, daemon=True)
        if self.process.stdout is not None:
            self.reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        while more := os.read(self.process.stdout.fileno(), 65536):
            self.said += more

    def signal(self, name: str) -> None:
        """Send a signal that this system has; a process that has ended gets none."""
        self.process.send_signal(getattr(signal, name))

    def end(self) -> Ended:
        """Wait for its end; one that hangs shows where, and is killed."""
        code: int | None
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            code = None
            if hasattr(signal, "SIGABRT"):
                self.process.send_signal(signal.SIGABRT)  # faulthandler writes down where each thread stands
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.reading.is_alive():
            self.reading.join(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return Ended(code, self.said.decode("utf-8", "backslashreplace"))


class Program:
    """One of the three, behind its gate. It can be ended, and started again with nothing of what it knew."""

    def __init__(self, name: str, evening: Evening, home: int, trouble: Trouble) -> None:
        kind = devices.find(name)
        assert kind is not None
        self._name, self._kind, self._evening, self._trouble = name, kind, evening, trouble
        stands = fixture(name, kind)
        self._settings = {**stands.settings, "speech-rate": 60}
        [way] = stands.ways
        dials = way.connects == "server"
        self._at = home
        self.gate = Gate(lambda: ("127.0.0.1", self._at), dialled=not dials, chance=evening.another())
        self._ways = {way: f"ws://localhost:{self.gate.port}/ws" if dials else "ws://localhost:0/"}
        self._hosted = self._begun()

    def restart(self) -> None:
        self._hosted.close()
        self._hosted = self._begun()

    def close(self) -> None:
        self.gate.close()
        self._hosted.close()

    def _begun(self) -> HostedDouble:
        double = self._kind.double(Terms(self._name, self._settings, "0", lambda now: now // 1000, {}, None))
        hosted = HostedDouble(self._name, double, self._ways, trouble=self._trouble, on_frame=self._evening.noted)
        hosted.open()
        if hosted.listens:
            self._at = urlsplit(hosted.url).port or 0
        return hosted


class Evening:
    """All of it, in a folder. ``close`` it in any case.

    ``seen`` counts the emotes that Animaze was told, by name; ``turns``, roughly, how often something went wrong at the
    gates.
    """

    def __init__(self, folder: Path, chance: random.Random, trouble: Trouble = CALM) -> None:
        self.folder, self.chance = folder, chance
        self.script, self.journal = folder / "a.show", folder / "a.journal"
        self.seen: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._over = threading.Event()
        self.turns = 0
        self._makers: list[threading.Thread] = []
        self.home, self.console = free_port(), free_port()
        self.programs = {name: Program(name, self, self.home, trouble) for name in NAMES}
        text = written(chance)
        self.emotes = len(EMOTE.findall(text))
        self.script.write_text(text, "utf-8")
        ports = {name: program.gate.port for name, program in self.programs.items()}
        folder.joinpath("stage.yaml").write_text(STAGE.format(**ports, home=self.home, console=self.console), "utf-8")

    def run(
        self, *words: str, environment: Mapping[str, str] | None = None, shut: str = "", **streams: Any
    ) -> Conductor:
        said = ["run", str(self.script), "--yes", "--journal", str(self.journal), *words]
        return Conductor(self.folder, said, environment, shut, **streams)

    def noted(self, way: str, frame: Frame | str) -> None:
        if way == "in" and isinstance(frame, dict) and frame.get("action") == "TriggerEmote":
            with self._changed:
                self.seen[str(frame.get("itemName"))] += 1
                self._changed.notify_all()

    def another(self) -> random.Random:
        """Give a chance of its own to somebody who decides in a thread of his own."""
        return random.Random(self.chance.random())  # noqa: S311 - no secret

    @property
    def troubled(self) -> bool:
        """Tell whether something goes wrong at the gates already."""
        return bool(self._makers)

    def come(self, conductor: Conductor, more: int = 1) -> None:
        """Wait until Animaze has been told so many emotes more, or the conductor has ended."""
        with self._changed:
            wanted = self.seen.total() + more
            while self.seen.total() < wanted and conductor.process.poll() is None:
                self._changed.wait(0.1)

    def pass_by(self, least: float, most: float) -> bool:
        """Let some time pass; tell whether the evening is over."""
        return self._over.wait(self.chance.uniform(least, most))

    def trouble(self, manners: Sequence[Manner], names: Sequence[str] = NAMES) -> None:
        """Have the gates stand in these manners, now and then, until the evening is over."""
        for name in names:
            made = threading.Thread(target=self._trouble, args=(self.programs[name], manners), daemon=True)
            made.start()
            self._makers.append(made)

    def _trouble(self, program: Program, manners: Sequence[Manner]) -> None:
        chance = self.another()
        while not self._over.wait(chance.uniform(0.05, 0.8)):
            manner = chance.choice(manners)
            program.gate.turn(manner)
            self.turns += 1
            if manner == "shut" and chance.random() < 0.5:
                program.restart()
            self._over.wait(chance.choice([0.02, 0.2, 0.6, 1.5]))
            program.gate.turn("open")

    def end(self, conductor: Conductor) -> Ended:
        """Wait for the conductor's end; then nothing goes wrong any more."""
        ended = conductor.end()
        self.calm()
        return ended

    def calm(self) -> None:
        """Let nothing go wrong any more."""
        self._over.set()
        for maker in self._makers:
            maker.join()

    def close(self) -> None:
        self.calm()
        for program in self.programs.values():
            program.close()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
