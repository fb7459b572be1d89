"""Presses over HTTP: what a message asks for, within its limits, and what was answered to which `id`.

What a press brings may have been written by a viewer: the engine keeps it as data (``operating``).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from showrunner.engine import actions
from showrunner.engine.messages import NOTHING, Brought
from showrunner.slotted import dataclass

LONGEST = 16_384
"""The longest message that is read, in bytes."""
WORDS = 300
"""The longest word in one, in characters: a name, a point, an id."""
FIELDS = 20
"""So many fields a press may bring, ..."""
FIELD = 60
"""... with names of so many characters."""
LARGEST_NUMBER = 10**30
"""No number may be larger: it would be no number to count with, but a way to fill a journal."""

MEMORY = 600.0
"""So many seconds an `id` is remembered."""
MOST_REMEMBERED = 20_000
"""So many of them at once; the rates of presses leave no room for more."""

DONE = frozenset({200, 504})
"""Answers to what was done, or may have been."""

Said: TypeAlias = tuple[int, str | None]
"""An answer: its status, and in one sentence why it was not done."""

ASKED = {one.name: one for one in actions.offered("http")}
"""What can be asked for."""

_PRESS = ("name", "text", "fields", "id")
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks for. ``id``: its sender's name for it; asked again by that, it is answered and not done."""

    action: str
    name: str | None = None
    to: str | None = None
    until: str | None = None
    id: str | None = None
    brought: Brought = NOTHING


def do(body: bytes) -> Asked | str:
    """Read the message of `POST /api/do`; a text says what is wrong with it."""
    example = 'write it like this: {"action": "go"}'
    read = _table(body)
    if read is None:
        return f"the message is no JSON; {example}"
    if not isinstance(read, dict) or not isinstance(read.get("action"), str):
        return f"the message names no action; {example}"
    asked = _asked(read, ("action", "name", "to", "until", "text", "fields", "id"))
    if isinstance(asked, str):
        return asked
    if asked.action not in ASKED:
        return f"there is no action `{asked.action[:40]}`; there are {', '.join(sorted(ASKED))}"
    if asked.brought != NOTHING and asked.action != "button":
        return f"`text` and `fields` come with a `button`, not with `{asked.action}`"
    return asked


def press(body: bytes) -> Asked | str:
    """Read the message of `POST /api/press`: a button, said shorter."""
    example = 'write it like this: {"name": "raid"}'
    read = _table(body)
    if read is None:
        return f"the message is no JSON; {example}"
    if not isinstance(read, dict) or not isinstance(read.get("name"), str):
        return f"the message names no button; {example}"
    wrong = next((key for key in read if key not in _PRESS), None)
    return _asked({**read, "action": "button"}, _PRESS) if wrong is None else _unknown(wrong, _PRESS)


def _table(body: bytes) -> Any:
    """Read JSON; None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _unknown(key: str, known: tuple[str, ...]) -> str:
    *names, last = (f"`{one}`" for one in known)
    return f"`{key[:40]}` is not known here; there are {', '.join(names)} and {last}"


def _asked(read: Mapping[str, Any], known: tuple[str, ...]) -> Asked | str:
    words: dict[str, str] = {}
    for key, value in read.items():
        if key not in known and key != "action":
            return _unknown(key, known)
        if value is None or key in {"text", "fields"}:
            continue
        if key in {"to", "id"} and _is_number(value):
            if not _countable(value):
                return f"`{key}` is too large a number"
            value = f"{value:g}" if key == "to" else str(value)  # noqa: PLW2901 - a speed, a count
        if not isinstance(value, str) or len(value) > WORDS:
            return f"`{key}` is a text of at most {WORDS} characters"
        words[key] = value
    text, fields = read.get("text"), _fields(read.get("fields"))
    if isinstance(fields, str):
        return fields
    if not isinstance(text, str | None):
        return "`text` is a text"
    return Asked(**words, brought=Brought(text, fields))


def _fields(read: Any) -> dict[str, Any] | str:
    """Read what a press brings besides its text: texts and numbers as they are, all else as JSON."""
    if read is None:
        return {}
    if not isinstance(read, dict) or len(read) > FIELDS:
        return f'`fields` is a table of at most {FIELDS} names with their values: {{"user": "Aki", "amount": 500}}'
    fields: dict[str, Any] = {}
    for name, value in read.items():
        if not name.strip() or not name.isprintable() or len(name) > FIELD:
            return f"the name of a field is a word of at most {FIELD} characters"
        if _is_number(value):
            if not _countable(value):
                return f"`{name}` in `fields` is too large a number"
            fields[name] = value
        elif value is not None:
            fields[name] = value if isinstance(value, str) else _COMPACT.encode(value)
    return fields


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _countable(value: float) -> bool:
    return abs(value) <= LARGEST_NUMBER


@dataclass(frozen=True, slots=True)
class _Kept:
    """An `id`: when it came, what was asked by it, and what is answered to that."""

    since: float
    asked: Asked
    answer: asyncio.Future[Said]


class Answers:
    """What was answered to each `id` in the last ten minutes, or will be in a moment. Of one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, _Kept] = {}

    async def once(self, asked: Asked, do: Callable[[], Awaitable[Said]]) -> Said:
        """Do what is asked, or give the answer of the first time; what was refused was not done, and is tried anew."""
        if asked.id is None:
            return await do()
        now = self._clock()
        while self._kept:
            oldest = next(iter(self._kept))
            if now - self._kept[oldest].since < MEMORY and len(self._kept) < MOST_REMEMBERED:
                break
            del self._kept[oldest]
        kept = self._kept.get(asked.id)
        if kept is not None and kept.asked == asked:
            return await asyncio.shield(kept.answer)
        if kept is not None and asked.action != "panic":
            return 409, f"the id `{asked.id[:40]}` was used for something else just now; each press has its own"
        kept = self._kept[asked.id] = _Kept(now, asked, asyncio.get_running_loop().create_future())
        said: Said = 500, "this was not done"
        try:
            said = await do()
        finally:
            kept.answer.set_result(said)
            if said[0] not in DONE and self._kept.get(asked.id) is kept:
                del self._kept[asked.id]
        return said
