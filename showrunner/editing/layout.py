"""How a text is to look: the formatter's layout as the fewest edits, and how far a new line is indented."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from showrunner.editing.known import Known
from showrunner.editing.pages import Edit, Position, Range
from showrunner.editing.surroundings import block_of, surroundings
from showrunner.syntax.columns import STEP
from showrunner.syntax.lines import cut
from showrunner.syntax.parser import tokens
from showrunner.syntax.printer import format_text
from showrunner.syntax.reading.unchanged import agreeing
from showrunner.timeline.compile.posts import spelling

MOST = 2_000
"""Of more lines that differ, no finer difference is looked for."""

_OWNS = frozenset({"segment", "track", "define", "when", "repeat", "meanwhile", "choose", "choose by"})


def laid_out(known: Known, path: str, text: str, within: Range | None = None) -> list[Edit]:
    """Give the edits that lay a text out as `fmt` does, of lines in a stretch alone; none while it has errors.

    Line ends stay as they are, for they are the editor's.
    """
    made = format_text(text, path, spelling(known.prepared.fixtures))
    old, new = cut(text), cut(made.text)
    edits = differences(old, new)
    if within is None:
        return edits
    last = within.end.line - (within.end.column == 0 and within.end.line > within.start.line)
    return [one for one in edits if within.start.line <= one.range.start.line and _last(one) <= last]


def _last(edit: Edit) -> int:
    end = edit.range.end
    return end.line - (end.column == 0 and end.line > edit.range.start.line)


def differences(old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """Give the edits that make of some lines others: whole lines at most, and only what differs of one."""
    head = agreeing(old, new)
    tail = agreeing(old[head:][::-1], new[head:][::-1])
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(before) == len(after):
        pairs = zip(before, after, strict=True)
        return [_of_line(head + n, one, other) for n, (one, other) in enumerate(pairs) if one != other]
    if len(before) + len(after) > MOST:
        return [_lines(old, head, head + len(before), after)]
    edits: list[Edit] = []
    for what, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "replace" and end - start == last - first:
            edits += [_of_line(head + start + n, before[start + n], after[first + n]) for n in range(end - start)]
        elif what != "equal":
            edits.append(_lines(old, head + start, head + end, after[first:last]))
    return edits


def _of_line(line: int, old: str, new: str) -> Edit:
    head = agreeing(old, new)
    tail = agreeing(old[head:][::-1], new[head:][::-1])
    return Edit(Range(Position(line, head), Position(line, len(old) - tail)), new[head : len(new) - tail])


def _lines(old: Sequence[str], start: int, end: int, new: Sequence[str]) -> Edit:
    """Put lines in the place of others; at the end of a text what stands before them ends it."""
    if end < len(old):
        return Edit(Range(Position(start, 0), Position(end, 0)), "".join(f"{line}\n" for line in new))
    if not start:
        return Edit(Range(Position(0, 0), Position(len(old) - 1, len(old[-1]))), "\n".join(new))
    text = "".join(f"\n{line}" for line in new)
    return Edit(Range(Position(start - 1, len(old[start - 1])), Position(len(old) - 1, len(old[-1]))), text)


def indented(lines: Sequence[str], line: int, tab: str = " " * STEP) -> Edit | None:
    """Say how far a line that was just begun is indented: below what has a block a step further, else as what stands
    above. None: as it is.
    """
    if not 0 < line < len(lines) or lines[line].strip():
        return None
    above = next((number for number in range(line - 1, -1, -1) if lines[number].strip()), None)
    if above is None or line - above > 1:
        return None
    row = lines[above]
    width = row[: len(row) - len(row.lstrip(" \t"))]
    around = surroundings(lines, Position(above, len(row)))
    first = lines[around.line]
    width = first[: len(first) - len(first.lstrip(" \t"))]
    block = block_of(around.text, around.start, around.block)
    bare = block == "cue" and _bare(around.text)
    wanted = width + (tab if block in _OWNS or bare else "")
    if lines[line] == wanted:
        return None
    return Edit(Range(Position(line, 0), Position(line, len(lines[line]))), wanted)


def _bare(row: str) -> bool:
    """Tell whether a cue has no command on its line, so that they stand below."""
    read = [terminal for terminal, _, _ in tokens(row)]
    return read[-1:] != [] and read[-1] in {"CLOCK", "DURATION", "THEN", "NUMBER", "VARIABLE"} and len(read) <= 6
