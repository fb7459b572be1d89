"""What programs call into the network: datagrams that come unasked, listened for a short while. Nothing is sent."""

from __future__ import annotations

import socket
import time

from showrunner.devices.presence import Beacon
from showrunner.devices.vocabulary import Frame
from showrunner.wires import frames

SPARE = 500_000
"""So much longer than the time between two calls is listened (microseconds)."""

_LONGEST = 65_507


def heard(beacon: Beacon) -> str | None:
    """Listen until a program calls; give what it says, and from where. None: none did, or nobody may listen there.

    Programs call to everybody in the network, so this listens on every interface; another that listens there, too, is
    no hindrance. What comes is read with the limits of every wire, and nothing is answered.
    """
    until = time.monotonic() + (beacon.every + SPARE) / 1_000_000
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            listening.bind(("", beacon.port))
            while (left := until - time.monotonic()) > 0:
                listening.settimeout(left)
                said, (host, *_) = _next(listening)
                if said is not None and (found := beacon.says(said)) is not None:
                    return f"{found} (from {host})"
        except OSError:
            return None
    return None


def _next(listening: socket.socket) -> tuple[Frame | None, tuple[str, int]]:
    """Give the next datagram, None where it is no JSON object, and who sent it; raises ``OSError`` when time is up."""
    try:
        packet, sender = listening.recvfrom(_LONGEST)
    except ConnectionResetError:
        return None, ("", 0)  # Windows tells of something sent earlier in this way
    read = frames.read(packet)
    return (read if isinstance(read, dict) else None), sender
