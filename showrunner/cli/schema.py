"""`showrunner schema`: where the JSON schema of a stage file or a catalogue lies, for an editor that checks it."""

from typing import Annotated

import typer

from showrunner.cli.terminal import output
from showrunner.diagnostics.refusal import Refusal

EXAMPLE = """Example:
  showrunner schema stage"""


def command(
    file: Annotated[str, typer.Argument(metavar="stage|catalogue", help="Of which of the two files.")],
) -> None:
    """Say where the schema lies by which an editor completes and checks a stage file or a catalogue."""
    from showrunner.diagnostics.wording import did_you_mean, nearest, there_are
    from showrunner.show import schemas

    if file not in schemas.SCHEMAS:
        way_out = did_you_mean(nearest(file, schemas.SCHEMAS), there_are(schemas.SCHEMAS))
        raise Refusal(f"there is no schema of `{file}`", way_out)
    output.out(f"{schemas.file(file)}\n")
