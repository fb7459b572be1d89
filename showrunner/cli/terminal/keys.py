"""The keys of whoever calls the show: which key does what, on one page. All that speaks of keys takes it from here.

How keys are read is the ``keyboard``'s business, what an action does the engine's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from showrunner.diagnostics.render import cells, visible


@dataclass(frozen=True, slots=True)
class Stroke:
    """Keys that do the same. ``action`` is the operator's in the journal, or one of ours (`cues`, `help`, `word`)."""

    action: str
    keys: tuple[str, ...]
    shown: str
    says: str


STROKES = (
    Stroke("go", ("space", "enter"), "space, Enter", "GO: lets the show go on where it says `hold`"),
    Stroke("button", tuple("123456789"), "1 to 9", "presses a button of the script, where it says `wait for button`"),
    Stroke("pause", ("p",), "p", "stops the show's clock, and lets it run on"),
    Stroke("skip", ("k",), "k", "ends the wait that has stood longest"),
    Stroke("previous", ("left",), "left", "goes back to the cue before"),
    Stroke("next", ("right",), "right", "goes on to the next cue at once"),
    Stroke("again", ("r",), "r", "plays the segment again from its start"),
    Stroke("loop", ("l",), "l", "plays the segment round and round, and ends that"),
    Stroke("undo-reload", ("u",), "u", "goes back to the script as it was before the last save"),
    Stroke("stop", ("s",), "s", "ends the show in order: everything let go, journal closed (also Ctrl-C)"),
    Stroke("panic", ("x",), "x", "ends it now and silences the voices"),
    Stroke("cues", ("c",), "c", "shows the cues around this moment"),
    Stroke("word", (":",), ":", "then a button's name, or one of the words below, and Enter"),
    Stroke("help", ("?", "h"), "?", "shows this"),
)
"""Every key there is. Which of them a command offers, it says itself."""

POINT = "a point to go to: a segment, a cue, `SEGMENT+5s`, or a time of the plan like `01:30`"
"""What else can be typed where seeking is offered."""

OURS = frozenset({"cues", "word", "help"})
"""What the terminal does by itself: no action of the engine."""


def stroke(key: str, offered: Iterable[str]) -> Stroke | None:
    """Find what a key does, whether Caps Lock is on or not; None where it does nothing that is ``offered``."""
    known = {*offered, *OURS}
    return next((one for one in STROKES if key.casefold() in one.keys and one.action in known), None)


def words(offered: Iterable[str]) -> list[str]:
    """Give the actions that can be typed as a word, in the order of the keys."""
    known = set(offered)
    named = [one.action for one in STROKES if one.action in known - OURS - {"button"}]
    return [name for one in named for name in ((one, "resume") if one == "pause" else (one,))]


def page(offered: Iterable[str], buttons: Sequence[str]) -> list[str]:
    """Give the help: a line for every key that is offered; ``buttons`` are the script's, the first has key 1."""
    known = {*offered, *OURS} - (set() if buttons else {"button"})
    shown = [one for one in STROKES if one.action in known]
    width = max(cells(one.shown) for one in shown)
    lines = []
    for one in shown:
        lines.append(f"  {one.shown:{width}}  {one.says}")
        if one.action == "button":
            numbered = zip("123456789", buttons, strict=False)
            lines += [f"  {'':{width}}  {number} is `{visible(name)}`" for number, name in numbered]
    return [*lines, f"  words: {', '.join(words(offered))}", *([f"  or: {POINT}"] if "seek" in known else [])]


def lines(offered: Iterable[str], buttons: Sequence[str]) -> list[str]:
    """Give the help for whoever has no keys: what can be typed as a line."""
    known = set(offered)
    rows = []
    for one in STROKES:
        if one.action == "button" and buttons:
            rows += [(visible(name), "presses this button, where the script waits for it") for name in buttons]
        elif one.action in known - OURS - {"button"}:
            typed = {"go": "an empty line, go", "pause": "pause, resume"}.get(one.action, one.action)
            rows.append((typed, one.says))
    width = max(cells(typed) for typed, _ in rows)
    listed = [f"  {typed}{' ' * (width - cells(typed))}  {says}" for typed, says in rows]
    return [*listed, *([f"  or: {POINT}"] if "seek" in known else [])]
