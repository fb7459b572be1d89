"""`showrunner fmt`: one layout for all scripts."""

from typing import Annotated

import typer

EXAMPLE = """Examples:
  showrunner fmt morning.show
  showrunner fmt shows --check
  showrunner fmt - < morning.show"""


def command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Scripts, folders, or - for standard input.")],
    check: Annotated[bool, typer.Option("--check", help="Change nothing; leave with 1 if something would be.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Change nothing; show what would be different.")] = False,
) -> None:
    """Lay scripts out in the one canonical way. Comments are kept, the meaning never changes."""
    from showrunner.cli.layout import lay_out

    raise typer.Exit(lay_out(paths, check=check, diff=diff))
