"""What a reader keeps from one reading to the next, and how much it reads at all.

Data, and forgetting; what is kept is decided in ``blocks``.
"""

from __future__ import annotations

from dataclasses import dataclass

from showrunner.syntax.lines import Row
from showrunner.syntax.nodes import Cue, Define
from showrunner.syntax.phrases import Phrase, Slip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: characters of a file (about 32 MiB), its lines that say something, characters of a row, depth
    of blocks and JSON, and slips.
    """

    file: int = 33_554_432
    lines: int = 500_000
    row: int = 1_000_000
    depth: int = 50
    slips: int = 1_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A statement with its block, finished, and what was wrong in it (slips with their line from its first)."""

    node: Cue | Define | None
    slips: tuple[tuple[int, Slip], ...]
    bound: frozenset[str]


@dataclass(slots=True)
class Memory:
    """What a reader keeps: rows and phrases by their text, whole statements of several rows by theirs.

    ``spare`` counts the characters that came in since what the last file did not need was thrown out.
    """

    rows: dict[str, Row]
    phrases: dict[tuple[int, str], Phrase]
    chunks: dict[tuple[int, int, str], Chunk]
    spare: int = 0


def forget(memory: Memory, texts: set[str], lines: list[str]) -> None:
    """Throw out what a file with these rows and lines does not need."""
    needed = texts.union(lines)
    memory.rows = {text: row for text, row in memory.rows.items() if text in needed}
    memory.phrases = {key: phrase for key, phrase in memory.phrases.items() if key[1] in texts}
    memory.spare = 0
