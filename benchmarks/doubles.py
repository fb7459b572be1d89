"""Doubles for benchmarks: each in a process of its own, on a free port, so that the two sides share no interpreter."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import websocket

from showrunner import devices
from showrunner.devices.live2d.envelope import request
from showrunner.devices.vocabulary import Fixture
from showrunner.show import stage

HOST = """
import sys
from showrunner import devices
from showrunner.show import stage
from showrunner.devices.vocabulary import Terms
from showrunner.wires.hosting import HostedDouble
fixture = stage.fixture(sys.argv[1], devices.find(sys.argv[1]))
double = fixture.device.double(Terms(sys.argv[1], fixture.settings, "0", lambda now: now // 1000))
hosted = HostedDouble(sys.argv[1], double, {fixture.ways[0]: "ws://localhost:0"})
hosted.open()
print(hosted.url, flush=True)
sys.stdin.read()
hosted.close()
"""


@contextmanager
def hosted(device: str, **settings: object) -> Iterator[Fixture]:
    """Start the double of a device that is dialled; give the fixture that reaches it, with these settings besides."""
    kind = devices.find(device)
    assert kind is not None
    fixture = stage.fixture(device, kind)
    with subprocess.Popen([sys.executable, "-c", HOST, device], stdin=-1, stdout=-1, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            yield replace(fixture, settings={**fixture.settings, **settings, "url": url})
        finally:
            process.stdin.close()


def animaze(url: str) -> websocket.WebSocket:
    """Connect to Animaze: there is nothing to greet."""
    return websocket.create_connection(url, timeout=10, enable_multithread=False)


def editor(url: str) -> tuple[websocket.WebSocket, str]:
    """Connect to a Cubism Editor; give the connection and the UID of the open model."""
    socket = websocket.create_connection(url, timeout=10, enable_multithread=False)
    numbers = itertools.count()

    def ask(method: str, **data: object) -> dict:
        wire = f"peer-{next(numbers)}"
        socket.send(json.dumps(request("1.0.1", 0, wire, method, data)))
        while (answer := json.loads(socket.recv())).get("RequestId") != wire:
            pass
        assert answer["Type"] == "Response", answer
        return answer["Data"]

    ask("RegisterPlugin", Name="benchmark")
    assert ask("GetIsApproval")["Result"]
    return socket, ask("GetCurrentModelUID")["ModelUID"]


def studio(url: str, mask: int) -> websocket.WebSocket:
    """Connect to OBS; ``mask``: what to be told of."""
    socket = websocket.create_connection(url, timeout=10, enable_multithread=False)
    assert json.loads(socket.recv())["op"] == 0
    socket.send(json.dumps({"op": 1, "d": {"rpcVersion": 1, "eventSubscriptions": mask}}))
    assert json.loads(socket.recv())["op"] == 2
    return socket


def vtuber(url: str) -> websocket.WebSocket:
    """Connect to a VTube Studio as a plugin that its user allows."""
    socket = websocket.create_connection(url, timeout=10, enable_multithread=False)
    plugin = {"pluginName": "benchmark", "pluginDeveloper": "benchmark"}

    def ask(kind: str, data: dict) -> dict:
        frame = {"apiName": "VTubeStudioPublicAPI", "apiVersion": "1.0", "requestID": kind, "messageType": kind}
        socket.send(json.dumps({**frame, "data": data}))
        return json.loads(socket.recv())["data"]

    token = ask("AuthenticationTokenRequest", plugin)["authenticationToken"]
    assert ask("AuthenticationRequest", {**plugin, "authenticationToken": token})["authenticated"]
    return socket
