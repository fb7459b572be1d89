"""`showrunner run` as a process of its own, against programs that misbehave on real sockets.

Every run ends by itself, in the right exit code, and its journal has one outcome for each command. Nothing waits but on
lines of the process and on its end, with a limit.
"""

import contextlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import wsproto
from wsproto import events

from tests.disk import FULL

PATIENCE = 60
"""Seconds after which a run that has not ended is killed, and its test fails."""

UNIX = pytest.mark.skipif(sys.platform == "win32", reason="no such signal to send there")
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SHOW = "at 0s animaze scene One\nat 10ms animaze scene Two\n"


class Stand:
    """A program in Animaze's place: ``talk(self, socket)`` plays each conversation, in a thread of its own."""

    def __init__(self, talk, port=0):
        self.talk = talk
        self.open = []
        self.listening = socket.socket()
        self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listening.bind(("127.0.0.1", port))
        self.listening.listen(8)
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                met, _ = self.listening.accept()
            except OSError:
                return
            self.open.append(met)
            threading.Thread(target=self.meet, args=(met,), daemon=True).start()

    def meet(self, met):
        with met, contextlib.suppress(OSError, wsproto.utilities.ProtocolError):
            self.talk(met)

    def close(self):
        for one in (self.listening, *self.open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def shake(met):
    side = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
    while True:
        side.receive_data(met.recv(65536) or None)
        for event in side.events():
            if isinstance(event, events.Request):
                met.sendall(side.send(events.AcceptConnection()))
                return side


def silent(met):
    while met.recv(65536):
        pass


def close_at_once(met):
    shake(met)


def never_answer(met):
    shake(met)
    silent(met)


def no_websocket(met):
    met.recv(65536)
    met.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")


def not_even_http(met):
    met.sendall(b"220 mail.example ESMTP\x1b[2J\r\n")
    silent(met)


def accept_and_say_nothing(met):
    silent(met)


def garbage(met):
    met.recv(65536)
    met.sendall(b"\x00\xff" * 4000)


def conversation(answer):
    """Talk as Animaze does: every request gets ``answer(request)``: texts, bytes or JSON values."""

    def talk(met):
        side = shake(met)
        while data := met.recv(65536):
            side.receive_data(data)
            for event in side.events():
                if isinstance(event, events.Ping):
                    met.sendall(side.send(event.response()))
                if not isinstance(event, events.TextMessage):
                    continue
                for said in answer(json.loads(event.data)):
                    text = said if isinstance(said, str | bytes) else json.dumps(said)
                    met.sendall(side.send(events.Message(data=text)))

    return talk


def obey(request):
    return {"action": request["action"], "id": request.get("id")}


def obediently(request):
    return [obey(request)]


def deaf(request):
    return [] if request["action"] == "TriggerEmote" else [obey(request)]


@pytest.fixture
def stand():
    opened = []

    def stand(talk, port=0):
        opened.append(Stand(talk, port))
        return opened[-1]

    yield stand
    for one in opened:
        one.close()


class Ran:
    def __init__(self, code, out, err, entries):
        self.code, self.out, self.err, self.entries = code, out, err, entries

    def outcomes(self):
        return [(entry["result"], entry.get("reason")) for entry in self.entries if entry["kind"] == "outcome"]


class Running:
    """A `showrunner run` under way; killed when it takes too long, so that reading from it always ends."""

    def __init__(self, folder, *words, journal="out.journal"):
        self.journal = folder / journal
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from showrunner.cli import main; main()",
                "run",
                "a.show",
                "--yes",
                "--journal",
                journal,
                *list(words),
            ],
            cwd=folder,
            env={**os.environ, "SHOWRUNNER_STATE": str(folder / ".state"), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.said = ""
        self.guard = threading.Timer(PATIENCE, self.process.kill)
        self.guard.start()

    def until(self, words):
        """Read what it says until a line holds ``words``."""
        for line in self.process.stderr:
            self.said += line
            if words in line:
                return
        raise AssertionError(f"never said: {words!r}, but\n{self.said}")

    def enter(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self):
        """Wait for its end; see that its journal is whole."""
        try:
            out, err = self.process.communicate(timeout=PATIENCE)
        finally:
            self.guard.cancel()
        ran = Ran(self.process.returncode, out, self.said + err, [])
        assert "Traceback" not in ran.err, ran.err
        assert not RAW.search(ran.out + ran.err), repr(ran.out + ran.err)
        if self.journal.is_file():
            ran.entries = [json.loads(line) for line in self.journal.read_text(encoding="utf-8").splitlines()]
            taken = [entry["id"] for entry in ran.entries if entry["kind"] == "command"]
            ended = [entry["id"] for entry in ran.entries if entry["kind"] == "outcome"]
            assert taken == sorted(ended), ran.err
            assert [entry["seq"] for entry in ran.entries] == list(range(len(ran.entries)))
        return ran


def prepared(folder, port, script=SHOW, settings="", timeout="900ms"):
    folder.joinpath("a.show").write_text(script, encoding="utf-8")
    folder.joinpath("stage.yaml").write_text(
        f"devices:\n  animaze: {{url: 'ws://localhost:{port}'{settings}}}\ndefaults: {{connect-timeout: {timeout}}}\n"
    )


def run(folder, port, script=SHOW, *words, settings="", timeout="900ms"):
    prepared(folder, port, script, settings, timeout)
    return Running(folder, *words).end()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


# ------------------------------------------------------------------------------------------------  nobody to talk to


def test_where_nothing_listens_the_run_ends_with_4_in_the_users_words(tmp_path):
    ran = run(tmp_path, free_port())
    assert ran.code == 4
    assert "error: Animaze did not answer at ws://localhost:" in ran.err
    assert "Settings > Animaze API > Enabled" in ran.err
    assert "refused" in ran.err


def test_of_several_of_a_kind_it_is_told_which_one_is_missing(tmp_path):
    port = free_port()
    prepared(tmp_path, port, "at 0s guest emote One\n")
    stage = tmp_path / "stage.yaml"
    stage.write_text(stage.read_text("utf-8").replace("  animaze: {", "  guest: {driver: animaze, "), "utf-8")
    ran = Running(tmp_path).end()
    assert ran.code == 4
    assert f"error: guest: Animaze did not answer at ws://localhost:{port}" in ran.err


@pytest.mark.parametrize(
    ("talk", "timeout"),
    [(no_websocket, "900ms"), (not_even_http, "900ms"), (garbage, "2s"), (accept_and_say_nothing, "4s")],
)
def test_a_port_that_is_no_websocket_ends_with_4_and_says_so(tmp_path, stand, talk, timeout):
    ran = run(tmp_path, stand(talk).port, timeout=timeout)
    assert ran.code == 4
    assert re.search(r"no WebSocket|did not answer in time", ran.err), ran.err


def test_a_server_that_closes_after_the_handshake_is_no_device(tmp_path, stand):
    ran = run(tmp_path, stand(close_at_once).port)
    assert ran.code in {3, 4}, ran.err


# -------------------------------------------------------------------------------------------------------- odd answers


def test_a_program_that_never_answers_is_ended_by_the_limits(tmp_path, stand):
    ran = run(tmp_path, stand(never_answer).port, "at 0s animaze emote One within 200ms\n", settings=", timeout: 300ms")
    assert ran.code in {3, 4}, ran.err
    if ran.code == 3:
        assert ran.outcomes()[0][0] == "timed-out"
        assert "no answer in time" in ran.err or "within" in ran.err


def test_a_program_that_lives_and_answers_nothing_is_told_once_and_waited_for_no_more(tmp_path, stand):
    script = "".join(f"at {n * 100}ms animaze emote Wave\n" for n in range(10))
    ran = run(tmp_path, stand(conversation(lambda _: [])).port, script, settings=", timeout: 300ms")
    assert ran.code == 3, ran.err
    told = [entry for entry in ran.entries if entry["kind"] == "device" and entry["state"] == "not answering"]
    assert len(told) == 1
    assert [result for result, _ in ran.outcomes()] == ["timed-out"] * 3 + ["skipped"] * 7
    assert {reason for result, reason in ran.outcomes() if result == "skipped"} == {"not answering"}
    assert "animaze: not answering" in ran.err
    again = subprocess.run(
        [sys.executable, "-c", "from showrunner.cli import main; main()", "replay", "out.journal"],
        cwd=tmp_path,
        env={**os.environ, "SHOWRUNNER_STATE": str(tmp_path / ".state")},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert again.returncode == 0, again.stdout + again.stderr


GARBAGE = [
    "",
    "{",
    "null",
    "[]",
    "5",
    '"x"',
    "[" * 100000,
    "9" * 10000,
    "NaN",
    "1e999",
    b"\xff\x00",
    '{"action": 5, "id": []}',
    '{"action": null}',
    '{"id": {}}',
    '{"action": "TriggerEmote", "id": "no-one"}',
    '{"action": "TriggerEmote", "id": "\\ud800"}',
    '{"event": {}}',
    '{"action": "TriggerEmote", "error": [1]}',
]


def test_garbage_is_written_down_and_changes_nothing(tmp_path, stand):
    talk = conversation(lambda request: GARBAGE if request["action"] == "TriggerEmote" else [obey(request)])
    ran = run(tmp_path, stand(talk).port, "at 0s animaze emote One within 500ms\n")
    assert ran.code in {0, 3}, ran.err
    assert sum(entry["kind"] in {"event", "reply"} for entry in ran.entries) >= len(GARBAGE)
    assert ran.entries[-1]["kind"] == "end"


def test_bytes_that_are_no_frame_end_the_connection_and_not_the_show(tmp_path, stand):
    def talk(met):
        shake(met)
        met.recv(65536)
        met.sendall(b"\xff\xff\xff\xff garbage " * 100)
        silent(met)

    ran = run(tmp_path, stand(talk).port, "at 0s animaze emote One within 200ms\n", settings=", timeout: 300ms")
    assert ran.code in {3, 4}, ran.err


def test_an_error_with_control_characters_is_shown_harmless(tmp_path, stand):
    def answer(request):
        wrong = {"error": "gone\x1b[2J\x07\x9b31m\u202e\ud800\r\n\0 end"} if request["action"] == "TriggerEmote" else {}
        return [{**obey(request), **wrong}]

    ran = run(tmp_path, stand(conversation(answer)).port, "at 0s animaze emote One\n")
    assert ran.code == 3
    assert ran.outcomes()[0][0] == "failed"
    assert "\\u{1b}[2J" in ran.err


# -------------------------------------------------------------------------------------------  going and returning


def test_a_program_that_goes_away_is_skipped_and_used_again_when_it_returns(tmp_path, stand):
    first = stand(conversation(obediently))
    script = (
        'at 0s animaze scene One\nthen hold "one"\nthen animaze scene Two\nthen hold "two"\nthen animaze scene Three\n'
    )
    prepared(tmp_path, first.port, script)
    running = Running(tmp_path)
    running.until('hold "one": press')
    first.close()
    running.until("animaze: lost")
    running.enter()
    running.until('hold "two": press')
    stand(conversation(obediently), first.port)
    running.until("animaze: ready")
    running.enter()
    ran = running.end()
    assert ran.code == 3
    assert ran.outcomes()[:2] == [("done", None), ("skipped", "not connected")]
    assert ran.outcomes()[2:].count(("done", None)) >= 1, "what it missed is made up for, and the show goes on"
    assert {result for result, _ in ran.outcomes()[2:]} == {"done"}
    assert (ran.entries[-1]["kind"], ran.entries[-1]["result"]) == ("end", "done")


def test_what_was_in_flight_when_a_program_goes_away_has_failed(tmp_path, stand):
    def answer(request):
        if request["action"] == "TriggerEmote":
            raise OSError
        return [obey(request)]

    ran = run(tmp_path, stand(conversation(answer)).port, "at 0s animaze emote One\n")
    assert ran.code == 3
    assert ran.outcomes() == [("failed", "connection lost")]


# --------------------------------------------------------------------------------------------------------------- Ctrl-C


@UNIX
def test_ctrl_c_lets_what_is_in_flight_end_and_closes_the_journal(tmp_path, stand):
    script = "at 0s animaze emote One within 500ms; log 'begun'\nat 1h animaze emote Two\n"
    prepared(tmp_path, stand(conversation(deaf)).port, script)
    running = Running(tmp_path)
    running.until("begun")
    running.process.send_signal(signal.SIGINT)
    ran = running.end()
    assert ran.code == 130
    assert ran.outcomes()[0][0] == "timed-out"
    assert (ran.entries[-1]["kind"], ran.entries[-1]["result"]) == ("end", "interrupted")


@UNIX
def test_ctrl_c_twice_ends_at_once(tmp_path, stand):
    prepared(tmp_path, stand(conversation(deaf)).port, "at 0s animaze emote One within 1h; log 'begun'\n")
    running = Running(tmp_path)
    running.until("begun")
    running.process.send_signal(signal.SIGINT)
    running.until("Stopping")
    running.process.send_signal(signal.SIGINT)
    ran = running.end()
    assert ran.code == 130
    assert ran.outcomes()[0][0] == "cancelled"
    assert (ran.entries[-1]["kind"], ran.entries[-1]["result"]) == ("end", "interrupted")


@UNIX
def test_ctrl_c_while_nothing_answers_yet_ends_with_130(tmp_path):
    prepared(tmp_path, free_port(), timeout="1h")
    running = Running(tmp_path)
    running.until("animaze: connecting")
    running.process.send_signal(signal.SIGINT)
    assert running.end().code == 130


@UNIX
def test_ctrl_c_ends_the_wait_for_an_editor_that_refuses_to_register(tmp_path, stand):
    def refuse(request):
        return [{**request, "Type": "Error", "Data": {"ErrorType": "InvalidData"}}]

    prepared(tmp_path, stand(conversation(refuse)).port, "at 0s live2d set ParamAngleX 1\n", timeout="500ms")
    stage = tmp_path / "stage.yaml"
    stage.write_text(stage.read_text("utf-8").replace("animaze:", "live2d:"), "utf-8")
    running = Running(tmp_path)
    running.until("The Cubism Editor refused to register this program (InvalidData)")
    running.process.send_signal(signal.SIGINT)
    ran = running.end()
    assert ran.code == 130
    assert (ran.entries[-1]["kind"], ran.entries[-1]["result"]) == ("end", "interrupted")


# ------------------------------------------------------------------------------------------------------------- the disk


@FULL
def test_a_journal_on_a_full_disk_is_said_once_and_the_show_goes_on(tmp_path, stand):
    prepared(tmp_path, stand(conversation(obediently)).port)
    ran = Running(tmp_path, journal="/dev/full").end()
    assert ran.code == 0, ran.err
    assert ran.err.count("NO JOURNAL AT THE MOMENT") == 1
    assert re.search(r"\d+ entries of the journal are not in `/dev/full`", ran.err)


# ------------------------------------------------------------------------------------------------ streams that are shut


@pytest.mark.skipif(sys.platform == "win32", reason="the shell of POSIX")
@pytest.mark.parametrize("shut", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
@pytest.mark.parametrize(
    ("words", "result", "code"),
    [
        ("check a.show", False, 0),
        ("check bad.show", True, 1),
        ("dry-run a.show", True, 0),
        ("explain E101", True, 0),
        ("--version", True, 0),
        ("run a.show --doubles all --yes --journal a.journal", False, 0),
    ],
)
def test_a_stream_that_is_shut_costs_what_was_to_be_read_there_and_no_more(tmp_path, shut, words, result, code):
    (tmp_path / "a.show").write_text("at 100ms animaze emote Emote_Wave\n", "utf-8")
    (tmp_path / "bad.show").write_text("at 5s animase emote X\n", "utf-8")
    program = f"{shlex.quote(sys.executable)} -c 'from showrunner.cli import main; main()' {words} {shut}"
    environment = {**os.environ, "SHOWRUNNER_STATE": str(tmp_path / ".state")}
    ran = subprocess.run(
        ["sh", "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in ran.stdout + ran.stderr
    assert ran.returncode == (1 if result and "1>" in shut else code)
    if shut == "1>&-" and result:
        assert "standard output is closed" in ran.stderr
    if "--journal" in words:
        journal = (tmp_path / "a.journal").read_text("utf-8").splitlines()
        assert json.loads(journal[-1])["result"] == "done"  # nothing that is said gets into the journal's file


def test_without_any_stream_a_show_is_played_and_its_journal_is_whole(tmp_path):
    """So a program begins on Windows that has no console at all."""
    (tmp_path / "a.show").write_text("at 100ms animaze emote Emote_Wave\n", "utf-8")
    begin = "import sys; sys.stdin = sys.stdout = sys.stderr = None; from showrunner.cli import main; main()"
    words = ["run", "a.show", "--doubles", "all", "--yes", "--journal", "a.journal"]
    environment = {**os.environ, "SHOWRUNNER_STATE": str(tmp_path / ".state")}
    ran = subprocess.run(
        [sys.executable, "-c", begin, *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
    journal = (tmp_path / "a.journal").read_text("utf-8").splitlines()
    assert json.loads(journal[-1])["result"] == "done"


@FULL
def test_messages_that_can_go_nowhere_do_not_keep_a_show_from_its_beginning(tmp_path):
    """Its log is on a disk that is full, and there is something to warn of."""
    (tmp_path / "a.show").write_text("at 100ms animaze emote Emote_Wave and wait\n", "utf-8")
    words = ["run", "a.show", "--doubles", "all", "--yes", "--journal", "a.journal"]
    environment = {**os.environ, "SHOWRUNNER_STATE": str(tmp_path / ".state")}
    begin = "from showrunner.cli import main; main()"
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-c", begin, *words], cwd=tmp_path, env=environment, stdout=full, stderr=full, timeout=60,
            check=False,
        )  # fmt: skip
    assert ran.returncode == 0
    journal = (tmp_path / "a.journal").read_text("utf-8").splitlines()
    assert json.loads(journal[-1])["result"] == "done"
