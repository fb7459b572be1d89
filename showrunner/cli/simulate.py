"""`showrunner simulate`: the doubles as programs that anything can talk to."""

import sys
import threading
from typing import Annotated

import typer

from showrunner.cli import screen

EXAMPLE = """Examples:
  showrunner simulate
  showrunner simulate animaze --animaze 9100 --latency 30ms
  showrunner simulate live2d --ask --verbose"""


def command(
    devices: Annotated[list[str] | None, typer.Argument(metavar="[DEVICE]...", help="Which; all if unsaid.")] = None,
    animaze: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="Where Animaze listens.")] = 9000,
    live2d: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="Where the Editor listens.")] = 22033,
    aituber: Annotated[
        str, typer.Option(metavar="URL", help="The server that AITuberKit's page dials.")
    ] = "ws://localhost:8000/ws",
    latency: Annotated[str, typer.Option(metavar="TIME", help="How long a message takes, each way.")] = "0s",
    jitter: Annotated[str, typer.Option(metavar="TIME", help="Up to so much more, at random, on the way out.")] = "0s",
    drop_every: Annotated[int | None, typer.Option(metavar="N", min=1, help="Lose every n-th message out.")] = None,
    profile: Annotated[str, typer.Option(metavar="stable|next", help="Which build of Animaze.")] = "stable",
    ask: Annotated[bool, typer.Option("--ask", help="Nothing is allowed yet in the Editor.")] = False,
    catalogue: Annotated[str | None, typer.Option(metavar="FILE", help="What the models have.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every message.")] = False,
) -> None:
    """Play the programs' part until Ctrl-C. So a show, or a client, can be tried without them."""
    from showrunner.cli.arguments import devices as chosen_devices
    from showrunner.cli.arguments import time
    from showrunner.cli.simulation import Faults, host, ordered
    from showrunner.stage import STANDARD

    if profile not in {"stable", "next"}:
        screen.wrong(f"--profile is `stable` or `next`, not `{profile}`")
    names = chosen_devices("simulate", ",".join(devices) if devices else "all", STANDARD)
    faults = Faults(time("--latency", latency), time("--jitter", jitter), drop_every)
    addresses = {
        "animaze": f"ws://localhost:{animaze}",
        "live2d": f"ws://localhost:{live2d}",
        "aituber": aituber,
    }
    hosted = host(names, addresses, faults, profile=profile, ask=ask, catalogue=catalogue, verbose=verbose)
    control = ordered(dict(zip((name for name in STANDARD if name in names), hosted, strict=True)))
    screen.say("Ctrl-C ends it")
    sys.stdout.flush()
    try:
        while not threading.Event().wait(0.5):
            # Waited for in short pieces: on Windows a long wait would not see Ctrl-C.
            pass
    except KeyboardInterrupt:
        screen.say("")
    finally:
        if control is not None:
            control.close()
        for one in hosted:
            one.close()
