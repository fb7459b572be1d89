"""How late cues are in a full show: 100 a second on three devices while 600 parameter values a second stream.

The part ``streams``: 50 a second on an Animaze while three devices stream, 100 values a frame: a Cubism Editor, a VTube
Studio and an OBS.

The devices are two Animazes and a Cubism Editor, doubles in processes of their own; every third cue sets a parameter.
The peer is a bare loop that sleeps until each instant, sends the same frames with websocket-client to the same doubles
and waits for each answer. Lateness is taken on both sides at the same place: when websocket-client has sent the frame.
"""

from __future__ import annotations

import gc
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import websocket

sys.path.insert(0, str(Path(__file__).parent))
from doubles import animaze, editor, hosted, studio, vtuber
from measure import Row, began, percentiles, run, share

from showrunner.devices.vocabulary import Fixture
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show.book import Library
from showrunner.timeline.compiler import compile_show
from showrunner.wires.inbox import RealInbox
from showrunner.wires.websocket import ClientWire

CUES, PARAMETERS, RATE = 100, 20, 30
"""Cues a second; parameters that move, and how often a second: 600 values."""

MARK = re.compile(r'"Emote_(\d+)"|"Mark","Value":([\d.]+)')
FINE = 1_000
"""The value of `Mark` is the cue's number over this: within what any parameter may be."""


CARRIED = {"SetParameterValues": "live2d", "InjectParameterDataRequest": "vts", "SetSceneItemTransform": "obs"}
CARRIES = re.compile("|".join(CARRIED))


class Sent:
    """Notes when websocket-client has sent the frame of each cue, whoever sends it; counts those that carry values.

    ``last``: the last that carried some to each device.
    """

    def __init__(self) -> None:
        self.at: dict[int, float] = {}
        self.replaced = 0
        self.frames: Counter[str] = Counter()
        self.last: dict[str, str] = {}
        self._really = websocket.WebSocket.send

    def __enter__(self) -> Self:
        def send(socket: websocket.WebSocket, payload: Any, *rest: Any, **more: Any) -> int:
            done = self._really(socket, payload, *rest, **more)
            now = time.perf_counter()
            if isinstance(payload, str):
                carries = CARRIES.search(payload)
                if carries is not None:
                    self.frames[CARRIED[carries[0]]] += 1
                    self.last[CARRIED[carries[0]]] = payload
                found = MARK.search(payload)
                if found is not None:
                    self.at.setdefault(int(found[1] or round(float(found[2]) * FINE)), now)
            return done

        websocket.WebSocket.send = send
        return self

    def __exit__(self, *_: object) -> None:
        websocket.WebSocket.send = self._really

    def late(self, start: float, cues: int) -> list[float]:
        """Give how late each cue was. A value that a newer one replaced before it was sent came with that one."""
        for n in range(cues, 0, -1):
            if n not in self.at and n % 3 == 2:
                self.at[n] = self.at[n + 3]
                self.replaced += 1
        return [self.at[n] - start - n / CUES for n in range(1, cues + 1)]


def show(cues: int) -> str:
    moves = " ".join(f"Param{n:02} from -{n}.25 to {n}.75" for n in range(1, PARAMETERS + 1))
    lines = ["segment full", "  track cues"]
    for n in range(1, cues + 1):
        word = (f"animaze emote Emote_{n}", f"guest emote Emote_{n}", f"live2d set Mark {n / FINE:.3f}")[n % 3]
        lines.append(f"    at {n * 1000 // CUES}ms {word}")
    lines += ["  track body", f"    at 0s live2d move {moves} over {cues * 1000 // CUES + 200}ms"]
    return "\n".join(lines) + "\n"


def ours(fixtures: Mapping[str, Fixture], text: str) -> tuple[float, Sent]:
    """Play a show; give when it began, and what was noted of its frames."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "full.show")
        script.write_text(text, "utf-8")
        book = Library().read(str(script)).book
    assert book is not None
    compiled = compile_show(book, fixtures).cues
    assert compiled is not None
    inbox, journal = RealInbox(), Journal()
    wires = {name: ClientWire(name, one.settings["url"], inbox) for name, one in fixtures.items()}
    playing = Performance(compiled, fixtures, wires, inbox, journal, Options())
    gc.collect()
    gc.freeze()
    try:
        missing = playing.standby(10_000_000)
        assert not missing, missing
        with Sent() as sent:
            ended = playing.play()
        assert not ended.bad, ended
        assert journal.zero is not None
        start = began(inbox.now, journal.zero)
    finally:
        playing.close()
        gc.unfreeze()
    return start, sent


def loop(fixtures: Mapping[str, Fixture], cues: int) -> list[float]:
    """Send the same frames at the same instants."""
    editing, model = editor(fixtures["live2d"].settings["url"])
    urls = [fixtures[name].settings["url"] for name in ("animaze", "guest")]
    sockets = [*(animaze(url) for url in urls), editing]

    def values(mark: int) -> str:
        named = [{"Id": f"Param{n:02}", "Value": n * 0.123456} for n in range(1, PARAMETERS + 1)]
        data = {"ModelUID": model, "Parameters": [*named, {"Id": "Mark", "Value": mark / FINE}]}
        frame = {"Version": "1.0.1", "Timestamp": 0, "RequestId": "x", "Type": "Request"}
        return json.dumps({**frame, "Method": "SetParameterValues", "Data": data}, separators=(",", ":"))

    planned = [(n / RATE, editing, values(0)) for n in range(cues * RATE // CUES)]
    for n in range(1, cues + 1):
        emote = json.dumps({"action": "TriggerEmote", "id": f"0-{n}", "itemName": f"Emote_{n}"})
        planned.append((n / CUES, sockets[n % 3], values(n) if n % 3 == 2 else emote))
    planned.sort(key=lambda one: one[0])
    with Sent() as sent:
        start = time.perf_counter()
        for due, socket, text in planned:
            time.sleep(max(0.0, start + due - time.perf_counter()))
            socket.send(text)
            socket.recv()
    for socket in sockets:
        socket.close()
    return sent.late(start, cues)


def full(quick: bool) -> Iterator[Row]:
    """Play cues while values stream."""
    cues, runs = (200, 1) if quick else (1_000, 3)
    above, all_, detail = [], [], []
    with hosted("animaze") as one, hosted("animaze") as other, hosted("live2d", rate=RATE) as body:
        fixtures = {"animaze": one, "guest": replace(other, name="guest"), "live2d": body}
        for _ in range(runs):
            start, sent = ours(fixtures, show(cues))
            mine = sent.late(start, cues)
            theirs = loop(fixtures, cues)
            all_ += mine
            above.append((share(mine, 99) - share(theirs, 99)) * 1000)
            detail += [
                f"showrunner: {percentiles(mine)}; {sent.frames['live2d']} frames, {sent.replaced} cues replaced",
                f"bare loop:  {percentiles(theirs)}",
            ]
    late = f"{share(all_, 99) * 1000:.2f} ms"
    yield Row("the same in a full show", late, "+ bare loop", tuple(above), 1, unit=" ms", detail=tuple(detail))


STREAMED = {"live2d": 40, "vts": 40, "obs": 20}
"""Values a frame."""

CALLED = 50
"""Cues a second beside them."""


def streaming(cues: int) -> str:
    over = f"over {cues * 1000 // CALLED + 200}ms"
    body, face = (
        " ".join(f"{name}{n:02} from -{n / 2:.2f} to {n / 2:.2f}" for n in range(1, STREAMED[device] + 1))
        for name, device in (("Param", "live2d"), ("Face", "vts"))
    )
    picture = "; ".join(f"obs place Part{n:02} x {n} y {n} {over}" for n in range(1, STREAMED["obs"] // 2 + 1))
    lines = ["segment full", "  track cues"]
    lines += [f"    at {n * 1000 // CALLED}ms animaze emote Emote_{n}" for n in range(1, cues + 1)]
    lines += ["  track values", f"    at 0s live2d move {body} {over}; vts move {face} {over}; {picture}"]
    return "\n".join(lines) + "\n"


def replayed(fixtures: Mapping[str, Fixture], cues: int, last: Mapping[str, str]) -> list[float]:
    """Send the same frames at the same instants, one after the other, and wait for each answer."""
    editing, model = editor(fixtures["live2d"].settings["url"])
    opened = {
        "live2d": editing,
        "vts": vtuber(fixtures["vts"].settings["url"]),
        "obs": studio(fixtures["obs"].settings["url"], 0),
        "animaze": animaze(fixtures["animaze"].settings["url"]),
    }
    body = json.loads(last["live2d"])
    body["Data"]["ModelUID"] = model
    # For a second VTube Studio lets nobody else set what a plugin has set.
    face = last["vts"].replace('"Face', '"Peer')
    texts = {**last, "live2d": json.dumps(body, separators=(",", ":")), "vts": face}
    planned = [(n / RATE, device, texts[device]) for device in STREAMED for n in range(cues * RATE // CALLED)]
    for n in range(1, cues + 1):
        emote = {"action": "TriggerEmote", "id": f"0-{n}", "itemName": f"Emote_{n}"}
        planned.append((n / CALLED, "animaze", json.dumps(emote)))
    planned.sort(key=lambda one: one[0])
    with Sent() as sent:
        start = time.perf_counter()
        for due, device, text in planned:
            time.sleep(max(0.0, start + due - time.perf_counter()))
            opened[device].send(text)
            opened[device].recv()
    for socket in opened.values():
        socket.close()
    return [sent.at[n] - start - n / CALLED for n in range(1, cues + 1)]


def streams(quick: bool) -> Iterator[Row]:
    """Call cues while three devices stream."""
    cues, runs = (100, 1) if quick else (500, 3)
    above, all_, detail = [], [], []
    with ExitStack() as opened:
        fixtures = {"animaze": opened.enter_context(hosted("animaze"))}
        for device in STREAMED:
            fixtures[device] = opened.enter_context(hosted(device, rate=RATE))
        for _ in range(runs):
            start, sent = ours(fixtures, streaming(cues))
            mine = [sent.at[n] - start - n / CALLED for n in range(1, cues + 1)]
            theirs = replayed(fixtures, cues, sent.last)
            all_ += mine
            above.append((share(mine, 99) - share(theirs, 99)) * 1000)
            frames = ", ".join(f"{count} to {device}" for device, count in sorted(sent.frames.items()))
            detail += [f"showrunner: {percentiles(mine)}; frames: {frames}", f"bare loop:  {percentiles(theirs)}"]
    p99 = f"{share(all_, 99) * 1000:.2f} ms"
    yield Row("while three devices stream", p99, "+ bare loop", tuple(above), 2, unit=" ms", detail=tuple(detail))


PARTS = {"together": full, "streams": streams}

if __name__ == "__main__":
    run(PARTS, __doc__)
