"""Rows in the wrong place, and files that are too much. Spans count lines from the row the slip is about.

Not here: rows that cannot be read by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, shortened
from showrunner.syntax.keywords import COMMANDS, POSITIONS, STATEMENTS
from showrunner.syntax.lines import Row
from showrunner.syntax.nodes import Command, DeviceCommand, Variable, Word
from showrunner.syntax.phrases import Slip, slip
from showrunner.syntax.slips.absent import instead
from showrunner.syntax.slips.statements import parted

_TIME_LAST = re.compile(r"""([^'"#]*(?:"[^"]*"|'[^']*')?[^'"#]*?)[ \t]+(at[ \t]+\+?[0-9][0-9:.hms]*|then)""")
_PLACES = {
    "file": sentence("at the top of a file"),
    "segment": sentence("in a segment"),
    "track": sentence("in a track"),
    "define": sentence("in a `define`"),
    "body": sentence("in a block"),
}
_EDGE = sentence("it stands in a segment, beside its tracks, or at the left edge, for the whole show")
_HOMES = {
    "show": sentence("it stands at the top of the file, without indentation"),
    "let": sentence("it stands at the top of the file, without indentation"),
    "include": sentence("it stands at the top of the file, without indentation"),
    "define": sentence("it stands at the top of the file, without indentation"),
    "segment": sentence("it stands at the top of the file, without indentation"),
    "track": sentence("it stands in a segment or in a `define`, directly below it"),
    "when": _EDGE,
}


def no_position(row: Row, where: str, above: Sequence[Row]) -> Slip:
    """Commands where only cues can stand; or a misspelt word that reads like a device. ``above``: rows of its block."""
    if better := parted(row.head):
        return _head(
            row,
            "E160",
            sentence("a space is missing in `{head}`", row.head),
            sentence("write `{code}`", better),
            better,
        )
    rest = row.text[len(row.indent) : row.end].split("\n", 1)[0]
    if (said := instead(row.head, rest[len(row.head) :].strip())) is not None:
        return _head(row, "E160", *said)
    known = {"file": STATEMENTS, "segment": ("track", "when", *POSITIONS), "define": ("track", *POSITIONS)}.get(
        where, POSITIONS
    )
    meant = row.head.lower() if row.head.lower() in known else nearest(row.head, known)
    if meant and row.head not in COMMANDS:
        return _head(row, "E160", sentence("`{head}` is no word of the language", row.head), did_you_mean(meant), meant)
    behind = _TIME_LAST.fullmatch(rest)
    if behind is not None:
        better = f"{behind[2]} {behind[1]}"
        advice = (
            sentence("the time comes first: `{better}`", better)
            if len(better) < 60
            else sentence("the time comes first")
        )
        start = len(row.indent)
        return _row(
            row, "E161", sentence("this line does not begin with its time"), advice, (start, start + len(rest), better)
        )
    # At 0s it would come before the cue that stands above.
    time = "then" if any(one.indent == row.indent and one.head in POSITIONS for one in above) else "at 0s"
    shown = f"`{time} {rest}`" if len(rest) < 40 else f"`{time} …`"
    head = row.head or rest[:1]
    return _row(
        row,
        "E161",
        sentence("this line does not say when"),
        sentence("begin it with a time: {shown}", shown),
        (len(row.indent), len(row.indent) + len(head), f"{time} {head}"),
    )


def mistaken_owner(commands: tuple[Command, ...], first: Row) -> Slip | None:
    """`repaet every 2s`, `say "hi" meanwhile` with cues below; ``first`` is the first row of the block."""
    last = commands[-1] if commands and first.head in POSITIONS else None
    if not isinstance(last, DeviceCommand) or isinstance(last.device, Variable):
        return None
    if last.verb.text == "every" and nearest(last.device.text, ["repeat"]):
        span = last.device.span
        said = sentence("`{device}` is no word of the language", last.device.text)
        return Slip("E160", span, said, did_you_mean("repeat"), (span, "repeat"))
    word = last.arguments[-1] if last.arguments else None
    if isinstance(word, Word) and word.text in {"meanwhile", "while"}:
        said = (
            sentence("`and` is missing before `meanwhile`")
            if word.text == "meanwhile"
            else sentence("`while` has no meaning here")
        )
        return Slip("E135", word.span, said, sentence("write `and meanwhile`"), (word.span, "and meanwhile"))
    return None


def not_here(row: Row, where: str) -> Slip:
    """A statement in a block where it cannot stand."""
    home = _HOMES[row.head]
    return _head(row, "E166", sentence("`{head}` cannot stand {places}", row.head, _PLACES[where]), home)


def cue_among_commands(row: Row, where: str) -> Slip:
    """A cue below a cue, or after the commands of a body."""
    if row.head not in POSITIONS:
        return _head(row, "E166", sentence("`{head}` cannot stand in a block of commands", row.head), _HOMES[row.head])
    if where == "cue":
        advice = sentence(
            "indent it as far as the cue above; what shall run beside a command stands below `and meanwhile`"
        )
        return _head(row, "E168", sentence("a cue cannot stand below a cue"), advice)
    return _head(
        row,
        "E168",
        sentence("this block holds commands, so no cue can stand in it"),
        sentence("give its first line a time too: `at 0s …`"),
    )


def statement_as_choice(row: Row) -> Slip:
    """A cue, or a statement, below a plain `choose`."""
    if row.head not in POSITIONS:
        return _head(row, "E166", sentence("`{head}` cannot stand below a `choose`", row.head), _HOMES[row.head])
    advice = sentence(
        "leave its time out: a choice begins when it is taken; a `define` holds cues, and `do` is a choice"
    )
    return _head(row, "E168", sentence("a cue cannot stand below a `choose`"), advice)


def beside_segments(row: Row, above: Row | None) -> Slip:
    """A cue at the top of a file that has segments. ``above`` is the segment right above it that has nothing in it."""
    advice = sentence("put it into a segment: `segment opening`, and the cues below it, indented")
    if above is not None:
        said = above.text[: above.end].split("\n", 1)[0]
        said = said if len(said) <= 40 else "segment"
        advice = sentence("indent it by two spaces, and what follows, so that it belongs to `{said}`", said)
    return _head(
        row, "E167", sentence("this cue stands outside of every segment"), advice, f"  {row.head}" if above else None
    )


def owns_nothing(above: Row, first: Row) -> Slip:
    """An indented block below a row that has none; ``first`` is the first row of that block."""
    said = shortened(above.text[len(above.indent) : above.end].split("\n", 1)[0], 30)
    return _head(
        first,
        "E163",
        sentence("this line is indented below `{said}`, which has no block", said),
        sentence("indent it as far as the line above"),
    )


def indented_for_nothing(row: Row) -> Slip:
    """The first row of a file is indented."""
    return slip(
        row.text,
        0,
        max(1, len(row.indent)),
        "E163",
        sentence("the file begins indented"),
        sentence("take the spaces away"),
        None,
    )


def lines_up_with_nothing(row: Row) -> Slip:
    """A row that comes back to an indentation no row above has."""
    return slip(
        row.text,
        0,
        max(1, len(row.indent)),
        "E164",
        sentence("this line is indented less than its block and more than what is around it"),
        sentence("let it begin exactly below a line it belongs with"),
    )


def nothing_below(row: Row, what: str) -> Slip:
    """A block is missing; said at the end of the row that owns it."""
    first, _, more = row.text[: row.end].rpartition("\n")
    column = len(more) + 1
    line = first.count("\n") + (1 if first else 0)
    said, advice = {
        "cue": (
            sentence("nothing happens in this cue"),
            sentence("write a command behind the time, or below it, indented"),
        ),
        "define": (
            sentence("this `define` has nothing below it"),
            sentence("write its cues or commands below it, indented"),
        ),
        "when": (
            sentence("this `when` has nothing below it"),
            sentence("write what comes at each event below it, indented"),
        ),
        "repeat": (
            sentence("this `repeat` has nothing below it"),
            sentence("write what it repeats below it, indented"),
        ),
        "and meanwhile": (
            sentence("this `and meanwhile` has nothing below it"),
            sentence("write what happens meanwhile below it, indented"),
        ),
        "choose": (
            sentence("this `choose` has nothing below it"),
            sentence("write its choices below it, indented, one a line"),
        ),
        "choose by": (
            sentence("this `choose by` has nothing below it"),
            sentence('write below it, indented, one a line, what it may be and what happens then: `yes  say "Right!"`'),
        ),
        "choice": (
            sentence("nothing happens here"),
            sentence("write a command behind it, or below it, indented; or `nothing`"),
        ),
    }[what]
    return Slip("E165", Span(line, column, 1), said, advice)


def mixed_blanks(row: Row) -> Slip:
    """Tabs and blanks in the indentation of one block."""
    return slip(
        row.text,
        0,
        max(1, len(row.indent)),
        "E162",
        sentence("the indentation of this block mixes tabs and spaces"),
        sentence("use one of them for the whole block"),
    )


# -------------------------------------------------------------------------------------------------------------- limits


def file_too_long(limit: int) -> Slip:
    """More than is read."""
    return Slip(
        "E190",
        Span(0, 1, 1),
        sentence("the file is longer than {limit:,} characters", limit),
        sentence("split it, and bring the parts in with `include`"),
    )


def too_many_lines(limit: int) -> Slip:
    """More lines with cues and commands than a show may have commands."""
    return Slip(
        "E190",
        Span(0, 1, 1),
        sentence("the file has more than {limit:,} lines with cues or commands", limit),
        sentence("shorten it"),
    )


def too_deep(limit: int, row: Row) -> Slip:
    """Blocks in blocks in blocks."""
    return _head(
        row,
        "E191",
        sentence("blocks are nested more than {limit} deep here", limit),
        sentence("move the inner ones into a `define`"),
    )


def json_too_deep(limit: int, row: Row) -> Slip:
    """Brackets in brackets in brackets."""
    return _head(row, "E192", sentence("the JSON in this line is nested more than {limit} deep", limit), None)


def too_many(limit: int, slip: Slip) -> Slip:
    """More slips than anyone will read; ``slip`` is the first that is left out."""
    return Slip(
        "E194", slip.span, sentence("the file has more than {limit:,} mistakes; the rest is not read", limit), None
    )


def row_too_long(limit: int, row: Row) -> Slip:
    """One line for everything."""
    return _head(
        row,
        "E193",
        sentence("this line is longer than {limit:,} characters", limit),
        sentence("put its commands on lines of their own"),
    )


def _row(
    row: Row, code: str, message: Sentence, advice: Sentence | None, fix: tuple[int, int, str] | None = None
) -> Slip:
    return slip(row.text, len(row.indent), max(row.end, len(row.indent) + 1), code, message, advice, fix)


def _head(row: Row, code: str, message: Sentence, advice: Sentence | None, fix: str | None = None) -> Slip:
    start = len(row.indent)
    end = start + max(1, len(row.head))
    return slip(row.text, start, end, code, message, advice, None if fix is None else (start, end, fix))
