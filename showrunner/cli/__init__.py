"""The command line: one module a command. Says what happened; decides nothing about shows."""

from __future__ import annotations

import gc
import os
import sys

from showrunner.cli.terminal import output
from showrunner.cli.terminal.speaking import taken


def main() -> None:
    """Run the command named on the command line and leave with its exit code."""
    output.prepare()
    try:
        try:
            _run(sys.argv[1:])
        finally:
            if not _left_behind():
                output.finish()
    except SystemExit as left:
        if _left_behind():
            # A thread still waits for a terminal that takes nothing; Python would wait for it, too.
            os._exit(left.code if isinstance(left.code, int) else 1)
        raise
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has seen enough (`showrunner check … | head`).
        output.quiet()
        sys.exit(1)


def _left_behind() -> bool:
    """Tell whether a terminal took nothing to the end of a show."""
    writer = sys.modules.get("showrunner.cli.terminal.writer")
    return writer is not None and bool(writer.standing())


def _run(words: list[str]) -> None:
    with output.refusing():
        words = taken(words)
    if words[:1] == ["check"] and words[1:] and not any(word.startswith("-") for word in words[1:]):
        # Paths and nothing else: what an editor or a hook asks for again and again. Reading options costs as much time
        # as checking a small show, so it is done only where there are any.
        gc.disable()
        from showrunner.cli.scripts import check

        gc.freeze()
        gc.enable()
        with output.refusing():
            sys.exit(check(words[1:]))
    from showrunner.cli.app import run

    run(words)
