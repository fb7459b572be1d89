"""`showrunner run`: the show for real."""

from typing import Annotated

import typer

EXAMPLE = """Examples:
  showrunner run morning.show
  showrunner run morning.show --doubles all --yes
  showrunner run morning.show --journal tonight.journal"""


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
    journal: Annotated[str | None, typer.Option(metavar="FILE", help="Write down everything that happens.")] = None,
    journal_frames: Annotated[bool, typer.Option("--journal-frames", help="Write every streamed frame too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Start at once when all is ready.")] = False,
    on_failure: Annotated[
        str | None, typer.Option(metavar="continue|stop|hold", help="What happens when a command fails.")
    ] = None,
) -> None:
    """Play the show on the real programs. Enter is GO; Ctrl-C ends in order, twice at once."""
    from showrunner.cli.arguments import devices, part, policy
    from showrunner.cli.arguments import script as one
    from showrunner.cli.live import play
    from showrunner.cli.prepared import prepare, show

    chosen = policy(on_failure)
    prepared = prepare(one(script), stage, catalogue)
    show(prepared)
    simulated = devices("--doubles", doubles or "", prepared.stage.fixtures)
    if prepared.cues is None:
        raise typer.Exit(1)
    raise typer.Exit(
        play(
            prepared,
            prepared.cues,
            simulated=simulated,
            journal=journal,
            frames=journal_frames,
            ask=not yes,
            on_failure=chosen,
            excerpt=part(prepared, prepared.cues, start, until, only),
        )
    )
