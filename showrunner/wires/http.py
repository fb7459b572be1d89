"""The stop that cuts AITuberKit's sound: its HTTP control, since no message of its WebSocket does.

Source: ``POST /api/v1/stop/`` of AITuberKit 2.74, observed to cut within 0.1 s; the slash at the end is needed. When it
is asked for is the performance's business.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from showrunner.wires.inbox import RealInbox
from showrunner.wires.wire import Hushed

_PATIENCE = 2.0
"""Seconds that all of it may take: the name, the connection, the answer."""

_ACTED_UPON = 0.25
"""Seconds after the answer: the page has acted by then (0.07 were seen), and a line that comes now is not cut too."""


def begin(inbox: RealInbox, device: str, ask: Callable[[], str | None]) -> None:
    """Do ``ask``, which says what went wrong if anything, in a thread of its own; ``inbox`` gets the answer."""

    def asking() -> None:
        inbox.put(device, Hushed(ask()))

    threading.Thread(target=asking, name=f"wire {device} stops", daemon=True).start()


def stop(api: Mapping[str, Any], environment: Mapping[str, str]) -> str | None:
    """Ask AITuberKit to stop what sounds and what waits; give what went wrong, in plain words, if anything.

    ``api`` is that key of the stage file: ``url``, ``client``, and ``key-env``, the name of the variable in
    ``environment`` that holds the key. Blocks for two and a half seconds at most: call it in a thread.
    """
    url = str(api.get("url", ""))
    address = _address(url)
    if address is None:
        return f"`api: url` is no http address: {url}"
    variable = api.get("key-env")
    if not variable:
        return "`api` in the stage file has no `key-env`"
    key = environment.get(str(variable), "").strip()
    if not key:
        return f"the environment variable {variable} is not set"
    secure, host, port, path = address
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(host, port, timeout=_PATIENCE)
    given_up = threading.Event()
    answers: list[str | None] = []

    def asking() -> None:
        answers.append(_asked(connection, path, str(api.get("client", "")), key, given_up))

    # A name server that is silent, or a program that answers a letter a second, is not waited for.
    thread = threading.Thread(target=asking, name=f"wire {host} is asked to stop", daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    given_up.set()
    if answers:
        if answers[0] is None:
            time.sleep(_ACTED_UPON)
        return answers[0]
    reached: socket.socket | None = connection.sock
    if reached is not None:
        with contextlib.suppress(OSError):
            reached.shutdown(socket.SHUT_RDWR)
        thread.join(_ACTED_UPON)
    return f"AITuberKit did not answer at {url} in time"


def _asked(
    connection: http.client.HTTPConnection, path: str, client: str, key: str, given_up: threading.Event
) -> str | None:
    where = f"{connection.host}:{connection.port}"
    body = json.dumps({"clientId": client, "mode": "all"}).encode()
    try:
        _connect(connection)
        if given_up.is_set():
            return None  # nobody listens any more, and a stop that comes late would cut something else
        # Nothing but the address itself is asked: a redirection would hand the key to somebody else.
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except ValueError:
        return "the key has characters that no key can have"
    except ConnectionRefusedError:
        return f"AITuberKit is not running at {where}"
    except OSError:
        return f"AITuberKit did not answer at {where}"
    except http.client.HTTPException:
        return f"what answers at {where} is not AITuberKit"
    finally:
        connection.close()
    return None if 200 <= status < 300 else _REFUSALS.get(status, f"AITuberKit refused the stop (HTTP {status})")


def _connect(connection: http.client.HTTPConnection) -> None:
    """Connect; `localhost` is both loopbacks, whatever the machine's tables say."""
    if connection.host != "localhost":
        connection.connect()
        return
    try:
        connection.sock = socket.create_connection(("127.0.0.1", connection.port), _PATIENCE)
    except OSError:
        connection.sock = socket.create_connection(("::1", connection.port), _PATIENCE)
    if isinstance(connection, http.client.HTTPSConnection):
        secure = ssl.create_default_context()
        connection.sock = secure.wrap_socket(connection.sock, server_hostname=connection.host)


def _address(url: str) -> tuple[bool, str, int, str] | None:
    """Take an http address apart: secure, host, port, the path of the stop."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not re.fullmatch(r"[!-~]*", url):
        return None
    secure = parts.scheme == "https"
    return secure, parts.hostname, port or (443 if secure else 80), f"{parts.path.rstrip('/')}/api/v1/stop/"


_REFUSALS = {
    401: "AITuberKit refused the stop: the key is not the one in its AITUBERKIT_API_KEY",
    404: "AITuberKit refused the stop: it knows none there; is `api: url` the address of its page, and no more?",
    503: "AITuberKit refused the stop: it has no key (AITUBERKIT_API_KEY in its environment)",
}
