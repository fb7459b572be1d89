"""`showrunner doctor`: what is there, and what to do about what is not."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from showrunner.cli.options import OneDevice, StageHere
from showrunner.cli.terminal import output
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import count

if TYPE_CHECKING:
    from showrunner.devices.presence import Tried
    from showrunner.devices.vocabulary import Command, Fixture
    from showrunner.running.visit import Found

EXAMPLE = """Examples:
  showrunner doctor
  showrunner doctor --stage tonight/stage.yaml
  showrunner doctor --device live2d
  showrunner doctor --sound"""

UNREADY = 4

_NEXT: Mapping[str, str] = {
    "unknown": "look at the host in `{key}` of `{name}` in the stage file, and whether that machine is on",
    "silent": "is that machine on and in this network, is the port in `{key}` right, and does its firewall let us in?",
    "alien": "another program has that port: end it, or give {name} another port, in the program and in `{key}`",
    "forbidden": "what listens there lets only some programs in: is `{key}` the address of {name}?",
    "taken": "end the other program, or choose another port: in `{key}` of `{name}` in the stage file and in the page",
    "stranger": "if that is your page, write its address into `origins` of `{name}` in the stage file",
    "elsewhere": "in the page's settings, write the address as it stands above, its end too",
    "other": "look at `{key}` of `{name}` in the stage file, and at the network",
}
"""What to do, by the kind of failure; one that is not here is the device's own advice."""


def command(
    stage: StageHere = None,
    device: OneDevice = None,
    sound: Annotated[
        bool, typer.Option("--sound", help="Play a short line on each voice: it alone shows whether sound may play.")
    ] = False,
) -> None:
    """Reach every device and say what was found and, where it is not ready, what to do. Changes nothing."""
    from showrunner.cli.arguments import standing
    from showrunner.diagnostics.wording import visible
    from showrunner.running.orders import chosen
    from showrunner.running.permits import tried
    from showrunner.running.visit import reach
    from showrunner.show.stage import oddities

    for wrong in oddities():
        output.warn(wrong)
    standing_ = standing(stage, device)
    fixtures = chosen("--device", device, standing_.fixtures)
    sounds = samples(fixtures) if sound else {}
    found = reach(fixtures, standing_.connect_timeout, output.warn, output.say, sounds=sounds)
    ready = 0
    for name, one in found.items():
        beside = tried(fixtures[name])
        rows = [*told(fixtures[name], one), *_stop(beside), *_voice(name, one, tried=name in sounds)]
        rows += [] if one.right else _called(fixtures[name])
        right = one.right and (beside is None or beside.right) and (one.sounded is None or one.sounded.wrong is None)
        ready += right
        state = "ready" if right else "not ready" if not one.right else "ready, but not all is well"
        output.out(f"{name}: {state}\n")
        for label, text in rows:
            output.out(f"  {label + ':':<7}{visible(text)}\n")
    if standing_.osc is not None and device is None:
        from showrunner.console.osc import pressers
        from showrunner.console.osc import tried as listened

        unheard = listened(standing_.osc)
        output.out(f"presses by OSC: {'ready' if unheard is None else 'not ready'}\n")
        output.out(f"  {'at:':<7}{standing_.osc}, from {pressers(standing_.pressers)}\n")
        if unheard is not None:
            output.out(f"  {'found:':<7}{visible(unheard)}\n")
    output.say(f"{ready} of {count(len(found), 'device')} ready")
    raise typer.Exit(0 if ready == len(found) else UNREADY)


def told(fixture: "Fixture", found: "Found") -> list[tuple[str, str]]:
    """Give what is said of one device: what was tried, what was found, what to do next."""
    name, device, settings = fixture.name, fixture.device, fixture.settings
    awaited, key = fixture.awaited, fixture.main.setting
    where = fixture.address(fixture.main)
    tried = ("tried", f"waited for the page at {where}" if awaited else where)
    alien = f"it takes connections, but does not answer as {device.name} does"
    if found.right:
        return [tried, ("found", _has(found, awaited=awaited)), *(("note", note) for note in found.notes)]
    if found.waiting is not None:
        return [tried, ("found", f"it answers, but {found.why or 'somebody is needed there'}"), ("next", found.waiting)]
    if found.met:
        ended = f"it took the connection, then: {found.lost}" if found.lost else alien
        return [tried, ("found", ended), ("next", _NEXT["alien"].format(name=name, key=key))]
    if found.failed is not None:
        what = _NEXT.get(found.failed.kind)
        advice = device.unreachable(settings) if what is None else what.format(name=name, key=key)
        return [tried, ("found", found.failed.reason), ("next", advice)]
    nobody = "no page came" if awaited else "no answer"
    return [tried, ("found", nobody), ("next", device.unreachable(settings))]


def _called(fixture: "Fixture") -> list[tuple[str, str]]:
    """Listen for the call of a program that was not found ready, where it has one."""
    from showrunner.wires.beacon import heard

    said = None if fixture.device.find is None else heard(fixture.device.find)
    return [] if said is None else [("heard", said)]


def samples(fixtures: Mapping[str, "Fixture"]) -> dict[str, "Command"]:
    """Give the short line by which each voice is tried, by the device's name."""
    from showrunner.syntax.parser import ScriptReader
    from showrunner.timeline.safe_line import compile_line

    found = {}
    for name, fixture in fixtures.items():
        voice = fixture.device.voice
        if voice is not None and voice.sample:
            line = compile_line(f"{name} {voice.sample}", name, "", ScriptReader(), fixtures, {})
            found[name] = line.sends[0].command
    return found


def _stop(beside: "Tried | None") -> list[tuple[str, str]]:
    """Give what is said of the way by HTTP, which cuts a voice."""
    if beside is None:
        return []
    return [("stop", beside.said), *([("next", beside.next)] if beside.next is not None else [])]


def _voice(name: str, found: "Found", *, tried: bool) -> list[tuple[str, str]]:
    """Give what is said of a voice that was to be tried."""
    from showrunner.times import tenths

    if not tried:
        return []
    if found.sounded is None:
        return [("sound", "not tried: it is not ready")]
    if found.sounded.wrong is not None:
        return [("sound", found.sounded.wrong)]
    took = tenths(found.sounded.took)
    return [
        ("sound", f"a short line took {took}; whoever did not hear it looks at the volume of {name} and this machine")
    ]


def _has(found: "Found", *, awaited: bool) -> str:
    counted = [
        count(len(entries), name.removesuffix("s")) for name, entries in (found.inventory or {}).items() if entries
    ]
    counted = [sentence("{things} open", one) for one in counted] if awaited else counted
    said = ", ".join(counted) or ("the page is open" if awaited else "it answers" if found.answered else "")
    return "; ".join(one for one in (said, found.detail) if one) or "it answers"
