"""A real OBS Studio without screen and without GPU, for tests: Debian's, in a network of its own.

OBS listens on every interface, so it runs in a namespace that has no interface but its loopback. A door is left open: a
listening socket from outside, whose connections are carried to OBS inside. Whoever has not all that this needs is
skipped with the reason. ``python -m tests.real_obs`` is the half inside; when it ends, everything it started ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = {"obs": "obs-studio", "Xvfb": "xvfb", "unshare": "util-linux"}
"""Program -> the package of Debian that has it."""

APART = ("unshare", "--net", "--pid", "--fork", "--kill-child")
"""Without `--kill-child` OBS would outlive a test run that was killed; with it the kernel ends all of it."""

PORT = 4455
PASSWORD = "showrunner-test"  # noqa: S105 - of an OBS that nobody else can reach
PATIENCE = 60
"""Seconds after which an OBS that has not opened its port, or not closed it, never will."""

OPEN = "Server started successfully"
"""What OBS writes once its port is open: all it has is loaded then, and the first request works."""


@dataclass(frozen=True)
class Studio:
    """A running OBS. ``folder``: all it writes lies below. ``log``: what it said of itself."""

    url: str
    folder: Path
    keeper: subprocess.Popen[str]

    @property
    def log(self) -> str:
        return (self.folder / "obs.log").read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End OBS at once, as when the machine runs out of memory."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.write("kill\n")
        self.keeper.stdin.flush()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Studio]:
    """Give an OBS that has just been installed; skip where there is none to be had."""
    missing = [f"{name} (Debian: {package})" for name, package in NEEDED.items() if shutil.which(name) is None]
    if missing:
        pytest.skip(f"the real OBS is not tried: there is no {', no '.join(missing)}")
    apart = APART if os.geteuid() == 0 else (*APART, "--user", "--map-root-user")
    tried = subprocess.run([*apart, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"the real OBS is not tried: no network of its own can be made here ({tried.stderr.strip()})")
    with socket.create_server(("127.0.0.1", 0)) as door:
        command = [*apart, sys.executable, "-m", "tests.real_obs", str(door.fileno()), str(folder)]
        keeper = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, pass_fds=(door.fileno(),), cwd=ROOT
        )
        late = threading.Timer(PATIENCE, keeper.kill)
        late.start()
        studio = Studio(f"ws://127.0.0.1:{door.getsockname()[1]}/", folder, keeper)
        try:
            assert keeper.stdin is not None
            assert keeper.stdout is not None
            assert keeper.stdout.readline() == "ready\n", studio.log[-2000:]
            late.cancel()
            yield studio
        finally:
            late.cancel()
            with contextlib.suppress(BrokenPipeError):
                keeper.stdin.close()
            try:
                keeper.wait(PATIENCE)
            finally:
                keeper.kill()
                keeper.wait()
                keeper.stdout.close()


# --- the half inside


def configure(folder: Path) -> dict[str, str]:
    """Write what a person would have clicked together; give the environment in which OBS finds it."""
    config = folder / "config" / "obs-studio"
    profile = config / "basic" / "profiles" / "Test"
    socket_settings = config / "plugin_config" / "obs-websocket"
    for made in (profile, config / "basic" / "scenes", socket_settings, folder / "recordings"):
        made.mkdir(parents=True)
    (folder / "run").mkdir(mode=0o700)
    general = [
        "[General]", "FirstRun=true", "EnableAutoUpdates=false", "ConfirmOnExit=false", "InfoIncrement=999",
        "[Basic]", "Profile=Test", "ProfileDir=Test", "SceneCollection=Test", "SceneCollectionFile=Test",
        "[BasicWindow]", "WarnBeforeStoppingRecord=false",
        "[OBSWebSocket]", "FirstLoad=false", "ServerEnabled=true", f"ServerPort={PORT}", "AlertsEnabled=false",
        "AuthRequired=true", f"ServerPassword={PASSWORD}",
    ]  # fmt: skip
    asked = {"first_load": False, "server_enabled": True, "server_port": PORT, "alerts_enabled": False}
    asked |= {"auth_required": True, "server_password": PASSWORD}
    written = {
        config / "global.ini": general,
        config / "user.ini": general,  # from OBS 31 on
        socket_settings / "config.json": [json.dumps(asked)],  # from OBS 30.2 on
        profile / "basic.ini": [
            "[General]", "Name=Test", "[Output]", "Mode=Simple", "Reconnect=false",
            "[SimpleOutput]", f"FilePath={folder / 'recordings'}", "RecFormat=mkv", "RecFormat2=mkv", "VBitrate=300",
            "RecQuality=Small", "StreamEncoder=x264", "RecEncoder=x264", "Preset=ultrafast",
            "RecRB=true", "RecRBTime=5", "RecRBSize=16",
            "[Video]", "BaseCX=320", "BaseCY=180", "OutputCX=320", "OutputCY=180", "FPSType=1", "FPSInt=30",
            "[Audio]", "SampleRate=48000", "ChannelSetup=Stereo",
        ],
    }  # fmt: skip
    for path, lines in written.items():
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    places = {"HOME": folder, "XDG_CONFIG_HOME": folder / "config", "XDG_RUNTIME_DIR": folder / "run"}
    looks = {"QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1", "LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1"}
    return os.environ | {name: str(path) for name, path in places.items()} | looks


def raise_loopback() -> None:
    """In a new network even the loopback is down."""
    import fcntl

    up = struct.pack("16sh14x", b"lo", 1)  # IFF_UP
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, up)  # SIOCSIFFLAGS


def carry(door: socket.socket) -> None:
    """Join everybody who comes to the door with OBS."""
    while True:
        outside, _ = door.accept()
        try:
            inside = socket.create_connection(("127.0.0.1", PORT))
        except OSError:
            outside.close()  # OBS is closed
            continue
        for source, sink in ((outside, inside), (inside, outside)):
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=pour, args=(source, sink), daemon=True).start()


def pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def show_display(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start a screen that nobody looks at; give it and its name."""
    told, tell = os.pipe()
    with (folder / "screen.log").open("wb") as log:
        screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(tell), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
            pass_fds=(tell,),
            stdout=log,
            stderr=log,
        )
    os.close(tell)
    with os.fdopen(told) as number:
        return screen, f":{number.readline().strip()}"


def keep(door: socket.socket, folder: Path) -> None:
    """Run OBS until standard input ends."""
    raise_loopback()
    environment = configure(folder)
    screen, environment["DISPLAY"] = show_display(folder)
    obs = subprocess.Popen(
        ["obs", "--minimize-to-tray", "--multi", "--disable-shutdown-check", "--websocket_ipv4_only"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert obs.stdout is not None
    with (folder / "obs.log").open("w", encoding="utf-8") as log:
        for line in obs.stdout:
            print(line, end="", file=log, flush=True)
            if OPEN in line:
                break
        rest = threading.Thread(target=log.writelines, args=(obs.stdout,))
        rest.start()
        threading.Thread(target=carry, args=(door,), daemon=True).start()
        if obs.poll() is None:
            print("ready", flush=True)
        for line in sys.stdin:
            if line == "kill\n":
                obs.kill()
        obs.kill()
        obs.wait()
        rest.join()
    screen.terminate()
    screen.wait()  # it takes its lock away


if __name__ == "__main__":
    keep(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]))
