"""Plays many evenings of every kind and says what was lost: `python -m tests.chaos --rounds 20 --seed 1`.

`--only WORDS` plays the kinds with these words in their names, `--jobs N` so many evenings at a time. An evening on
which something was lost leaves its folder behind. Leaves with 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import traceback
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chaos.attacks import ATTACKS, Unavailable, attack


def main(words: list[str] | None = None) -> int:
    wanted = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    wanted.add_argument("--rounds", type=int, default=1, metavar="N")
    wanted.add_argument("--seed", type=int, default=None, metavar="S", help="of the first round; else a new one")
    wanted.add_argument("--only", default="", metavar="WORDS")
    wanted.add_argument("--jobs", type=int, default=2, metavar="N")
    asked = wanted.parse_args(words)
    seed = random.SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    names = [name for name in ATTACKS if asked.only in name]
    home = Path(tempfile.mkdtemp(prefix="showrunner-chaos-"))
    print(f"seed {seed}, {asked.rounds} rounds, folders in {home}", flush=True)
    tried: dict[str, list[bool]] = defaultdict(list)
    left_out: dict[str, str] = {}

    def one(name: str, number: int) -> None:
        folder = home / f"{name.replace(' ', '-')}-{number}"
        folder.mkdir()
        try:
            lost = attack(name, number, folder)
        except Unavailable as reason:
            left_out[name] = str(reason)
            return
        except Exception:  # noqa: BLE001 - a mistake of this suite is no reason to end the others
            lost = [traceback.format_exc()]
        tried[name].append(not lost)
        if lost:
            print(f"LOST: {name}, seed {number}, in {folder}", *(f"  {said}" for said in lost), sep="\n", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)

    with ThreadPoolExecutor(asked.jobs) as pool:
        for number in range(seed, seed + asked.rounds):
            for name in names:
                pool.submit(one, name, number)
    print(f"\n{'what goes wrong':24} {'tried':>6} {'survived':>9} {'lost':>5}")
    for name in names:
        if name in left_out:
            print(f"{name:24} not tried: {left_out[name]}")
        else:
            print(f"{name:24} {len(tried[name]):6} {sum(tried[name]):9} {len(tried[name]) - sum(tried[name]):5}")
    everything = [one for each in tried.values() for one in each]
    print(f"{'all':24} {len(everything):6} {sum(everything):9} {len(everything) - sum(everything):5}")
    return 0 if all(everything) else 1


if __name__ == "__main__":
    sys.exit(main())
