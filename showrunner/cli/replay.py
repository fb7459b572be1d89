"""`showrunner replay`: the recorded inputs through the scheduler again, every decision compared."""

from typing import Annotated

import typer

from showrunner.cli.options import Catalogue, Stage

EXAMPLE = """Examples:
  showrunner replay tonight.journal
  showrunner dry-run morning.show --format jsonl > plan.journal; showrunner replay plan.journal"""

DIFFERS = 5


def command(
    journal: Annotated[str, typer.Argument(metavar="JOURNAL", help="The journal, or - for standard input.")],
    script: Annotated[
        str | None, typer.Option(metavar="FILE", help="The script, where it is not where it was.")
    ] = None,
    stage: Stage = None,
    catalogue: Catalogue = None,
) -> None:
    """Run what a journal recorded through the scheduler again; 0 if every decision is the same, else 5."""
    from showrunner.cli.replaying import replay

    raise typer.Exit(replay(journal, script, stage, catalogue))
