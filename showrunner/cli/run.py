"""`showrunner run`: the show for real."""

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

EXAMPLE = """Examples:
  showrunner run morning.show
  showrunner run morning.show --doubles all --yes
  showrunner run morning.show --doubles all --speed 4
  showrunner run morning.show --doubles all --fault latency=40ms --fault live2d:silent=5
  showrunner run morning.show --journal tonight.journal

\b
Faults of doubles, as `showrunner simulate --help` explains them:
  latency=TIME jitter=TIME seed=N silent=N error='[N] TEXT' lose-every=N drop-every=N
  garbage-every=N event-every=TIME no-goodbye"""


def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script, or - for standard input.")],
    stage: Stage = None,
    catalogue: Catalogue = None,
    doubles: Doubles = None,
    start: From = None,
    until: Until = None,
    only: Only = None,
    speed: Speed = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="[DEVICE:]FAULT[=VALUE]", help="Have the doubles do this; may be said again (see below)."),
    ] = None,
    journal: Journal = None,
    journal_frames: JournalFrames = False,
    verbose: Verbose = False,
    yes: Yes = False,
    guard: Guard = GUARD,
    on_failure: OnFailure = None,
) -> None:
    """Play the show on the real programs. Enter is GO; Ctrl-C ends in order, twice at once."""
    from showrunner.cli.arguments import part
    from showrunner.cli.arguments import script as one
    from showrunner.cli.live import Wishes, play
    from showrunner.cli.terminal import output
    from showrunner.running.faults import read
    from showrunner.running.orders import devices, doubles_only, policy, tempo, time
    from showrunner.show.prepare import prepare

    chosen, fast, guarded = policy(on_failure), tempo("--speed", speed), time("--guard", guard)
    prepared = prepare(one(script), stage, catalogue)
    output.findings(prepared.findings, prepared.texts)
    simulated = devices("--doubles", doubles or "", prepared.stage.fixtures)
    if prepared.cues is None:
        raise typer.Exit(1)
    doubles_only("--speed", speed, prepared.cues.devices, simulated)
    played = {name: one.device for name, one in prepared.stage.fixtures.items() if name in simulated}
    faults = read("--fault", fault or (), played)
    raise typer.Exit(
        play(
            prepared,
            prepared.cues,
            Wishes(
                simulated=simulated,
                journal=journal,
                frames=journal_frames,
                ask=not yes,
                guard=guarded,
                on_failure=chosen,
                excerpt=part(prepared, prepared.cues, start, until, only),
                speed=fast,
                faults=faults,
                verbose=verbose,
            ),
        )
    )
