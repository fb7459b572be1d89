"""`showrunner explain`: what a code means."""

from typing import Annotated

import typer

from showrunner.cli.terminal import output
from showrunner.diagnostics.refusal import Refusal

EXAMPLE = """Example:
  showrunner explain E101"""


def command(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code of a finding, such as E101.")],
) -> None:
    """Explain a finding. Says what its code means, with a wrong and a right example."""
    from showrunner.diagnostics import codes
    from showrunner.diagnostics.wording import did_you_mean, nearest

    explained = codes.explain(code.strip("[]"))
    if explained is None:
        where = "a code stands in brackets before each finding: `error[E101]`"
        raise Refusal(f"there is no code `{code}`", did_you_mean(nearest(code, codes.names()), where))
    output.out(explained)
