"""What is wrong with a show, as data: where, which rule, one sentence, the way out.

Not here: the codes' long explanations (one page each in ``codes/``) and how a finding looks on a screen (``render``).
Nothing in this room raises at a user: findings are values, collected and returned all at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from showrunner.diagnostics.sentence import Sentence

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of one line of one file.

    ``line`` and ``column`` count from 1, ``length`` in code points (a tab is one) and is at least 1.
    """

    path: str
    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """Where a node stands: ``line`` from the statement's first line (0), ``column`` from 1, ``length`` in code points.

    A node over several lines (a JSON value) has the length of its part on the first.
    """

    line: int
    column: int
    length: int

    def place(self, path: str, base: int) -> Place:
        """Give the place in the file, where ``base`` is the line number of the statement."""
        return Place(path, base + self.line, self.column, max(1, self.length))


@dataclass(frozen=True, slots=True)
class Fix:
    """A replacement that mends the finding: put ``text`` where ``place`` is."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``code`` begins with E (error) or W (warning).

    ``through`` is the trail of calls that led here, the outermost last: the `do` or `include` whose expansion
    contains ``place``.
    """

    code: str
    place: Place
    message: Sentence
    help: Sentence | None = None
    fix: Fix | None = None
    through: tuple[Place, ...] = ()

    @property
    def severity(self) -> Severity:
        """An error refuses the show, a warning lets it play."""
        return "error" if self.code.startswith("E") else "warning"


def in_reading_order(findings: tuple[Diagnostic, ...] | list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by path, line, column, code, and drop what is said twice."""
    seen: dict[tuple[Place, str, str], Diagnostic] = {}
    for finding in findings:
        seen.setdefault((finding.place, finding.code, finding.message), finding)
    return tuple(sorted(seen.values(), key=lambda f: (f.place.path, f.place.line, f.place.column, f.code)))


def has_errors(findings: tuple[Diagnostic, ...] | list[Diagnostic]) -> bool:
    """Tell whether any finding refuses the show."""
    return any(finding.code.startswith("E") for finding in findings)
