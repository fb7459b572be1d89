"""From text to cue list again after one line of 10,000 cues has changed, beside the same cold.

One line is changed, or put in, at a place drawn by lot; each edit stays for the next. The aim: a fiftieth of cold.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from compile import script
from measure import seconds, spread

from showrunner.show import stage
from showrunner.syntax.nodes import Book, Source
from showrunner.syntax.parser import ScriptReader
from showrunner.timeline.compiler import Memory, compile_show

NAME = "bench.show"


class Work:
    """A show that is read again and again."""

    def __init__(self, text: str) -> None:
        self.fixtures = stage.standard()
        self.reader, self.memory = ScriptReader(), None
        self.lines = text.splitlines()

    def read(self) -> None:
        """Read and compile the lines as they are now."""
        text = "\n".join(self.lines) + "\n"
        parsed = self.reader.read(text, NAME)
        book = Book(NAME, {NAME: Source(NAME, text, parsed.script)}, {}, "")
        made = compile_show(book, self.fixtures, previous=self.memory)
        assert not parsed.findings
        assert made.cues is not None
        self.memory: Memory | None = made.memory


def main(cues: int = 10_000, runs: int = 5, edits: int = 20) -> None:
    text, lot = script(cues), random.Random(1)
    work, cold = Work(text), []
    gc.disable()
    for _ in range(runs):
        work = Work(text)
        cold.append(seconds(work.read))
    gc.freeze()
    changed, added = [], []
    for number in range(edits):
        place = lot.randrange(cues)
        work.lines[place] = work.lines[place].replace("Emote_", f"Other{number}_")
        changed.append(seconds(work.read))
    for number in range(edits):
        place = lot.randrange(cues)
        position = work.lines[place].partition(" animaze ")[0]
        work.lines.insert(place, f"{position} animaze emote New{number}; log 'one more'")
        added.append(seconds(work.read))
    print(f"{cues:,} three-command cues, cold:   {spread(cold, 'ms', 1000)}")
    for what, times in (("one line changed", changed), ("one line put in", added)):
        print(f"{what + ':':35}{spread(times, 'ms', 1000)}; {fraction(cold, times)} (aim: 50)")


def fraction(cold: list[float], times: list[float]) -> str:
    """Say how many times faster than cold, with the spread."""
    whole = statistics.median(cold)
    each = sorted(whole / one for one in times)
    return f"cold is {statistics.median(each):.0f} times as long ({each[0]:.0f} to {each[-1]:.0f})"


if __name__ == "__main__":
    main()
