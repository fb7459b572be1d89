"""A request beside a wire: HTTP, for what no message of the wire can do.

What is asked, and how a refusal is worded, is the device's business (``vocabulary.HttpRequest``).
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from showrunner.devices import addresses
from showrunner.devices.vocabulary import HttpRequest
from showrunner.frozen import dataclass
from showrunner.wires.inbox import RealInbox
from showrunner.wires.wire import Hushed

_PATIENCE = 2.0
"""Seconds that all of it may take: the name, the connection, the answer."""

LARGEST = 1_000_000
"""So many bytes of an answer are read."""

_ACTED_UPON = 0.25
"""Seconds after the answer: the program has acted by then (0.07 were seen), and what comes now is not meant."""


def begin(inbox: RealInbox, device: str, ask: Callable[[], str | None]) -> None:
    """Do ``ask``, which says what went wrong if anything, in a thread of its own; ``inbox`` gets the answer."""

    def asking() -> None:
        inbox.put(device, Hushed(ask()))

    threading.Thread(target=asking, name=f"wire {device} stops", daemon=True).start()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: what went wrong, in plain words; else what was said, if that is JSON."""

    wrong: str | None
    said: Any = None


def ask(request: HttpRequest, environment: Mapping[str, str], to_allow: str | None) -> str | None:
    """Have the program do something; give what went wrong, if anything. When it returns that is done.

    The rest is as for ``put``.
    """
    wrong = put(request, environment, to_allow).wrong
    if wrong is None:
        time.sleep(_ACTED_UPON)
    return wrong


def put(request: HttpRequest, environment: Mapping[str, str], to_allow: str | None) -> Answer:
    """Put the request to the program.

    ``environment`` holds the key. It is shown to this machine and its local network alone, and ``to_allow`` says what
    the user writes where it is meant to go further; None: that is written. Blocks for two and a half seconds at most:
    call it in a thread.
    """
    key = environment.get(request.key_env, "").strip()
    if not key:
        return Answer(f"the environment variable {request.key_env} is not set")
    parts = urlsplit(request.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_PATIENCE)
    given_up = threading.Event()
    answers: list[Answer] = []
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path

    def asking() -> None:
        answers.append(_asked(connection, request, path, key, given_up, to_allow))

    # A name server that is silent, or a program that answers a letter a second, is not waited for.
    thread = threading.Thread(target=asking, name=f"wire {parts.hostname} is asked", daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    given_up.set()
    if answers:
        return answers[0]
    reached: socket.socket | None = connection.sock
    if reached is not None:
        with contextlib.suppress(OSError):
            reached.shutdown(socket.SHUT_RDWR)
        thread.join(_ACTED_UPON)
    return Answer(f"{request.program} did not answer at {connection.host}:{connection.port} in time")


def _asked(
    connection: http.client.HTTPConnection,
    request: HttpRequest,
    path: str,
    key: str,
    given_up: threading.Event,
    to_allow: str | None,
) -> Answer:
    program, where = request.program, f"{connection.host}:{connection.port}"
    try:
        found = _found(connection)
        far = next((one for one in found if not addresses.near(one)), None)
        if far is not None and to_allow is not None:
            named = where if far == connection.host else f"{where} ({far})"
            why = f"the key is not sent to {named}, which is not of this machine or its local network; {to_allow}"
            return Answer(why)
        _connect(connection, found)
        if given_up.is_set():
            return Answer(None)  # nobody listens any more, and what comes late would hit something else
        # Nothing but the address itself is asked: a redirection would hand the key to somebody else.
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        if request.body is None:
            connection.request("GET", path, headers=headers)
        else:
            connection.request("POST", path, json.dumps(request.body).encode(), headers)
        response = connection.getresponse()
        status, body = response.status, response.read(LARGEST) if request.body is None else b""
    except ValueError:
        return Answer("the key has characters that no key can have")
    except ConnectionRefusedError:
        return Answer(f"{program} is not running at {where}")
    except OSError:
        return Answer(f"{program} did not answer at {where}")
    except http.client.HTTPException:
        return Answer(f"what answers at {where} is not {program}")
    finally:
        connection.close()
    if not 200 <= status < 300:
        return Answer(request.refusals.get(status, f"{program} refused it (HTTP {status})"))
    with contextlib.suppress(ValueError, RecursionError):
        return Answer(None, json.loads(body) if body else None)
    return Answer(f"what answers at {where} is not {program}")


def _found(connection: http.client.HTTPConnection) -> list[str]:
    """Give the numbers of the host; `localhost` is both loopbacks, whatever the machine's tables say."""
    if connection.host == "localhost":
        return ["127.0.0.1", "::1"]
    try:
        found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(str(error)) from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _connect(connection: http.client.HTTPConnection, found: list[str]) -> None:
    """Connect to one of the numbers that were judged: asked again, a name might stand for others."""
    for number in found:
        try:
            connection.sock = socket.create_connection((number, connection.port), _PATIENCE)
            break
        except OSError:
            if number == found[-1]:
                raise
    if isinstance(connection, http.client.HTTPSConnection):
        secure = ssl.create_default_context()
        connection.sock = secure.wrap_socket(connection.sock, server_hostname=connection.host)
