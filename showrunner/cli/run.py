"""`showrunner run`: the show for real."""

from typing import Annotated

import typer

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
    stage: Annotated[str | None, typer.Option(metavar="FILE", help="The devices (else stage.yaml beside it).")] = None,
    catalogue: Annotated[str | None, typer.Option(metavar="FILE", help="What the real models have.")] = None,
    doubles: Annotated[
        str | None, typer.Option(metavar="all|NAMES", help="Use built-in doubles for these devices (a,b).")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="POINT", help="Begin at this segment, cue or time.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="POINT", help="End before this segment, cue or time.")] = None,
    only: Annotated[str | None, typer.Option(metavar="SEGMENT", help="Play this segment alone.")] = None,
    speed: Annotated[
        str | None, typer.Option(metavar="N", help="Play so many times as fast (doubles only), 0.1 to 100.")
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="[DEVICE:]FAULT[=VALUE]", help="Have the doubles do this; may be said again (see below)."),
    ] = None,
    journal: Annotated[str | None, typer.Option(metavar="FILE", help="Write down everything that happens.")] = None,
    journal_frames: Annotated[bool, typer.Option("--journal-frames", help="Write every streamed frame too.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show what the audience of the doubles would see.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Start at once when all is ready.")] = False,
    guard: Annotated[str, typer.Option(metavar="TIME", help="A key pressed twice within this time counts once.")] = (
        "300ms"
    ),
    on_failure: Annotated[
        str | None, typer.Option(metavar="continue|stop|hold", help="What happens when a command fails.")
    ] = None,
) -> None:
    """Play the show on the real programs. Enter is GO; Ctrl-C ends in order, twice at once."""
    from showrunner.cli.arguments import devices, doubles_only, part, policy, tempo, time
    from showrunner.cli.arguments import script as one
    from showrunner.cli.faults import read
    from showrunner.cli.live import Wishes, play
    from showrunner.cli.prepared import prepare, show

    chosen, fast, guarded = policy(on_failure), tempo("--speed", speed), time("--guard", guard)
    prepared = prepare(one(script), stage, catalogue)
    show(prepared)
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
