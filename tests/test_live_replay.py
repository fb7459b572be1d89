"""Random shows played live, on doubles on sockets that are slow and lose things, while somebody presses and saves: each
of them is replayed the same.

`SHOWRUNNER_EXAMPLES=200` plays so many, `SHOWRUNNER_SEED` says from which on: the text, the faults and what is pressed
come of a seed, when it is pressed of the machine. Each journal is replayed in two processes, which hash differently.
"""

from __future__ import annotations

import os
import queue
import random
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

from showrunner.console.hub import Hub
from showrunner.engine.messages import NOTHING, Brought
from showrunner.reports.now import Present
from showrunner.reports.plan import TIMES, plan
from showrunner.running.faults import Faults
from showrunner.running.live import Live, Wishes
from showrunner.running.rehearsal import Rehearsal
from showrunner.show.prepare import prepare
from showrunner.wires.trouble import Trouble
from showrunner.wires.wire import Pressed

RUNS = int(os.environ.get("SHOWRUNNER_EXAMPLES", "8"))
PATIENCE = 120
ENOUGH = 400
"""After so many entries a show is stopped."""

REPLAY = """
import sys
from showrunner.running.recording import opened
for path in sys.argv[1:]:
    with opened(path) as recording:
        prepared = recording.prepared()
        assert prepared.cues is not None, prepared.findings
        replay = recording.replay(prepared, prepared.cues)
        found = replay.run()
    print(path, "the same" if found is None and replay.compared > 2 else found)
"""

COMMANDS = (
    "live2d set ParamAngleX {n}",
    "live2d set ParamAngleY {n} for {d}",
    "live2d move ParamAngleX to {n} over {d}",
    "live2d move ParamAngleZ from 0 to {n} over {d} ease sine",
    "live2d move ParamBodyAngleX to {n} ParamAngleX to {n} over {d} retry 1 else continue",
    "live2d release ParamAngleX over {d}",
    "live2d clear",
    "animaze camera fov {p}",
    "animaze camera fov {p} over {d}",
    "animaze place position 0 0 {p} rotation 0 0 0 1 scale 1 over {d}",
    "animaze emote Emote_Wave for 10ms",
    "animaze scene Studio retry 1",
    'animaze emote "Emote_{n}" for 20ms within 80ms else continue',
    'animaze chat "what is {n}?" -> joke',
    'animaze echo "number {n}" and wait',
    "animaze emote Emote_Wave for {d} and wait",
    'say happy "a line of {n}"',
    'say happy "one" sad "and two {n}" and wait',
    "wait {d}",
    'hold "ready {n}?" within 3s',
    "wait for button raid within 3s",
    "wait for animaze AvatarChanged within {d}",
    'log "{n}"',
    "hush",
    "aituber hush; animaze emote Emote_Wave",
    'wait for button door or raid -> answer or "nobody {n}" within {d}',
    "wait for button raid or time 20:00 or animaze AvatarChanged -> answer within {d}",
    'say relaxed "{{answer}} and {{answer.user}}"',
    'log "{{answer.button}} {{answer.time}} {{answer.avatar}}"',
)


def line(chance: random.Random) -> str:
    def one() -> str:
        number, duration = chance.randint(-9, 9), chance.choice([40, 130, 300, 700])
        return chance.choice(COMMANDS).format(n=number, d=f"{duration}ms", p=chance.randint(20, 90))

    position = chance.choice(["then", f"at +{chance.choice([0, 10, 100, 250])}ms", f"then +{chance.randint(1, 200)}ms"])
    return f"    {position}  {one()}"


def written(chance: random.Random) -> list[str]:
    """Write the lines of a show: segments of tracks of cues."""
    lines = []
    for name in ("one", "two", "three"):
        lines.append(f"segment {name}")
        for track in ("a", "b", "c")[: chance.randint(1, 3)]:
            lines += [
                f"  track {track}",
                "    at 0s  log 'begin'",
                *(['    then  wait for button door -> answer or "nobody" within 50ms'] if track == "a" else []),
                *(line(chance) for _ in range(chance.randint(2, 6))),
            ]
            if chance.random() < 0.3:
                lines += ["    then  repeat 3 times every 150ms", "      at 0s  live2d set ParamAngleY 7 for 70ms"]
    return lines


def edited(lines: list[str], chance: random.Random) -> list[str]:
    """Give a text that somebody might have saved next: a cue less, a cue more, or a remark."""
    new = list(lines)
    cues = [number for number, text in enumerate(new) if text.startswith(("    then", "    at +"))]
    for _ in range(chance.randint(1, 3)):
        number = chance.choice(cues)
        match chance.randrange(4):
            case 0:
                new.insert(number, line(chance))
            case 1 if not new[number].endswith("150ms"):
                new[number] = line(chance)
            case 2:
                new[number] += "  # so"
            case _:
                new.insert(0, "# a remark")
                cues = [one + 1 for one in cues]
    return new


def troubled(chance: random.Random) -> Faults:
    latency, jitter = chance.choice([0, 3_000, 40_000, 150_000]), chance.choice([0, 20_000, 90_000])
    every = {key: chance.choice([None, None, None, chance.randint(8, 40)]) for key in ("lose_every", "drop_every")}
    return Faults(Trouble(latency=latency, jitter=jitter, seed=chance.randrange(1000), **every))


class Played:
    """A show that was played, and what an operator did meanwhile: at random entries, in a thread of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = chance = random.Random(seed)  # noqa: S311 - no secret
        self.seed = seed
        self.script, self.journal = folder / "a.show", folder / "a.journal"
        self.lines = written(chance)
        self.save()
        prepared = prepare(str(self.script))
        assert prepared.cues is not None, prepared.findings
        devices = frozenset({"animaze", "live2d", "aituber"})
        wishes = Wishes(
            devices,
            str(self.journal),
            frames=chance.random() < 0.5,
            speed=Fraction(chance.choice([1, 4, 10])),
            faults={name: troubled(chance) for name in devices},
        )
        self.live = Live(prepared, prepared.cues, wishes, print, print, lingers=frozenset({"panic"}))
        planned = plan(prepared.cues, prepared.fixtures, prepared.inventories, TIMES)
        present = Present(prepared.cues, planned, fixtures=prepared.fixtures)
        told = dict.fromkeys(("refused", "returned", "mended", "unchanged", "coming"), _nothing)
        shown = SimpleNamespace(**told)
        self.orders: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.left = ENOUGH
        self.live.journal.sinks += [present.take, self.heard]
        self.rehearsal = Rehearsal(
            prepared, prepared.cues, lambda: prepare(str(self.script)), self.live.performance, self.live.wired.inbox,
            Hub(), present, shown, join=self.live.join, tempo=self.live.wired.tempo, simulated=devices, record=True,
        )  # fmt: skip

    def save(self) -> None:
        self.script.write_text("\n".join([*self.lines, ""]), "utf-8")

    def heard(self, entry: dict[str, object]) -> None:
        """See an entry in the show's thread, and order something."""
        if self.live.journal.zero is None:
            return
        self.left -= 1
        if entry["kind"] == "end":
            self.orders.put("end")
        elif self.left < 0:
            self.left = 60
            self.orders.put("stop")
        elif entry["kind"] == "wait" and str(entry["for"]).startswith(("go", "button")):
            self.orders.put(str(entry["for"]))
        elif self.chance.random() < 0.03:
            self.orders.put(
                self.chance.choice(["save", "save", "seek", "pause", "skip", "go", "button", "loop", "speed"])
            )
        elif self.chance.random() < 0.001:
            self.orders.put(self.chance.choice(["stop", "panic", "interrupt"]))

    def operate(self) -> None:
        chance, do = random.Random(self.seed), self.rehearsal.do  # noqa: S311 - no secret
        while (order := self.orders.get(timeout=PATIENCE)) != "end":
            match order.partition(" ")[0]:
                case "save":
                    self.lines = edited(self.lines, chance)
                    self.save()
                    self.rehearsal.saved()
                case "seek":
                    do("seek", None, f"{chance.choice(['one', 'two', 'three'])}+{chance.randrange(900)}ms", None, "key")
                case "loop":
                    do("loop", None, "two", None, "key")
                    do("unloop", None, None, None, "key")
                case "pause":
                    do("pause", None, None, None, "key")
                    do(chance.choice(["skip", "go", "resume"]), None, None, None, "console")
                    do("resume", None, None, None, "key")
                case "speed":
                    do("speed", None, chance.choice(["2", "8"]), None, "key")
                case "button":
                    brought = chance.choice(
                        [NOTHING, Brought("Hello"), Brought("[happy] {x}", {"user": "Aki", "n": 5})]
                    )
                    do("button", chance.choice(["raid", "door"]), None, None, "api", brought)
                case "interrupt":
                    self.live.wired.inbox.put("", Pressed("interrupt"))
                case action:
                    do(action, None, None, None, "console")
                    if action == "panic":
                        do("stop", None, None, None, "console")

    def play(self) -> None:
        performance = self.live.performance
        operating = threading.Thread(target=self.operate)
        operating.start()
        try:
            assert not performance.standby(PATIENCE * 1_000_000)
            self.live.wired.tempo.change(self.live.wishes.speed)
            performance.play()
        finally:
            self.orders.put("end")
            operating.join()
            self.rehearsal.close()
            self.live.close()


def _nothing(*_: object) -> None:
    pass


def test_every_live_run_is_replayed_the_same(tmp_path: Path) -> None:
    begun = int(os.environ.get("SHOWRUNNER_SEED", "0"))
    journals = []
    for seed in range(begun, begun + RUNS):
        (folder := tmp_path / str(seed)).mkdir()
        played = Played(folder, seed)
        played.play()
        journals.append(str(played.journal))
    for hashes in ("1", "2"):
        said = subprocess.run(
            [sys.executable, "-c", REPLAY, *journals], capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONHASHSEED": hashes},
        )  # fmt: skip
        lines = said.stdout.splitlines()
        assert len(lines) == len(journals), said.stderr
        assert [one for one in lines if not one.endswith(" the same")] == []
