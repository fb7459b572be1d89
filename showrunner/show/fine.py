"""`# fine W510 because it is a joke`: a warning that the author means is silenced on its line.

A comment says so, which the grammar does not see; one that silences nothing is a warning itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from showrunner.diagnostics.codes import names
from showrunner.diagnostics.diagnostic import Diagnostic, Place, has_errors
from showrunner.diagnostics.sentence import sentence
from showrunner.slotted import dataclass
from showrunner.syntax.lines import comment, cut
from showrunner.syntax.reading.memory import ReadingMemory
from showrunner.syntax.reading.unchanged import rows_of

_FINE = re.compile(r"#\s*fine(?:\s+[EW][0-9]{3}\b)+")
_CODE = re.compile(r"[EW][0-9]{3}\b")


@dataclass(frozen=True, slots=True)
class _Fine:
    """One code behind a `fine`: where it stands, and the lines of the row it is said of."""

    code: str
    place: Place
    first: int
    last: int


def silence(findings: Sequence[Diagnostic], texts: Mapping[str, str]) -> tuple[list[Diagnostic], int]:
    """Leave out what is fine, and count it; ``texts`` are the scripts. While there are errors, not all is known yet:
    then nothing is said of a comment that silences nothing.
    """
    said = [one for path, text in texts.items() for one in _said(path, text)]
    if not said:
        return list(findings), 0
    left = [one for one in findings if not any(_means(fine, one) for fine in said)]
    broken, known = has_errors(tuple(findings)), frozenset(names())
    for fine in said:
        if fine.code.startswith("E") or fine.code == "W517":
            message, advice = sentence("`{code}` cannot be silenced", fine.code), sentence("mend what it tells of")
        elif fine.code not in known:
            message, advice = sentence("there is no warning `{code}`", fine.code), sentence("leave it out")
        elif broken or any(_means(fine, one) for one in findings):
            continue
        else:
            message, advice = (
                sentence("nothing here is warned of with `{code}`", fine.code),
                sentence("leave the comment out"),
            )
        left.append(Diagnostic("W517", fine.place, message, advice))
    return left, len(findings) - sum(one.code != "W517" for one in left)


def _means(fine: _Fine, finding: Diagnostic) -> bool:
    place = finding.place
    same = finding.code == fine.code and finding.severity == "warning" and place.path == fine.place.path
    return same and fine.first <= place.line <= fine.last


def _said(path: str, text: str) -> Iterator[_Fine]:
    if _FINE.search(text) is None:
        return
    rows, numbers, _ = rows_of(cut(text), ReadingMemory({}, {}, {}))
    for row, first in zip(rows, numbers, strict=True):
        written = row.text[row.text.rfind("\n") + 1 :]
        begins = comment(written)
        fine = None if begins is None else _FINE.match(written, begins)
        last = first + row.height - 1
        for code in _CODE.finditer(fine[0]) if fine is not None else ():
            column = fine.start() + code.start() + 1 if fine is not None else 1
            yield _Fine(code[0], Place(path, last, column, len(code[0])), first, last)
