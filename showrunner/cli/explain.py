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
    from showrunner.diagnostics.wording import nearest

    explained = codes.explain(code.strip("[]"))
    if explained is None:
        near = nearest(code, codes.names())
        raise Refusal(
            f"there is no code `{code}`",
            f"did you mean `{near}`?" if near else "a code stands in brackets before each finding: `error[E101]`",
        )
    output.out(explained)
