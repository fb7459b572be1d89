"""Quick fixes: what a finding says to write instead, and the comment that silences a warning which is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.diagnostics.wording import quoted
from showrunner.editing.pages import Edit, Position, Range, range_of
from showrunner.slotted import dataclass
from showrunner.syntax.lines import comment, row, whole

UNSILENCED = "W517"
"""The warning of a comment that silences nothing cannot be silenced by one."""


@dataclass(frozen=True, slots=True)
class Mending:
    """Something that can be done about a finding: what it is called, the edits by file, and whether it is what the
    finding itself advises.
    """

    title: str
    edits: tuple[tuple[str, Edit], ...]
    finding: Diagnostic | None
    advised: bool


def mendings(findings: Iterable[Diagnostic], path: str, lines: Sequence[str], where: Range) -> list[Mending]:
    """Say what can be done about the findings of a file that touch a stretch of it."""
    here = [one for one in findings if one.place.path == path and _touches(range_of(one.place), where)]
    found = [_fixed(one) for one in here if one.fix is not None]
    return found + [
        _silenced(one, lines)
        for one in here
        if one.severity == "warning" and one.code != UNSILENCED and one.place.line <= len(lines)
    ]


def all_mended(findings: Iterable[Diagnostic], path: str) -> Mending | None:
    """Do all that the findings of a file advise, where that does not overlap; None where they advise nothing."""
    edits: list[Edit] = []
    for one in findings:
        if one.fix is None or one.fix.place.path != path:
            continue
        edit = Edit(_exact(one), one.fix.text)
        if not edits or edits[-1].range.end <= edit.range.start:
            edits.append(edit)
    if not edits:
        return None
    return Mending("mend all that has one remedy", tuple((path, edit) for edit in edits), None, advised=True)


def _touches(one: Range, other: Range) -> bool:
    return one.start <= other.end and other.start <= one.end


def _exact(one: Diagnostic) -> Range:
    """Give the stretch that a fix takes the place of; it may be empty, which a place never is."""
    if one.fix is None:
        raise ValueError("the finding has no fix")
    place = one.fix.place
    start = Position(place.line - 1, place.column - 1)
    return Range(start, Position(start.line, start.column + place.length))


def _fixed(one: Diagnostic) -> Mending:
    if one.fix is None:
        raise ValueError("the finding has no fix")
    text = one.fix.text
    title = f"write {quoted(text)}" if text.strip() else "take it out"
    return Mending(title, ((one.fix.place.path, Edit(_exact(one), text)),), one, advised=True)


def _silenced(one: Diagnostic, lines: Sequence[str]) -> Mending:
    """Say `# fine W510` behind the row; a comment that is there goes on behind it."""
    first = one.place.line - 1
    last = first + whole(list(lines), first, row(lines[first])).height - 1
    text = lines[last]
    begun = comment(text)
    if begun is None:
        end = Position(last, len(text.rstrip()))
        edit = Edit(Range(end, Position(last, len(text))), f"  # fine {one.code}")
    elif text[begun:].startswith("# fine "):
        at = Position(last, begun + len("# fine"))
        edit = Edit(Range(at, at), f" {one.code}")
    else:
        behind = Position(last, begun + 1)
        edit = Edit(Range(behind, behind), f" fine {one.code}:")
    title = f"this is meant: silence {one.code} on this line"
    return Mending(title, ((one.place.path, edit),), one, advised=False)
