"""Scripts laid out anew: read, formatted, written back or compared. How a script is to look is the printer's affair."""

from __future__ import annotations

import difflib
import os
import sys
import tempfile
from pathlib import Path

from showrunner.cli.arguments import nameless
from showrunner.cli.scripts import below, only_scripts
from showrunner.cli.terminal import output
from showrunner.cli.terminal.speaking import spoken
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import has_errors
from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.diagnostics.wording import count, visible
from showrunner.show.book import STDIN, read
from showrunner.show.stage_file import setup
from showrunner.syntax.printer import Spelling, format_text
from showrunner.timeline.compile import posts


def lay_out(paths: list[str], *, check: bool, diff: bool) -> int:
    """Format every script named; with ``check`` or ``diff`` nothing is written. Gives the exit code."""
    if "" in paths:
        raise nameless()
    files = [
        file
        for path in only_scripts(paths)
        for file in (below(path) if path != STDIN and Path(path).is_dir() else [path])
    ]
    changed = refused = 0
    for path in dict.fromkeys(files):
        text = _text(path)
        formatted = None if text is None else format_text(text, path, spelling(path))
        if text is None or formatted is None:
            refused += 1
            continue
        if has_errors(formatted.findings):
            output.say(
                render.text(formatted.findings, {path: text}, colour=output.coloured(sys.stderr), language=spoken())
            )
            refused += 1
            continue
        new = formatted.text
        if diff:
            output.out(_difference(path, text, new))
        elif path == STDIN and not check:
            output.out(new)
        # A byte order mark is no part of the text, but goes too.
        if new != text or (path != STDIN and Path(path).read_bytes()[:3] == b"\xef\xbb\xbf"):
            changed += 1
            if check:
                output.say(f"would change: {visible(path)}")
            elif not diff and path != STDIN:
                _write(Path(path), new)
    verb = "would change" if check or diff else "changed"
    said = f"{count(changed, 'file')} {verb}" if changed else "nothing to change"
    output.say(said + (f", {count(refused, 'file')} not formatted for their errors" if refused else ""))
    return 1 if refused or (changed and (check or diff)) else 0


def spelling(path: str) -> Spelling:
    """Give how the devices on the stage of a script like their commands written."""
    return posts.spelling(setup(path).stage.fixtures)


def _text(path: str) -> str | None:
    reading = read(path)
    if reading.book is not None:
        return reading.book.sources[reading.book.main].text
    output.say(render.text(reading.findings, reading.texts, colour=output.coloured(sys.stderr), language=spoken()))
    return None


def _difference(path: str, old: str, new: str) -> str:
    lines = difflib.unified_diff(_lines(old), _lines(new), f"{path} (now)", f"{path} (formatted)", lineterm="")
    shown = "".join(f"{line}\n" for line in lines)
    return "\n".join(map(visible, shown.split("\n"))) if sys.stdout.isatty() else shown


def _lines(text: str) -> list[str]:
    # Not `splitlines`: only a line feed ends a line of a script.
    lines = text.split("\n")
    return lines[:-1] if not lines[-1] else [*lines[:-1], f"{lines[-1]}\n\\ no line end"]


def _write(path: Path, text: str) -> None:
    """Put the text in place of the old one, whole or not at all, with the file's rights kept."""
    real = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=".fmt-", dir=real.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(text.encode())
            Path(name).chmod(real.stat().st_mode & 0o777)
            Path(name).replace(real)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Refusal(f"`{path}` cannot be written: {reason(error)}") from error
