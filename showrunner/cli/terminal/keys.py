"""Whoever calls the show from the terminal: takes keys or lines, says what is to be done, and what can be.

What there is to be done, and by which key, stands in the engine's ``actions``; doing it is up to ``press``. How single
keys are read is the ``keyboard``'s business.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from showrunner.diagnostics.wording import cells, listed, there_are, visible
from showrunner.engine.actions import DIGITS, Action, Place, by_key, offered, on_key

POINT = "a point to go to: a segment, a cue, `SEGMENT+5s`, or a time of the plan like `01:30`"
"""What else can be typed where seeking is offered."""

SURE = 3.0
"""Seconds in which a key that asks is to be pressed again: nobody ends a show with a slip of the finger."""


class Board(Protocol):
    """What the operator looks at: the status line."""

    @property
    def paused(self) -> bool:
        """Whether the show's clock stands by a pause."""
        ...

    @property
    def live(self) -> bool:
        """Whether the show has begun."""
        ...

    def say(self, text: str) -> None:
        """Write something above the line."""
        ...

    def type(self, text: str | None) -> None:
        """Show what is being typed; None: nothing is."""
        ...

    def around(self) -> Sequence[str]:
        """Give the cues around the present moment, a line each."""
        ...


class Operator:
    """Turns keys and lines into presses: ``press(action, name)``, as in the journal's `operator` entry.

    ``name`` is that of a button; of `connect` a device's; of `seek`, what was typed. ``buttons`` gives those of the
    show as it is now. ``place`` is the command at whose terminal they sit: what can be done there. ``now`` tells
    seconds.
    """

    def __init__(
        self,
        press: Callable[[str, str | None], None],
        board: Board,
        buttons: Callable[[], Sequence[str]],
        place: Place = "run",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._asked: tuple[str, float] | None = None
        self._press = press
        self._board = board
        self._buttons = buttons
        self._place: Place = place
        self._seeks = any(one.name == "seek" for one in offered(place))
        self._typed: str | None = None

    def key(self, name: str) -> None:
        """Take one key."""
        if self._typed is not None:
            self._type(name)
            return
        found = on_key(name, self._place)
        if found is None:
            return
        match found.name:
            case "help":
                self._board.say("\n".join(page(self._place, self._buttons())))
            case "cues":
                self._board.say("\n".join(self._board.around()))
            case "word":
                self._type(":")
            case "pause":
                self._press("resume" if self._board.paused else "pause", None)
            case "button":
                self._number(int(name))
            case action if found.asks and self._board.live and not self._sure(action):
                self._board.say(f"{action}? press {found.shown} again within {SURE:.0f} s")
            case action:
                self._press(action, None)

    def _sure(self, action: str) -> bool:
        """Tell whether the same was asked for a moment ago."""
        asked, now = self._asked, self._now()
        sure = asked is not None and asked[0] == action and now - asked[1] <= SURE
        self._asked = None if sure else (action, now)
        return sure

    def line(self, text: str) -> None:
        """Take a whole line: an action, a button's name, with `seek` offered a point of the show; empty is GO."""
        if text.casefold() in {"?", "help"} and text not in self._buttons():
            self._board.say("\n".join(lines(self._place, self._buttons())))
        else:
            self._word(text)

    def _word(self, text: str) -> None:
        typed, buttons, known = text.casefold(), self._buttons(), words(self._place)
        first, _, rest = text.partition(" ")
        # Who knows the words of the journal may write `seek chorus` and `button raid`.
        rest = rest.strip() if text not in buttons else ""
        if not text:
            self._press("go", None)
        elif text in buttons:
            self._press("button", text)
        elif first.casefold() == "button" and rest in buttons:
            self._press("button", rest)
        elif first.casefold() == "button":
            there = f"; {there_are(buttons)}" if buttons else ""
            self._board.say(visible(f"the show has no button called `{rest}`{there}" if rest else "which button?"))
        elif first.casefold() == "connect" and rest:
            self._press("connect", rest)
        elif typed == "seek" and self._seeks:
            self._board.say(f"where to? Write {POINT}")
        elif first.casefold() == "seek" and rest and self._seeks:
            self._press("seek", rest)
        elif typed in known:
            self._press(typed, None)
        elif typed in {"?", "help"}:
            self._board.say("\n".join(page(self._place, buttons)))
        elif self._seeks:
            self._press("seek", text)
        else:
            there = there_are([*buttons, *(word for word in known if word != "go")])
            self._board.say(visible(f"`{text}` does nothing; Enter is GO, and {there}"))

    def _number(self, number: int) -> None:
        buttons = self._buttons()
        if number <= len(buttons):
            self._press("button", buttons[number - 1])
        else:
            there = "no button" if not buttons else "one button" if len(buttons) == 1 else f"{len(buttons)} buttons"
            self._board.say(f"{number} does nothing: the show has {there}")

    def _type(self, key: str) -> None:
        typed = self._typed
        if typed is None:
            self._typed = ""
        elif key == "enter":
            self._typed = None
        elif key == "escape" or (key == "backspace" and not typed):
            self._typed, typed = None, ""
        elif key == "backspace":
            self._typed = typed[:-1]
        elif key == "space":
            self._typed = f"{typed} "
        elif len(key) == 1:
            self._typed = typed + key
        self._board.type(self._typed)
        if self._typed is None and typed and typed.strip():
            self._word(typed.strip())


def words(place: Place) -> list[str]:
    """Give the actions that can be typed as a word: a button is called by its name, a point as it is."""
    return [one.name for one in _spoken(place)]


def page(place: Place, buttons: Sequence[str]) -> list[str]:
    """Give the help: a line for every key that does something; ``buttons`` are the script's, the first has key 1."""
    shown = [one for one in offered(place) if one.keys and (buttons or one.name != "button")]
    width = max(cells(one.shown) for one in shown)
    said = []
    for one in shown:
        said.append(f"  {one.shown:{width}}  {by_key(one)}")
        if one.name == "button":
            numbered = zip(DIGITS, buttons, strict=False)
            said += [f"  {'':{width}}  {number} is `{visible(name)}`" for number, name in numbered]
    return [*said, f"  words: {listed(words(place))}", *_points(place)]


def lines(place: Place, buttons: Sequence[str]) -> list[str]:
    """Give the help for whoever has no keys: what can be typed as a line."""
    rows = [(f"an empty line, {one.name}" if one.name == "go" else one.name, one.says) for one in _spoken(place)]
    rows[1:1] = [(visible(name), "presses this button, where the script waits for it") for name in buttons]
    width = max(cells(typed) for typed, _ in rows)
    listed = [f"  {typed}{' ' * (width - cells(typed))}  {says}" for typed, says in rows]
    return [*listed, *_points(place)]


def _spoken(place: Place) -> list[Action]:
    return [one for one in offered(place) if not one.own and one.name not in {"button", "seek"}]


def _points(place: Place) -> list[str]:
    return [f"  or: {POINT}"] if any(one.name == "seek" for one in offered(place)) else []
