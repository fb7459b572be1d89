"""Keys of the terminal: how they are read, what each does, and that the terminal is given back, however it ends."""

import ctypes
import io
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from showrunner.cli.terminal import keyboard, keys, windows_console
from showrunner.cli.terminal.keyboard import Keyboard, names
from showrunner.cli.terminal.keys import Operator
from showrunner.cli.terminal.windows_console import Event, KeyEvent
from showrunner.engine import actions

ROOT = Path(__file__).parent.parent
PATIENCE = 30
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a Windows console is no pseudo-terminal")


# ------------------------------------------------------------------------------------------------------- what a key is


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("p", ["p"]),
        (" \r\n\t", ["space", "enter", "enter", "tab"]),
        ("\x7f\x08", ["backspace", "backspace"]),
        ("\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        ("\x1bOA\x1bOD", ["up", "left"]),
        ("\x1b[5~\x1b[6~\x1b[3~\x1b[1~\x1bOF", ["page-up", "page-down", "delete", "home", "end"]),
        ("\x1b", ["escape"]),
        ("\x1bx", ["escape", "x"]),
        ("\x1b\x1b[A", ["escape", "up"]),
        ("\x1b[1;5C?", ["?"]),  # Ctrl with an arrow is no arrow
        ("\x1b[200~hi", ["h", "i"]),
        ("\x1b[", []),
        ("é漢👍", ["é", "漢", "👍"]),
        ("\x00\x01\x9b", []),
    ],
)
def test_what_a_terminal_sends_is_named(sent, expected):
    assert list(names(sent)) == expected


class Keys:
    """Takes the names of keys."""

    def __init__(self):
        self.taken = queue.SimpleQueue()
        self.ended = threading.Event()

    def next(self):
        return self.taken.get(timeout=PATIENCE)


@pytest.fixture
def terminal(monkeypatch):
    """A pseudo-terminal in the place of standard input; gives the side where the keys are pressed."""
    import pty

    ours, theirs = pty.openpty()
    stdin = os.fdopen(theirs, "r", encoding="utf-8")
    monkeypatch.setattr(keyboard, "sys", SimpleNamespace(platform=sys.platform, stdin=stdin))
    monkeypatch.setattr(keyboard, "_in_front", lambda _: True)
    yield SimpleNamespace(press=lambda data: os.write(ours, data), ours=ours, theirs=theirs)
    stdin.close()
    os.close(ours)


@pytest.fixture
def pressed(terminal):
    import termios

    before, handlers = termios.tcgetattr(terminal.theirs), signals()
    keys = Keys()
    board = Keyboard(keys.taken.put, keys.ended.set)
    board.open()
    keys.board = board
    yield keys
    board.close()
    board.close()
    assert termios.tcgetattr(terminal.theirs) == before
    assert signals() == handlers
    assert not board._thread.is_alive()


def signals():
    return [signal.getsignal(one) for one in (signal.SIGTSTP, signal.SIGCONT, signal.SIGTERM, signal.SIGINT)]


@POSIX
def test_keys_come_at_once_and_are_not_echoed(terminal, pressed):
    import termios

    for key, name in ((b"p", "p"), (b" ", "space"), (b"\r", "enter"), (b"\x1b[D", "left"), ("é".encode(), "é")):
        terminal.press(key)
        assert pressed.next() == name
    mode = termios.tcgetattr(terminal.theirs)[3]
    assert mode & termios.ISIG, "Ctrl-C is still a signal"
    assert not mode & (termios.ICANON | termios.ECHO)


@POSIX
def test_a_key_that_comes_in_pieces_is_one_key(terminal, pressed, monkeypatch):
    monkeypatch.setattr(keyboard, "_PATIENCE", PATIENCE)
    for piece in (b"\x1b", b"[", b"C", "漢".encode()[:1], "漢".encode()[1:]):
        terminal.press(piece)
    assert pressed.next() == "right"
    assert pressed.next() == "漢"


@POSIX
def test_escape_alone_is_a_key_though_others_begin_like_it(terminal, pressed):
    terminal.press(b"\x1b")
    assert pressed.next() == "escape"


@POSIX
def test_a_terminal_that_goes_away_is_said_once(terminal, pressed):
    terminal.press(b"\x04")  # read as a character: it ends nothing
    terminal.press(b"q")
    assert pressed.next() == "q"
    kept = os.dup(terminal.theirs)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, terminal.theirs)
    os.write(pressed.board._bell[1], b"?")  # look again
    assert pressed.ended.wait(PATIENCE)
    os.dup2(kept, terminal.theirs)
    for one in (kept, nothing):
        os.close(one)


@POSIX
def test_whoever_leaves_at_once_gives_the_terminal_back_first(terminal, pressed):
    import termios

    assert not termios.tcgetattr(terminal.theirs)[3] & termios.ICANON
    keyboard.give_back()
    assert termios.tcgetattr(terminal.theirs)[3] & termios.ICANON
    assert pressed.board in keyboard._OPEN


@pytest.mark.parametrize(("term", "answer"), [("xterm", True), ("dumb", False)])
@POSIX
def test_single_keys_are_read_where_there_is_a_terminal_that_has_them(terminal, monkeypatch, term, answer):
    assert terminal
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(keyboard.lines, "terminal", lambda: True)
    assert keyboard.usable() is answer
    monkeypatch.setattr(keyboard, "_in_front", lambda _: False)
    assert not keyboard.usable()


def test_a_file_has_no_keys(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert not keyboard.usable()


# ------------------------------------------------------------------------------------------------- a Windows console

SHIFT, RIGHT_ALT, LEFT_ALT, CTRL = 0x10, 0x1, 0x2, 0x8


def press(character="", code=0, state=0, *, down=True, count=1):
    """One event of a key, as the console has it: of what it types, one unit of UTF-16."""
    unit = int.from_bytes(character.encode("utf-16-le", "surrogatepass"), "little")
    return Event(1, KeyEvent(down, count, code, 0, unit, state))


def release(character="", code=0, state=0):
    return press(character, code, state, down=False)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([press("p"), release("p")], ["p"]),
        ([press("à", ord("0")), release("à", ord("0")), press("p")], ["à", "p"]),  # AZERTY's 0
        ([press(code=code) for code in (0x26, 0x28, 0x25, 0x27)], ["up", "down", "left", "right"]),
        ([press(code=code) for code in (0x24, 0x23, 0x21, 0x22, 0x2E)],
         ["home", "end", "page-up", "page-down", "delete"]),
        ([press(" "), press("\r"), press("\t"), press("\b"), press("\x1b")],
         ["space", "enter", "tab", "backspace", "escape"]),
        ([press("?", state=SHIFT), press("P", state=SHIFT)], ["?", "P"]),
        ([press("@", state=RIGHT_ALT | CTRL), press("€", state=RIGHT_ALT)], ["@", "€"]),  # AltGr
        ([press("x", state=LEFT_ALT), press(" ", state=CTRL), press(code=0x25, state=CTRL)], []),
        ([press(code=0x12, state=LEFT_ALT), release("é", code=0x12), release(code=0x12)], ["é"]),  # Alt with a number
        ([press("\ud83d"), release("\ud83d"), press("\udc4d"), press("x")], ["👍", "x"]),
        ([press("\ud83d"), press("p"), press("\udc4d")], ["p"]),
        ([press("n", count=3)], ["n", "n", "n"]),
        ([press(code=0x10), press(code=0xDE), press("ê")], ["ê"]),  # shift, a dead key, and what they make
        ([Event(2, press("p").key), Event(16, press("p").key)], []),  # the mouse, and the window is in front
    ],
)  # fmt: skip
def test_what_a_windows_console_tells_is_named(events, expected):
    typing = windows_console.Typing()
    assert list(names("".join(typing.text([one]) for one in events))) == expected


def test_an_event_is_read_as_windows_lays_it_out():
    event = Event.from_buffer_copy(bytes.fromhex("0100 cccc 01000000 0200 3000 0b00 e000 10000000"))
    assert (event.kind, event.key.down, event.key.count, event.key.code) == (1, 1, 2, ord("0"))
    assert (event.key.character, event.key.state) == (ord("à"), SHIFT)


class Kernel:
    """The parts of Windows that a console is read with: ``typed`` has events, None is a console that is gone."""

    def __init__(self):
        self.typed = queue.SimpleQueue()
        self.closed = []
        self.got = None
        self.CreateEventW = lambda *_: 7
        self.WaitForMultipleObjects = partial(self.wait)

    def wait(self, count, things, every, milliseconds):
        assert (count, things[1], every) == (2, 40, 0)
        try:
            self.got = self.typed.get(timeout=PATIENCE if milliseconds == 0xFFFFFFFF else milliseconds / 1000)
        except queue.Empty:
            return 258
        return 0 if self.got == "left" else 1

    def ReadConsoleInputW(self, console, records, most, count):  # noqa: N802
        assert (console.value, most) == (40, 64)
        for number, event in enumerate(self.got or ()):
            records[number] = event
        count._obj.value = len(self.got or ())
        return self.got is not None

    def SetEvent(self, event):  # noqa: N802
        assert event.value == 7
        self.typed.put("left")

    def CloseHandle(self, event):  # noqa: N802
        self.closed.append(event.value)

    def GetConsoleMode(self, console, mode):  # noqa: N802
        mode._obj.value = 0x1F7
        return console.value == 40

    def GetConsoleCP(self):  # noqa: N802
        return 932


@pytest.fixture
def windows(monkeypatch):
    kernel = Kernel()
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: {"kernel32": kernel}[name], raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(get_osfhandle=lambda number: number * 10))
    monkeypatch.setattr(keyboard, "sys", SimpleNamespace(platform="win32", stdin=SimpleNamespace(fileno=lambda: 4)))
    return kernel


def test_on_windows_keys_come_as_events(windows, monkeypatch):
    raised = []
    monkeypatch.setattr(keyboard.signal, "raise_signal", raised.append)
    keys = Keys()
    board = Keyboard(keys.taken.put, keys.ended.set)
    board.open()
    for some in (
        [press("p"), release("p")],
        [press("à"), press("?")],
        [press(code=0x26)],
        [press("\x03")],
        [press("x")],
    ):
        windows.typed.put(some)
    assert [keys.next() for _ in range(5)] == ["p", "à", "?", "up", "x"]
    assert raised == [signal.SIGINT]
    board.close()
    assert not board._thread.is_alive()
    assert windows.closed == [7]
    assert not keys.ended.is_set()


def test_escape_alone_is_a_key_on_windows_too(windows):
    keys = Keys()
    board = Keyboard(keys.taken.put)
    board.open()
    windows.typed.put([press("\x1b")])
    assert keys.next() == "escape"
    board.close()


def test_a_windows_console_that_is_gone_is_said_once(windows):
    keys = Keys()
    board = Keyboard(keys.taken.put, keys.ended.set)
    board.open()
    windows.typed.put(None)
    assert keys.ended.wait(PATIENCE)
    board.close()
    assert windows.closed == [7]


def test_what_windows_calls_a_terminal_and_has_no_keys_is_none(windows, monkeypatch):
    for number, there in ((4, True), (0, False)):  # of NUL, too, it says so
        assert windows.GetConsoleMode(SimpleNamespace(value=number * 10), ctypes.byref(ctypes.c_uint32())) is there
        stdin = SimpleNamespace(fileno=lambda number=number: number, isatty=lambda: True)
        monkeypatch.setattr(keyboard.lines, "sys", SimpleNamespace(platform="win32", stdin=stdin))
        assert keyboard.lines.terminal() is there


@pytest.mark.parametrize(
    ("line", "others", "text"),
    [
        ("乾杯".encode(), ("cp932",), "乾杯"),
        ("乾杯".encode("cp932"), ("cp932",), "乾杯"),
        ("\ufeffraid".encode(), (), "raid"),
        ("é".encode("cp850"), ("cp850", "cp1252"), "é"),
        ("é".encode("cp1252"), ("cp0", "ascii", "cp1252"), "é"),
        ("é".encode("cp1252"), ("ascii",), "\ufffd"),
    ],
)
def test_a_line_is_read_in_the_encoding_in_which_it_was_written(line, others, text):
    assert keyboard.lines.text_of(line, others) == text


def test_a_button_comes_through_a_pipe_of_an_older_program(windows, monkeypatch):
    assert windows.GetConsoleCP() == 932
    reader, writer = os.pipe()
    taken, ended = queue.SimpleQueue(), threading.Event()
    monkeypatch.setattr(
        keyboard.lines, "sys", SimpleNamespace(platform="win32", stdin=SimpleNamespace(fileno=lambda: reader))
    )
    keyboard.lines.listen(taken.put, ended.set)
    os.write(writer, "乾杯\r\n".encode("cp932"))
    assert taken.get(timeout=PATIENCE) == "乾杯"
    os.close(writer)
    assert ended.wait(PATIENCE)
    os.close(reader)


# ----------------------------------------------------------------------------------------------------- what a key does


@pytest.mark.parametrize("place", ["run", "rehearse", "page"])
def test_no_key_does_two_things_and_every_one_is_explained(place):
    there = actions.offered(place)
    found = [key for one in there for key in one.keys]
    assert len(found) == len(set(found))
    assert all(one.says for one in there)


def test_what_another_key_takes_back_is_an_action_of_its_own():
    names_ = {one.name for one in actions.ACTIONS}
    assert len(names_) == len(actions.ACTIONS)
    assert {one.back for one in actions.ACTIONS if one.back is not None} <= names_


def test_what_counts_at_any_time_is_what_ends_the_show():
    assert {one.name for one in actions.ACTIONS if one.urgent} == {"stop", "panic", "interrupt"}


def test_the_help_lists_what_is_offered_and_the_buttons_with_their_numbers():
    assert keys.page("run", ["raid", "buzzer"]) == [
        "  space, Enter  GO: lets the show go on where it says `hold`",
        "  1 to 9        presses a button of the script, where it says `wait for button`",
        "                1 is `raid`",
        "                2 is `buzzer`",
        "  p             stops the show's clock; again: lets the clock run on",
        "  s             ends the show in order: everything let go, journal closed (press it twice)",
        "  x             PANIC: ends everything now and silences the voices",
        "  Ctrl-C        ends it in order too; twice: at once",
        "  c             shows the cues around this moment",
        "  :             then a button's name, or one of the words, and Enter",
        "  ?, h          shows the keys",
        "  words: go, pause, resume, connect, stop, panic",
    ]
    shown = [one.shown for one in actions.offered("rehearse") if one.keys and one.name != "button"]
    assert len(keys.page("rehearse", [])) == len(shown) + 2
    assert keys.page("rehearse", [])[-1].startswith("  or: a point to go to: a segment, a cue, `SEGMENT+5s`")


def test_where_there_are_no_keys_the_help_lists_what_can_be_typed():
    assert keys.lines("run", ["raid", "Go On"]) == [
        "  an empty line, go  GO: lets the show go on where it says `hold`",
        "  raid               presses this button, where the script waits for it",
        "  Go On              presses this button, where the script waits for it",
        "  pause              stops the show's clock",
        "  resume             lets the clock run on",
        "  connect            dials a device at once: one that is not there, or rests until somebody has seen to it",
        "  stop               ends the show in order: everything let go, journal closed",
        "  panic              PANIC: ends everything now and silences the voices",
    ]
    assert keys.lines("rehearse", [])[-1].startswith("  or: a point to go to")


def table(head, rows):
    return "\n".join(f"| {' | '.join(row)} |".replace("|  |", "| |") for row in (head, ["---"] * len(head), *rows))


def test_the_readme_has_the_keys_of_the_table():
    readme, run = (ROOT / "README.md").read_text("utf-8"), actions.offered("run")
    for there in (run, [one for one in actions.offered("rehearse") if one not in run]):
        listed = [(one.shown, actions.by_key(one)) for one in there if one.keys]
        assert table(("key", "does"), listed) in readme
    assert f"The words are {', '.join(f'`{word}`' for word in keys.words('run'))};" in readme


def test_the_reference_has_the_words_that_a_line_may_be():
    reference = (ROOT / "grammar" / "README.md").read_text("utf-8")
    listed = reference.partition("| line | does |\n")[2].partition("\n\n")[0]
    assert re.findall(r"`([a-z]+)`", " ".join(row.split("|")[1] for row in listed.splitlines())) == keys.words("run")


def test_the_page_of_the_console_has_the_actions_of_the_table():
    page = (ROOT / "showrunner" / "console" / "README.md").read_text("utf-8")
    asked = [(f"`{a.name}`", ", ".join(f"`{one}`" for one in a.takes), a.says) for a in actions.offered("http")]
    assert table(("action", "takes", "does"), asked) in page


class Board:
    def __init__(self):
        self.paused = False
        self.live = False
        self.said = []
        self.typed = []

    def say(self, text):
        self.said.append(text)

    def type(self, text):
        self.typed.append(text)

    def around(self):
        return ["one cue", "another"]


@pytest.fixture
def desk():
    board, done = Board(), []

    def made(place="run", buttons=("raid", "Go On")):
        return Operator(lambda action, name: done.append((action, name)), board, lambda: buttons, place)

    return SimpleNamespace(operator=made, board=board, done=done)


@pytest.mark.parametrize(
    ("key", "press"),
    [
        ("space", ("go", None)),
        ("enter", ("go", None)),
        ("p", ("pause", None)),
        ("s", ("stop", None)),
        ("x", ("panic", None)),
        ("X", ("panic", None)),
        ("2", ("button", "Go On")),
        ("left", ("previous", None)),
        ("right", ("next", None)),
        ("k", ("skip", None)),
        ("u", ("undo-reload", None)),
        ("r", ("again", None)),
        ("l", ("loop", None)),
        ("b", ("previous", None)),
        ("n", ("next", None)),
    ],
)
def test_a_key_does_what_stands_in_the_table(desk, key, press):
    desk.operator("rehearse").key(key)
    assert desk.done == [press]
    desk.done.clear()
    desk.operator().key(key)
    assert desk.done == ([press] if press[0] in {"go", "pause", "stop", "panic", "button"} else [])


@pytest.mark.parametrize("key", ["z", "up", "escape", "backspace", "0", "é"])
def test_other_keys_do_nothing(desk, key):
    desk.operator("rehearse").key(key)
    assert (desk.done, desk.board.said, desk.board.typed) == ([], [], [])


def test_one_press_of_stop_never_ends_a_show_that_plays(desk):
    time = [10.0]
    desk.board.live = True
    operator = Operator(
        lambda action, name: desk.done.append((action, name)), desk.board, tuple, "run", lambda: time[0]
    )
    operator.key("s")
    assert (desk.done, desk.board.said) == ([], ["stop? press s again within 3 s"])
    time[0] += 3.5
    operator.key("s")
    assert desk.done == [], "too late to be the same thought"
    operator.key("S")
    assert desk.done == [("stop", None)]
    operator.key("s")
    assert desk.done == [("stop", None)]


def test_panic_and_what_is_typed_ask_nothing(desk):
    desk.board.live = True
    operator = desk.operator()
    operator.key("x")
    operator.line("stop")
    for key in (":", *"stop", "enter"):
        operator.key(key)
    assert desk.done == [("panic", None), ("stop", None), ("stop", None)]


def test_the_same_key_pauses_and_resumes(desk):
    operator = desk.operator()
    operator.key("p")
    desk.board.paused = True
    operator.key("P")
    assert desk.done == [("pause", None), ("resume", None)]


@pytest.mark.parametrize(("buttons", "said"), [((), "no button"), (("a",), "one button"), (("a", "b"), "2 buttons")])
def test_a_number_without_a_button_says_how_many_there_are(desk, buttons, said):
    desk.operator("run", buttons).key("7")
    assert desk.board.said == [f"7 does nothing: the show has {said}"]


def test_help_and_cues_are_shown(desk):
    for key in ("?", "h", "c"):
        desk.operator().key(key)
    assert desk.board.said == ["\n".join(keys.page("run", ("raid", "Go On")))] * 2 + ["one cue\nanother"]


def test_a_word_is_typed_after_a_colon(desk):
    operator = desk.operator()
    for key in [":", "G", "o", "space", "O", "m", "backspace", "n", "enter", "p"]:
        operator.key(key)
    assert desk.board.typed == ["", "G", "Go", "Go ", "Go O", "Go Om", "Go O", "Go On", None]
    assert desk.done == [("button", "Go On"), ("pause", None)]


@pytest.mark.parametrize("keys", [[":", "s", "escape"], [":", "backspace"], [":", "space", "enter"], [":", "enter"]])
def test_a_word_that_is_given_up_does_nothing(desk, keys):
    operator = desk.operator()
    for key in keys:
        operator.key(key)
    assert desk.done == []
    assert desk.board.typed[-1] is None
    operator.key("x")
    assert desk.done == [("panic", None)]


@pytest.mark.parametrize(
    ("line", "place", "press"),
    [
        ("", "run", ("go", None)),
        ("GO", "run", ("go", None)),
        ("Resume", "run", ("resume", None)),
        ("raid", "run", ("button", "raid")),
        ("button raid", "run", ("button", "raid")),
        ("Button Go On", "run", ("button", "Go On")),
        ("two+3s", "rehearse", ("seek", "two+3s")),
        ("seek two+3s", "rehearse", ("seek", "two+3s")),
        ("undo-reload", "rehearse", ("undo-reload", None)),
        ("Redo-Reload", "rehearse", ("redo-reload", None)),
        ("unloop", "rehearse", ("unloop", None)),
        ("connect", "run", ("connect", None)),
        ("Connect obs", "run", ("connect", "obs")),
        ("connect guest", "rehearse", ("connect", "guest")),
    ],
)
def test_lines_are_taken_where_there_are_no_keys(desk, line, place, press):
    desk.operator(place).line(line)
    assert desk.done == [press]


def test_a_line_that_is_nothing_says_what_there_is(desk):
    desk.operator().line("skip")
    assert desk.done == []
    listed = "raid, Go On, pause, resume, connect, stop, panic"
    assert desk.board.said == [f"`skip` does nothing; Enter is GO, and there are: {listed}"]
    desk.operator().line("help")
    assert desk.board.said[1] == "\n".join(keys.lines("run", ("raid", "Go On")))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("button riad", "the show has no button called `riad`; there are: raid, Go On"),
        ("button", "which button?"),
        ("seek", "where to? Write a point to go to: a segment"),
    ],
)
def test_a_word_of_the_journal_without_what_belongs_to_it_goes_nowhere(desk, line, said):
    desk.operator("rehearse").line(line)
    assert desk.done == []
    assert desk.board.said[0].startswith(said)


# ----------------------------------------------------------------------------------------------- in front of a terminal

STARTED = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from showrunner.cli import main
sys.argv[0] = "showrunner"
main()
"""


SHELL = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
child = os.fork()
if not child:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, "-c", "from showrunner.cli import main; main()", *sys.argv[1:]])
while True:
    _, status = os.waitpid(child, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
    os.tcsetpgrp(0, os.getpgrp())
    print("[stopped]", flush=True)
    assert sys.stdin.readline() == "fg\\n"
    os.tcsetpgrp(0, child)
    os.kill(child, signal.SIGCONT)
"""
"""A shell that can do no more than wait for its program, and let it go on with `fg`."""


class Seat:
    """A `showrunner run` in front of a pseudo-terminal of its own; killed when it takes too long."""

    def __init__(self, folder, *words, start=STARTED):
        import pty
        import termios

        self.ours, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", start, "run", "a.show", "--doubles", "all", *words],
            cwd=folder,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100", "SHOWRUNNER_STATE": str(folder / ".state")},
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            start_new_session=True,
        )
        self.guard = threading.Timer(PATIENCE * 2, self.process.kill)
        self.guard.start()

    def press(self, data):
        os.write(self.ours, data)

    def until(self, text):
        """Read what is shown until it holds ``text``; what comes later is left."""
        while text not in self.shown:
            assert self.read() or self.process.poll() is None, f"never shown: {text!r}, but\n{self.shown}"
        self.shown = self.shown.partition(text)[2]

    def read(self):
        import select

        ready = select.select([self.ours], [], [], 0.1)[0]
        if ready:
            self.shown += os.read(self.ours, 65536).decode("utf-8", "replace")
        return bool(ready)

    def mode(self):
        import termios

        return termios.tcgetattr(self.theirs)

    def end(self):
        while self.process.poll() is None:
            self.read()
        return self.process.returncode

    def hang_up(self):
        """Close the terminal, as closing its window does."""
        for end in (self.ours, self.theirs):
            os.close(end)
        self.ours = self.theirs = None

    def close(self):
        self.guard.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.ours is not None:
            os.close(self.ours)
            os.close(self.theirs)


def journal(folder):
    lines = (folder / "a.journal").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def seat(tmp_path):
    opened = []

    def seat(script, *words, **how):
        (tmp_path / "a.show").write_text(script, "utf-8")
        opened.append(Seat(tmp_path, *words, **how))
        return opened[-1]

    yield seat
    for one in opened:
        one.close()


HELD = "at 0s hold 'ready?'\nthen wait for button raid\nthen log 'behind'; hold\n"


@POSIX
def test_a_show_is_called_with_single_keys(seat):
    run = seat(HELD)
    run.until("Ready. Press space to start")
    run.press(b" ")
    run.until('hold "ready?": press space for GO')
    run.press(b"p")
    run.until("PAUSED")
    run.press(b"p")
    run.until("HOLD ready? · space is GO")
    run.press(b"\r")
    run.until("waits for the button `raid`: press 1")
    run.press(b"c")
    run.until("stands  wait for button raid")
    run.press(b"1")
    run.until("behind")
    run.press(b"ss")
    run.until("stopped: 1 done")
    assert run.end() == 0
    assert run.mode() == run.before


@POSIX
def test_while_a_device_is_waited_for_it_may_be_dialled_and_nothing_begins(seat, tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{nobody.getsockname()[1]}"
        stage = f"devices: {{animaze: {{url: '{url}'}}}}\ndefaults: {{connect-timeout: 60s}}\n"
        (tmp_path / "stage.yaml").write_text(stage, "utf-8")
        run = seat("at 0s animaze emote Wave\n", "--doubles", "live2d", "--journal", "a.journal")
        run.until("animaze: connecting")
        run.press(b":connect animaze\r")
        run.press(b" ")
        run.until("not everything is ready")
        run.press(b"s")
        assert run.end() == 130
    pressed = [(one["action"], one["name"]) for one in journal(tmp_path) if one["kind"] == "operator"]
    assert pressed == [("connect", "animaze")]
    assert run.mode() == run.before


@POSIX
@pytest.mark.parametrize(("key", "code"), [(b"\x03\x03", 130), (b"x", 0)], ids=["Ctrl-C", "panic"])
def test_the_terminal_is_given_back_however_it_ends(seat, key, code):
    run = seat(HELD, "--yes")
    run.until("space is GO")
    assert run.mode() != run.before
    run.press(key)
    assert run.end() == code
    assert run.mode() == run.before


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_told_to_end_it_ends_in_order_as_by_ctrl_c(seat, tmp_path, name):
    run = seat(HELD, "--yes", "--journal", "a.journal")
    run.until("space is GO")
    run.process.send_signal(getattr(signal, name))
    assert run.end() == 130
    assert run.mode() == run.before
    assert journal(tmp_path)[-1]["result"] == "interrupted"


@POSIX
def test_a_terminal_that_takes_nothing_does_not_keep_it_from_ending(seat, tmp_path):
    """Ctrl-S: leaving the mode of single keys must not wait for what was written to go out."""
    import termios

    run = seat(HELD, "--yes", "--journal", "a.journal")
    run.until("space is GO")
    termios.tcflow(run.theirs, termios.TCOOFF)
    run.press(b"\x03")
    assert run.process.wait(PATIENCE) == 130
    assert journal(tmp_path)[-1]["result"] == "interrupted"


@POSIX
def test_a_terminal_that_is_closed_ends_the_show_in_order(seat, tmp_path):
    run = seat(HELD, "--yes", "--journal", "a.journal")
    run.until("space is GO")
    run.hang_up()
    assert run.process.wait(PATIENCE) == 130
    assert journal(tmp_path)[-1]["result"] == "interrupted"


@POSIX
@pytest.mark.parametrize(("guard", "ignored"), [((), ["pressed twice"]), (("--guard", "0ms"), [])])
def test_a_key_that_is_pressed_twice_at_once_counts_once(seat, tmp_path, guard, ignored):
    run = seat("at 0s hold 'one'\nthen hold 'two'\nthen hold 'three'\n", "--yes", "--journal", "a.journal", *guard)
    run.until('hold "one"')
    run.press(b"  ")
    run.until('hold "two"' if ignored else 'hold "three"')
    run.press(b"ss")
    assert run.end() == 0
    pressed = [one for one in journal(tmp_path) if one["kind"] == "operator"]
    assert [(one["action"], one["from"]) for one in pressed] == [("go", "key"), ("go", "key"), ("stop", "key")]
    assert [one["ignored"] for one in pressed if "ignored" in one] == ignored


def piped(tmp_path, script, **how):
    (tmp_path / "a.show").write_text(script, "utf-8")
    words = ["run", "a.show", "--doubles", "all", "--yes", "--journal", "a.journal"]
    return subprocess.Popen(
        [sys.executable, "-c", "from showrunner.cli import main; main()", *words],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        env={**os.environ, "SHOWRUNNER_STATE": str(tmp_path / ".state")},
        **how,
    )


def test_lines_that_a_program_writes_all_count(tmp_path):
    with piped(tmp_path, "at 0s hold 'one'\nthen hold 'two'\nthen log 'behind'", stderr=subprocess.PIPE) as run:
        assert any(b'hold "one"' in line for line in iter(run.stderr.readline, b""))
        run.communicate(b"\n\n", PATIENCE)
    assert run.returncode == 0
    pressed = [one for one in journal(tmp_path) if one["kind"] == "operator"]
    assert [(one["action"], one["from"]) for one in pressed] == [("go", "api"), ("go", "api")]


def test_where_nobody_reads_its_messages_any_more_the_show_goes_on(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    said = "at 0s log 'one'\nthen live2d set ParamAngleX 1 for 10ms\nthen log 'two'"
    with piped(tmp_path, said, stderr=writer) as run:
        os.close(writer)
        run.communicate(timeout=PATIENCE)
    assert run.returncode == 0
    told = journal(tmp_path)
    assert [one["message"] for one in told if one["kind"] == "log"] == ["one", "two"]
    assert told[-1]["result"] == "done"


@POSIX
def test_ctrl_z_gives_the_terminal_back_until_it_goes_on(seat):
    run = seat(HELD, "--yes", start=SHELL)
    run.until("space is GO")
    assert run.mode() != run.before
    run.press(b"\x1a")
    run.until("\x1b[?25h")
    run.until("[stopped]")
    assert run.mode() == run.before
    run.press(b"fg\n")
    run.until("\x1b[?25l")
    run.until("space is GO")
    run.press(b" ")
    run.until("waits for the button")
    assert run.mode() != run.before
    run.press(b"ss")
    assert run.end() == 0
    assert run.mode() == run.before


@POSIX
def test_where_no_shell_could_let_it_go_on_ctrl_z_stops_nothing(seat):
    run = seat(HELD, "--yes")
    run.until("space is GO")
    run.press(b"\x1a")
    run.until("\x1b[?25h")
    run.until("\x1b[?25l")
    run.press(b" ")
    run.until("waits for the button")
    run.press(b"ss")
    assert run.end() == 0
    assert run.mode() == run.before


@POSIX
def test_before_the_start_stop_leaves(seat):
    run = seat(HELD)
    run.until("Ready")
    run.press(b"c1s")
    assert run.end() == 130
    assert run.mode() == run.before
