"""A room: what its reactions cost the cues beside them, and a day of it on the virtual clock.

The part ``reactions``: `showrunner run` plays 50 cues a second on a double of Animaze while a program sends it 400 OSC
messages a second, each heard by one of 50 `when`s, each with a turn of its own; the peer is the same show without
`when`s and without messages. Lateness is the journal's.

The part ``day``: a dry run of 24 hours with a press a second. The second row is what memory it has taken when the day
is over beyond what it had taken after two hours.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from doubles import hosted
from dryrun import compiled
from measure import Row, percentiles, resident, run, seconds, share, shown

from showrunner.engine.messages import Entry, Options, Planned
from showrunner.running.dry_run import dry_run
from showrunner.show import stage

SECOND = 1_000_000
CUES, WHENS, EVENTS = 50, 50, 400
"""Cues a second, reactions, and messages a second."""

SENDS = """
import socket, sys, time
from pythonosc.osc_message_builder import OscMessageBuilder
port, rate, whens, seconds = map(int, sys.argv[1:])
packets = []
for number in range(whens):
    made = OscMessageBuilder("/hit")
    made.add_arg(number, "i")
    packets.append(made.build().dgram)
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.connect(("127.0.0.1", port))
began = time.monotonic()
for number in range(rate * seconds):
    time.sleep(max(0.0, began + number / rate - time.monotonic()))
    try:
        out.send(packets[number % whens])
    except ConnectionRefusedError:
        pass
"""


def reactions(quick: bool) -> Iterator[Row]:
    """Play cues with and without a room around them, in turn."""
    length, runs = (2, 1) if quick else (20, 3)
    gains, mine, detail = [], [], []
    for _ in range(runs):
        alone, _ = lateness(length, 0, 0)
        among, begun = lateness(length, WHENS, EVENTS)
        mine += among
        gains.append((share(among, 99) - share(alone, 99)) * 1000)
        detail += [f"with {begun:,} turns: {percentiles(among)}", f"without: {percentiles(alone)}"]
    ours = f"{share(mine, 99) * 1000:.2f} ms"
    yield Row("400 events a second, p99", ours, "+ without", tuple(gains), 2, unit=" ms", detail=tuple(detail))


def lateness(length: int, whens: int, rate: int) -> tuple[list[float], int]:
    """Run a show of so many seconds as a user does; give how late each cue was, and how many turns began."""
    lines = []
    for number in range(whens):
        lines += [f'when osc "/hit" {number} together', f'  at 0s  log "hit {number}"']
    lines += ["segment s", *(f"  at {n * 1000 // CUES}ms animaze emote Emote_{n % 40}" for n in range(CUES * length))]
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with hosted("animaze") as fixture, tempfile.TemporaryDirectory() as folder:
        show = Path(folder)
        (show / "a.show").write_text("\n".join(lines) + "\n", "utf-8")
        (show / "stage.yaml").write_text(
            f"devices:\n  animaze: {{url: '{fixture.settings['url']}'}}\n"
            f"  osc: {{send: 'udp://127.0.0.1:9', listen: 'udp://127.0.0.1:{port}'}}\n",
            "utf-8",
        )
        words = [sys.executable, "-c", "from showrunner.cli import main; main()"]
        with subprocess.Popen(
            [*words, "run", "a.show", "--yes", "--journal", "a.journal"],
            cwd=folder, env=os.environ | {"SHOWRUNNER_STATE": folder}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=(show / "said").open("wb"),
        ) as playing:  # fmt: skip
            while playing.poll() is None and not begun(show / "a.journal"):
                time.sleep(0.05)
            if rate:
                sending = [sys.executable, "-c", SENDS, str(port), str(rate), str(whens), str(length)]
                subprocess.run(sending, check=True)
        assert playing.returncode == 0, (show / "said").read_text("utf-8")
        entries = [json.loads(line) for line in (show / "a.journal").read_text("utf-8").splitlines()]
    sent = [e["at"] for e in entries if e["kind"] == "sent" and e["device"] == "animaze" and "id" in e]
    late = [(at - n * SECOND // CUES) / SECOND for n, at in enumerate(sent)]
    return late, sum(e["kind"] == "heard" and e["became"] == "begun" for e in entries)


def begun(journal: Path) -> bool:
    return journal.exists() and '"cue"' in journal.read_text("utf-8")


HOURS = 24
ROOM = """
when button hello queue at most every 10s
  at 0s  say happy choose "Hello hello!" or "Oh, somebody is here!" or "Welcome in."
when button scare restart
  at 0s  hush; animaze emote Emote_Shock; say surprised "Waah!"
when button gift -> gift together
  at 0s  choose by gift.amount
    100 or more  animaze emote Emote_Jump
    else         animaze emote Emote_Heart
segment room until button close
  at 5s  repeat every 20s to 40s
    at 0s  choose
      say relaxed "I wonder if it is raining outside."
      animaze emote Emote_Yawn
      nothing
"""


def day(quick: bool) -> Iterator[Row]:
    """Play a day with a press a second."""
    hours, early = (1, 0.25) if quick else (HOURS, 2)
    fixtures = stage.standard()
    cues = compiled(ROOM, fixtures)
    names = ("hello", "scare", "gift", "hello", "nobody")
    presses = [
        Planned(n * SECOND, "button", names[n % 5], fields={"amount": n % 300}) for n in range(int(hours * 3600))
    ]
    presses.append(Planned(len(presses) * SECOND, "button", "close"))
    taken: dict[str, int] = {}
    count = 0

    def sink(entry: Entry) -> None:
        nonlocal count
        count += 1
        if "early" not in taken and entry["at"] > early * 3600 * SECOND:
            taken["early"] = resident()
        if entry["kind"] == "end":
            taken["end"] = resident()

    options = Options(auto=True, presses=tuple(presses))
    spent = seconds(lambda: dry_run(cues, fixtures, sink, options=options))
    grown = (taken["end"] - taken["early"]) / 1e6
    detail = (f"{count:,} journal entries, {count / spent:,.0f} a second",)
    yield Row(f"a room of {hours} hours", shown([spent]), "limit", (spent,), 60, unit=" s", detail=detail)
    yield Row(f"its memory after hour {early}", f"{taken['end'] / 1e6:.0f} MB", "grown by", (grown,), 5, unit=" MB")


PARTS = {"reactions": reactions, "day": day}

if __name__ == "__main__":
    run(PARTS, __doc__)
