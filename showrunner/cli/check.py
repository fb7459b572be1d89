"""`showrunner check`: every finding of every file."""

from enum import StrEnum
from typing import Annotated

import typer

from showrunner.cli.options import Catalogue, Stage

EXAMPLE = """Examples:
  showrunner check morning.show
  showrunner check shows --strict
  showrunner check - < morning.show"""


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Scripts, folders, or - for standard input.")],
    format: Annotated[Format, typer.Option("--format", help="How to print what is found.")] = Format.TEXT,
    catalogue: Catalogue = None,
    stage: Stage = None,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
) -> None:
    """Say everything that is wrong with a show. Touches no device."""
    from showrunner.cli.scripts import check

    raise typer.Exit(check(paths, format.value, catalogue=catalogue, stage=stage, strict=strict))
