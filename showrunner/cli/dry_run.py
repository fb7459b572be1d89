"""`showrunner dry-run`: the whole show at once, on a clock that is only counted."""

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from showrunner.cli import screen

EXAMPLE = """Examples:
  showrunner dry-run morning.show
  showrunner dry-run morning.show --format jsonl > morning.journal"""


class Format(StrEnum):
    """How the show is printed."""

    TABLE = "table"
    JSONL = "jsonl"


def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script, or - for standard input.")],
    format: Annotated[Format, typer.Option("--format", help="A table, or the journal as JSON lines.")] = Format.TABLE,
    catalogue: Annotated[str | None, typer.Option(metavar="FILE", help="What the real models have.")] = None,
    stage: Annotated[str | None, typer.Option(metavar="FILE", help="The devices (else stage.yaml beside it).")] = None,
    latency: Annotated[str, typer.Option(metavar="TIME", help="How long a message takes, each way.")] = "0s",
    go_after: Annotated[str, typer.Option(metavar="TIME", help="How long after a hold GO comes by itself.")] = "0s",
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Begins the ids of all messages.")] = 0,
    on_failure: Annotated[
        str | None, typer.Option(metavar="continue|stop|hold", help="What happens when a command fails.")
    ] = None,
) -> None:
    """Play the whole show in a moment. Doubles stand for the programs; nothing is sent anywhere."""
    from showrunner.cli.arguments import policy, time
    from showrunner.cli.doubles import double, in_memory
    from showrunner.cli.failures import Failures
    from showrunner.cli.prepared import prepare, show
    from showrunner.cli.table import table
    from showrunner.engine.journal import Journal, line
    from showrunner.performance import Options, Performance
    from showrunner.wires.loopback import World

    delay, go = time("--latency", latency), time("--go-after", go_after)
    chosen = policy(on_failure)
    prepared = prepare(script, stage, catalogue)
    show(prepared)
    cues = prepared.cues
    if cues is None:
        raise typer.Exit(1)
    entries: list[dict[str, Any]] = []
    told: list[str] = []
    sink = entries.append if format is Format.TABLE else lambda entry: screen.out(f"{line(entry)}\n")
    failures = Failures(cues.main, prepared.texts, told.append, colour=screen.coloured(sys.stderr))
    fixtures = {name: in_memory(prepared.stage.fixtures[name]) for name in cues.devices}
    world = World(delay)
    known = prepared.inventories
    behind = {name: double(one, known.get(name), lambda now: now // 1000) for name, one in fixtures.items()}
    wires = {name: world.join(name, behind[name], one.device.connects) for name, one in fixtures.items()}
    options = Options(seed=str(seed), on_failure=chosen or prepared.stage.on_failure, auto=True, go_after=go)
    performance = Performance(
        cues, fixtures, wires, world, Journal(sink, failures), options, inventories=known
    )
    missing = performance.standby(prepared.stage.connect_timeout)
    if missing:
        raise RuntimeError(f"a double was not ready: {missing}")
    result = performance.play()
    performance.close()
    if format is Format.TABLE:
        screen.out(table(entries))
    for one in told:
        screen.say(one.rstrip("\n"))
    raise typer.Exit(3 if result.bad else 0)
