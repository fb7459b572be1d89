"""The Python API: reads a show, checks it, plays it on the doubles in a moment, and prints how every command ended.

Run it with a script: `python examples/api.py examples/then.show`. Exit code: 1 if the show has errors.
"""

import sys
from typing import Any

from showrunner.diagnostics import render
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import prepare


def main(path: str) -> int:
    """Print one line a command: when it was taken (seconds), what it was, how it ended and after how long."""
    prepared = prepare(path)
    print(render.text(prepared.findings, prepared.texts), end="")
    if prepared.cues is None:
        return 1
    journal: list[dict[str, Any]] = []
    dry_run(prepared.cues, prepared.stage.fixtures, journal.append, inventories=prepared.inventories)
    ended = {entry["id"]: entry for entry in journal if entry["kind"] == "outcome"}
    for entry in journal:
        if entry["kind"] == "command":
            outcome = ended[entry["id"]]
            at, took = entry["at"] / 1e6, outcome["took"] / 1e6
            print(f"{at:8.3f}  {entry['text']}: {outcome['result']} after {took:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
