"""How far a wire may go, and the numbers behind a name, judged by that.

A stage file comes with somebody's show. What goes out without a greeting (a request, a datagram) goes to this machine
and its local network, and further only where the user has written so.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence

from showrunner.devices import addresses
from showrunner.slotted import dataclass


@dataclass(frozen=True, slots=True)
class Permit:
    """What a wire may do. ``to_allow``: what the user writes so that it may go further than near; None: it may.

    ``key``: what it shows (`Authorization: Bearer`). ``refused``: why it may do nothing at all, in words.
    """

    to_allow: str | None = None
    key: str = ""
    refused: str | None = None


ANYWHERE = Permit()


class TooFarError(Exception):
    """An address that a wire may not go to; says so in words."""


def numbers(host: str, port: int, permit: Permit, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[str]:
    """Give the numbers of a host; `localhost` is both loopbacks, whatever the machine's tables say.

    Blocks for as long as a name server takes. ``OSError`` where there are none, ``TooFarError`` where one is too far.
    """
    if host == "localhost":
        return ["127.0.0.1", "::1"]
    try:
        looked = socket.getaddrinfo(host, port, type=kind)
    except UnicodeError as error:
        raise OSError(str(error)) from error
    found = list(dict.fromkeys(str(one[4][0]) for one in looked))
    judge(found, host, port, permit)
    return found


def judge(found: Sequence[str], host: str, port: int, permit: Permit) -> None:
    """Raise ``TooFarError`` where one of the numbers of a host is too far."""
    far = next((one for one in found if not addresses.near(one)), None)
    if far is not None and permit.to_allow is not None:
        named = f"{host}:{port}" if far == host else f"{host}:{port} ({far})"
        what = "the key is not sent" if permit.key else "nothing is sent"
        raise TooFarError(f"{what} to {named}, which is not of this machine or its local network; {permit.to_allow}")
