"""`showrunner doctor`: what is there, and what to do about what is not."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from showrunner.cli.options import OneDevice, StageHere
from showrunner.cli.terminal import output
from showrunner.diagnostics.wording import count

if TYPE_CHECKING:
    from showrunner.devices.vocabulary import Fixture
    from showrunner.running.visit import Found

EXAMPLE = """Examples:
  showrunner doctor
  showrunner doctor --stage tonight/stage.yaml
  showrunner doctor --device live2d"""

UNREADY = 4

_NEXT: Mapping[str, str] = {
    "unknown": "look at the host in `url` of `{name}` in the stage file, and whether that machine is on",
    "silent": "is that machine on and in this network, is the port in `url` right, and does its firewall let us in?",
    "alien": "another program has that port: end it, or give {name} another port, in the program and in `url`",
    "forbidden": "what listens there lets only some programs in: is `url` the address of {name}?",
    "taken": "end the other program, or choose another port: in `url` of `{name}` in the stage file and in the page",
    "stranger": "if that is your page, write its address into `origins` of `{name}` in the stage file",
    "elsewhere": "in the page's settings, write the address as it stands above, its end too",
    "other": "look at `url` of `{name}` in the stage file, and at the network",
}
"""What to do, by the kind of failure; one that is not here is the device's own advice."""


def command(
    stage: StageHere = None,
    device: OneDevice = None,
) -> None:
    """Reach every device and say what was found and, where it is not ready, what to do. Plays nothing."""
    from showrunner.cli.arguments import standing
    from showrunner.diagnostics.wording import visible
    from showrunner.running.orders import chosen
    from showrunner.running.visit import reach

    standing_ = standing(stage)
    fixtures = chosen("--device", device, standing_.fixtures)
    found = reach(fixtures, standing_.connect_timeout, output.warn, output.say)
    for name, one in found.items():
        output.out(f"{name}: {'ready' if one.right else 'not ready'}\n")
        for label, text in told(fixtures[name], one):
            output.out(f"  {label + ':':<7}{visible(text)}\n")
    ready = sum(one.right for one in found.values())
    output.say(f"{ready} of {count(len(found), 'device')} ready")
    raise typer.Exit(0 if ready == len(found) else UNREADY)


def told(fixture: "Fixture", found: "Found") -> list[tuple[str, str]]:
    """Give what is said of one device: what was tried, what was found, what to do next."""
    name, device, settings = fixture.name, fixture.device, fixture.settings
    awaited = fixture.awaited
    tried = ("tried", f"waited for the page at {settings['url']}" if awaited else str(settings["url"]))
    alien = f"it takes connections, but does not answer as {device.name} does"
    if found.right:
        return [tried, ("found", _has(found, awaited=awaited))]
    if found.waiting is not None:
        return [tried, ("found", f"it answers, but {found.why or 'somebody is needed there'}"), ("next", found.waiting)]
    if found.met:
        ended = f"it took the connection, then: {found.lost}" if found.lost else alien
        return [tried, ("found", ended), ("next", _NEXT["alien"].format(name=name))]
    if found.failed is not None:
        what = _NEXT.get(found.failed.kind)
        advice = device.unreachable(settings) if what is None else what.format(name=name)
        return [tried, ("found", found.failed.reason), ("next", advice)]
    nobody = "no page came" if awaited else "no answer"
    return [tried, ("found", nobody), ("next", device.unreachable(settings))]


def _has(found: "Found", *, awaited: bool) -> str:
    counted = [
        count(len(entries), name.removesuffix("s")) for name, entries in (found.inventory or {}).items() if entries
    ]
    said = ", ".join(counted) or ("the page is open" if awaited else "it answers")
    return f"{said}; {found.detail}" if found.detail else said
