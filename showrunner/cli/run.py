"""`showrunner run`: the show for real."""

from typing import Annotated, Unpack

import typer

from showrunner.cli.options import Played, played

EXAMPLE = """Examples:
  showrunner run morning.show
  showrunner run morning.show --doubles all --yes
  showrunner run morning.show --doubles all --speed 4
  showrunner run morning.show --doubles all --fault latency=40ms --fault live2d:silent=5
  showrunner run morning.show --journal tonight.journal
  showrunner run morning.show --console

\b
Faults of doubles, as `showrunner simulate --help` explains them:
  latency=TIME jitter=TIME seed=N silent=N error='[N] TEXT' lose-every=N drop-every=N
  garbage-every=N event-every=TIME no-goodbye
and each switch of a double, as `showrunner double --help` lists them: live2d:expiry=buffer"""


@played
def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script, or - for standard input.")],
    console: Annotated[
        bool, typer.Option("--console", help="Serve the console, a page to call the show from.")
    ] = False,
    **said: Unpack[Played],
) -> None:
    """Play the show on the real programs. Enter is GO; Ctrl-C ends in order, twice at once."""
    from showrunner.cli.arguments import script as one
    from showrunner.cli.live import play, ready
    from showrunner.show.prepare import prepare

    prepared, cues, wishes = ready(lambda: prepare(one(script), said["stage"], said["catalogue"]), said, audience=True)
    if console or prepared.stage.osc is not None:
        from showrunner.cli.rehearsing import Ways, rehearse

        ways = Ways((said["start"], said["until"], said["only"]), console=console, evening=True)
        raise typer.Exit(rehearse(None, prepared, cues, wishes, ways, ask=not said["yes"]))
    raise typer.Exit(play(prepared, cues, wishes, ask=not said["yes"]))
