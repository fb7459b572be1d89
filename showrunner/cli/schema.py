"""`showrunner schema`: where the JSON schema of a stage file or a catalogue lies, for an editor that checks it."""

from typing import Annotated

import typer

from showrunner.cli.terminal import output
from showrunner.diagnostics.refusal import Refusal, reason

EXAMPLE = """Example:
  showrunner schema stage"""


def command(
    file: Annotated[str, typer.Argument(metavar="stage|catalogue", help="Of which of the two files.")],
) -> None:
    """Say where the schema lies by which an editor completes and checks a stage file or a catalogue.

    With devices of other packages it is written anew, for they are in it, too.
    """
    from showrunner.diagnostics.wording import did_you_mean, nearest, there_are
    from showrunner.show import schemas, user_files

    if file not in schemas.SCHEMAS:
        way_out = did_you_mean(nearest(file, schemas.SCHEMAS), there_are(schemas.SCHEMAS))
        raise Refusal(f"there is no schema of `{file}`", way_out)
    where, text = schemas.file(file), schemas.written(file)
    if text != where.read_text(encoding="utf-8"):
        where = user_files.folder() / where.name
        try:
            where.parent.mkdir(parents=True, exist_ok=True)
            where.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise Refusal(f"`{where}` cannot be written: {reason(error)}") from error
    output.out(f"{where}\n")
