"""How late cues are while eight look at the stage, beside the same show at which nobody looks.

250 cues, 20 ms apart, and twelve parameters that move all the while, on doubles on sockets of this machine. Who looks
is a process of its own, which reads eight streams of the console, each with its ten scenes a second. Lateness is that
of the journal: when the frame of a cue went, less when it was due.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))
from measure import Row, percentiles, run, share

from tests.consoling import TOKENS
from tests.onstage import Playing, Script

GAP, MOVING, LOOKS = 20, 12, 8
"""Milliseconds between two cues; parameters that move; people who look."""

READER = """
import http.client, sys, threading
port, token, lookers = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
scenes = [0] * lookers
def look(number):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/api/events?stage", headers={"Authorization": f"Bearer {token}"})
    for line in connection.getresponse():
        scenes[number] += line.startswith(b"event: scene")
threads = [threading.Thread(target=look, args=(number,)) for number in range(lookers)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(min(scenes))
"""


def show(cues: int) -> str:
    """Write a show of so many cues beside which parameters move."""
    last = (cues + 5) * GAP
    targets = " ".join(f"ParamOwn{number} from 0 to 10" for number in range(MOVING))
    lines = [f"at {(n + 1) * GAP}ms animaze emote Emote_{n % 40}" for n in range(cues)]
    tracks = [f"    {line}" for line in lines]
    moves = f"    at 0s live2d move {targets} over {last}ms"
    return "\n".join(["segment one", "  track cues", *tracks, "  track moves", moves, ""])


def played(text: str, cues: int, lookers: int) -> tuple[list[float], int]:
    """Play it; give how late each cue was (seconds), and how many scenes everybody saw."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "many.show")
        path.write_text(text, "utf-8")
        playing = Playing(Script(path))
        standing = playing.open()
        words = [sys.executable, "-c", READER, str(standing.port), TOKENS.operator, str(lookers)]
        reading = subprocess.Popen(words, stdout=subprocess.PIPE, text=True) if lookers else None
        if reading is not None:
            for _ in range(lookers):
                standing.watch(path="/api/events?stage").until("scene")
        for stream in standing.streams:
            stream.close()
        playing.started.set()
        playing.thread.join()
        standing.close()
        seen = 0 if reading is None else int(reading.communicate()[0])
    names = {one["id"] for one in playing.told if one["kind"] == "command" and one["verb"] == "emote"}
    sent = [one["at"] for one in playing.told if one["kind"] == "sent" and one.get("id") in names]
    return [(at - (number + 1) * GAP * 1000) / 1e6 for number, at in enumerate(sent[:cues])], seen


def looks(quick: bool) -> Iterator[Row]:
    """Play the show with nobody looking and with everybody, in turn."""
    cues, runs = (50, 1) if quick else (250, 5)
    text = show(cues)
    gains, mine, detail = [], [], []
    for _ in range(runs):
        (alone, _), (watched, seen) = played(text, cues, 0), played(text, cues, LOOKS)
        mine += watched
        gains.append((share(watched, 99) - share(alone, 99)) * 1000)
        detail += [f"looked at: {percentiles(watched)}, {seen} scenes each", f"not:       {percentiles(alone)}"]
    yield Row(
        "a cue while 8 see its stage, p99",
        f"{share(mine, 99) * 1000:.2f} ms",
        "+ nobody looks",
        tuple(gains),
        1,
        unit=" ms",
        detail=tuple(detail),
    )


PARTS = {"stage": looks}

if __name__ == "__main__":
    run(PARTS, __doc__)
