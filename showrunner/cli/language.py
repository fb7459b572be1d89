"""The language server as a program: on standard streams, or at a port of this machine."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from showrunner.cli.terminal import output
from showrunner.console.guard import Guard
from showrunner.diagnostics.refusal import Refusal, lacking, reason
from showrunner.diagnostics.wording import visible
from showrunner.times import length

if TYPE_CHECKING:
    from showrunner.devices.vocabulary import Command
    from showrunner.editing.known import Known
    from showrunner.editing.server import Desk, Played

HOST = "127.0.0.1"

SOON = 1_000_000
"""A command that is played alone is over after so many microseconds."""

WIDTH = 100
"""So many columns a table has that an editor shows."""

LONGEST = 64 * 1024 * 1024
"""No longer message is taken, in bytes: a script of the largest size, written as JSON."""


def serve(port: int | None) -> int:
    """Serve one editor until it leaves; give the exit code."""
    make = _desks()
    if port is None:
        _by_streams(make())
    else:
        _by_socket(make, port)
    return 0


def _desks() -> Callable[[], Desk]:
    try:
        from showrunner.editing.server import Desk
    except ModuleNotFoundError as missing:
        raise lacking("the language server needs `pygls`", "lsp") from missing
    return lambda: Desk(lambda said: output.say(f"note: {visible(said)}"), Player())


def _by_streams(desk: Desk) -> None:
    """Speak on standard streams. Whoever else writes to standard output meanwhile writes to standard error instead."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    try:
        with contextlib.redirect_stdout(sys.stderr):
            desk.server.start_io(sys.stdin.buffer, out)
    finally:
        desk.close()
        with contextlib.suppress(OSError, ValueError):
            out.close()


def _by_socket(make: Callable[[], Desk], port: int) -> None:
    """Serve pages of this machine that show the operator's token; each has a desk of its own."""
    import uvicorn

    from showrunner.console.tokens import kept
    from showrunner.editing.socket import Places, app

    tokens = kept()
    if tokens.warning is not None:
        output.warn(tokens.warning)
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise Refusal(f"port {port} cannot be served: {reason(error)}", "choose another port") from error
    at = listening.getsockname()[1]
    config = uvicorn.Config(
        app(make, Guard(tokens, HOST, at), tokens, Places()),
        ws="wsproto",
        http="h11",
        lifespan="off",
        log_config=None,
        ws_max_size=LONGEST,
        timeout_graceful_shutdown=1,
    )
    output.out(f"ws://{HOST}:{at}/?token={tokens.operator}\n")
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


class Player:
    """Plays what an editor asks for on the virtual clock, in this process."""

    def first_frame(self, known: Known, command: Command) -> str | None:
        """Play one command alone, and give the first frame it sends, as text."""
        from showrunner.diagnostics.diagnostic import Span
        from showrunner.engine.messages import Entry, Options
        from showrunner.running.dry_run import dry_run
        from showrunner.timeline.cues import MAIN, Body, Cue, CueList, Position, Segment, Send, Track

        prepared = known.prepared
        span = Span(0, 1, 1)
        send = Send(command, False, None, 0, None, None, None, None, "", span)
        cue = Cue(0, None, Position(then=False, at=0, plus=None), "", (send,), span)
        track = Track(MAIN, prepared.path, 1, Body((cue,)))
        shows = Segment(MAIN, None, None, SOON, (track,), prepared.path, 1)
        cues = CueList("", prepared.path, "", (shows,), (command.device,), (), ())
        sent: list[Entry] = []
        dry_run(
            cues,
            prepared.fixtures,
            lambda entry: sent.append(entry) if entry["kind"] == "sent" and "id" in entry else None,
            options=Options(auto=True),
            inventories=prepared.inventories,
        )
        frame = next((entry["frame"] for entry in sent if "frame" in entry), None)
        return None if frame is None else json.dumps(frame, ensure_ascii=False, indent=2)

    def dry_run(self, known: Known, segment: str | None) -> Played:
        """Play a show, or one segment of it, and give it as `dry-run` prints it."""
        from showrunner.cli.table import table
        from showrunner.diagnostics.wording import count
        from showrunner.editing.server import Played
        from showrunner.engine.messages import Entry, Options
        from showrunner.reports.entries import read
        from showrunner.reports.plan import summary
        from showrunner.running.dry_run import dry_run
        from showrunner.running.orders import part

        prepared = known.prepared
        if prepared.cues is None:
            return Played(False, "there are errors in the show", "")
        cues, fixtures = prepared.cues, prepared.fixtures
        entries: list[Entry] = []
        excerpt = part(cues, fixtures, prepared.inventories, None, None, segment, "0")
        options = Options(auto=True, on_failure=prepared.stage.on_failure, excerpt=excerpt)
        result = dry_run(
            cues,
            fixtures,
            entries.append,
            options=options,
            inventories=prepared.inventories,
            blocked=prepared.stage.blocked,
        )
        went = read(entries, fixtures)
        whole = segment is None
        said = summary(went, cues) if whole else f"segment {segment}: {length(went.length)}"
        ended = sum(went.counts.values())
        bad = sum(number for outcome, number in went.counts.items() if outcome in ("failed", "timed-out"))
        said += f", {count(ended, 'command')}, " + (f"{bad} of them failed" if bad else "none of them failed")
        return Played(not result.bad, said, table(went, cues, None, WIDTH))
