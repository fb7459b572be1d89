"""Where may be written, and writing there: nowhere that something is read. What a command reads must be there when it
has ended.

Two paths are one file where the disk says so (a link, another spelling), and where both would come to be in the same
place. What is no ordinary file (a terminal, a pipe) may be both.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.diagnostics.sentence import sentence
from showrunner.show import allowed, user_files
from showrunner.show.book import STDIN


def apart(target: str, read: Iterable[str]) -> None:
    """Raise ``Refusal`` where ``target`` is one of the files that are ``read``.

    These may be files that are not there yet, and `-`. The user's own files are read by every command.
    """
    place = _place(target)
    for path in (*read, str(allowed.file()), str(user_files.file())):
        if place is not None and place == _place(path):
            source = _named(path)
            same = os.path.normpath(target) == os.path.normpath(source)
            said = (
                sentence("`{target}` is what is to be read", target)
                if same
                else sentence("`{target}` is `{source}`, which is to be read", target, source)
            )
            lost = sentence("it would be lost") if Path(target).exists() else sentence("it is no place to write to")
            raise Refusal(said + "; " + lost, sentence("choose another name for what is written"))


def write(target: str, text: str, called: str = "") -> None:
    """Write a result into a file. Raises ``Refusal`` where that cannot be done; ``called``: what it is, for that."""
    try:
        Path(target).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        named = sentence("{what} `{path}`", called, target) if called else f"`{target}`"
        raise Refusal(sentence("{file} cannot be written: {reason}", named, reason(error))) from error


def _place(path: str) -> tuple[int, int] | str | None:
    """Tell which file it is: device and inode, where it would be if it is not there; None where it is no plain file."""
    try:
        found = os.fstat(sys.stdin.fileno()) if path == STDIN else Path(path).stat()
    except FileNotFoundError:
        return os.path.normcase(os.path.realpath(path))
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _named(path: str) -> str:
    """Give a path as the user knows it: from here, where it is below."""
    if path == STDIN:
        return "standard input"
    here = Path.cwd()
    return Path(path).relative_to(here).as_posix() if Path(path).is_relative_to(here) else path
