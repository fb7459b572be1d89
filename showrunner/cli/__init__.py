"""The command line: one module a command. Says what happened; decides nothing about shows."""

from __future__ import annotations

import gc
import sys

from showrunner.cli.terminal import output


def main() -> None:
    """Run the command named on the command line and leave with its exit code."""
    output.prepare()
    try:
        try:
            _run(sys.argv[1:])
        finally:
            output.finish()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has seen enough (`showrunner check … | head`).
        output.quiet()
        sys.exit(1)


def _run(words: list[str]) -> None:
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
