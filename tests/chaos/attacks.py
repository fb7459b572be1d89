"""The kinds of evenings: each plays a show to its end while one kind of thing goes wrong, and gives what was lost.

The text of the show and what goes wrong come of a seed; when it does, of the machine.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from showrunner.wires.trouble import CALM, Trouble
from tests.chaos import judge
from tests.chaos.evening import Conductor, Ended, Evening
from tests.chaos.gate import MANNERS, Manner

ENDED = frozenset({0, 3})
"""The exit codes of a show that played to its end."""

PRESSES = ("go", "button", "pause", "resume", "seek", "next", "previous", "skip", "again", "loop", "unloop", "nonsense")

AWAY = ENDED | {4}
"""Those of one that may not have begun, because a device was not there."""

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")

Attack = Callable[[Path, random.Random], list[str]]


class Unavailable(Exception):  # noqa: N818 - no error
    """This machine cannot do that; the words say why."""


@contextlib.contextmanager
def evening(folder: Path, chance: random.Random, trouble: Trouble = CALM) -> Iterator[Evening]:
    made = Evening(folder, chance, trouble)
    try:
        yield made
    finally:
        made.close()


def judged(of: Evening, ended: Ended, codes: frozenset[int] = ENDED, *, sought: bool = False) -> list[str]:
    """Look at an evening that is over. Of what hangs the journal is not looked at.

    ``sought``: somebody went back in the show, so that things came twice.
    """
    lost = judge.of_process(ended, codes) + ([] if sought else judge.of_programs(of.seen))
    return lost if ended.code is None else lost + judge.of_journal(of.journal, ended.code)


# ---------------------------------------------------------------------------------------------------------- programs


def programs(*manners: Manner) -> Attack:
    """Have the gates stand in these manners while it plays, in one evening of three from before the show on."""

    def attack(folder: Path, chance: random.Random) -> list[str]:
        with evening(folder, chance) as one:
            conductor = one.run()
            if early := chance.random() < 0.3:
                one.trouble(manners)
            one.come(conductor)
            if not early:
                one.trouble(manners)
            ended = one.end(conductor)
            assert one.turns, "nothing went wrong"
            return judged(one, ended, AWAY if early else ENDED)

    return attack


def floods(folder: Path, chance: random.Random) -> list[str]:
    """All programs tell of things a thousand times a second, strangers hold the port, and lines come without end."""
    with evening(folder, chance, Trouble(nudge_every=1_000, nudges=(("event", None),))) as one:
        conductor = one.run(stdin=subprocess.PIPE)
        one.come(conductor)
        strangers = []
        for _ in range(300):
            with contextlib.suppress(OSError):
                strangers.append(socket.create_connection(("127.0.0.1", one.home), timeout=5))
        for stranger in strangers[::3]:
            with contextlib.suppress(OSError):
                stranger.sendall(chance.randbytes(chance.choice([1, 100, 20_000])))
        assert conductor.process.stdin is not None
        with contextlib.suppress(OSError):
            for line in (b"\n" * 2_000, b"raid\n" * 500, chance.randbytes(20_000), b"x" * 1_000_000):
                conductor.process.stdin.write(line)
            conductor.process.stdin.close()
        ended = one.end(conductor)
        for stranger in strangers:
            stranger.close()
        return judged(one, ended)


# ---------------------------------------------------------------------------------------------------------- the show


def killed(*manners: Manner) -> Attack:
    """Kill the show at random moments, in standby too, and let it go on each time; then it plays to its end.

    Meanwhile the gates stand in these manners, if there are any.
    """

    def attack(folder: Path, chance: random.Random) -> list[str]:
        with evening(folder, chance) as one:
            anew = ["run", str(one.script), "--yes", "--journal", str(one.journal)]
            words, kills, spared = anew, chance.randint(2, 4), 3
            while True:
                conductor = Conductor(folder, words)
                if kills:
                    one.come(conductor, chance.choice([0, 1, 1, 3, 6]))
                    if manners and not one.troubled:
                        one.trouble(manners)
                    one.pass_by(0.0, 0.5)
                    conductor.process.kill()
                ended = conductor.end() if kills else one.end(conductor)
                latest = newest(one.journal)
                if kills and ended.code == conductor.KILLED:
                    kills -= 1
                    words = anew if latest is None else ["resume", str(latest), "--yes"]
                elif ended.code == 2 and "had not begun" in ended.said:
                    words = anew
                elif ended.code == 4 and manners and spared:
                    spared -= 1  # a device was away for longer than it is waited for: tried again, as anybody would
                    if not spared:
                        one.calm()
                else:
                    break
            over = ended.code == 2 and "has its end" in ended.said
            lost = judge.of_process(ended, ENDED | ({2} if over else set()))
            if ended.code in ENDED or over:
                assert latest is not None
                lost += judge.of_journal(latest, None if over else ended.code)
            return lost + judge.of_programs(one.seen)

    return attack


def newest(journal: Path) -> Path | None:
    """Find the journal with something in it that was written last: each has a number more behind its name."""
    numbered = {int(path.suffix[1:]) if path != journal else 1: path for path in journal.parent.glob("a.journal*")}
    return next((path for _, path in sorted(numbered.items(), reverse=True) if path.stat().st_size), None)


def machine_stands(folder: Path, chance: random.Random) -> list[str]:
    """Stop the show's process for a moment or some seconds, as a lid that is closed does, and let it go on."""
    if not hasattr(signal, "SIGSTOP"):
        raise Unavailable("no process can be stopped by a signal here")
    with evening(folder, chance) as one:
        conductor = one.run()
        one.come(conductor)
        for _ in range(chance.randint(1, 4)):
            one.pass_by(0.0, 1.0)
            conductor.signal("SIGSTOP")
            one.pass_by(0.1, 2.5)
            conductor.signal("SIGCONT")
        return judged(one, one.end(conductor))


def clock_jumps(folder: Path, chance: random.Random) -> list[str]:
    """Set the machine's clock to other hours and days while the show plays."""
    if not FAKETIME.exists():
        raise Unavailable("there is no faketime here (Debian: `apt-get install faketime`)")
    jumps = folder / "jumps"
    jumps.write_text("+0\n")
    environment = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(jumps),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with evening(folder, chance) as one:
        conductor = one.run(environment=environment)
        one.come(conductor, chance.choice([0, 1]))
        while conductor.process.poll() is None and not one.pass_by(0.05, 0.6):
            turned = folder / "turned"
            turned.write_text(f"{chance.choice(['+', '-'])}{chance.choice([1, 60, 3_600, 86_400, 400 * 86_400])}\n")
            turned.replace(jumps)
        return judged(one, one.end(conductor))


# --------------------------------------------------------------------------------------------------- disk and outputs


def full_disk(folder: Path, chance: random.Random) -> list[str]:
    """Keep the journal (and what is kept for the user) on a disk that is full now and then."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        raise Unavailable("a small disk is mounted by root alone")
    disk = folder / "disk"
    disk.mkdir()
    size = chance.choice([32, 64, 4096])
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if made.returncode:
        raise Unavailable("no disk can be mounted in this container")
    try:
        with evening(folder, chance) as one:
            one.journal = disk / "a.journal"
            keeps = {"SHOWRUNNER_STATE": str(disk / "state")} if chance.random() < 0.3 else None
            conductor = one.run(environment=keeps)
            one.come(conductor)
            filler = disk / "filler"
            while conductor.process.poll() is None and not one.pass_by(0.02, 0.5):
                if filler.exists():
                    filler.unlink()
                else:
                    with contextlib.suppress(OSError), filler.open("wb") as file:
                        file.write(bytes(size * 1024))
            ended = one.end(conductor)
            if "of the journal are not in" in ended.said:  # it ended while the disk was full, and says so
                return judge.of_process(ended, ENDED) + judge.of_programs(one.seen)
            return judged(one, ended)
    finally:
        subprocess.run(["umount", "-l", str(disk)], capture_output=True, check=False)


def closed_outputs(folder: Path, chance: random.Random) -> list[str]:
    """Close the streams of the show before or while it plays, have nobody read them, or fill their disk."""
    if os.name == "nt":
        raise Unavailable("the shell of POSIX")
    with evening(folder, chance) as one:
        way = chance.choice(["shut", "goes", "stands", "full", "hangs up"])
        if way == "shut":
            shut = " ".join(chance.sample(["0<&-", "1>&-", "2>&-"], chance.randint(1, 3)))
            return judged(one, one.end(one.run(shut=shut)))
        if way == "full" and Path("/dev/full").exists():
            with Path("/dev/full").open("wb") as full:
                return judged(one, one.end(one.run(stdout=full, stderr=full)))
        if way == "hangs up":
            conductor = one.run()
            one.come(conductor, chance.randint(1, 4))
            conductor.signal("SIGHUP")
            return judged(one, one.end(conductor), frozenset({*ENDED, 130}))
        mine, theirs = os.pipe()
        conductor = one.run(stdout=theirs, stderr=theirs)
        os.close(theirs)
        try:
            one.come(conductor, chance.randint(1, 4))
            if way == "goes":
                os.close(mine)
                mine = -1
            return judged(one, one.end(conductor))
        finally:
            if mine >= 0:
                os.close(mine)


# ------------------------------------------------------------------------------------------------------------- people


def fifty_consoles(folder: Path, chance: random.Random) -> list[str]:
    """Have fifty consoles look on, some of which read nothing, go and come, or press whatever there is."""
    with evening(folder, chance) as one:
        conductor = one.run("--console")
        one.come(conductor)
        token = json.loads((folder / "state" / "console.json").read_text("utf-8"))["operator"]
        over = threading.Event()
        people = [threading.Thread(target=_looks_on, args=(one.console, token, one.another(), over)) for _ in range(50)]
        for person in people:
            person.start()
        ended = one.end(conductor)
        over.set()
        for person in people:
            person.join()
        return judged(one, ended, sought=True)


def _looks_on(port: int, token: str, chance: random.Random, over: threading.Event) -> None:
    """Be one of them, until the show is over. Who presses lets the show go on when he has pressed enough."""
    kind = chance.choice(["reads", "reads nothing", "goes and comes", "presses"])
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    left = chance.randint(3, 12)
    while not over.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            if kind == "presses":
                left -= 1
                action = chance.choice(PRESSES if left > 0 else ["unloop", "resume"])
                body = json.dumps({"action": action, "name": "raid", "to": chance.choice(["one", "two", "two+1s"])})
                connection.request("POST", "/api/do", body, headers)
                connection.getresponse().read()
            else:
                connection.request("GET", "/api/events", headers=headers)
                answer = connection.getresponse()
                while kind == "reads" and not over.is_set() and answer.readline():
                    pass
                over.wait(60 if kind == "reads nothing" else chance.random())
        connection.close()
        over.wait(chance.uniform(0.02, 0.3))


ATTACKS: Mapping[str, Attack] = {
    "killed and restarted": programs("shut"),
    "frozen": programs("frozen"),
    "slow": programs("slow"),
    "flapping": programs("flapping"),
    "half-open": programs("half-open"),
    "corrupt": programs("corrupt"),
    "a stranger on the port": programs("stranger"),
    "all of that at once": programs(*MANNERS),
    "floods": floods,
    "the show killed": killed(),
    "the show killed, all at once": killed(*MANNERS),
    "a machine that stands": machine_stands,
    "a clock that jumps": clock_jumps,
    "a full disk": full_disk,
    "closed outputs": closed_outputs,
    "fifty consoles": fifty_consoles,
}
"""What is tried, in the order of the table."""


def attack(name: str, seed: int, folder: Path) -> list[str]:
    """Play one evening of that kind, the same for the same seed; give what was lost. Raises ``Unavailable``."""
    return ATTACKS[name](folder, random.Random(f"{name} {seed}"))  # noqa: S311 - chance that can be had again
