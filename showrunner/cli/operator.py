"""Whoever calls the show from the terminal: takes keys or lines, and says what is to be done with the show.

Which key does what stands in the ``keymap``; doing it is up to ``press``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from showrunner.cli.terminal import keys
from showrunner.diagnostics.render import visible

RUN = frozenset({"go", "button", "pause", "stop", "panic"})
"""What `run` offers."""


REHEARSE = RUN | {"skip", "previous", "next", "again", "loop", "undo-reload", "seek"}
"""What `rehearse` offers."""


class Board(Protocol):
    """What the operator looks at: the status line."""

    @property
    def paused(self) -> bool:
        """Whether the show's clock stands by a pause."""
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

    ``name`` is that of a button; of `seek`, what was typed. ``buttons`` gives those of the show as it is now.
    """

    def __init__(
        self,
        press: Callable[[str, str | None], None],
        board: Board,
        buttons: Callable[[], Sequence[str]],
        offered: frozenset[str] = RUN,
    ) -> None:
        self._press = press
        self._board = board
        self._buttons = buttons
        self._offered = offered
        self._typed: str | None = None

    def key(self, name: str) -> None:
        """Take one key."""
        if self._typed is not None:
            self._type(name)
            return
        found = keys.stroke(name, self._offered)
        if found is None:
            return
        match found.action:
            case "help":
                self._board.say("\n".join(keys.page(self._offered, self._buttons())))
            case "cues":
                self._board.say("\n".join(self._board.around()))
            case "word":
                self._type(":")
            case "pause":
                self._press("resume" if self._board.paused else "pause", None)
            case "button":
                self._number(int(name))
            case action:
                self._press(action, None)

    def line(self, text: str) -> None:
        """Take a whole line: an action, a button's name, with `seek` offered a point of the show; empty is GO."""
        if text.casefold() in {"?", "help"} and text not in self._buttons():
            self._board.say("\n".join(keys.lines(self._offered, self._buttons())))
        else:
            self._word(text)

    def _word(self, text: str) -> None:
        typed, buttons, words = text.casefold(), self._buttons(), keys.words(self._offered)
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
            there = f"; there are: {', '.join(buttons)}" if buttons else ""
            self._board.say(visible(f"the show has no button called `{rest}`{there}" if rest else "which button?"))
        elif typed == "seek" and "seek" in self._offered:
            self._board.say(f"where to? Write {keys.POINT}")
        elif first.casefold() == "seek" and rest and "seek" in self._offered:
            self._press("seek", rest)
        elif typed in words:
            self._press(typed, None)
        elif typed in {"?", "help"}:
            self._board.say("\n".join(keys.page(self._offered, buttons)))
        elif "seek" in self._offered:
            self._press("seek", text)
        else:
            listed = ", ".join([*buttons, *(word for word in words if word != "go")])
            self._board.say(f"`{visible(text)}` does nothing; Enter is GO, and there are: {visible(listed)}")

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
