"""`showrunner test`: what a `.showtest` says of its show, tried on a clock that is only counted."""

from enum import StrEnum
from typing import Annotated

import typer

EXAMPLE = """Examples:
  showrunner test morning.showtest
  showrunner test shows --junit results.xml
  showrunner test shows --format json"""


class Format(StrEnum):
    """How it is printed."""

    TEXT = "text"
    JSON = "json"


def command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="`.showtest` files, or folders of them.")],
    format: Annotated[Format, typer.Option("--format", help="How to print what came of it.")] = Format.TEXT,
    junit: Annotated[str | None, typer.Option("--junit", metavar="FILE", help="Write JUnit's XML there, too.")] = None,
) -> None:
    """Play every test of a show in a moment, and say which of its lines are not true. Touches no device."""
    import time
    from pathlib import Path

    from showrunner.cli.terminal import output
    from showrunner.diagnostics.refusal import Refusal, reason
    from showrunner.diagnostics.wording import visible
    from showrunner.show.outputs import apart
    from showrunner.testing.results import Ran, as_json, failure, summary
    from showrunner.testing.results import junit as written
    from showrunner.testing.trial import ENDING, below, load, play

    files: list[str] = []
    for path in paths:
        found = below(path) if path and Path(path).is_dir() else [path]
        if not found:
            raise Refusal(f"there is no `.showtest` file in `{path}`", "name a file, or a folder with some below it")
        files += [one for one in found if one not in files]
    # A shell's `*` names the shows beside their tests, too.
    others = [one for one in files if not one.endswith(ENDING)]
    files = [one for one in files if one not in others]
    if others and not files:
        raise Refusal(f"`{others[0]}` is no test of a show", f"tests have names like `evening{ENDING}`")
    for one in others:
        output.say(f"note: `{visible(one)}` is no test of a show: those have names like `evening{ENDING}`")
    if junit is not None:
        apart(junit, files)
    ran: list[Ran] = []
    said = False
    for file in files:
        loaded = load(file)
        output.findings(loaded.findings, loaded.texts)
        verdicts = []
        for trial in loaded.trials:
            began = time.perf_counter()
            verdict = play(trial)
            verdicts.append((verdict, time.perf_counter() - began))
            if format is Format.TEXT and not verdict.passed:
                output.out(("\n" if said else "") + failure(verdict))
                said = True
        ran.append(Ran(loaded, tuple(verdicts)))
    if format is Format.JSON:
        output.out(as_json(ran))
    if junit is not None:
        try:
            Path(junit).write_text(written(ran), encoding="utf-8", newline="\n")
        except OSError as error:
            raise Refusal(f"`{junit}` cannot be written: {reason(error)}") from error
    output.say(summary(ran))
    failed = any(one.errors or any(not verdict.passed for verdict, _ in one.verdicts) for one in ran)
    raise typer.Exit(1 if failed else 0)
