"""What each word of the language means, in a sentence: shown beside it where it is offered, and where it is pointed at.

The reference says all of it; this is what fits into a small box.
"""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "show": "The title of the show.",
    "let": "A constant: a name for a word, a text, a number or a time.",
    "include": "Brings in another file: its constants, definitions and segments.",
    "define": "A piece of show with a name, to be played with `do`.",
    "segment": "A part of the show; segments play one after the other.",
    "track": "A list of cues that plays beside the other tracks of its segment.",
    "when": "What comes whenever an event comes, beside all else.",
    "at": "A time on the clock of this list: `at 00:20`; or after the cue above: `at +2s`.",
    "then": "When the cue above is finished, and what began to be said before that.",
    "cue": "A name for a cue, so that others can wait for it; behind `wait for`, the cue that is waited for.",
    "do": "Plays a definition. The list goes on by its own clock: `then` waits for it.",
    "repeat": "Plays the block below again and again.",
    "choose": "Takes one of the lines below, by the seed of the show; in a command, one of several words.",
    "wait": "A pause in this list: `wait 700ms`; or until something happens: `wait for …`.",
    "hold": "Waits until the operator says GO.",
    "log": "Writes a line into the journal.",
    "stop": "Ends the show in order: what is held is let go, what runs ends by itself. Behind `else`: if this fails.",
    "say": "Speaks. Each text may have an emotion before it.",
    "hush": "Cuts what is said.",
    "nothing": "A choice in which nothing is done.",
    "and": "`and wait`: what follows waits until this is finished. `and meanwhile`: a block below plays until then.",
    "within": "A time limit, from sending to the answer.",
    "retry": "Tries so many times more if it fails.",
    "else": "What to do if it ends badly: `continue`, `stop` or `hold`. Below `choose by`: what fits nothing else.",
    "or": "Another one of them; behind `-> name`, the text to take where there is no answer.",
    "every": "How long lies between one turn and the next.",
    "times": "So many turns.",
    "least": "Keeps the segment open at least so long.",
    "most": "Closes the segment at the latest then; of a `when`, how often it may be heard.",
    "until": "What ends it: a button, an event, a time.",
    "once": "`at once`: ends it in the middle of a turn, too.",
    "release": "`release over`: how long what is held at the end takes to go back.",
    "over": "How long it takes.",
    "tempo": "The music of the segment: beats a minute.",
    "beats": "Beats in a bar.",
    "offset": "When bar 1 comes on the clock of a track.",
    "bar": "A bar of the music, counted from 1.",
    "beat": "A beat of the bar, counted from 1.",
    "meanwhile": "The block below plays from the sending of this command to its end.",
    "for": "How long it counts as running; behind `wait`, what is waited for.",
    "button": "Until the operator, a key or a program presses the button of this name.",
    "time": "Until the clock on the wall shows this.",
    "call": "Calls any request of the program, with JSON behind it.",
    "continue": "The show goes on.",
    "queue": "Events that come meanwhile wait for their turn.",
    "ignore": "Events that come meanwhile are not heard.",
    "restart": "An event that comes meanwhile begins the block anew.",
    "together": "An event that comes meanwhile plays beside it.",
    "to": "The longest gap, of one that is drawn; the end of a range.",
    "up": "`up to 9`: any number that is not more.",
    "more": "`100 or more`: any number that is not less.",
    "by": "`choose by NAME`: takes the line whose label fits what was kept.",
}
"""Word -> what it means."""

SNIPPETS: Mapping[str, str] = {
    "show": 'show "${1:Title}"$0',
    "let": "let ${1:name} = ${2:value}$0",
    "include": 'include "${1:part.show}"$0',
    "define": "define ${1:name}\n  at 0s  $0",
    "segment": "segment ${1:name}\n  at 00:00  $0",
    "track": "track ${1:name}\n  at 0s  $0",
    "when": "when button ${1:name}\n  at 0s  $0",
    "cue": "cue ${1:name} at ${2:00:05}  $0",
    "repeat": "repeat every ${1:2s}\n  at 0s  $0",
    "choose": "choose\n  $0",
    "meanwhile": "meanwhile\n  at 0s  $0",
}
"""What is written for a word that asks for more, where an editor can go from one place of it to the next."""

TERMINALS: Mapping[str, str] = {
    **{word.upper(): word for word in WORDS},
    **{f"_{word.upper()}": word for word in WORDS},
    "ARROW": "->",
}
"""Terminal of the grammar -> the word it stands for."""
