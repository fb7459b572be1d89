"""From text to cue list again after one line of 10,000 cues has changed, beside the same cold.

One line is changed, or put in, at a place drawn by lot; each edit stays for the next. The aim: a fiftieth of cold.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from compile import script
from measure import Row, run, seconds, shown, spread

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


def edits(quick: bool) -> Iterator[Row]:
    """Change lines, then put some in."""
    cues, runs, count = (1_000, 2, 5) if quick else (10_000, 5, 20)
    text, lot = script(cues), random.Random(1)
    work, cold = Work(text), []
    gc.disable()
    for _ in range(runs):
        work = Work(text)
        cold.append(seconds(work.read))
    gc.freeze()
    changed, added = [], []
    for number in range(count):
        place = lot.randrange(cues)
        work.lines[place] = work.lines[place].replace("Emote_", f"Other{number}_")
        changed.append(seconds(work.read))
    for number in range(count):
        place = lot.randrange(cues)
        position = work.lines[place].partition(" animaze ")[0]
        work.lines.insert(place, f"{position} animaze emote New{number}; log 'one more'")
        added.append(seconds(work.read))
    gc.enable()
    whole = statistics.median(cold)
    for claim, times in (("one line changed, read again", changed), ("one line put in, read again", added)):
        detail = (f"{cues:,} cues, cold: {spread(cold, 'ms', 1000)}", f"again: {spread(times, 'ms', 1000)}")
        found = tuple(one / whole for one in times)
        yield Row(claim, shown(times), "read cold", found, 0.02, detail=detail)


PARTS = {"reread": edits}

if __name__ == "__main__":
    run(PARTS, __doc__)
