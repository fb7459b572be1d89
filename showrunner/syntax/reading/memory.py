"""What a reader keeps from one reading to the next, and how much it reads at all.

Data, and forgetting. Why what is kept may be used again stands in ``unchanged``.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from typing import Any, TypeAlias

from showrunner.slotted import dataclass
from showrunner.syntax.lines import LONGEST, Row
from showrunner.syntax.nodes import Cue, Define, Placed, When
from showrunner.syntax.phrases import Phrase, Slip

Owner: TypeAlias = tuple[str, str]
"""What a block of statements is: a file, a segment or a track; and the text of the row above it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: characters of a file (about 32 MiB), its lines that say something, characters of a row, depth
    of blocks and JSON, and slips.
    """

    file: int = 33_554_432
    lines: int = 500_000
    row: int = LONGEST
    depth: int = 50
    slips: int = 1_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A statement with its block, finished, and what was wrong in it (slips with their line from its first)."""

    node: Cue | Define | When | None
    slips: tuple[tuple[int, Slip], ...]
    bound: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A block of statements as it was read, without a slip. Rows count from its first.

    ``starts`` has the row on which each of ``items`` begins. ``unit`` is the width of a tab, ``width`` how far its
    statements are indented; ``segments``: it is a file with segments.
    """

    rows: Sequence[Row]
    starts: array[int]
    items: Sequence[Placed[Any]]
    unit: int
    width: int
    segments: bool


@dataclass(slots=True)
class ReadingMemory:
    """What a reader keeps: rows and phrases by their text, whole statements of several rows by theirs, and the last
    reading of the file, of every segment and track, by the row that owns it.

    ``choices`` are the phrases of rows below `choose by`, which are read otherwise.

    ``lines`` are those of the last file and their rows, if every line was a row of its own.

    ``spare`` counts the characters that came in since what the last file did not need was thrown out.
    """

    rows: dict[str, Row]
    phrases: dict[tuple[int, str], Phrase]
    chunks: dict[tuple[int, int, str], Chunk]
    choices: dict[tuple[int, str], Phrase] = field(default_factory=dict)
    blocks: dict[Owner, ReadBlock] = field(default_factory=dict)
    lines: tuple[list[str], list[Row]] = field(default_factory=lambda: ([], []))
    spare: int = 0

    def keep(
        self,
        chunks: dict[tuple[int, int, str], Chunk],
        blocks: dict[Owner, ReadBlock],
        owners: AbstractSet[str],
        rows: int,
    ) -> None:
        """Keep what a reading has found, and of the one before what it took over without looking: not much more than
        a file of so many ``rows``, with segments and tracks that begin with these ``owners``, can have.
        """
        before = {key: one for key, one in self.blocks.items() if not key[1] or key[1] in owners}
        self.blocks = before | blocks
        both = self.chunks | chunks if before else chunks
        self.chunks = both if len(both) <= rows else chunks


def forget(memory: ReadingMemory, texts: set[str], lines: list[str]) -> None:
    """Throw out what a file with these rows and lines does not need."""
    needed = texts.union(lines)
    memory.rows = {text: row for text, row in memory.rows.items() if text in needed}
    memory.phrases = {key: phrase for key, phrase in memory.phrases.items() if key[1] in texts}
    memory.choices = {key: phrase for key, phrase in memory.choices.items() if key[1] in texts}
    memory.blocks = {}
    memory.lines = [], []
    memory.spare = 0
