"""`showrunner rehearse`: like `run`, and the show goes on with what is saved while it plays; with a console."""

from typing import Annotated

import typer

from showrunner.cli.options import (
    GUARD,
    Catalogue,
    Doubles,
    From,
    Guard,
    Journal,
    JournalFrames,
    OnFailure,
    Only,
    Speed,
    Stage,
    Until,
    Verbose,
    Yes,
)
from showrunner.diagnostics.refusal import Refusal

EXAMPLE = """Examples:
  showrunner rehearse morning.show --doubles all
  showrunner rehearse morning.show --from song
  showrunner rehearse morning.show --record tonight.journal"""


def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script.")],
    stage: Stage = None,
    catalogue: Catalogue = None,
    doubles: Doubles = None,
    start: From = None,
    until: Until = None,
    only: Only = None,
    speed: Speed = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="[DEVICE:]FAULT[=VALUE]", help="Have the doubles do this (`run --help` lists what)."),
    ] = None,
    journal: Journal = None,
    record: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A journal with every frame and every version of the script, for `replay`."),
    ] = None,
    journal_frames: JournalFrames = False,
    verbose: Verbose = False,
    yes: Yes = False,
    stay: Annotated[bool, typer.Option("--stay", help="Stay when the show is over, to play parts again.")] = False,
    guard: Guard = GUARD,
    poll: Annotated[bool, typer.Option("--poll", help="Look at the files by the clock (network drives).")] = False,
    console: Annotated[bool, typer.Option(help="Serve the console, a page to call the show from.")] = True,
    on_failure: OnFailure = None,
) -> None:
    """Play the show, and go on with the new text whenever the script is saved. Space is GO; ? shows all keys."""
    from showrunner.cli.arguments import part
    from showrunner.cli.arguments import script as one
    from showrunner.cli.live import Wishes
    from showrunner.cli.rehearsing import Reader, Ways, rehearse
    from showrunner.cli.terminal import output
    from showrunner.running.faults import read
    from showrunner.running.orders import devices, doubles_only, policy, tempo, time

    if script == "-":
        raise Refusal("`rehearse` watches a file, and standard input is none", "give the script's path")
    if journal is not None and record is not None:
        raise Refusal("`--record` writes the journal too", "leave `--journal` away")
    chosen, fast, guarded = policy(on_failure), tempo("--speed", speed), time("--guard", guard)
    reader = Reader(one(script), stage, catalogue)
    prepared = reader.read()
    output.findings(prepared.findings, prepared.texts)
    simulated = devices("--doubles", doubles or "", prepared.stage.fixtures)
    if prepared.cues is None:
        raise typer.Exit(1)
    doubles_only("--speed", speed, prepared.cues.devices, simulated)
    played = {name: one.device for name, one in prepared.stage.fixtures.items() if name in simulated}
    faults = read("--fault", fault or (), played)
    wishes = Wishes(
        simulated=simulated,
        journal=journal or record,
        frames=journal_frames or record is not None,
        ask=not yes,
        guard=guarded,
        on_failure=chosen,
        excerpt=part(prepared, prepared.cues, start, until, only),
        speed=fast,
        faults=faults,
        verbose=verbose,
    )
    ways = Ways(part=(start, until, only), record=record is not None, stay=stay, poll=poll, console=console)
    raise typer.Exit(rehearse(reader, prepared, prepared.cues, wishes, ways))
