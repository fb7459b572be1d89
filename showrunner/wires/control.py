"""The way to doubles that run in another process of this user: `double` gives an order, `simulate` obeys it.

One line of JSON each way over this machine's loopback. Where to, and the word that lets one in, stand in a file that
this user alone can read; it goes when its ``Control`` closes.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import socket
import tempfile
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from showrunner.slotted import dataclass

_LOOPBACK = "127.0.0.1"
_LOOK = 0.2
_PATIENCE = 3.0
"""Seconds that either side may take over its line."""

_SLOWEST = 10.0
"""Seconds that an order may take."""

_LONGEST = 64 * 1024
_PREFIX = "simulate-"

Obey = Callable[[str, str, str | None], str | None]
"""Does what a switch of a device says; gives what was wrong with it, if anything."""


@dataclass(frozen=True, slots=True)
class Post:
    """A `simulate` that runs: which devices it plays, and how it is reached."""

    devices: tuple[str, ...]
    port: int
    token: str


class Control:
    """Takes orders for ``devices`` until ``close``; ``folder`` is where others look for it.

    ``OSError`` where its file cannot be written. ``obey`` is called in another thread.
    """

    def __init__(self, folder: Path, devices: Collection[str], obey: Obey) -> None:
        self._obey = obey
        self._token = secrets.token_hex(16)
        self._listening = socket.create_server((_LOOPBACK, 0))
        self._listening.settimeout(_LOOK)
        port = int(self._listening.getsockname()[1])
        self._file = folder / f"{_PREFIX}{port}.json"
        try:
            _write(self._file, {"devices": list(devices), "port": port, "token": self._token})
        except OSError:
            self._listening.close()
            raise
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="wire control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more orders, and leave nothing behind."""
        self._file.unlink(missing_ok=True)
        self._closing.set()
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                met, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                # It has gone, or there is no file left for it: whoever comes next is met all the same.
                self._closing.wait(_LOOK)
                continue
            with met:
                met.settimeout(_PATIENCE)
                try:
                    said = _line(met)
                    met.sendall(json.dumps(self._answer(said)).encode() + b"\n")
                except OSError:
                    continue  # it went away, or said nothing: whoever it was will see no answer

    def _answer(self, said: bytes) -> dict[str, Any]:
        order = _read(said)
        token, device, switch, value = (order.get(key) for key in ("token", "device", "switch", "value"))
        if not isinstance(token, str) or not hmac.compare_digest(
            token.encode("utf-8", "replace"), self._token.encode()
        ):
            return {"wrong": "this order is not from the user who runs the doubles"}
        if not isinstance(device, str) or not isinstance(switch, str) or not (value is None or isinstance(value, str)):
            return {"wrong": "this is no order"}
        return {"wrong": self._obey(device, switch, value)}


def posts(folder: Path) -> list[Post]:
    """List those that run, the newest first. What is left of one that was killed is cleared away."""
    found: list[tuple[float, Post]] = []
    for file in folder.glob(f"{_PREFIX}*.json"):
        try:
            written, said = file.stat().st_mtime, _read(file.read_bytes())
        except OSError:
            continue  # it has just ended
        devices, port, token = (said.get(key) for key in ("devices", "port", "token"))
        if not isinstance(devices, list) or not isinstance(port, int) or not isinstance(token, str):
            continue
        post = Post(tuple(str(device) for device in devices), port, token)
        if _runs(post):
            found.append((written, post))
        else:
            file.unlink(missing_ok=True)
    return [post for _, post in sorted(found, key=lambda one: one[0], reverse=True)]


def order(post: Post, device: str, switch: str, value: str | None) -> str | None:
    """Have a switch flipped; give what was wrong with it, if anything. ``OSError`` where nobody answers."""
    asked = {"token": post.token, "device": device, "switch": switch, "value": value}
    with socket.create_connection((_LOOPBACK, post.port), _PATIENCE) as met:
        met.sendall(json.dumps(asked).encode() + b"\n")
        met.settimeout(_SLOWEST)
        answer = _read(_line(met))
    if "wrong" not in answer:
        raise ConnectionError("no answer came")
    wrong = answer["wrong"]
    return None if wrong is None else str(wrong)


def _runs(post: Post) -> bool:
    try:
        socket.create_connection((_LOOPBACK, post.port), _PATIENCE).close()
    except (OSError, OverflowError):
        return False
    return True


def _line(met: socket.socket) -> bytes:
    held = b""
    while b"\n" not in held and len(held) < _LONGEST:
        got = met.recv(4096)
        if not got:
            break
        held += got
    return held


def _read(said: bytes) -> dict[str, Any]:
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _write(file: Path, said: dict[str, Any]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Made by mkstemp, the file is this user's alone from its first byte on.
    handle, name = tempfile.mkstemp(prefix=".simulate-", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(said, out)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
