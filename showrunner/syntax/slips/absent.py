"""What the language has not: words that people try first, and what does it here, or who would.

One table, since most of it is a sentence that changes when the language grows.
"""

from __future__ import annotations

import re

from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import WORDS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import Halt

_BRANCH = sentence(
    "what depends on an answer stands below `choose by NAME`, indented: a line for each that it may be, as in "
    '`yes  say "Right!"`, and `else` for all others'
)
_LISTEN = sentence("what comes at each press stands below `when button NAME`, indented; at other events likewise")
_JUMP = sentence(
    "a show plays from top to bottom; whoever calls it goes elsewhere in the console, and what comes several times is "
    "a `define`, played with `do NAME`"
)
_CHANCE = sentence(
    'write `choose`, with a line below it for each that may come, or `choose "a" or "b"` in place of a text'
)
_COUNT = sentence(
    "a show does not count: whoever does, a chat bot or a game, presses a button of the show, which says "
    "`when button NAME` or `wait for button NAME`"
)
_COUNTDOWN = sentence('write `repeat 3 times every 1s`, and below it, indented, `say "{{left}}"`: it counts 3, 2, 1')
_BEATS = sentence(
    "music is measured in its segment: `segment song tempo 128`, and in it `at bar 9 beat 3` and lengths like `2beats`"
)
_SOUND = sentence("no command plays a sound file; what is spoken begins with `say`")
_UNTIL = sentence(
    "`segment NAME until button end` and `repeat every 2s until button end` end so; what else goes on until something "
    "comes stands below `wait for button NAME and meanwhile`, indented"
)
_HUSH = sentence("write `hush`: it cuts what is said")
_TURNS = sentence(
    "write `repeat every 2s`, and what it repeats below, indented; it goes on to the end of its segment, or "
    "`until button NAME`"
)
_CALCULATE = sentence("a show does not calculate: write the result, or give it a name with `let`")
_SAFE = sentence("what a device is sent at a panic stands in the stage file, below its `safe:`")

ABSENT = {
    "if": _BRANCH, "elif": _BRANCH, "unless": _BRANCH, "switch": _BRANCH, "case": _BRANCH, "otherwise": _BRANCH,
    "whenever": _LISTEN, "on": _LISTEN,
    "goto": _JUMP, "jump": _JUMP, "gosub": _JUMP,
    "random": _CHANCE, "pick": _CHANCE, "either": _CHANCE, "shuffle": _CHANCE, "chance": _CHANCE,
    "score": _COUNT, "points": _COUNT, "vote": _COUNT, "poll": _COUNT, "count": _COUNT,
    "countdown": _COUNTDOWN,
    "bpm": _BEATS, "tempo": _BEATS, "bar": _BEATS, "beat": _BEATS, "measure": _BEATS, "takt": _BEATS,
    "sound": _SOUND, "play": _SOUND, "music": _SOUND, "audio": _SOUND, "bgm": _SOUND, "sfx": _SOUND,
    "until": _UNTIL, "mute": _HUSH, "cut": _HUSH, "silence": _HUSH, "quiet": _HUSH, "shut": _HUSH, "interrupt": _HUSH,
    "forever": _TURNS, "every": _TURNS, "loop": _TURNS, "while": _TURNS,
}  # fmt: skip
"""What to write in place of a word that the language has not."""

_INSIDE = frozenset({"until", "bpm", "tempo", "bar"})
_TURNING = frozenset({"every", "loop"})
_BEHIND_AN_OR = frozenset({"random", "pick", "either"})
_MIXED = re.compile(r"(?=.*(?:beat|bar))(?:[0-9]+(?:\.[0-9]+)?(?:beats?|bars?|ms|[hms])){2,}")
_FINE = re.compile(r"([0-9]{1,9}\.[0-9]{4,})(beats?|bars?)")
_CALCULATED = re.compile(r"(?:\$[^\W\d]\w*|[0-9][0-9.:hms]*)[ \t]*[*/][ \t]*[$0-9][\w.:]*")


def instead(word: str, following: str = "") -> tuple[Sentence, Sentence] | None:
    """Give what is said of a word that the language has not, and what to write; None where it is none of them."""
    advice = _SAFE if (word.lower(), following) == ("on", "panic") else ABSENT.get(word.lower())
    if advice is None:
        return None
    return (
        sentence("`{word}` has no place here", word)
        if word in WORDS
        else sentence("`{word}` is no word of the language", word),
        advice,
    )


def word(halt: Halt) -> Slip | None:
    """`if answer == "yes"`, `random "a" or "b"`, `repeat every 2s until …`: what begins something, or adds to it."""
    begun = halt.pieces[-len(halt.command)] if halt.command else None
    if begun is not None and begun[0].lower() in _TURNING and halt.lump[:1].isdigit():
        return None  # the number says more about it
    drawn = next((one for one in halt.pieces if one[0] in _BEHIND_AN_OR), None) if halt.lump == "or" else None
    here = (halt.lump, halt.at) if (halt.lump in _INSIDE and halt.last != "wait") or not halt.prior else None
    for found in (drawn, here, begun):
        if found is not None and (said := instead(found[0], halt.lump)) is not None:
            return halt.slip("E160", *said, None, found[1], found[1] + len(found[0]))
    return None


def calculation(halt: Halt) -> Slip | None:
    """`at $beat*8`, `wait 2*3s`: a sum."""
    if halt.prior[:1] == ("let",):
        return None
    for found in _CALCULATED.finditer(halt.text, 0, halt.end):
        if found.start() <= halt.at <= found.end() and '"' not in found[0]:
            said = sentence("`{found}` is a calculation", shortened(found[0]))
            return halt.slip("E129", said, _CALCULATE, None, found.start(), found.end())
    return None


def measure(halt: Halt) -> Slip | None:
    """`wait 1bar2beats`, `wait 0.3333beats`: a time in more than one measure, or in a finer one than there is."""
    start, written = halt.glued
    if found := _FINE.fullmatch(written):
        better = f"{round(float(found[1]), 3):g}{found[2]}"
        said = sentence("`{written}` is finer than a thousandth of a beat", shortened(written))
        return halt.slip("E109", said, sentence("write `{code}`", better), better, start, start + len(written))
    if _MIXED.fullmatch(written) is None:
        return None
    said = sentence("`{written}` is no time: what is counted in beats or bars has one unit", shortened(written))
    return halt.slip(
        "E108", said, sentence("write all of it in beats: `6beats`, for example"), None, start, start + len(written)
    )
