"""`showrunner house demo`: a take-over on this machine, to be looked at."""

from typing import Annotated, Literal

import typer

from showrunner.cli.options import Yes
from showrunner.cli.terminal import lines, output

EXAMPLE = """Examples:
  showrunner house demo
  showrunner house demo --yes"""


def command(
    what: Annotated[Literal["demo"], typer.Argument(metavar="demo", help="What is to be done.")],  # noqa: ARG001
    yes: Yes = False,
) -> None:
    """Play a show with a main and a backup machine here, kill the main one, and say what the audience saw."""
    import tempfile
    from contextlib import closing
    from pathlib import Path

    from showrunner.diagnostics.wording import visible
    from showrunner.house.demonstration import Demonstration
    from showrunner.house.jetstream import extra
    from showrunner.house.serving import program

    extra()
    program()

    def tell(text: str) -> None:
        output.say(visible(text))

    tell("A server, a stagehand with doubles and two conductors are started here; the one that leads is killed.")
    if not yes and lines.terminal():
        tell("Press Enter.")
        input()
    with tempfile.TemporaryDirectory(prefix="showrunner-", ignore_cleanup_errors=True) as folder:
        with closing(Demonstration(Path(folder), tell)) as demonstration:
            tell(f"The server listens at {demonstration.url}")
            demonstration.begin()
            tell("The show plays, and the other conductor is ready to take over.")
            seen = demonstration.take_over()
        output.out(f"{seen.line}\n")
    raise typer.Exit(0)
