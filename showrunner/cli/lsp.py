"""`showrunner lsp`: what an editor asks about shows, answered."""

from typing import Annotated

import typer

EXAMPLE = """Examples:
  showrunner lsp
  showrunner lsp --ws 8766"""


def command(
    ws: Annotated[
        int | None,
        typer.Option("--ws", metavar="PORT", min=0, max=65535, help="By WebSocket, for an editor in a page."),
    ] = None,
) -> None:
    """Serve an editor: findings while you type, completion, hovers, times, names. Speaks on standard streams."""
    from showrunner.cli.language import serve

    raise typer.Exit(serve(ws))
