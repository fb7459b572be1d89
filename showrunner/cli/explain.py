"""`showrunner explain`: what a code means, and what a device understands."""

from typing import Annotated

import typer

from showrunner.cli.terminal import output
from showrunner.cli.terminal.speaking import spoken
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.sentence import sentence

EXAMPLE = """Examples:
  showrunner explain E101
  showrunner explain live2d"""


def command(
    code: Annotated[str, typer.Argument(metavar="CODE|DEVICE", help="The code of a finding, or a kind of device.")],
) -> None:
    """Explain a finding, with a wrong and a right example. Or a device: all that it understands."""
    from showrunner.devices import names, reference
    from showrunner.diagnostics import codes
    from showrunner.diagnostics.wording import did_you_mean, nearest, visible
    from showrunner.show.stage import kind_of, useless

    found = codes.explain(code.strip("[]"), spoken())
    device = kind_of(code) if found is None else None
    if device is not None:
        found = "".join(f"{visible(line)}\n" for line in reference.explained(device).splitlines())
    if found is None:
        where = sentence("a code stands in brackets before each finding: `error[E101]`")
        known = (*codes.names(), *names())
        wrong = useless(code) or sentence("there is neither a code nor a device `{code}`", code)
        raise Refusal(wrong, did_you_mean(nearest(code, known), where))
    output.out(found)
