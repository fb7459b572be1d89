"""`showrunner double`: a switch of the doubles that a `simulate` plays."""

from textwrap import fill
from typing import Annotated

import typer

from showrunner.cli.terminal import output
from showrunner.devices.vocabulary import FAULTS, Switch
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import listed
from showrunner.show.stage import kinds

_EXAMPLE = """Examples:
  showrunner double live2d allow on
  showrunner double live2d mode Physics
  showrunner double animaze event ChatbotSpeechEnded
  showrunner double aituber stop
  showrunner double live2d fault silent 3

\b
Switches of each kind of device (a second one of a kind goes by its own name):"""


def _switches() -> str:
    """List what can be flipped, device by device; what most of them have is told once."""
    known = kinds()
    rows = {}
    for device in known:
        faults = [f"fault {_spelled(fault)}" for fault in device.faults if fault not in FAULTS]
        rows[device.name] = ", ".join([*map(_spelled, device.switches), *faults])
    rows["each"] = ", ".join(
        f"fault {_called(fault)}" + (f" (not {listed(without, 'or')})" if without else "")
        for fault in FAULTS
        for without in [[device.name for device in known if fault not in device.faults]]
    )
    wide = max(map(len, rows)) + 4
    blank = " " * wide
    lines = [
        fill(row, 98, initial_indent=f"  {name}".ljust(wide), subsequent_indent=blank) for name, row in rows.items()
    ]
    return "\n".join(lines)


def _called(switch: Switch) -> str:
    return f"{switch.name} {switch.takes or '|'.join(switch.choices)}".rstrip()


def _spelled(switch: Switch) -> str:
    takes = switch.takes or "|".join(switch.choices)
    choices = [", ".join(switch.choices)] if not all(choice in takes for choice in switch.choices) else []
    says = "; ".join([*choices, *([switch.says] if switch.says else [])])
    return _called(switch) + (f" ({says})" if says else "")


EXAMPLE = f"{_EXAMPLE}\n{_switches()}"

NOT_DONE = 4


def command(
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="Whose switch.")],
    switch: Annotated[str, typer.Argument(metavar="SWITCH", help="Which: a wrong one lists them all.")],
    value: Annotated[list[str] | None, typer.Argument(metavar="[VALUE]...", help="What it is set to.")] = None,
) -> None:
    """Flip a switch of the doubles that a `simulate` on this machine is playing."""
    from showrunner.diagnostics.wording import did_you_mean, nearest, quoted, there_are, visible
    from showrunner.show import user_files
    from showrunner.wires import control

    running = control.posts(user_files.folder())
    if not running:
        message = "no `showrunner simulate` of yours runs on this machine"
        raise Refusal(message, "start one in another terminal", exit=NOT_DONE)
    post = next((one for one in running if device in one.devices), None)
    if post is None:
        played = list(dict.fromkeys(name for one in running for name in one.devices))
        way_out = did_you_mean(nearest(device, played), there_are(map(quoted, played)))
        raise Refusal(f"the `simulate` that runs plays no `{device}`", way_out, exit=NOT_DONE)
    words = " ".join(value) if value else None
    try:
        wrong = control.order(post, device, switch, words)
    except OSError as error:
        way_out = sentence("look at its terminal; end it and start it again")
        raise Refusal("the `simulate` that runs gave no answer", way_out, exit=NOT_DONE) from error
    if wrong is not None:
        near = nearest(switch, _known(wrong)) or nearest(words or "", _known(wrong))
        raise Refusal(wrong, did_you_mean(near), exit=NOT_DONE)
    output.say(visible(f"{device}: {switch}{f' {words}' if words else ''}"))


def _known(wrong: str) -> list[str]:
    """Give what a double's own words list, without what stands behind each."""
    if "there are " not in wrong:
        return []
    return [word.split()[0] for word in wrong.rpartition("there are ")[2].split(",") if word.strip()]
