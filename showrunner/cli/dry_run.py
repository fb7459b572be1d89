"""`showrunner dry-run`: the whole show at once, on a clock that is only counted."""

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from showrunner.cli.options import Catalogue, From, OnFailure, Only, Stage, Until
from showrunner.cli.terminal import output

EXAMPLE = """Examples:
  showrunner dry-run morning.show
  showrunner dry-run morning.show --format jsonl > morning.journal"""


LEAST_WIDTH = 20
"""No table is narrower, in columns."""


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
    latency: Annotated[str, typer.Option(metavar="TIME", help="How long a message takes, each way.")] = "0s",
    go_after: Annotated[str, typer.Option(metavar="TIME", help="How long after a hold GO comes by itself.")] = "0s",
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Begins the ids of all messages.")] = 0,
    on_failure: OnFailure = None,
    width: Annotated[
        str | None, typer.Option(metavar="N", help="So many columns for the table (else the terminal's).")
    ] = None,
) -> None:
    """Play the whole show in a moment. Doubles stand for the programs; nothing is sent anywhere."""
    from showrunner.cli.arguments import script as one_script
    from showrunner.cli.table import table
    from showrunner.diagnostics import render
    from showrunner.engine.journal import line
    from showrunner.engine.messages import Options
    from showrunner.reports.entries import read
    from showrunner.reports.failures import Failure, Failures
    from showrunner.running.dry_run import dry_run
    from showrunner.running.orders import part, policy, time, whole
    from showrunner.show.prepare import prepare

    delay, go = time("--latency", latency), time("--go-after", go_after)
    chosen = policy("--on-failure", on_failure)
    columns = output.width(sys.stdout) if width is None else whole("--width", width, LEAST_WIDTH)
    prepared = prepare(one_script(script), stage, catalogue)
    output.findings(prepared.findings, prepared.texts)
    cues = prepared.cues
    if cues is None:
        raise typer.Exit(1)
    entries: list[dict[str, Any]] = []
    failures: list[Failure] = []
    # On a terminal no character is passed on that could move its cursor; it is the same JSON.
    laid_out = render.dumps if sys.stdout.isatty() else line
    sink = entries.append if format is Format.TABLE else lambda entry: output.offer(f"{laid_out(entry)}\n")
    result = dry_run(
        cues,
        prepared.stage.fixtures,
        sink,
        Failures(cues.main, prepared.texts, failures.append),
        options=Options(
            seed=str(seed),
            on_failure=chosen or prepared.stage.on_failure,
            auto=True,
            go_after=go,
            excerpt=part(cues, prepared.fixtures, prepared.inventories, start, until, only),
        ),
        inventories=prepared.inventories,
        latency=delay,
    )
    if format is Format.TABLE:
        output.offer(table(read(entries, prepared.fixtures), cues, output.painter(sys.stdout), columns))
    output.offer("", last=True)
    for failure in failures:
        output.say(output.failed(failure, prepared.texts))
    raise typer.Exit(3 if result.bad else 0)
