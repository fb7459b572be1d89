"""`showrunner dry-run`: the whole show at once, on a clock that is only counted."""

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from showrunner.cli.options import (
    Catalogue,
    Do,
    From,
    GoAfter,
    Latency,
    OnFailure,
    Only,
    Press,
    Stage,
    StartAt,
    Stay,
    Told,
    Until,
)
from showrunner.cli.terminal import output

EXAMPLE = """Examples:
  showrunner dry-run morning.show
  showrunner dry-run morning.show --format jsonl > morning.journal
  showrunner dry-run room.show --stay 10m
  showrunner dry-run room.show --press raid@10s --press 'donate@12s "Hello!" user=Aki amount=500' --do stop@1m"""


LEAST_WIDTH = 20
"""No table is narrower, in columns."""


HINT = (
    "note: buttons pressed themselves at once; `--press NAME@TIME` presses one when you say, `--stay 10m` lets every "
    "segment play so long first, `--go-after 5s` lets GO and buttons wait"
)


class Format(StrEnum):
    """How the show is printed."""

    TABLE = "table"
    JSONL = "jsonl"


def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script, or - for standard input.")],
    format: Annotated[Format, typer.Option("--format", help="A table, or the journal as JSON lines.")] = Format.TABLE,
    catalogue: Catalogue = None,
    stage: Stage = None,
    start: From = None,
    until: Until = None,
    only: Only = None,
    latency: Latency = "0s",
    go_after: GoAfter = "0s",
    press: Press = None,
    event: Told = None,
    do: Do = None,
    start_at: StartAt = None,
    stay: Stay = "0s",
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Begins the ids of all messages.")] = 0,
    on_failure: OnFailure = None,
    width: Annotated[
        str | None, typer.Option(metavar="N", help="So many columns for the table (else the terminal's).")
    ] = None,
) -> None:
    """Play the whole show in a moment. Doubles stand for the programs; nothing is sent anywhere."""
    from showrunner.cli.arguments import script as one_script
    from showrunner.cli.arguments import unheard
    from showrunner.cli.table import table
    from showrunner.diagnostics import render
    from showrunner.engine.journal import line
    from showrunner.engine.messages import Options
    from showrunner.reports.entries import read
    from showrunner.reports.failures import Failure, Failures
    from showrunner.running.dry_run import dry_run
    from showrunner.running.orders import done, events, part, policy, presses, time, time_of_day, whole
    from showrunner.show.prepare import prepare

    delay, go = time("--latency", latency), time("--go-after", go_after)
    stays, starts = time("--stay", stay), time_of_day("--start-at", start_at)
    given = (*presses("--press", press or ()), *done("--do", do or ()))
    chosen = policy("--on-failure", on_failure)
    columns = output.width(sys.stdout) if width is None else whole("--width", width, LEAST_WIDTH)
    prepared = prepare(one_script(script), stage, catalogue)
    output.findings(prepared.findings, prepared.texts)
    cues = prepared.cues
    if cues is None:
        raise typer.Exit(1)
    given = (*given, *events("--event", event or (), prepared.stage.fixtures))
    entries: list[dict[str, Any]] = []
    failures: list[Failure] = []
    # On a terminal no character is passed on that could move its cursor; it is the same JSON.
    laid_out = render.dumps if sys.stdout.isatty() else line
    sink = entries.append if format is Format.TABLE else lambda entry: output.offer(f"{laid_out(entry)}\n")
    ends = [0]
    result = dry_run(
        cues,
        prepared.stage.fixtures,
        sink,
        lambda entry: ends.append(entry["at"]) if entry["kind"] == "end" else None,
        Failures(cues.main, prepared.texts, failures.append),
        options=Options(
            seed=str(seed),
            on_failure=chosen or prepared.stage.on_failure,
            auto=True,
            go_after=go,
            stay=stays,
            presses=given,
            start_at=starts,
            excerpt=part(cues, prepared.fixtures, prepared.inventories, start, until, only, str(seed)),
        ),
        inventories=prepared.inventories,
        latency=delay,
        blocked=prepared.stage.blocked,
    )
    if format is Format.TABLE:
        output.offer(table(read(entries, prepared.fixtures), cues, output.painter(sys.stdout), columns))
    output.offer("", last=True)
    unheard(given, cues, ends[-1])
    if cues.buttons and not (given or go or stays):
        output.say(HINT)
    for failure in failures:
        output.say(output.failed(failure, prepared.texts))
    raise typer.Exit(3 if result.bad else 0)
