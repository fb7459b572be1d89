"""`showrunner stagehand`: holds the devices of one machine for conductors elsewhere."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from showrunner.cli.options import Doubles, StageHere
from showrunner.cli.terminal import output

if TYPE_CHECKING:
    from showrunner.house.hand import Took

EXAMPLE = """Examples:
  showrunner stagehand --stage stage.yaml --house nats://NAME:PASSWORD@192.168.0.5 --serve
  showrunner stagehand --stage stage.yaml --house nats://NAME:PASSWORD@192.168.0.5
  showrunner stagehand --house 127.0.0.1 --serve --doubles all

\b
While it runs, `p` and Enter silences every device, whatever the house does; Ctrl-C lets go of them."""


def command(
    house: Annotated[str, typer.Option("--house", metavar="URL", help="The server: nats://NAME:PASSWORD@HOST.")],
    stage: StageHere = None,
    serve: Annotated[bool, typer.Option("--serve", help="Start and watch the server here, too.")] = False,
    doubles: Doubles = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What it is called (else as this machine).")
    ] = None,
    ledger: Annotated[
        str | None, typer.Option("--ledger", metavar="FILE", help="Write down each command handed to a device.")
    ] = None,
) -> None:
    """Hold the devices of this machine, and their secrets, for whoever leads a show of the house."""
    import platform
    import re
    from contextlib import ExitStack, closing

    from showrunner.cli.arguments import standing
    from showrunner.cli.live import interrupts
    from showrunner.cli.terminal import lines
    from showrunner.diagnostics.wording import visible
    from showrunner.house.holding import Holding
    from showrunner.house.jetstream import extra, shown
    from showrunner.running.orders import devices
    from showrunner.wires.wire import Pressed

    extra()
    called = re.sub(r"[^A-Za-z0-9_-]", "-", name or platform.node() or "stage")
    standing_ = standing(stage, None)
    simulated = devices("--doubles", doubles or "", standing_.fixtures)

    def tell(text: str) -> None:
        output.say(visible(text))

    with ExitStack() as open_:
        if serve:
            from showrunner.house.serving import Server

            open_.enter_context(closing(Server(house, tell)))
            output.say(f"The server listens at {visible(shown(house))}")
        file = None if ledger is None else open_.enter_context(open(ledger, "a", encoding="utf-8"))  # noqa: PTH123
        write = None if file is None else _ledger(file)
        holding = open_.enter_context(closing(Holding(house, called, standing_.fixtures, simulated, tell, write)))
        inbox = holding.inbox

        def take(line: str) -> None:
            if line.strip().lower() in {"p", "panic"}:
                inbox.put("", Pressed("panic"))
                output.say("silence")
            elif line.strip():
                output.say("`p` silences every device; Ctrl-C lets go of them")

        lines.listen(take, lambda: None)
        output.say(f"`{called}` holds {', '.join(standing_.fixtures)} for the house at {visible(shown(house))}")
        with interrupts(holding.wired):
            holding.run()
    output.say("the devices are let go")
    raise typer.Exit(0)


def _ledger(file: TextIO) -> "Callable[[Took], None]":
    """Write a line of JSON for each, at the wall clock's time, in microseconds."""
    import json
    import time
    from dataclasses import asdict

    def write(took: "Took") -> None:
        file.write(json.dumps({"wall": time.time_ns() // 1_000, **asdict(took)}) + "\n")
        file.flush()

    return write
