"""What a running show looks like: one line that is kept up to date on a terminal, plain lines anywhere else.

Says what happens, entry by entry, and shows what stands, which is read by ``now``. Failures are said by ``failures``.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from showrunner.cli.terminal import output
from showrunner.cli.terminal.columns import cut
from showrunner.cli.terminal.speaking import spoken
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.diagnostics.wording import cells, count, visible
from showrunner.reports.entries import key
from showrunner.reports.now import Expected, Near, Now, Present, awaited
from showrunner.timeline.cues import MAIN
from showrunner.times import clock, clock_to_second, left, short

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

TIMES_A_SECOND = 8

BETWEEN = "  ·  "

NARROW = 40
"""A terminal of fewer cells than this has one line of what stands, cut where it ends."""

SECOND = 1_000_000

LATE = 100_000
"""A cue that was taken later than this is said to be late (microseconds)."""

_COLOURS = (("HOLD|BUTTON", "bold green"), ("PAUSED|LATE", "bold yellow"), ("PANIC", "bold red"))
"""What is to be seen at a glance, and how."""

LONGEST = 100
"""Cells of what a cue does that are shown in a plain line."""


ABOVE, BELOW = 4, 6
"""So many cues are shown before what comes next, and so many from it on."""

WIDEST = 60
"""Cells of what a cue does that are shown."""


class Status:
    """A sink of the journal, behind that of ``present``, which tells what stands.

    ``now`` tells the show time in microseconds, or None before it has begun. ``interrupts`` tells how often Ctrl-C was
    pressed. With ``keys`` single keys are read, else lines. ``over``: the show has come to its end, and stays. ``put``
    has something written: while a show plays by a thread of its own (``writer``), for a terminal may take nothing.
    """

    def __init__(
        self,
        present: Present,
        now: Callable[[], int | None],
        interrupts: Callable[[], int] = lambda: 0,
        *,
        keys: bool = False,
        over: Callable[[], bool] = lambda: False,
        put: Callable[[Callable[[], None]], None] = lambda job: job(),
    ) -> None:
        self._put = put
        self._present = present
        self._now = now
        self._over = over
        self._interrupts = interrupts
        self.keys = keys
        self._stopping = False
        self._typed: str | None = None
        self._live: Live | None = None

    @property
    def paused(self) -> bool:
        """Whether the show's clock stands by a pause."""
        return self._present.now().paused is not None

    @property
    def live(self) -> bool:
        """Whether the show has begun."""
        return self._now() is not None

    def begin(self) -> None:
        """Show the line from now on, where there is a terminal to show it on."""
        if sys.stderr.isatty():
            self._put(self._begin)

    def _begin(self) -> None:
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, highlight=False)
        self._live = Live(get_renderable=self._line, console=console, refresh_per_second=TIMES_A_SECOND, transient=True)
        self._live.start()

    def end(self) -> None:
        """Take the line away."""
        self._put(self._end)

    def _end(self) -> None:
        if self._live is not None:
            with _read_or_not():
                self._live.stop()
            self._live = None

    def say(self, text: str) -> None:
        """Write something above the line. Where nobody can read it any more, the show goes on without a word."""
        self._put(lambda: self._write(text))

    def _write(self, text: str) -> None:
        with _read_or_not():
            if self._live is None:
                output.say(text)
            else:
                from rich.text import Text

                self._live.console.print(Text.from_ansi(text), soft_wrap=True)

    def found(self, findings: Iterable[Diagnostic], texts: Mapping[str, str]) -> None:
        """Show what is wrong with a script, with carets, above the line."""
        colour, paint = output.coloured(sys.stderr), output.painter(sys.stderr)
        said = render.text(tuple(findings), texts, colour=colour, paint=paint, language=spoken()).rstrip("\n")
        if said:
            self.say(said)

    def type(self, text: str | None) -> None:
        """Show what is being typed at the beginning of the line; None: nothing is."""
        self._typed = text
        self._put(self._refresh)

    def _refresh(self) -> None:
        if self._live is not None:
            with _read_or_not():
                self._live.refresh()

    def around(self) -> list[str]:
        """Give the cues around the present moment, a line each."""
        return around(self._present.around(ABOVE, BELOW, uncertain=self._present.now().uncertain or self._over()))

    def rest(self) -> None:
        """Leave the line and show the cursor, since the program is being stopped. Takes no lock: a signal calls it."""
        if self._live is not None:
            with contextlib.suppress(OSError):
                os.write(sys.stderr.fileno(), b"\r\x1b[K\x1b[?25h")

    def wake(self) -> None:
        """Hide the cursor again: the line comes back by itself."""
        if self._live is not None:
            with contextlib.suppress(OSError):
                os.write(sys.stderr.fileno(), b"\x1b[?25l")

    def __call__(self, entry: Mapping[str, Any]) -> None:
        """Take one journal entry."""
        at = entry["at"]
        match entry["kind"]:
            case "segment":
                self._plain(at, f"segment {entry['segment']}")
            case "cue":
                found = self._present.find(key(entry))
                called = entry["cue"] if found is None else found.label.people
                does = "" if found is None else cut(found.reads, LONGEST)
                track = "" if entry.get("track", MAIN) == MAIN else f"{entry['track']}  "
                self._plain(at, f"{track}{called}  {does}".rstrip())
            case "wait":
                self._waits(at, entry["for"])
            case "device" if entry["state"] == "flooded":
                dropped = count(int(entry["detail"]), "event")
                self.say(f"{entry['device']}: {dropped} dropped in one second, more than its `events` allow")
            case "device":
                detail = f": {visible(entry['detail'])}" if entry.get("detail") else ""
                self.say(f"{entry['device']}: {entry['state']}{detail}")
            case "operator":
                self._operator(entry)
            case "gap":
                stood = short(entry["for"])
                self.say(f"{clock(at)}  nothing went on for {stood}: the show goes on where it was, so much later")
            case "log":
                self.say(f"{clock(at)}  {visible(entry['message'])}")

    def _waits(self, at: int, what: str) -> None:
        word, _, label = what.partition(" ")
        names = awaited(what)
        if word == "go":
            named = f' "{visible(label)}"' if label else ""
            self.say(f"{clock(at)}  hold{named}: press {'space' if self.keys else 'Enter'} for GO")
        elif names:
            how = f"press {' or '.join(map(self._key, names))}" if self.keys else "type its name and Enter"
            said = " or ".join(f"`{visible(name)}`" for name in names)
            self.say(f"{clock(at)}  waits for the button {said}: {how}")
        elif word == "clock":
            self.say(f"{clock(at)}  waits for {visible(label)} on the clock")

    def _key(self, button: str) -> str:
        buttons = self._present.buttons
        number = buttons.index(button) + 1 if button in buttons else 0
        return str(number) if 0 < number < 10 else "`:`, type its name and Enter"

    def _operator(self, entry: Mapping[str, Any]) -> None:
        action = entry["action"]
        if action == "connect" and entry.get("ignored"):
            named = f" {entry['name']}" if entry.get("name") else ""
            self.say(visible(f"connect{named}: {entry['ignored']}"))
        elif action == "panic":
            self.say("PANIC: nothing more is sent, what is held is let go, a voice is cut where that can be done")
        elif action == "stop" and not self._stopping:
            self._stopping = True
            self.say("Stopping: what is under way is finished first; Ctrl-C ends it at once")
        elif action == "stop" and self._interrupts() > 1:
            self.say("Ending now: nothing is waited for any more")
        elif action == "stop":
            self.say("Still stopping; one more Ctrl-C ends it at once")

    def _plain(self, at: int, text: str) -> None:
        self.say(f"{clock(at)}  {visible(text)}")

    def _line(self) -> Text:
        from rich.text import Text

        width, encoding = _terminal(self._live)
        line = "\n".join(map(visible, self.shown(self._now(), width).split("\n")))
        if not encoding.startswith("utf"):
            # What the terminal cannot show is spelled out here, for it takes more room.
            line = line.replace(BETWEEN, "  ").replace("·", "-").encode(encoding, "backslashreplace").decode(encoding)
        text = Text(line, no_wrap=True, overflow="ellipsis" if encoding.startswith("utf") else "crop")
        for words, colour in _COLOURS:
            text.highlight_regex(rf"(?m)(?:^|(?<=  ))(?:{words})\b.*?(?=  |$)", colour)
        return text

    def shown(self, now: int | None, width: int | None = None) -> str:
        """Give the line: what must be seen stands first, for its end may be cut off.

        Where not all of it is seen in so many cells, the clock and what waits for somebody stand before all else, in
        more than one line if that is too short: how the show goes on is never cut. In a narrow terminal what waits is
        all that is sure to be seen.
        """
        shown, over = self._present.now(), self._over()
        typed = [] if self._typed is None else [f":{self._typed}_"]
        clocks = _clocks(shown, now)
        # What is ready needs no word.
        parts = [
            f"{', '.join(name for name, one in shown.devices.items() if one == state)} {state}"
            for state in sorted({*shown.devices.values()} - {"ready"})
        ]
        urgent = ["PANIC"] if shown.panicked else ["PAUSED"] if shown.paused is not None else []
        urgent += ["OVER"] if over else []
        urgent += [f"LATE {short(shown.late)}"] if shown.late >= LATE else []
        loop = [f"LOOP {shown.loop}"] if shown.loop is not None else []
        halts = [*self._holds(shown, width), *self._awaited(shown)]
        # A list that stands makes every time of the plan uncertain: then none is said.
        rest = [shown.segment, "" if shown.uncertain or over else _next(shown.next, now)]
        rest += [f"last {shown.called}" if shown.called else ""]
        whole = BETWEEN.join(part for part in (*typed, *clocks, *parts, *urgent, *loop, *halts, *rest) if part)
        if width is None or cells(whole) <= width:
            return whole
        if width < NARROW:
            return BETWEEN.join(part for part in (*typed, *urgent, *halts, *clocks, *parts, *loop, *rest) if part)
        *lines, last = _lines([*typed, *clocks, *urgent, *halts], width)
        return "\n".join([*lines, BETWEEN.join(part for part in (last, *parts, *loop, *rest) if part)])

    def _holds(self, shown: Now, width: int | None) -> list[str]:
        """Say what waits for GO, and how that is pressed; of long words the end is missing, and not the key."""
        hint = f" · {'space' if self.keys else 'Enter'} is GO"
        said = ", ".join(f"HOLD {halt.label}".rstrip() for halt in shown.standing if halt.word == "go")
        if width is not None and width >= NARROW:
            said = cut(said, width - cells(hint))
        return [f"{said}{hint}"] if said else []

    def _awaited(self, shown: Now) -> list[str]:
        names = dict.fromkeys(name for halt in shown.standing for name in halt.buttons)
        return [f"BUTTON {name}" + (f" · {self._key(name)}" if self.keys else "") for name in names]


def _clocks(shown: Now, at: int | None) -> list[str]:
    """Give the show's clock, in music the beat, and the time on air, where a pause has made it another."""
    if at is None:
        return ["standby"]
    clock, bar = shown.clock(at), shown.bar(at)
    music = [f"bar {bar}"] if bar else []
    return [clock_to_second(clock), *music, *([f"on air {clock_to_second(at)}"] if at - clock >= SECOND else [])]


def _lines(parts: Sequence[str], width: int) -> list[str]:
    """Put as many parts into each line as it has room for."""
    lines: list[str] = []
    for part in parts:
        longer = BETWEEN.join([*lines[-1:], part])
        if lines and cells(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _terminal(live: Live | None) -> tuple[int | None, str]:
    """Give the cells in a line of the terminal, and its encoding."""
    return (None, "utf-8") if live is None else (live.console.width, live.console.encoding)


def _next(expected: Expected | None, now: int | None) -> str:
    if now is None or expected is None:
        return ""
    coming = f"next {expected.called}"
    return f"{coming} in {left(expected.at - now)}" if expected.at > now else coming


def around(cues: Sequence[Near]) -> list[str]:
    """Lay out cues: time, position, name, where each is, what it does."""
    if not cues:
        return ["no cues"]
    rows, segment = [], ""
    for near in cues:
        if near.cue[0] != segment:
            segment = near.cue[0]
            rows.append([visible(f"segment {segment}")])
        found = near.found
        written, does = ("", "") if found is None else (visible(found.cue.written), visible(found.reads))
        time = "" if near.at is None else clock(near.at)
        rows.append([">" if near.next else "", time, written, visible(near.called), near.state, cut(does, WIDEST)])
    widths = [1, *(max((cells(row[n]) for row in rows if len(row) > 1), default=0) for n in range(1, 6))]
    return [_line(row, widths) for row in rows]


def _line(row: list[str], widths: list[int]) -> str:
    if len(row) == 1:
        return row[0]
    laid = [cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True) if width]
    return "  ".join(laid).rstrip()


@contextlib.contextmanager
def _read_or_not() -> Iterator[None]:
    """Write to whoever looks on, and no more where that cannot be done: their terminal or pipe is closed."""
    try:
        yield
    except OSError:
        output.mute()
