"""What one row says, before the block below it is known: a ``Phrase``, or the ``Slip`` that kept it from being read.

Not here: reading (``parser``), wording of slips (``slips``), putting rows together (``blocks``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

from showrunner.diagnostics.diagnostic import Diagnostic, Fix, Span
from showrunner.diagnostics.sentence import Sentence
from showrunner.slotted import dataclass
from showrunner.syntax.nodes import (
    AndMeanwhile,
    Body,
    Choose,
    Command,
    Cue,
    Define,
    DeviceCommand,
    Hold,
    Include,
    Label,
    Let,
    Repeat,
    Segment,
    Show,
    Track,
    WaitFor,
    When,
)

Start: TypeAlias = Literal["line", "choice"]
"""As what a row is read: a choice stands directly below a `choose by`, and begins with a label."""

Owned: TypeAlias = Literal["", "repeat", "and meanwhile", "choose", "choose by"]
Statement: TypeAlias = Show | Let | Include | Define | Segment | Track | When | Cue


@dataclass(frozen=True, slots=True)
class Slip:
    """A finding that does not know its file: spans count lines from the statement (or the file) around it.

    ``fix`` is the stretch to replace and what to put there.
    """

    code: str
    span: Span
    message: Sentence
    help: Sentence | None = None
    fix: tuple[Span, str] | None = None

    def found(self, path: str, base: int) -> Diagnostic:
        """Say it of a place in a file, where ``base`` is the line the span counts from."""
        fix = self.fix and Fix(self.fix[0].place(path, base), self.fix[1])
        return Diagnostic(self.code, self.span.place(path, base), self.message, self.help, fix)

    def moved(self, by: int) -> Slip:
        """The same, counted from ``by`` lines further up."""
        if by == 0:
            return self
        fix = self.fix and (replace(self.fix[0], line=self.fix[0].line + by), self.fix[1])
        return replace(self, span=replace(self.span, line=self.span.line + by), fix=fix)


def slip(
    text: str,
    start: int,
    end: int,
    code: str,
    message: Sentence,
    help: Sentence | None = None,
    fix: tuple[int, int, str] | None = None,
) -> Slip:
    """Make a slip of a stretch of a row's text, given by offsets; a fix likewise. Ends with its line at the latest."""
    return Slip(code, _span(text, start, end), message, help, fix and (_span(text, fix[0], fix[1], least=0), fix[2]))


def _span(text: str, start: int, end: int, least: int = 1) -> Span:
    begun = text.rfind("\n", 0, start) + 1
    over = text.find("\n", start)
    stop = end if over < 0 else min(end, over)
    return Span(text.count("\n", 0, start), start - begun + 1, max(least, stop - start))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row, read: a statement whose block is still empty, or commands; ``last_owns``: the block belongs to the last.

    With a ``slip`` the row has a mistake, with ``more`` further ones, and the rest is what could be read nevertheless:
    as it was meant, or without the command that could not be. ``statement`` is then at most a cue whose position could
    be read, or what has a block below it; of another cue there are the commands alone. ``label``: it stands directly
    below a `choose by`.
    """

    statement: Statement | None
    commands: tuple[Command, ...]
    last_owns: Owned
    slip: Slip | None = None
    more: tuple[Slip, ...] = ()
    label: Label | None = None


def owns(command: Command) -> Owned:
    """Name what in a command asks for a block below its line."""
    if isinstance(command, Repeat):
        return "repeat"
    if isinstance(command, Choose):
        return "choose" if command.by is None else "choose by"
    if isinstance(command, DeviceCommand | WaitFor | Hold) and any(
        isinstance(modifier, AndMeanwhile) for modifier in command.modifiers
    ):
        return "and meanwhile"
    return ""


def with_body(command: Command, body: Body) -> Command:
    """Give the command the block below its line."""
    if isinstance(command, Repeat):
        return replace(command, body=body)
    if isinstance(command, DeviceCommand | WaitFor | Hold):
        modifiers = tuple(
            replace(modifier, body=body) if isinstance(modifier, AndMeanwhile) else modifier
            for modifier in command.modifiers
        )
        return replace(command, modifiers=modifiers)
    raise TypeError(f"{type(command).__name__} owns no block")


def lowered(label: Label, lines: int) -> Label:
    """Give a label as it stands so many lines below its statement; its row was read for itself."""

    def down(span: Span) -> Span:
        return replace(span, line=span.line + lines)

    word = label.word and replace(label.word, span=down(label.word.span))
    least = label.least and replace(label.least, span=down(label.least.span))
    most = label.most and replace(label.most, span=down(label.most.span))
    return replace(label, word=word, least=least, most=most, span=down(label.span))
