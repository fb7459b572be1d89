"""What an operator may do: one table. Keys, help, typed words, the console, HTTP and the README are read from it.

What an action does to a show is in ``operating``; how a key or a line comes here, in the terminal and on the page.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from showrunner.slotted import dataclass

Place: TypeAlias = Literal["run", "rehearse", "page", "http"]
"""Where it may be done: at the terminal of a run, at that of a rehearsal, on the console's page, by a program."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to be done. ``name`` is that of the journal, of a typed word and of HTTP.

    ``says`` is what every help says of it, ``where`` it is offered. ``keys`` do it, as the keyboard calls them.
    ``takes``: what goes with it over HTTP. ``back``: the action that the same key does after it. ``before``: it counts
    before the show has begun too; ``after_panic``: it is still obeyed then. ``asks``: while the show plays, a key and a
    page want it pressed twice; a word, a line and a program do not. ``urgent``: it counts at any time, and waits for no
    other press.
    """

    name: str
    says: str
    where: frozenset[Place]
    keys: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    back: str | None = None
    before: bool = False
    after_panic: bool = False
    asks: bool = False
    urgent: bool = False

    @property
    def own(self) -> bool:
        """Whether the terminal or the page does it by itself: the show hears nothing of it."""
        return "http" not in self.where

    @property
    def shown(self) -> str:
        """Its keys, as a help names them: `space, Enter`."""
        if self.keys == DIGITS:
            return f"{DIGITS[0]} to {DIGITS[-1]}"
        return ", ".join(_SPELLED.get(key, key) for key in self.keys)


DIGITS = tuple("123456789")

_SPELLED = {"enter": "Enter", "ctrl-c": "Ctrl-C"}

_TERMINAL: frozenset[Place] = frozenset({"run", "rehearse"})
_PAGE: frozenset[Place] = frozenset({"page"})
_HTTP: frozenset[Place] = frozenset({"http"})
_CALLED: frozenset[Place] = frozenset({"rehearse", "page", "http"})
_ALL: frozenset[Place] = _TERMINAL | _CALLED

ACTIONS = (
    Action("start", "starts the show, when all is ready for it", _PAGE | _HTTP, before=True),
    Action("go", "GO: lets the show go on where it says `hold`", _ALL, ("space", "enter")),
    Action(
        "button",
        "presses a button of the script, where it says `wait for button`",
        _ALL,
        DIGITS,
        ("name", "text", "fields"),
    ),
    Action("pause", "stops the show's clock", _ALL, ("p",), back="resume"),
    Action("resume", "lets the clock run on", _ALL),
    Action("skip", "ends the wait that has stood longest", _CALLED, ("k",)),
    Action("previous", "goes back to the cue before", _CALLED, ("left", "b")),
    Action("next", "goes on to the next cue at once", _CALLED, ("right", "n")),
    Action("seek", "goes to a point of the show", _CALLED, takes=("to",), after_panic=True),
    Action("again", "plays the segment again from its start", _CALLED, ("r",), ("name",)),
    Action("only", "plays one segment alone", _PAGE | _HTTP, takes=("name",)),
    Action("loop", "plays the segment round and round", _CALLED, ("l",), ("to", "until"), "unloop"),
    Action("unloop", "ends the loop", _CALLED),
    Action("speed", "plays so many times as fast, on doubles only", _PAGE | _HTTP, takes=("to",)),
    Action(
        "connect",
        "dials a device at once: one that is not there, or rests until somebody has seen to it",
        _ALL,
        takes=("name",),
        before=True,
        after_panic=True,
    ),
    Action("undo-reload", "goes back to the script as it was before the last save", _CALLED, ("u",)),
    Action("redo-reload", "takes an `undo-reload` back, until the next save", _CALLED),
    Action(
        "stop",
        "ends the show in order: everything let go, journal closed",
        _ALL,
        ("s",),
        before=True,
        after_panic=True,
        asks=True,
        urgent=True,
    ),
    Action(
        "panic",
        "PANIC: ends everything now and silences the voices",
        _ALL,
        ("x",),
        before=True,
        after_panic=True,
        urgent=True,
    ),
    Action(
        "interrupt",
        "ends it in order too; twice: at once",
        _TERMINAL,
        ("ctrl-c",),
        before=True,
        after_panic=True,
        urgent=True,
    ),
    Action("cues", "shows the cues around this moment", _TERMINAL, ("c",)),
    Action("word", "then a button's name, or one of the words, and Enter", _TERMINAL, (":",)),
    Action("follow", "follows the playhead again", _PAGE, ("f",)),
    Action("closer", "shows less of the timeline, larger", _PAGE, ("+", "=")),
    Action("further", "shows more of the timeline, smaller", _PAGE, ("-",)),
    Action("search", "searches the log", _PAGE, ("/",)),
    Action("help", "shows the keys", _TERMINAL | _PAGE, ("?", "h")),
)
"""Everything there is, in the order of every help."""

URGENT = frozenset(action.name for action in ACTIONS if action.urgent)
"""What is obeyed at any time: before the show, instead of it, and after a panic."""

BEFORE = frozenset(action.name for action in ACTIONS if action.before)
"""What counts before the show has begun, too."""

AFTER_PANIC = frozenset(action.name for action in ACTIONS if action.after_panic)
"""What is still obeyed after a panic (a panic that is pressed again does no harm)."""


def by_key(action: Action) -> str:
    """Say what the keys of an action do: the second time, perhaps another thing, or not before it."""
    if action.asks:
        return f"{action.says} (press it twice)"
    back = next((one.says for one in ACTIONS if one.name == action.back), None)
    return action.says if back is None else f"{action.says}; again: {back}"


def offered(place: Place) -> tuple[Action, ...]:
    """Give what may be done there, in order."""
    return tuple(action for action in ACTIONS if place in action.where)


def on_key(key: str, place: Place) -> Action | None:
    """Find what a key does there, whether Caps Lock is on or not; None where it does nothing."""
    return next((action for action in offered(place) if key.casefold() in action.keys), None)
