"""What the commands write to: results to standard output, messages to standard error, colour only where it can be seen.

Not what they say.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from showrunner.cli.terminal import speaking
from showrunner.cli.terminal.speaking import said
from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.diagnostics.sentence import sentence

if TYPE_CHECKING:
    from showrunner.diagnostics.diagnostic import Diagnostic
    from showrunner.reports.failures import Failure


class _Nowhere(io.StringIO):
    """Stands where a stream is closed or was never there (`1>&-`; a program without a console on Windows).

    Nothing is kept; that something was lost is known.
    """

    lost = False

    def write(self, text: str) -> int:
        self.lost = self.lost or bool(text)
        return len(text)


def prepare() -> None:
    """Make both streams take any text: UTF-8 with plain line ends into files and pipes, never an encoding error.

    A stream that is closed gets a stand-in, and its number is taken: else the next file that is opened would get that,
    and with it whatever is still written there.
    """
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(number)
    if sys.stdin is None:
        # Whoever started the program has closed it; nothing can be read then.
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - open as long as the program
    sys.stdout = _Nowhere() if sys.stdout is None else sys.stdout
    sys.stderr = _Nowhere() if sys.stderr is None else sys.stderr
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def coloured(stream: TextIO) -> bool:
    """Tell whether to colour what goes to ``stream``: on a terminal, and never with `NO_COLOR`."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int | None:
    """Give the cells of a line where ``stream`` is a terminal (`COLUMNS` says another number); None: it is none."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def painter(stream: TextIO) -> Callable[[str], str] | None:
    """Give what colours a line of a show for ``stream``; None where no colour is to be seen."""
    if not coloured(stream):
        return None
    from showrunner.cli.terminal.colours import painted

    return painted


def out(text: str) -> None:
    """Write a result. Where it cannot be written (a full disk), say so and leave with 1."""
    try:
        sys.stdout.write(said(text))
    except BrokenPipeError:
        raise
    except OSError as error:
        _unwritten(error)


def offer(text: str, *, last: bool = False) -> None:
    """Write a part of a result, as ``out`` does, to whoever still reads; how the command ends is the same without them.

    ``last``: no more comes, and all of it is written out.
    """
    try:
        out(text)
        if last:
            finish()
    except BrokenPipeError:
        quiet()


def finish() -> None:
    """Write out what is still in the buffer, as ``out`` would."""
    if isinstance(sys.stdout, _Nowhere) and sys.stdout.lost:
        _unwritten(OSError("standard output is closed"))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _unwritten(error)


def _unwritten(error: OSError) -> NoReturn:
    if sys.platform == "win32" and error.errno == errno.EINVAL:
        raise BrokenPipeError from error  # Windows' name for a pipe whose reader has gone
    say(sentence("error: {message}", said(sentence("the output cannot be written: {reason}", reason(error)))))
    quiet()
    raise SystemExit(1)


def say(text: str) -> None:
    """Write a message, one line. Where it can go nowhere (a full disk, its reader has gone), no other does."""
    try:
        sys.stderr.write(f"{said(text)}\n")
        sys.stderr.flush()
    except OSError:
        mute()


def warn(text: str) -> None:
    """Write a warning, one line, whatever characters are in it."""
    from showrunner.diagnostics.wording import visible

    say(sentence("warning: {message}", visible(said(text))))


def findings(found: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
    """Write findings to standard error with their lines, before a show is played or refused."""
    if found:
        from showrunner.diagnostics import render

        say(
            render.text(
                found, texts, colour=coloured(sys.stderr), paint=painter(sys.stderr), language=speaking.spoken()
            )
        )


def failed(failure: Failure, texts: Mapping[str, str]) -> str:
    """Lay out what went wrong while a show ran, for standard error, with its line."""
    from showrunner.diagnostics import render

    colour, paint = coloured(sys.stderr), painter(sys.stderr)
    shown = render.failure(
        failure.result,
        failure.message,
        failure.place,
        texts,
        failure.through,
        colour=colour,
        paint=paint,
        language=speaking.spoken(),
    )
    return shown.rstrip("\n")


@contextmanager
def refusing() -> Iterator[None]:
    """Say why something cannot be done, and leave with the code of that."""
    try:
        yield
    except Refusal as refusal:
        from showrunner.diagnostics.wording import visible

        say(sentence("error: {message}", visible(said(refusal.message))))
        if refusal.way_out is not None:
            say(sentence("help: {help}", visible(said(refusal.way_out))))
        sys.exit(refusal.exit)


def quiet() -> None:
    """Write nothing more, not even what is still in the buffers: the reader has gone."""
    _nowhere(sys.stdout)


def mute() -> None:
    """Write no more messages: whoever read them has gone, or their terminal has been closed."""
    _nowhere(sys.stderr)


def _nowhere(stream: TextIO) -> None:
    if isinstance(stream, _Nowhere):
        stream.lost = False
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
