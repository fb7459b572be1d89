"""`showrunner double`: orders from one terminal to the doubles of another, and who may give them."""

import errno
import io
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading

import pytest

from showrunner import cli
from showrunner.cli.simulate import controlled
from showrunner.wires import control
from showrunner.wires.control import Control
from tests.files import POSIX, no_more_files


class Toy:
    """A double that takes `lamp on` and nothing else."""

    def __init__(self):
        self.orders = []

    def switch(self, name, value):
        if name == "late":
            raise TimeoutError
        if name != "lamp":
            return f"toy has no switch `{name}`: there are lamp, bell TEXT"
        if value not in {"on", "off"}:
            return f"`lamp` cannot be `{value or ''}`: there are on, off"
        self.orders.append((name, value))
        return None


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def run(folder, capsys, monkeypatch):
    assert folder

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["showrunner", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        with pytest.raises(SystemExit) as left:
            cli.main()
        caught = capsys.readouterr()
        return left.value.code or 0, caught.out, caught.err

    return run


@pytest.fixture
def toy(folder):
    double = Toy()
    opened = controlled({"toy": double})
    yield double
    opened.close()
    assert list(folder.iterdir()) == []


def test_a_switch_is_flipped(run, toy):
    # The terminal of the doubles is this one here: there it is told too, that its user may know who did it.
    assert run("double", "toy", "lamp", "on") == (0, "toy: lamp on (ordered)\n", "toy: lamp on\n")
    assert toy.orders == [("lamp", "on")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["toy", "lanp", "on"],
            "error: toy has no switch `lanp`: there are lamp, bell TEXT\nhelp: did you mean `lamp`?\n",
        ),
        (["toy", "bel"], "error: toy has no switch `bel`: there are lamp, bell TEXT\nhelp: did you mean `bell`?\n"),
        (["toy", "x\x1b[2Jy"], "error: toy has no switch `x\\u{1b}[2Jy`: there are lamp, bell TEXT\n"),
        (["toy", "lamp", "onn"], "error: `lamp` cannot be `onn`: there are on, off\nhelp: did you mean `on`?\n"),
        (["toy", "lamp"], "error: `lamp` cannot be ``: there are on, off\n"),
        (["toy", "late"], "error: the double of toy did not answer in time\n"),
        (["tox", "lamp"], "error: the `simulate` that runs plays no `tox`\nhelp: did you mean `toy`?\n"),
        (["animaze", "lamp"], "error: the `simulate` that runs plays no `animaze`\nhelp: there are: `toy`\n"),
    ],
)
@pytest.mark.usefixtures("toy")
def test_what_cannot_be_done_is_said_with_what_can_and_leaves_with_4(run, words, said):
    assert run("double", *words) == (4, "", said)


def test_without_a_simulate_it_says_so_and_leaves_with_4(run):
    code, out, err = run("double", "live2d", "allow", "on")
    assert (code, out) == (4, "")
    assert err.startswith("error: no `showrunner simulate` of yours runs on this machine\nhelp: ")


def test_what_a_killed_simulate_left_behind_is_cleared_away(run, folder):
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    folder.mkdir()
    left = folder / f"simulate-{port}.json"
    left.write_text(json.dumps({"devices": ["live2d"], "port": port, "token": "x"}))
    (folder / "simulate-odd.json").write_text("[")
    assert run("double", "live2d", "allow", "on")[0] == 4
    assert not left.exists()


def test_of_several_the_newest_that_plays_the_device_is_meant(run, folder):
    one, other, third = Toy(), Toy(), Toy()
    opened = [controlled({"a": one}), controlled({"b": other}), controlled({"b": third})]
    for age, post in enumerate(opened):
        os.utime(post._file, (age, age))
    try:
        assert run("double", "a", "lamp", "on")[0] == run("double", "b", "lamp", "off")[0] == 0
    finally:
        for post in opened:
            post.close()
    assert (one.orders, other.orders, third.orders) == ([("lamp", "on")], [], [("lamp", "off")])
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="modes say nothing there")
def test_the_file_that_lets_one_in_is_for_this_user_alone(folder):
    opened = controlled({"toy": Toy()})
    try:
        (file,) = folder.iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        opened.close()


def test_whoever_does_not_know_the_token_is_refused(toy, folder):
    (post,) = control.posts(folder)
    stranger = control.Post(post.devices, post.port, "guessed")
    assert "not from the user" in control.order(stranger, "toy", "lamp", "on")
    assert toy.orders == []


@pytest.mark.parametrize(
    "said", [b"\n", b"[]\n", b"\xff\n", b'{"token": 5}\n', b'{"token": "\\ud800"}\n', b"", b"x" * 70000]
)
def test_nonsense_on_the_control_socket_harms_nothing(run, toy, folder, said):
    (post,) = control.posts(folder)
    with socket.create_connection(("127.0.0.1", post.port)) as met:
        met.sendall(said)
    assert run("double", "toy", "lamp", "on")[0] == 0
    assert toy.orders == [("lamp", "on")]


def test_an_order_that_is_none_is_refused(toy, folder):
    (post,) = control.posts(folder)
    assert control.order(post, "toy", 5, None) == "this is no order"
    assert control.order(post, "tox", "lamp", None) == "there is no `tox` here: there are toy"
    assert toy.orders == []


def test_a_state_folder_that_cannot_be_written_is_only_a_warning(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "file"))
    assert controlled({"toy": Toy()}) is None
    assert capsys.readouterr().err.startswith("warning: `showrunner double` will not work here: ")


@POSIX
def test_orders_are_taken_again_as_soon_as_there_is_room_for_a_file(folder, monkeypatch):
    monkeypatch.setattr(control, "_LOOK", 0.01)
    toy, refused = Toy(), []
    accept = socket.socket.accept

    def counting(listening):
        try:
            return accept(listening)
        except OSError as error:
            if error.errno == errno.EMFILE:
                refused.append(error)
            raise

    monkeypatch.setattr(socket.socket, "accept", counting)
    opened = Control(folder, ["toy"], lambda _, switch, value: toy.switch(switch, value))
    (post,) = control.posts(folder)
    # Who is waiting to accept has a file for the next one already, and one may become free meanwhile: so more than one.
    late = [socket.socket() for _ in range(40)]
    with no_more_files():
        for one in late:
            one.connect(("127.0.0.1", post.port))
            for _ in range(20):
                if len(refused) < 2:
                    threading.Event().wait(0.005)
    for one in late:
        one.close()
    assert len(refused) >= 2
    try:
        assert control.order(post, "toy", "lamp", "on") is None
    finally:
        opened.close()
    assert toy.orders == [("lamp", "on")]


def test_a_simulate_that_hangs_up_gave_no_answer(run, folder, monkeypatch):
    opened = Control(folder, ["toy"], lambda *_: None)
    monkeypatch.setattr(control.Control, "_answer", lambda *_: {})
    try:
        code, _, err = run("double", "toy", "lamp", "on")
    finally:
        opened.close()
    assert code == 4
    assert err.startswith("error: the `simulate` that runs gave no answer\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal to send there")
def test_simulate_listens_for_orders_and_leaves_nothing_behind(run, folder):
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from showrunner.cli import main; main()",
            "simulate",
            "live2d",
            "--live2d",
            "0",
            "--ask",
            "--verbose",
        ],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        for line in process.stderr:
            if "Ctrl-C" in line:
                break
        told = [run("double", "live2d", "allow", "on"), run("double", "live2d", "mode", "physics")]
        code, out, err = run("double", "live2d", "mode", "Physics")
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
        assert process.wait(timeout=30) == 0
    assert told[0] == (0, "", "live2d: allow on\n")
    assert told[1][0] == 4
    assert told[1][2].endswith("help: did you mean `Physics`?\n")
    assert (code, out, err) == (0, "", "live2d: mode Physics\n")
    lines = said.splitlines()
    assert [line.partition(" s  ")[2] for line in lines if " s  " in line] == [
        "Modeling · not allowed",
        "Modeling",
        "Physics",
    ]
    assert [line for line in lines if line.startswith("live2d: ")][1:] == [
        "live2d: allow on (ordered)",
        "live2d: mode Physics (ordered)",
    ]
    assert list(folder.iterdir()) == []
