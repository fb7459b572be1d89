"""The journal: everything that happened, as lines of JSON, in the contract's order of keys.

It only writes down; what an entry means is for its readers (console, reports, tests, replay).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from showrunner.diagnostics.wording import count
from showrunner.engine.messages import Entry

LONG = 1000
"""A string in a frame longer than this is written as its beginning, its length and its hash."""

LARGEST = 32_000
"""About so many bytes of a frame are written; the rest of its lists and tables as their count and their hash."""

MOST_EARLY = 10_000
"""So many entries of a standby are kept to be told their time: who waits longer is not waiting for a show to begin."""

BRIEF = 37
"""A string of ASCII shorter than this counts as so many bytes, whatever its signs: it cannot be much."""

LONGEST_ANSWER = 10_000
"""So many characters of an answer are kept: it is written whole, since a replay needs it."""

HIDDEN = "…"


_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a stranger may not say to the terminal of whoever reads a journal: C1, and what turns signs round."""


def line(entry: Entry) -> str:
    """Give the entry as one line of compact JSON, without its newline. What would steer a terminal stands escaped."""
    text = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace").decode()
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def shown(value: Any, secrets: Iterable[str] = ()) -> Any:
    """Give a frame as it may be written down: secrets hidden, what is long cut to a fingerprint."""
    return _Copy([secret for secret in secrets if secret]).of(value, 0)


class _Copy:
    """Copies no more of a value than is written, however much there is of it. Done for every frame, so it is brief."""

    __slots__ = ("_brief", "_left", "_secrets")

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = secrets
        self._left = LARGEST
        # What is shorter than this is written as it is: no secret fits into it.
        self._brief = min(BRIEF, *map(len, secrets)) if secrets else BRIEF

    def of(self, value: Any, least: int) -> Any:
        """Give the copy; of lists and tables as much as leaves ``least`` bytes for what stands behind them.

        Of what is left each thing may take seven parts in eight: behind a long list its short neighbours are written.
        """
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            table: dict[str, Any] = {}
            brief = self._brief
            for key, item in value.items():
                left = self._left
                if left <= least:
                    table[HIDDEN] = self._rest(dict(islice(value.items(), len(table), None)), "key")
                    break
                if len(key) < brief and key.isascii():
                    self._left -= len(key) + 3
                else:
                    key = self._text(key)  # noqa: PLW2901 - cut
                table[key] = self.of(item, least + (left - least) // 8)
            return table
        if isinstance(value, list | tuple):
            items: list[Any] = []
            for item in value:
                left = self._left
                if left <= least:
                    items.append(self._rest(value[len(items) :], "item"))
                    break
                items.append(self.of(item, least + (left - least) // 8))
            return items
        self._left -= value.bit_length() // 3 + 3 if isinstance(value, int) else 24
        return value

    def _text(self, text: str) -> str:
        size = len(text) + 3
        if len(text) < self._brief and text.isascii():
            self._left -= size
            return text
        for secret in self._secrets:
            if secret in text:
                return HIDDEN
        if len(text) > LONG:
            text = f"{text[:60]}…{len(text)} characters, sha256 {_digest(text)}"
            size = len(text) + 3
        # Six bytes for a sign at most: `\u0001`.
        self._left -= size if text.isascii() and (size < BRIEF + 3 or text.isprintable()) else 6 * size
        return text

    def _rest(self, rest: Any, what: str) -> str:
        text = json.dumps(rest, ensure_ascii=False, separators=(",", ":"))
        for secret in self._secrets:  # a hash of it would tell whoever guesses whether he is right
            text = text.replace(json.dumps(secret, ensure_ascii=False)[1:-1], HIDDEN)
        return f"…{count(len(rest), f'more {what}')}, sha256 {_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Journal:
    """Numbers the entries, keeps their time from running backwards, and hands each to every sink as it happens.

    ``zero`` is the instant of show time 0; until it has come, everything is written at 0. When it comes, ``early`` is
    given all that was written sooner once more, with how long ago that was (``before``): it is known only then.
    ``holds``: the sinks get those entries then and not sooner, and so once.
    """

    def __init__(self, *sinks: Callable[[Entry], None], holds: bool = False) -> None:
        self.sinks = list(sinks)
        self.zero: int | None = None
        self.early: Callable[[Sequence[Entry]], None] | None = self._hand if holds else None
        self._holds = holds
        self._standby: list[tuple[int, Entry]] = []
        self.settle: Callable[[], None] = lambda: None
        """Waits, for a moment, until what was written is where it outlives this program."""
        self._seq = 0
        self._last = 0

    def coming(self, now: int, kind: str, /, **keys: Any) -> Entry:
        """Give the entry that ``write`` would write now, and write nothing."""
        at = 0 if self.zero is None else max(0, now - self.zero)
        entry: Entry = {"seq": self._seq, "at": max(self._last, at), "kind": kind}
        for key, value in keys.items():
            if value is not None:
                entry[KEYWORDS.get(key, key)] = value
        return entry

    def write(self, now: int, kind: str, /, **keys: Any) -> Entry:
        """Write one entry. Keys whose value is None do not apply and are left out."""
        entry = self.coming(now, kind, **keys)
        self._last = entry["at"]
        self._seq += 1
        if self.zero is None and len(self._standby) < MOST_EARLY:
            self._standby.append((max(now, self._standby[-1][0]) if self._standby else now, entry))
            if self._holds:
                return entry
        for sink in self.sinks:
            sink(entry)
        return entry

    def begin(self, zero: int) -> None:
        """Let this instant be show time 0."""
        first, self.zero = self.zero is None, zero
        standby, self._standby = self._standby, []
        if first and standby and self.early is not None:
            self.early([{**entry, "before": zero - now} if now < zero else entry for now, entry in standby])

    def _hand(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            for sink in self.sinks:
                sink(entry)


KEYWORDS = {"for_": "for", "from_": "from"}
"""Keys of the journal that Python cannot spell as names."""
