# ruff: noqa: RUF001 - the odd characters are named as they are
"""What a row that could not be read should have been: the slip that fits best, in plain words.

Small functions, the *looks*, are asked in turn; the first that knows the place has the word. Lark's own errors end
here, nothing of them reaches a user. Not here: rows that are right but stand in the wrong place (``structure``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import (
    absent,
    chance,
    characters,
    commands,
    json,
    modifiers,
    music,
    names,
    other_languages,
    quotes,
    statements,
    times,
)
from showrunner.syntax.slips.halt import Halt, halt


class Look(NamedTuple):
    """One question about the place where reading stopped, and why it is asked before those below.

    Where several looks know a place, the first has the word: ``why`` says what the others would make of it.
    """

    ask: Callable[[Halt], Slip | None]
    why: str


ALONE = "no look below knows the same places, so it might stand anywhere"

LOOKS: tuple[Look, ...] = (
    # What is chosen of stands among signs that elsewhere mean something else.
    Look(chance.label, "the `->`, the `-` and the `+` of `yes -> …`, `1-4` and `10+` are no odd characters"),
    Look(chance.spanned, "the `-`, the `..` and the `～` of `20-40s`, `20s..40s` and `20s～40s` are no odd characters"),
    # Signs that change what stands around them.
    Look(modifiers.nothing_asked, "an arrow with no command before it is an arrow, no character without a meaning"),
    Look(characters.arrow, "`→` and `>` stand for `->`; below they are characters without a meaning, or no names"),
    Look(other_languages.comment, "`//` ends what is said; what is missing before it is not missing for its sake"),
    Look(quotes.typographic, "what such quotes hold is a text, and no words of the line"),
    Look(characters.hidden, "who cannot see the character understands no other word about the place"),
    Look(characters.wide, "`５` is a digit of another script too, but its plain form is known"),
    Look(characters.digits, "to times and names `٥` is a letter"),
    # Texts: what is in one is judged as a text alone.
    Look(quotes.unquoted, "the apostrophe of `say It's late!` opens no text, and its `!` is part of what is said"),
    Look(quotes.quote, "a text that is not closed swallows the rest of the line"),
    # What the language has not.
    Look(music.tempo, "the `4/4` of `tempo 120 4/4` is no calculation, and its `bpm` no title"),
    Look(music.position, "the `bar` of `then bar 9` is in its place, and `9:3` behind one no clock"),
    Look(absent.calculation, "the `*` of `$beat*8` is no odd character in a name"),
    Look(absent.measure, "the `beats` of `1bar2beats` and `0.3333beats` is no misspelt unit"),
    Look(
        commands.until, "the `until` of `repeat until button end` is in place, and the `at` of `at once` begins no line"
    ),
    Look(absent.word, "`if`, `random` and `until` are no devices without a verb, no titles and no second commands"),
    Look(times.of_day, "`8pm` behind `time` has no odd unit, and what lacks its `time` is no second command"),
    # What is chosen of.
    Look(chance.otherwise, "`または` is no second command, `|` no odd character, and the `,` of `yes, no` no `;`"),
    Look(chance.unsaid, 'the `or` of `say "a" or "b"` stands for no answer, and is no name'),
    Look(chance.choose, "a choice that lacks its `or` is no second command, and no text without a verb"),
    Look(chance.sometime, ALONE),
    # How a line begins decides what all of it is.
    Look(other_languages.bullet, "the `1.` and the `-` before a line are no times and no odd characters"),
    Look(statements.beginning, "a line that begins with `and` is told so before it lacks a command"),
    Look(json.brackets, "inside JSON nothing means what it means outside: `.5` is no time there"),
    Look(statements.grown, "`every2s` has its `every`, `forcue` its `for`: nothing is missing but a space"),
    Look(statements.grown_device, "`wait700ms` is no device without a verb, and `at00:05` has no colon too much"),
    # Habits: signs and words that mean something elsewhere.
    Look(other_languages.call, "before the parenthesis of `say(…)` stands a command, no device without a verb"),
    Look(other_languages.equals, "`x = 3` begins like a device, `let =` like a name"),
    Look(other_languages.added, "`&` and `+` join what stands around them; below they have no meaning"),
    Look(other_languages.colon, "the name before a colon is right, so it need not stand in quotes with it"),
    Look(other_languages.comma, "a comma inside a command does not stand for a `;`"),
    Look(other_languages.word, "`print`, `sleep` and `end` are no devices without a verb"),
    # Lines and commands that promise something: what they lack is said in their own words.
    Look(modifiers.retry, "the `3x` behind `retry` is a count, no number with a measure"),
    Look(commands.wait_for, "`wait for animaze within 5s` lacks its event; `within` is not meant for a name"),
    Look(commands.repeat, "the `3x` behind `repeat` is a count, no number with a measure"),
    Look(statements.limits, "a title without quotes may hold a word of the language, or any character"),
    Look(statements.when, "the times in `when 20:00` and `cooldown 20s` are right in themselves, and no names"),
    Look(statements.misspelt, "`att 00:05` is no device without a verb"),
    Look(statements.cue_position, "a cue that lacks its time lacks it whatever is odd about its name"),
    Look(statements.let, "the colon of `let x: 5s` stands for a `=`, and belongs to no name"),
    # Values.
    Look(times.apart, ALONE),
    Look(times.number, "a misspelt time is not missing, `60deg` is no name, and the comma of `1,5` no `;`"),
    Look(names.digit, "`1st` need not become another name: it stands in quotes"),
    Look(quotes.apostrophe, "the `!` behind an apostrophe that ended a text too early was part of the text"),
    Look(characters.unknown, "a character without a meaning is why there is no name, no time and no text"),
    # What is missing.
    Look(names.one_word, ALONE),
    Look(names.no_name, "`do and` lacks its name before it has a modifier too much"),
    Look(times.no_time, "`wait or` lacks its time before it has a modifier too much"),
    Look(quotes.no_text, "what stands behind `log` and `hold` is a text without quotes, no second command"),
    Look(modifiers.and_what, ALONE),
    Look(modifiers.else_what, ALONE),
    Look(commands.parentheses, "between parentheses `and` is no modifier"),
    Look(commands.handed, ALONE),
    # What is too much, or too late.
    Look(commands.empty, ALONE),
    Look(modifiers.not_taken, ALONE),
    Look(statements.line_of_its_own, ALONE),
    Look(modifiers.too_early, "the `for` behind `and wait` begins no second command"),
    Look(commands.missing_semicolon, ALONE),
    Look(commands.verb, "`animaze and` lacks its verb; `and` is not meant for a name"),
    Look(names.reserved, ALONE),
    Look(commands.out_of_place, "it knows every place"),
)
"""Asked from the top; the last always answers. A test holds every reason against the slips of ``tests/language``."""


LONGEST = 10_000
"""Signs of a row that all are asked about: some look at a long one from each of its signs to its end."""


def explain(text: str, at: int, expected: frozenset[str]) -> Slip:
    """Say what is wrong with a row that could not be read on at the offset ``at``.

    ``expected`` are the terminals of the grammar that could have stood there. Spans count lines from the row.
    """
    place = halt(text, at, expected)
    looks = LOOKS if len(text) <= LONGEST else LOOKS[-1:]
    return next(found for look in looks if (found := look.ask(place)) is not None)
