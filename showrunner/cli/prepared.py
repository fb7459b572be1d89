"""A script made ready: its files, stage and catalogue read, compiled, and everything that is wrong with them.

What every command that takes a script begins with.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from showrunner.book import Library, Reading
from showrunner.catalogue import load as load_catalogue
from showrunner.cli import kept, screen
from showrunner.devices.vocabulary import Inventory
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Diagnostic, has_errors, in_reading_order
from showrunner.stage import Stage, setup
from showrunner.timeline.compile import compile_show
from showrunner.timeline.cues import CueList

FROM_A_PART = frozenset({"E205", "E208", "E222", "W507"})
"""Codes of unknown names: while a part is missing, they may be no mistakes."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """``cues`` is None where there are errors. ``texts`` gives the text of every file a finding may stand in."""

    path: str
    reading: Reading
    stage: Stage
    inventories: Mapping[str, Inventory]
    cues: CueList | None
    findings: tuple[Diagnostic, ...]
    texts: Mapping[str, str]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Look for no garbage meanwhile: what is read is kept, and going through it again takes most of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@undisturbed()
def prepare(
    path: str, stage: str | None = None, catalogue: str | None = None, reading: Reading | None = None
) -> Prepared:
    """Read and compile the script at ``path``; ``stage`` and ``catalogue`` are the files named on the command line."""
    reading = Library(cache=kept.grammar()).read(path) if reading is None else reading
    standing = setup(path, stage, catalogue)
    known = load_catalogue(standing.stage.catalogue, standing.stage.fixtures)
    findings = [*reading.findings, *standing.findings, *known.findings]
    cues = None
    fixtures = standing.stage.fixtures
    if reading.book is not None:
        # A line that could not be read gets no other finding.
        unread = {(one.place.path, one.place.line) for one in reading.findings if one.code.startswith("E1")}
        compiled = compile_show(reading.book, standing.stage.fixtures, known.inventories)
        cues = compiled.cues
        if compiled.pictures:
            from showrunner import pictures

            gallery = pictures.load(path, compiled.pictures)
            fixtures, findings = gallery.hung(fixtures), [*findings, *gallery.findings]
        findings += [
            one
            for one in compiled.findings
            if (reading.whole or one.code not in FROM_A_PART) and (one.place.path, one.place.line) not in unread
        ]
    texts = {**standing.texts, **known.texts, **reading.texts}
    ordered = in_reading_order(findings)
    return Prepared(
        path,
        reading,
        replace(standing.stage, fixtures=fixtures),
        known.inventories,
        None if has_errors(ordered) else cues,
        ordered,
        texts,
    )


def show(prepared: Prepared) -> None:
    """Write the findings to standard error, before a show is played or refused."""
    if prepared.findings:
        colour, paint = screen.coloured(sys.stderr), screen.painter(sys.stderr)
        screen.say(render.text(prepared.findings, prepared.texts, colour=colour, paint=paint))
