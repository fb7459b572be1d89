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

\b
Faults of doubles, as `showrunner simulate --help` explains them:
  latency=TIME jitter=TIME seed=N silent=N error='[N] TEXT' lose-every=N drop-every=N
  garbage-every=N event-every=TIME no-goodbye"""


@played
def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script, or - for standard input.")],
    **said: Unpack[Played],
) -> None:
    """Play the show on the real programs. Enter is GO; Ctrl-C ends in order, twice at once."""
    from showrunner.cli.arguments import script as one
    from showrunner.cli.live import play, ready
    from showrunner.show.prepare import prepare

    prepared, cues, wishes = ready(lambda: prepare(one(script), said["stage"], said["catalogue"]), said)
    raise typer.Exit(play(prepared, cues, wishes, ask=not said["yes"]))
