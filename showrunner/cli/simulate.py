"""`showrunner simulate`: the doubles as programs that anything can talk to."""

import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from showrunner.cli.options import Fault, StageHere
from showrunner.cli.terminal import output
from showrunner.devices.addresses import LAST_PORT
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.wording import quoted
from showrunner.show.stage import kinds, oddities, standard

if TYPE_CHECKING:
    from showrunner.devices.vocabulary import Device, Fixture, Setting
    from showrunner.wires.control import Control
    from showrunner.wires.hosting import HostedDouble

EXAMPLE = """Examples:
  showrunner simulate --verbose
  showrunner simulate animaze --animaze 9100 --latency 30ms --jitter 20ms --seed 7
  showrunner simulate live2d --ask --ping 1s
  showrunner simulate --stage stage.yaml guest --silent 3 --drop-every 40
  showrunner simulate live2d --fault mode=Physics

\b
While it runs, `showrunner double DEVICE SWITCH` in another terminal flips switches:
  showrunner double live2d allow on"""


def command(
    devices: Annotated[list[str] | None, typer.Argument(metavar="[DEVICE]...", help="Which; all if unsaid.")] = None,
    stage: StageHere = None,
    catalogue: Annotated[str | None, typer.Option(metavar="FILE", help="What the models have (else all).")] = None,
    port: Annotated[
        list[str] | None, typer.Option("--port", metavar="DEVICE=PORT", help="Where one is, whatever its name there.")
    ] = None,
    ping: Annotated[
        str | None, typer.Option(metavar="TIME", help="So often they ping, and drop who does not answer (else never).")
    ] = None,
    latency: Annotated[str | None, typer.Option(metavar="TIME", help="So long a message takes, each way.")] = None,
    jitter: Annotated[
        str | None, typer.Option(metavar="TIME", help="Up to so much more, at random, on the way out.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="Other chances: the same number, the same jitter.")
    ] = None,
    silent: Annotated[str | None, typer.Option(metavar="N", help="The n-th request gets no answer.")] = None,
    error: Annotated[
        str | None, typer.Option(metavar="'[N] TEXT'", help="The n-th request (else the first) gets this error.")
    ] = None,
    lose_every: Annotated[str | None, typer.Option(metavar="N", help="Every n-th message out is lost.")] = None,
    drop_every: Annotated[
        str | None, typer.Option(metavar="N", help="The connection is dropped after every n-th message out.")
    ] = None,
    garbage_every: Annotated[
        str | None, typer.Option(metavar="N", help="Before every n-th message out comes nonsense.")
    ] = None,
    event_every: Annotated[str | None, typer.Option(metavar="TIME", help="So often comes an unasked event.")] = None,
    no_goodbye: Annotated[
        bool, typer.Option("--no-goodbye", help="The other side's closing greeting is never answered.")
    ] = False,
    fault: Fault = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show what the audience would see, and who comes and goes.")
    ] = False,
    messages: Annotated[bool, typer.Option("--messages", help="Show every message.")] = False,
    **own: Any,
) -> None:
    """Play the programs' part until Ctrl-C, so that a show, or another client, can be tried without them.

    Faults count for each device that is played: name the devices to order them from one alone.
    """
    from showrunner.cli.arguments import catalogued, standing
    from showrunner.diagnostics.wording import visible
    from showrunner.running.audience import OFTEN, Audience
    from showrunner.running.faults import faults, read
    from showrunner.running.orders import chosen, interval
    from showrunner.running.simulation import Simulation, host, told

    for wrong in oddities():
        output.warn(wrong)
    addresses, settings, flags = _given(own)
    standing_ = standing(stage, devices)
    if stage is None and standing_.path is not None:
        output.say(f"the devices are those of {visible(standing_.path)}")
    named = chosen("simulate", devices, standing_.fixtures)
    said = {
        "latency": latency,
        "jitter": jitter,
        "seed": seed,
        "silent": silent,
        "error": error,
        "lose-every": lose_every,
        "drop-every": drop_every,
        "garbage-every": garbage_every,
        "event-every": event_every,
        "no-goodbye": "" if no_goodbye else None,
    }
    orders = {fault: value for fault, value in said.items() if value is not None}
    played = {name: told(one, settings) for name, one in named.items()}
    for fixture in played.values():
        faults(fixture.device, orders)
    audience = Audience(tuple(played), tell, frozenset(n for n, one in played.items() if n != one.device.name))
    hosted = host(
        Simulation(
            played,
            addresses,
            _ports(port or (), named),
            catalogued(standing_, catalogue),
            read("--fault", fault or (), {name: one.device for name, one in played.items()}, orders),
            flags=flags,
            ping=None if ping is None else interval("--ping", ping),
            visits=verbose,
            audience=audience if verbose else None,
            messages=messages,
        ),
        tell,
        output.warn,
    )
    audience.begin()
    control = controlled(hosted)
    output.say("Ctrl-C ends it")
    sys.stdout.flush()
    try:
        while not threading.Event().wait(OFTEN):
            # Waited for in short pieces: on Windows a long wait would not see Ctrl-C.
            audience.glance()
    except KeyboardInterrupt:
        output.say("")
    finally:
        if control is not None:
            control.close()
        for one in hosted.values():
            one.close()


def _given(own: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str], tuple[tuple[str, str], ...]]:
    """Sort what was said of the devices' own options: addresses by device, settings, switches to be flipped."""
    addresses: dict[str, str] = {}
    settings: dict[str, str] = {}
    flags: list[tuple[str, str]] = []
    for name, one in standard().items():
        where = own[_keyword(name)]
        if where is not None:
            addresses[name] = where if one.awaited else f"ws://localhost:{where}"
    for option, rows in _choices(kinds()).items():
        chosen, able = own.get(_keyword(option)), [choice for row in rows for choice in row.choices]
        if chosen is not None and chosen not in able:
            raise Refusal(f"--{option} is {' or '.join(map(quoted, able))}, not {quoted(chosen)}")
        if chosen is not None:
            settings[option] = chosen
    for device in kinds():
        named = [(switch.name, switch.flag) for switch in device.switches if switch.flag is not None]
        flags += [(name, flag.value) for name, flag in named if own.get(_keyword(flag.name))]
    return addresses, settings, tuple(flags)


def _choices(devices: "Iterable[Device]") -> "dict[str, list[Setting]]":
    """Give the settings that are options, too, by their names: kinds may have one of the same name."""
    found: dict[str, list[Setting]] = {}
    for device in devices:
        for setting in device.settings:
            if setting.option:
                found.setdefault(setting.name, []).append(setting)
    return found


def _ports(said: Iterable[str], fixtures: "Mapping[str, Fixture]") -> dict[str, int]:
    """Read ports as they were given: `stage=9100`, or for another way of it than the first `stage.events=9101`."""
    found: dict[str, int] = {}
    known = [name for one in fixtures.values() for name in (one.name, *(f"{one.name}.{way.name}" for way in one.ways))]
    for one in said:
        name, _, port = one.partition("=")
        if name not in known:
            raise Refusal(f"--port names a device that is played, as in `{known[0]}=9100`, and {quoted(name)} is none")
        if not (port.isascii() and port.isdecimal() and int(port[:6]) <= LAST_PORT):
            raise Refusal(f"--port {name}= wants a whole number from 0 to {LAST_PORT}, not {quoted(port)}")
        found[name] = int(port)
    return found


def _options() -> dict[str, Parameter]:
    """Make the options that the devices have of their own: where each is, which build it is, what is flipped before.

    What goes by the name of an option that is there already has none; `--fault` flips every switch.
    """
    found: dict[str, Parameter] = {}
    taken = signature(command).parameters

    def add(name: str, kind: Any, default: Any, says: str, **more: Any) -> None:
        if _keyword(name) in taken or _keyword(name) in found:
            return
        annotation = Annotated[kind, typer.Option(f"--{name}", help=says, **more)]
        found[name] = Parameter(_keyword(name), Parameter.KEYWORD_ONLY, default=default, annotation=annotation)

    for name, one in standard().items():
        title, url = one.device.title, one.address(one.main)
        if one.awaited:
            add(name, str | None, None, f"What {title}'s page dials (else {url}).", metavar="URL")
        else:
            says = f"Where {title} listens (else {urlsplit(url).port})."
            add(name, int | None, None, says, metavar="PORT", min=0, max=65535)
    for option, rows in _choices(kinds()).items():
        says = " ".join(dict.fromkeys(row.option for row in rows))
        add(option, str | None, None, says, metavar="|".join(choice for row in rows for choice in row.choices))
    for device in kinds():
        for switch in device.switches:
            if switch.flag is not None:
                add(switch.flag.name, bool, False, switch.flag.says)
    return found


def _keyword(option: str) -> str:
    return option.replace("-", "_")


def _with(function: Callable[..., None], options: Iterable[Parameter]) -> None:
    """Let a command take further options, which it gets in its ``**own``."""
    said = [one for one in signature(function).parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
    function.__signature__ = Signature([*said, *options])  # type: ignore[attr-defined]


_with(command, _options().values())


def controlled(doubles: "Mapping[str, HostedDouble]") -> "Control | None":
    """Let `showrunner double` flip switches; None, and a warning, where it cannot."""
    from showrunner.running.simulation import ordered

    try:
        return ordered(doubles, tell)
    except Refusal as refusal:
        output.warn(refusal.message)
        return None


def tell(text: str) -> None:
    """Write one line at once, whoever reads along."""
    from showrunner.diagnostics.wording import visible

    output.out(f"{visible(text)}\n")
    sys.stdout.flush()
