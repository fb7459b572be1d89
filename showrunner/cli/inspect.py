"""`showrunner inspect`: what the compiler makes of a show, for those who work on it."""

from typing import Annotated

import typer

from showrunner.cli.options import Catalogue, Stage
from showrunner.diagnostics.refusal import Refusal

EXAMPLE = """Examples:
  showrunner inspect morning.show --nodes
  echo 'at 1s animaze emote Emote_Wave' | showrunner inspect - --tokens"""


def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script, or - for standard input.")],
    tokens: Annotated[bool, typer.Option("--tokens", help="The words of each file, by the grammar's names.")] = False,
    nodes: Annotated[bool, typer.Option("--nodes", help="The tree of each file.")] = False,
    cues: Annotated[bool, typer.Option("--cues", help="The compiled cue list: names found, values typed.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="What is expected to happen, and until when.")] = False,
    stage: Stage = None,
    catalogue: Catalogue = None,
) -> None:
    """Show what becomes of a script, layer by layer. Each line begins with its place."""
    from showrunner.cli import layers
    from showrunner.cli.arguments import script as one
    from showrunner.cli.terminal import output
    from showrunner.show.prepare import prepare

    layer = {"tokens": tokens, "nodes": nodes, "cues": cues, "plan": plan}
    asked = [name for name, wanted in layer.items() if wanted]
    if len(asked) != 1:
        raise Refusal("one layer is shown at a time", "write one of `--tokens`, `--nodes`, `--cues` and `--plan`")
    prepared = prepare(one(script), stage, catalogue)
    output.findings(prepared.findings, prepared.texts)
    output.out(layers.laid_out(getattr(layers, asked[0])(prepared)))
    raise typer.Exit(0 if prepared.cues is not None else 1)
