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
  showrunner run morning.show --house nats://192.168.0.5 --channel main
  showrunner run --follow --house nats://192.168.0.5 --channel main

\b
Faults of doubles, as `showrunner simulate --help` explains them:
  latency=TIME jitter=TIME seed=N silent=N error='[N] TEXT' lose-every=N drop-every=N
  garbage-every=N event-every=TIME no-goodbye
and each switch of a double, as `showrunner double --help` lists them: live2d:expiry=buffer"""


@played
def command(
    script: Annotated[
        str | None, typer.Argument(metavar="FILE", help="The script, or - for standard input.", show_default=False)
    ] = None,
    console: Annotated[
        bool, typer.Option("--console", help="Serve the console, a page to call the show from.")
    ] = False,
    house: Annotated[
        str | None, typer.Option("--house", metavar="URL", help="Play on the stagehands' devices of this house.")
    ] = None,
    channel: Annotated[
        str, typer.Option("--channel", metavar="NAME", help="Under this name in the house.", show_default=False)
    ] = "main",
    follow: Annotated[
        bool, typer.Option("--follow", help="Without FILE: stand by, and take the show over if its leader dies.")
    ] = False,
    **said: Unpack[Played],
) -> None:
    """Play the show on the real programs. Enter is GO; Ctrl-C ends in order, twice at once."""
    if house is not None or follow:
        from showrunner.cli.housing import run

        run(script, said, house, channel, follows=follow)
    if script is None:
        raise typer.BadParameter("there is no script to play", param_hint="FILE")
    from showrunner.cli.arguments import script as one
    from showrunner.cli.live import play, ready
    from showrunner.show.prepare import prepare

    prepared, cues, wishes = ready(lambda: prepare(one(script), said["stage"], said["catalogue"]), said, audience=True)
    if console or prepared.stage.osc is not None:
        from showrunner.cli.rehearsing import Ways, rehearse

        ways = Ways((said["start"], said["until"], said["only"]), console=console, evening=True)
        raise typer.Exit(rehearse(None, prepared, cues, wishes, ways, ask=not said["yes"]))
    raise typer.Exit(play(prepared, cues, wishes, ask=not said["yes"]))
