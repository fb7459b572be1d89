"""`showrunner simulate`: the doubles as programs that anything can talk to."""

import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from showrunner.cli.options import StageHere
from showrunner.cli.terminal import output
from showrunner.diagnostics.refusal import Refusal

if TYPE_CHECKING:
    from showrunner.wires.control import Control
    from showrunner.wires.hosting import HostedDouble

EXAMPLE = """Examples:
  showrunner simulate --verbose
  showrunner simulate animaze --animaze 9100 --latency 30ms --jitter 20ms --seed 7
  showrunner simulate live2d --ask --ping 1s
  showrunner simulate --stage stage.yaml guest --silent 3 --drop-every 40

\b
While it runs, `showrunner double DEVICE SWITCH` in another terminal flips switches:
  showrunner double live2d allow on"""


def command(
    devices: Annotated[list[str] | None, typer.Argument(metavar="[DEVICE]...", help="Which; all if unsaid.")] = None,
    animaze: Annotated[
        int | None, typer.Option(metavar="PORT", min=0, max=65535, help="Where Animaze listens (else 9000).")
    ] = None,
    live2d: Annotated[
        int | None, typer.Option(metavar="PORT", min=0, max=65535, help="Where the Editor listens (else 22033).")
    ] = None,
    aituber: Annotated[
        str | None, typer.Option(metavar="URL", help="What AITuberKit's page dials (else ws://localhost:8000/ws).")
    ] = None,
    stage: StageHere = None,
    catalogue: Annotated[str | None, typer.Option(metavar="FILE", help="What the models have (else all).")] = None,
    profile: Annotated[str | None, typer.Option(metavar="stable|next", help="Which build of Animaze.")] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="The Editor has allowed nobody, until `double live2d allow on`.")
    ] = False,
    edit_approval: Annotated[
        bool, typer.Option("--edit-approval", help="The Editor knows GetIsEditApproval, and says no, before 1.1.0.")
    ] = False,
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
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show what the audience would see, and who comes and goes.")
    ] = False,
    messages: Annotated[bool, typer.Option("--messages", help="Show every message.")] = False,
) -> None:
    """Play the programs' part until Ctrl-C, so that a show, or another client, can be tried without them.

    Faults count for each device that is played: name the devices to order them from one alone.
    """
    from showrunner.cli.arguments import catalogued, standing
    from showrunner.diagnostics.wording import visible
    from showrunner.running.audience import OFTEN, Audience
    from showrunner.running.faults import faults
    from showrunner.running.orders import chosen, interval
    from showrunner.running.simulation import Simulation, host, profiled

    if profile not in {None, "stable", "next"}:
        raise Refusal(f"--profile is `stable` or `next`, not `{profile}`")
    standing_ = standing(stage)
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
    played = {name: profiled(one, profile) for name, one in named.items()}
    addresses = {
        "animaze": None if animaze is None else f"ws://localhost:{animaze}",
        "live2d": None if live2d is None else f"ws://localhost:{live2d}",
        "aituber": aituber,
    }
    audience = Audience(tuple(played), tell, frozenset(n for n, one in played.items() if n != one.device.name))
    hosted = host(
        Simulation(
            played,
            {name: url for name, url in addresses.items() if url is not None},
            catalogued(standing_, catalogue),
            {name: faults(one.device, orders) for name, one in played.items()},
            ask=ask,
            edit_approval=edit_approval,
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
