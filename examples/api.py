"""The Python API: reads a show, checks it, plays it on the doubles in a moment, and prints how every command ended.

Run it with a script: `python examples/api.py examples/then.show`. Exit code: 1 if the show has errors.
"""

import sys

from showrunner import check, dry_run, plan, prepare


def main(path: str) -> int:
    """Print one line a command: when it was taken (seconds), what it was, how it ended and after how long."""
    show = prepare(path)
    print(check(show), end="")
    if not check(show).right:
        return 1
    print(f"planned: {plan(show).length / 1e6:.3f} s")
    journal = dry_run(show).journal
    ended = {entry["id"]: entry for entry in journal if entry["kind"] == "outcome"}
    for entry in journal:
        if entry["kind"] == "command":
            outcome = ended[entry["id"]]
            at, took = entry["at"] / 1e6, outcome["took"] / 1e6
            print(f"{at:8.3f}  {entry['text']}: {outcome['result']} after {took:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
