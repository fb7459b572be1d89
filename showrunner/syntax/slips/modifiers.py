"""What stands behind a command: `and wait`, `else`, `retry`, `-> name`; missing, too much, or too early."""

from __future__ import annotations

import re
from itertools import pairwise

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, shortened
from showrunner.syntax.keywords import POLICIES, RESERVED
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import WORD, Halt


def nothing_asked(halt: Halt) -> Slip | None:
    """`at 1s -> joke`: an answer with nothing that is asked."""
    if not halt.command_wanted or not halt.text.startswith("->", halt.at):
        return None
    advice = sentence('it stands behind the command that is answered, as in `animaze chat "A joke?" -> joke`')
    return halt.slip("E133", sentence("there is no command before this `->`"), advice, None, halt.at, halt.at + 2)


def and_what(halt: Halt) -> Slip | None:
    """`and` with something else behind it than `wait` or `meanwhile`."""
    if halt.last != "and" or not {"WAIT", "MEANWHILE"} <= halt.expected:
        return None
    for (before, start), (piece, offset) in pairwise(halt.pieces):
        if before[0] in "\"'" and start + len(before) == offset and WORD.match(piece):
            mark, other = (before[0], "'" if before[0] == '"' else '"')
            advice = sentence("inside a text write `\\{mark}`, or put the whole between `{other}`", mark, other)
            return halt.slip(
                "E120",
                sentence("the `{mark}` before `{piece}` ends this text", mark, piece),
                advice,
                None,
                start,
                offset,
            )
    meant = nearest(halt.lump, ["wait", "meanwhile"])
    other = sentence("after `and` comes `wait` or `meanwhile`; another command begins after a `;`")
    if halt.lump == "then":
        other = sentence("what comes when it is finished begins the next line: `then …`")
    advice = did_you_mean(meant and f"and {meant}", other)
    return halt.slip(
        "E135",
        sentence("`and` stands for `and wait` or `and meanwhile`")
        + ("" if halt.ends else sentence(", not `and {lump}`", shortened(halt.lump))),
        advice,
        meant,
    )


def else_what(halt: Halt) -> Slip | None:
    """`else` with no policy behind it."""
    if halt.last != "else" or "CONTINUE" not in halt.expected:
        return None
    meant = nearest(halt.lump, POLICIES)
    advice = did_you_mean(meant and f"else {meant}", sentence("write `else continue`, `else stop` or `else hold`"))
    return halt.slip(
        "E136",
        sentence("`else` says what to do if the command fails")
        + ("" if halt.ends else sentence("; `{lump}` is none of it", shortened(halt.lump))),
        advice,
        meant,
    )


def retry(halt: Halt) -> Slip | None:
    """`retry` without a number."""
    if halt.last != "retry" or "NUMBER" not in halt.expected or "STRING" in halt.expected:
        return None
    if (bare := re.fullmatch(r"([0-9]{1,3})(?:x|s|times)", halt.lump)) is not None:
        return halt.slip(
            "E137",
            sentence("`retry {lump}` has more than a number", halt.lump),
            sentence("write `retry {bare}`", bare[1]),
            bare[1],
        )
    return halt.slip("E137", sentence("`retry` is not told how often"), sentence("as in `retry 2`"))


def not_taken(halt: Halt) -> Slip | None:
    """A modifier on a command that takes none."""
    words = halt.command
    if (
        not words
        or not halt.modifier
        or words[0] not in {"wait", "log", "stop", "do", "repeat"}
        or words[:2] == ("wait", "for")
    ):
        return None
    if halt.expected & {"AND", "WAIT"}:
        return None
    both = re.compile(r"and[ \t]+(?:wait|meanwhile)\b").match(halt.text, halt.at, halt.end)
    lump = "->" if halt.text.startswith("->", halt.at) else both[0] if both is not None else halt.lump
    advice = {
        "wait": sentence("it always waits; nothing can be added"),
        "do": sentence("what follows with `then` comes when it is finished"),
        "repeat": sentence("what follows with `then` comes when a counted `repeat` is finished"),
    }.get(words[0]) or sentence("it is done at once; nothing can be added")
    return halt.slip(
        "E142", sentence("`{words}` takes no `{lump}`", words[0], lump), advice, None, halt.at, halt.at + len(lump)
    )


def too_early(halt: Halt) -> Slip | None:
    """`say "hi" and wait for 3s`: an argument behind the modifiers."""
    words = halt.command
    if not words or "AND" not in halt.expected or halt.expected & {"WORD", "STRING"} or halt.ends:
        return None
    if halt.modifier and halt.lump != "or":
        return None
    begins = next((offset for piece, offset in _command_pieces(halt) if piece in RESERVED or piece == "->"), None)
    if begins is None:
        return None
    if halt.lump == "or":
        return halt.slip(
            "E133", sentence("`or` has no `-> name` before it"), sentence('as in `-> joke or "I forgot my joke."`')
        )
    if halt.last == "wait" and re.match(r"[0-9]", halt.lump):
        advice = sentence("write `for {lump} and wait`; a pause of its own is `; wait {lump}`", halt.lump)
        return halt.slip("E133", sentence("`and wait` lasts as long as the command, so it takes no time"), advice)
    argument = re.compile(r"(?:for|over)[ \t]+\S+|\"[^\"]*\"|'[^']*'").match(halt.text, halt.at, halt.end)
    if argument is None:
        return None
    moved = argument[0].rstrip(";")
    between = halt.text[begins : halt.at].rstrip()
    whole = f"{moved} {between}"
    advice = sentence("what belongs to the command comes first: `{whole}`", shortened(whole))
    return halt.slip(
        "E143",
        sentence("`{moved}` stands behind `{between}`", moved, shortened(between)),
        advice,
        whole if "\n" not in whole else None,
        begins,
        halt.at + len(moved),
    )


def _command_pieces(halt: Halt) -> tuple[tuple[str, int], ...]:
    return halt.pieces[len(halt.pieces) - len(halt.command) :]


def modifier_twice(source: str, span: Span) -> Slip:
    """The same modifier two times."""
    return Slip(
        "E144",
        span,
        sentence("`{split}` stands twice on one command", source.split(maxsplit=1)[0])
        if not source.startswith("and")
        else sentence("`{source}` stands twice on one command", source),
        sentence("leave one of them out"),
    )
