"""`showrunner rehearse`: like `run`, and the show goes on with what is saved while it plays; with a console."""

from dataclasses import replace
from typing import Annotated, Unpack

import typer

from showrunner.cli.options import Played, played
from showrunner.diagnostics.refusal import Refusal

EXAMPLE = """Examples:
  showrunner rehearse morning.show --doubles all
  showrunner rehearse morning.show --from song
  showrunner rehearse morning.show --record tonight.journal"""


@played
def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script.")],
    record: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A journal with every frame and every version of the script, for `replay`."),
    ] = None,
    stay: Annotated[bool, typer.Option("--stay", help="Stay when the show is over, to play parts again.")] = False,
    poll: Annotated[bool, typer.Option("--poll", help="Look at the files by the clock (network drives).")] = False,
    console: Annotated[bool, typer.Option(help="Serve the console, a page to call the show from.")] = True,
    **said: Unpack[Played],
) -> None:
    """Play the show, and go on with the new text whenever the script is saved. Space is GO; ? shows all keys."""
    from showrunner.cli.arguments import script as one
    from showrunner.cli.live import ready
    from showrunner.cli.rehearsing import Ways, rehearse
    from showrunner.running.manuscript import Manuscript

    if script == "-":
        raise Refusal("`rehearse` watches a file, and standard input is none", "give the script's path")
    if said["journal"] is not None and record is not None:
        raise Refusal("`--record` writes the journal too", "leave `--journal` away")
    manuscript = Manuscript(one(script), said["stage"], said["catalogue"])
    prepared, cues, wishes = ready(manuscript.read, said)
    if record is not None:
        wishes = replace(wishes, journal=record, frames=True)
    part = (said["start"], said["until"], said["only"])
    ways = Ways(part, stay=stay, poll=poll, console=console)
    raise typer.Exit(rehearse(manuscript, prepared, cues, wishes, ways, ask=not said["yes"]))
