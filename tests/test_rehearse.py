"""Rehearsals as a user has them: a real process, files saved on disk, presses over HTTP. Few: they take real time."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from showrunner.show.book import read

FIRST = """\
at 00:00  live2d set ParamAngleX 10
at 00:00  hold "ready?"
then      log "the old text"
"""

GUESTS = """\
at 00:00  guest emote Emote_Wave for 10ms
then      say "Look!" image "dot.png"
then      hold "panic?"
"""

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="

MAIN = "from showrunner.cli import main; main()"

PATIENCE = 30


class Running:
    """A rehearsal, and what it says."""

    def __init__(self, script: Path, journal: Path, *more: str) -> None:
        self._start(script, "rehearse", str(script), "--doubles", "all", "--yes", "--record", str(journal), *more)

    def _start(self, script: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", MAIN, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "SHOWRUNNER_STATE": str(script.parent / "state"), "PYTHONUNBUFFERED": "1"},
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self.reader.start()

    @classmethod
    def of(cls, script: Path, *words: str) -> Running:
        """Start another command."""
        made = cls.__new__(cls)
        made._start(script, *words)
        return made

    def end(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line)

    def until(self, pattern: str) -> re.Match[str]:
        while True:
            found = re.search(pattern, self._lines.get(timeout=PATIENCE))
            if found is not None:
                return found

    def press(self, address: str, path: str = "/api/do", **what: object) -> dict[str, object]:
        base, token = address.split("/?token=")
        asked = urllib.request.Request(  # noqa: S310 - the console, on loopback
            f"{base}{path}",
            json.dumps(what).encode(),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - as above
            said: dict[str, object] = json.load(answer)
        return said


def entries(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "a.journal").read_text("utf-8").splitlines()]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "a.show"
    path.write_text(FIRST, "utf-8")
    (tmp_path / "stage.yaml").write_text("console: {port: 0}\n", "utf-8")
    return path


@pytest.fixture
def running(script: Path, tmp_path: Path) -> Iterator[Running]:
    made = Running(script, tmp_path / "a.journal")
    yield made
    made.process.kill()
    made.process.wait(PATIENCE)
    made.reader.join(PATIENCE)
    if made.process.stdout is not None:
        made.process.stdout.close()


def test_a_save_is_played_a_bad_one_refused_and_go_comes_over_the_console(
    running: Running, script: Path, tmp_path: Path
) -> None:
    address = running.until(r"(http://\S+/\?token=\S+)")[1]
    running.until("hold")
    script.write_text(FIRST.replace("log", "lgo"), "utf-8")
    running.until("The save was refused; the show plays on as it was.")
    beside = tmp_path / "a.show~"
    beside.write_text(FIRST.replace("the old text", "the new text").replace("X 10", "X 20"), "utf-8")
    beside.replace(script)
    running.until('saved: changed: line 3: `log "the new text"`')
    assert running.press(address, action="go") == {"ok": True}
    running.until("the new text")
    assert running.process.wait(PATIENCE) == 0
    told = entries(tmp_path)
    reloads = [entry for entry in told if entry["kind"] == "reload"]
    assert [entry["ok"] for entry in reloads] == [False, True]
    assert reloads[0]["findings"][0]["line"] == 3
    assert reloads[1]["changed"] == ["main/L1", "main/L3"]
    assert reloads[1]["running"] == ["live2d ParamAngleX: 10 -> 20"]
    assert told[-1]["kind"] == "end"
    assert told[-1]["result"] == "done"
    assert replayed(tmp_path / "a.journal").startswith("the same: ")


def test_what_a_program_presses_with_a_text_is_in_the_journal_once_and_is_replayed(
    running: Running, script: Path, tmp_path: Path
) -> None:
    address = running.until(r"(http://\S+/\?token=\S+)")[1]
    running.until("hold")
    waits = "then   wait for button donate\nthen   wait for button donate\n"
    script.write_text(FIRST + waits, "utf-8")
    running.until("saved: ")
    assert running.press(address, action="go") == {"ok": True}
    for _ in range(2):
        given = {"text": "Hello!\x1b[2J\nYou", "fields": {"user": "Aki", "amount": 500}, "id": "1"}
        assert running.press(address, path="/api/press", name="donate", **given) == {"ok": True}
    assert running.press(address, action="button", name="donate") == {"ok": True}
    assert running.process.wait(PATIENCE) == 0
    pressed = [entry for entry in entries(tmp_path) if entry.get("action") == "button"]
    assert [(one["name"], one.get("text"), one.get("fields")) for one in pressed] == [
        ("donate", "Hello![2J You", {"user": "Aki", "amount": 500}),
        ("donate", None, None),
    ]
    assert replayed(tmp_path / "a.journal").startswith("the same: ")


def replayed(journal: Path) -> str:
    again = subprocess.run(
        [sys.executable, "-c", MAIN, "replay", str(journal)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return again.stdout + again.stderr


def test_a_recorded_rehearsal_is_replayed_though_all_its_files_are_gone(tmp_path: Path) -> None:
    """Also those that stood elsewhere: the stage file with a second device of a kind, its catalogue, a picture.

    The script is byte for byte what was played, as editors on Windows write it.
    """
    house, show = tmp_path / "house", tmp_path / "show"
    house.mkdir()
    show.mkdir()
    script = show / "a.show"
    script.write_bytes(f"\ufeff{GUESTS}".replace("\n", "\r\n").encode())
    (show / "dot.png").write_bytes(b64decode(DOT))
    (house / "night.yaml").write_text(
        "devices:\n  guest: {driver: animaze, safe: [guest emote Emote_Bow]}\n"
        "console: {port: 0}\ncatalogue: names.yaml\n",
        "utf-8",
    )
    (house / "names.yaml").write_text("guest: {emotes: [Emote_Wave, Emote_Bow]}\n", "utf-8")
    running = Running(script, tmp_path / "a.journal", "--stage", str(house / "night.yaml"))
    try:
        address = running.until(r"(http://\S+/\?token=\S+)")[1]
        running.until("hold")
        running.press(address, action="panic")
        running.press(address, action="stop")
        running.process.wait(PATIENCE)
    finally:
        running.process.kill()
        running.process.wait(PATIENCE)
        running.reader.join(PATIENCE)
        if running.process.stdout is not None:
            running.process.stdout.close()
    assert any(e["kind"] == "command" and e["text"] == "guest emote Emote_Bow" for e in entries(tmp_path))
    for folder in (house, show):
        shutil.rmtree(folder)
    assert {entry["path"]: entry.get("role") for entry in entries(tmp_path) if entry["kind"] == "source"} == {
        script.as_posix(): None,
        (house / "night.yaml").as_posix(): "stage",
        (house / "names.yaml").as_posix(): "catalogue",
    }
    assert replayed(tmp_path / "a.journal").startswith("the same: ")


def test_a_seek_in_a_part_that_is_rehearsed_is_replayed_with_the_end_of_that_part(script: Path, tmp_path: Path) -> None:
    script.write_text("segment one\n  at 0s  hold\n  then   log 'end'\nsegment two\n  at 0s  log 'no'\n", "utf-8")
    running = Running(script, tmp_path / "a.journal", "--until", "two")
    try:
        address = running.until(r"(http://\S+/\?token=\S+)")[1]
        running.until("hold")
        running.press(address, action="seek", to="one")
        running.until("hold")
        running.press(address, action="go")
        assert running.process.wait(PATIENCE) == 0
    finally:
        running.process.kill()
        running.process.wait(PATIENCE)
        running.reader.join(PATIENCE)
        if running.process.stdout is not None:
            running.process.stdout.close()
    assert [entry["segment"] for entry in entries(tmp_path) if entry["kind"] == "segment"] == ["one", "one"]
    assert replayed(tmp_path / "a.journal").startswith("the same: ")


def test_a_save_is_undone_and_done_again_until_the_next_one(running: Running, script: Path, tmp_path: Path) -> None:
    address = running.until(r"(http://\S+/\?token=\S+)")[1]
    running.until("hold")

    def refused(action: str, **more: str) -> None:
        with pytest.raises(urllib.error.HTTPError, match="409"):
            running.press(address, action=action, **more)

    refused("undo-reload")
    refused("redo-reload")
    refused("connect", name="nobody")
    script.write_text(FIRST.replace("old text", "second text"), "utf-8")
    running.until('saved: changed: line 3: `log "the second text"`')
    running.press(address, action="undo-reload")
    running.until('brought back: changed: line 3: `log "the old text"`')
    refused("undo-reload")
    running.press(address, action="redo-reload")
    running.until("brought back: changed: line 3")
    refused("redo-reload")
    running.press(address, action="undo-reload")
    running.until("brought back: changed: line 3")
    script.write_text(FIRST.replace("old text", "third text"), "utf-8")
    running.until("saved: changed: line ")
    refused("redo-reload")
    running.press(address, action="undo-reload")
    running.until("brought back: changed: line 3")
    running.press(address, action="go")
    running.until("the old text")
    assert running.process.wait(PATIENCE) == 0
    told = entries(tmp_path)
    first, second, third, *_ = dict.fromkeys(entry["new"] for entry in told if entry["kind"] == "reload")
    texts = [entry["new"] for entry in told if entry["kind"] == "reload"]
    assert texts == [first, second, first, second, third, second]


def test_a_device_that_is_missing_is_waited_for_and_the_console_says_which(tmp_path: Path) -> None:
    script = tmp_path / "a.show"
    script.write_text("at 0s  animaze emote Emote_Wave\n", "utf-8")
    with socket.socket() as taken:  # nobody answers there, and nobody else can come to
        taken.bind(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{taken.getsockname()[1]}"
        stage = f"devices: {{animaze: {{url: '{url}'}}}}\ndefaults: {{connect-timeout: 10ms}}\nconsole: {{port: 0}}\n"
        (tmp_path / "stage.yaml").write_text(stage, "utf-8")
        running = Running.of(script, "rehearse", str(script), "--yes")
        try:
            base, token = running.until(r"(http://\S+/\?token=\S+)")[1].split("/?token=")
            running.until("warning: Animaze did not answer")
            running.until("Waiting for what is missing; Ctrl-C ends it.")
            asked = urllib.request.Request(f"{base}/api/events", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
            with urllib.request.urlopen(asked, timeout=PATIENCE) as stream:  # noqa: S310 - the console, on loopback
                told = next(line for line in stream if b'"missing"' in line)
            assert b'"animaze":"Animaze did not answer' in told.replace(b'": "', b'":"')
            with pytest.raises(urllib.error.HTTPError, match="409"):
                running.press(f"{base}/?token={token}", action="start")
            running.press(f"{base}/?token={token}", action="stop")
            assert running.process.wait(PATIENCE) == 130
        finally:
            running.end()


def test_the_evening_itself_is_called_from_the_console_too_and_a_save_changes_nothing(script: Path) -> None:
    running = Running.of(script, "run", str(script), "--doubles", "all", "--yes", "--console")
    try:
        address = running.until(r"(http://\S+/\?token=\S+)")[1]
        running.until("hold")
        script.write_text(FIRST.replace("old text", "new text"), "utf-8")
        with pytest.raises(urllib.error.HTTPError, match="409"):
            running.press(address, action="undo-reload")
        assert running.press(address, action="go") == {"ok": True}
        running.until("the old text")
        assert running.process.wait(PATIENCE) == 0
    finally:
        running.end()


# ----------------------------------------------------------------------------------------------------- habits of saving


def vim(path: Path, text: str) -> None:
    probe, backup = path.with_name("4913"), path.with_name(f"{path.name}~")
    path.with_name(f".{path.name}.swp").write_bytes(b"b0VIM 9.0")
    probe.write_bytes(b"")
    probe.unlink()
    path.rename(backup)
    with path.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    backup.unlink()


def vs_code(path: Path, text: str) -> None:
    with path.open("wb") as out:
        out.flush()
        out.write(text.encode())


def notepad(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_TRUNC)
    data = text.encode()
    os.write(handle, data[:20])
    os.write(handle, data[20:])
    os.close(handle)


def rsync(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.Xy12ab")
    beside.write_text(text, "utf-8")
    os.utime(beside, (1_000_000_000, 1_000_000_000))
    beside.replace(path)


def gone_for_a_moment(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text, "utf-8")


HABITS = [vim, vs_code, notepad, rsync, gone_for_a_moment]
if sys.platform == "win32":
    HABITS.remove(gone_for_a_moment)  # there what somebody just reads cannot be deleted


def test_whatever_an_editor_does_a_change_is_one_reload_and_nothing_else_is(
    script: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    part = tmp_path / "part.show"
    part.write_text('define said\n  log "of the part"\n', "utf-8")
    text = f'include "part.show"\n{FIRST}then do said\n'
    script.write_text(text, "utf-8")
    running = request.getfixturevalue("running")
    running.until("hold")
    stood = [read(str(script)).book]
    for number, save in enumerate(HABITS):
        # What is saved as it was is no change, and neither are a comment and other files.
        save(script, text)
        script.with_name("notes.txt").write_text(str(number), "utf-8")
        text = text.replace("the old text", f"the old text, and {save.__name__}")
        save(script, text)
        running.until("saved: changed: line ")
        stood.append(read(str(script)).book)
    part.write_text('define said\n  log "of the new part"\n', "utf-8")
    running.until('saved: changed: part.show, line 2: `log "of the new part"`')
    vs_code(tmp_path / "stage.yaml", "console: {port: 0}\ndefaults: {on-failure: stop}\n")
    running.until("note: stage.yaml has changed: devices that play keep what they have until the next start")
    vs_code(tmp_path / "catalogue.yaml", "animaze: {emotes: [Emote_Wave]}\n")
    running.until("note: catalogue.yaml has changed: the script is checked against it from now on")
    stood.append(read(str(script)).book)
    vim(script, f"{text}# only said\n")
    vim(script, f"{text}segmnt\n")
    running.until("The save was refused")
    script.unlink()
    running.until("there is no file")
    vs_code(script, text)
    running.until("The script is right again.")
    running.until("saved: nothing changed")
    rsync(script, text.replace('hold "ready?"', 'log "on it goes"'))
    running.until("of the new part")
    assert running.process.wait(PATIENCE) == 0
    stood.append(read(str(script)).book)
    reloads = [entry for entry in entries(tmp_path) if entry["kind"] == "reload"]
    taken = [entry for entry in reloads if entry["ok"]]
    assert [entry["new"] for entry in taken] == [book.fingerprint for book in stood[1:] if book is not None]
    assert len(reloads) == len(taken) + 2
