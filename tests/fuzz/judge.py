"""Puts one input through all that reads shows, and says what must never happen: a traceback, a hang, a raw control.

Whatever is raised below is a bug; nothing here catches it but the fuzz program itself.
"""

from __future__ import annotations

import json
import re
import signal
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from showrunner.cli.table import table
from showrunner.diagnostics import codes, render
from showrunner.diagnostics.diagnostic import has_errors
from showrunner.engine.journal import line
from showrunner.engine.messages import Options
from showrunner.reports.entries import read
from showrunner.reports.plan import plan, summary
from showrunner.running.dry_run import dry_run
from showrunner.show.book import Library
from showrunner.show.prepare import prepare
from showrunner.syntax.parser import parse
from showrunner.syntax.printer import format_text

from .inputs import MAIN, Input

RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
"""What must not reach a terminal (a line feed apart)."""

ENTRIES = 3_000
"""Journal entries after which a dry run is broken off: it may be meant to last a day."""

BASE, PER_MEGABYTE = 6.0, 25.0
"""The bound on time: seconds for any input, and for each megabyte of it. Generous: a machine may be shared."""


class TooSlow(BaseException):
    """An input took longer than its size allows."""


class WrongError(AssertionError):
    """Something came out that must not."""


class _EnoughError(Exception):
    pass


def allowed(size: int) -> float:
    """Give the seconds an input of so many bytes may take."""
    return BASE + PER_MEGABYTE * size / 1_000_000


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise ``TooSlow`` inside after so many seconds (where the system has an alarm)."""
    if sys.platform == "win32":
        yield
        return

    def late(_signal: int, _frame: object) -> None:
        raise TooSlow(f"more than {seconds:.1f} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def judge(one: Input, folder: Path) -> str:
    """Put ``one`` through in ``folder`` (which is the current folder); say what it came to.

    Every third input is formatted too, every second accepted one played on the doubles: by its bytes, so that an input
    is always judged alike.
    """
    for name, content in one.beside.items():
        folder.joinpath(name).write_bytes(content)
    try:
        return _judged(one)
    finally:
        for name in one.beside:
            folder.joinpath(name).unlink()


def _judged(one: Input) -> str:
    if one.beside:
        Path(MAIN).write_bytes(one.script)
        path, library = MAIN, Library()
    else:
        path, library = "-", Library(stdin=lambda most: one.script[:most])
    prepared = prepare(path, reading=library.read(path))
    for found in prepared.findings:
        if found.place.line < 1 or found.place.column < 1 or found.place.length < 0:
            raise WrongError(f"{found.code} stands nowhere: {found.place}")
        if found.code not in _titles():
            raise WrongError(f"{found.code} is not explained")
    shown = render.text(prepared.findings, prepared.texts) + render.github(prepared.findings)
    clean(shown, "check")
    render.text(prepared.findings, prepared.texts, colour=True)
    for written_down in (
        render.as_json(prepared.findings),
        render.sarif(prepared.findings, version="0", titles=_titles()),
    ):
        json.loads(written_down)
        clean(written_down, "JSON")
    lot = zlib.crc32(one.script)
    if lot % 3 == 0:
        for text in prepared.texts.values():
            _format(text)
    if prepared.cues is None:
        return "refused"
    clean(summary(plan(prepared.cues, prepared.stage.fixtures, prepared.inventories), prepared.cues), "summary")
    if lot % 2 == 0:
        _play(prepared)
    return "accepted"


@cache
def _titles() -> dict[str, str]:
    return dict(codes.titles())


def _format(text: str) -> None:
    formatted = format_text(text, MAIN)
    if has_errors(formatted.findings):
        if formatted.text != text:
            raise WrongError("a file with mistakes is formatted")
        return
    if format_text(formatted.text, MAIN).text != formatted.text:
        raise WrongError("formatting twice changes something")
    if parse(formatted.text, MAIN).findings:
        raise WrongError("formatting makes a mistake")


def _play(prepared: Any) -> None:
    cues, fixtures = prepared.cues, prepared.stage.fixtures
    entries: list[dict[str, Any]] = []

    def keep(entry: dict[str, Any]) -> None:
        entries.append(entry)
        line(entry).encode("utf-8")
        if len(entries) > ENTRIES:
            raise _EnoughError

    try:
        dry_run(cues, fixtures, keep, options=Options(auto=True), inventories=prepared.inventories)
    except _EnoughError:
        return
    if entries[-1]["kind"] != "end":
        raise WrongError("the journal has no end")
    taken = [entry["id"] for entry in entries if entry["kind"] == "command"]
    ended = sorted(entry["id"] for entry in entries if entry["kind"] == "outcome")
    if taken != ended:
        raise WrongError(f"commands {taken}, outcomes {ended}")
    clean(table(read(entries, fixtures), cues), "table")


def clean(text: str, where: str) -> None:
    """Raise where a control character would reach the terminal."""
    found = RAW.search(text)
    if found is not None:
        raise WrongError(f"U+{ord(found[0]):04X} in {where}: {text[max(0, found.start() - 60) : found.end() + 20]!r}")
