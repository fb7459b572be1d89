"""A program that a test starts, with a hand on its Ctrl-C: on every system.

POSIX has a signal for it. Windows has only the console's, which reaches whoever shares it; there the program presses
the key itself when a byte comes over loopback, in a thread of its own, as the console does.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import Any

MAIN = "from showrunner.cli import main; main()"

LISTENS = """
import signal, socket, threading
def pressed(from_the_test=socket.create_connection(("127.0.0.1", {port}))):
    while from_the_test.recv(1):
        signal.raise_signal(signal.SIGINT)
threading.Thread(target=pressed, daemon=True).start()
"""


class Pressed(subprocess.Popen[str]):
    """Our program with these words; ``how`` is what `subprocess.Popen` takes."""

    def __init__(self, *words: str, **how: Any) -> None:
        self._hand: socket.socket | None = None
        begins = ""
        if sys.platform == "win32":
            server = socket.create_server(("127.0.0.1", 0))
            begins = LISTENS.format(port=server.getsockname()[1])
        super().__init__([sys.executable, "-c", f"{begins}{MAIN}", *words], text=True, encoding="utf-8", **how)
        if sys.platform == "win32":
            self._hand, _ = server.accept()
            server.close()

    def ctrl_c(self) -> None:
        """Press it once."""
        if self._hand is None:
            self.send_signal(signal.SIGINT)
        else:
            self._hand.sendall(b"c")

    def __exit__(self, *why: object) -> None:
        if self._hand is not None:
            self._hand.close()
        super().__exit__(*why)
