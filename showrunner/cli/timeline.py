"""`showrunner timeline`: the show as a picture."""

from typing import Annotated

import typer

from showrunner.cli.options import Catalogue, Stage
from showrunner.diagnostics.refusal import Refusal

EXAMPLE = """Examples:
  showrunner timeline morning.show -o morning.svg
  showrunner timeline morning.show -o morning.html"""

ENDINGS = (".svg", ".html")


def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script, or - for standard input.")],
    target: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="A name with .svg or .html; - writes SVG out."),
    ],
    stage: Stage = None,
    catalogue: Catalogue = None,
) -> None:
    """Draw the show as it is planned: when each cue comes, what is said, what moves, where it waits."""
    from pathlib import Path

    from showrunner.cli.arguments import script as one
    from showrunner.cli.terminal import output
    from showrunner.drawing.page import page
    from showrunner.drawing.score import score
    from showrunner.drawing.svg import svg
    from showrunner.reports.plan import plan
    from showrunner.show.outputs import apart, write
    from showrunner.show.prepare import prepare

    ending = Path(target).suffix.lower()
    if target != "-" and ending not in ENDINGS:
        way_out = "call it something like `show.svg` or `show.html`"
        raise Refusal(f"the picture's name ends with .svg or .html, not `{Path(target).name}`", way_out)
    prepared = prepare(one(script), stage, catalogue)
    output.findings(prepared.findings, prepared.texts)
    cues, fixtures = prepared.cues, prepared.stage.fixtures
    if cues is None:
        raise typer.Exit(1)
    if target != "-":
        apart(target, prepared.read)
    planned = plan(cues, fixtures, prepared.inventories)
    drawn = score(planned, cues, fixtures)
    text = page(drawn) if ending == ".html" else svg(drawn)
    if target == "-":
        output.out(text)
    else:
        write(target, text, "the picture")
