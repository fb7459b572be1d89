"""Slips, in plain words, by the thing looked at: what was meant, and what to write.

A function that takes a ``Halt`` looks at one place where the reading of a row stopped, and gives the slip it knows, or
None; ``explain`` asks them in order. The others word what is only known when a row is read, or rows are put together.

Each module is loaded when the first such slip is met: a show that is right is read without them.
"""

from typing import TYPE_CHECKING

from showrunner.diagnostics.sentence import sentence

if TYPE_CHECKING:
    from showrunner.syntax.slips import (
        absent,
        characters,
        commands,
        explain,
        halt,
        json,
        modifiers,
        names,
        quotes,
        statements,
        structure,
        times,
    )
else:

    def __getattr__(name: str) -> object:
        """Load the module of this name."""
        from importlib import import_module

        try:
            return import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as missing:
            raise AttributeError(sentence("there are no slips called {name}", name)) from missing


__all__ = [
    "absent",
    "characters",
    "commands",
    "explain",
    "halt",
    "json",
    "modifiers",
    "music",
    "names",
    "quotes",
    "statements",
    "structure",
    "times",
]
