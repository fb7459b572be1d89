"""The front door: a show from a program of your own. `from showrunner import prepare, check, plan, dry_run`.

Nothing here prints, waits, opens a socket or touches a device. Every time is an integer of microseconds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Diagnostic, has_errors
from showrunner.diagnostics.refusal import Refusal
from showrunner.engine.messages import Entry, Options
from showrunner.reports import plan as plans
from showrunner.reports.timetable import Plan
from showrunner.running import dry_run as dry_runs
from showrunner.running.orders import part, policy
from showrunner.show import prepare as preparing
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList

__all__ = ["Checked", "DryRun", "Plan", "Prepared", "Refusal", "check", "dry_run", "plan", "prepare"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a show, or might be. ``str`` of it is what `showrunner check` prints, with carets.

    ``findings`` are in reading order: each has its ``code`` (E101), ``severity``, ``place`` (path, line and column from
    1, length in characters), ``message``, and perhaps ``help`` and ``fix``. ``texts``: every file's text by its path.
    """

    findings: tuple[Diagnostic, ...]
    texts: Mapping[str, str]

    @property
    def right(self) -> bool:
        """Whether there is no error: a warning lets a show play."""
        return not has_errors(self.findings)

    def __str__(self) -> str:
        return render.text(self.findings, self.texts)


@dataclass(frozen=True, slots=True)
class DryRun:
    """A show that was played in memory.

    ``journal`` is everything that happened, an entry each, as the journal's file has it: ``seq``, ``at`` (microseconds
    of show time), ``kind``, and what belongs to that. ``result`` is that of the last one, `done` if nothing else;
    ``counts`` has how many commands came to which outcome, ``bad`` tells whether some ended badly.
    """

    journal: tuple[Entry, ...]
    result: str
    counts: Mapping[str, int]
    bad: bool


def prepare(
    path: str | os.PathLike[str],
    stage: str | os.PathLike[str] | None = None,
    catalogue: str | os.PathLike[str] | None = None,
) -> Prepared:
    """Read and compile the script at ``path`` with all it includes, its stage file and its catalogue.

    ``stage`` and ``catalogue`` name these files; else `stage.yaml` and `catalogue.yaml` beside the script are taken,
    and where there is none, the usual stage. Give what came of it: ``cues`` (the show compiled, None where it has
    errors), ``stage`` (its devices, with their settings), ``findings``. Raises nothing for what is wrong in a file, or
    for one that cannot be read: that is a finding too.
    """
    return preparing.prepare(
        os.fspath(path),
        None if stage is None else os.fspath(stage),
        None if catalogue is None else os.fspath(catalogue),
    )


def check(show: Prepared) -> Checked:
    """Give what is wrong with a show, as `showrunner check` finds it."""
    return Checked(show.findings, show.texts)


def plan(show: Prepared) -> Plan:
    """Work out how a show is expected to go: programs answer at once, GO comes at once, speech takes its time.

    Give its timetable: ``segments``, ``cues``, ``commands``, ``waits``, ``voices`` (who is heard, from when to when)
    and ``curves`` (what is held and moves), each in the order in which they begin, and ``length``, the whole of it.
    Raises ``Refusal`` where the show has errors.
    """
    return plans.plan(_right(show), show.fixtures, show.inventories)


def dry_run(
    show: Prepared,
    *sinks: Callable[[Entry], None],
    start: str | None = None,
    until: str | None = None,
    only: str | None = None,
    latency: int = 0,
    go_after: int = 0,
    seed: str = "0",
    on_failure: str | None = None,
) -> DryRun:
    """Play a show at once, on the devices' own doubles and a clock that is only counted.

    Each entry of the journal goes to every one of ``sinks`` as it happens. ``start``, ``until`` and ``only`` name a
    part of the show as `--from`, `--until` and `--only` do (``"song+5s"``). ``latency``: microseconds that a message
    takes, each way; ``go_after``: microseconds after which GO and buttons come by themselves. ``seed`` begins the ids
    of all messages. ``on_failure``: what happens when a command fails, `continue`, `stop` or `hold`, else as the stage
    file says. The same show and options give the same journal, byte by byte. Raises ``Refusal`` where the show has
    errors, and where there is no such part.
    """
    cues, journal = _right(show), list[Entry]()
    options = Options(
        seed=seed,
        on_failure=policy("on_failure", on_failure) or show.stage.on_failure,
        auto=True,
        go_after=go_after,
        excerpt=part(cues, show.fixtures, show.inventories, start, until, only, seed),
    )
    ended = dry_runs.dry_run(
        cues,
        show.fixtures,
        journal.append,
        *sinks,
        options=options,
        inventories=show.inventories,
        latency=latency,
    )
    return DryRun(tuple(journal), ended.result, ended.counts, ended.bad)


def _right(show: Prepared) -> CueList:
    if show.cues is None:
        raise Refusal(f"`{show.path}` has errors", "`check` says which", exit=1)
    return show.cues
