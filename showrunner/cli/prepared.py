"""A script made ready: its files, stage and catalogue read, compiled, and everything that is wrong with them.

What every command that takes a script begins with.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from showrunner.book import Library, Reading
from showrunner.catalogue import load as load_catalogue
from showrunner.cli import screen
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


def prepare(
    path: str, stage: str | None = None, catalogue: str | None = None, reading: Reading | None = None
) -> Prepared:
    """Read and compile the script at ``path``; ``stage`` and ``catalogue`` are the files named on the command line."""
    reading = Library().read(path) if reading is None else reading
    standing = setup(path, stage, catalogue)
    known = load_catalogue(standing.stage.catalogue, standing.stage.fixtures)
    findings = [*reading.findings, *standing.findings, *known.findings]
    cues = None
    if reading.book is not None:
        compiled = compile_show(reading.book, standing.stage.fixtures, known.inventories)
        cues = compiled.cues
        findings += [one for one in compiled.findings if reading.whole or one.code not in FROM_A_PART]
    texts = {**standing.texts, **known.texts, **reading.texts}
    ordered = in_reading_order(findings)
    return Prepared(
        path,
        reading,
        standing.stage,
        known.inventories,
        None if has_errors(ordered) else cues,
        ordered,
        texts,
    )


def show(prepared: Prepared) -> None:
    """Write the findings to standard error, before a show is played or refused."""
    if prepared.findings:
        screen.say(render.text(prepared.findings, prepared.texts, colour=screen.coloured(sys.stderr)))
