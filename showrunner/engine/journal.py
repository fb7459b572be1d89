"""The journal: everything that happened, as lines of JSON, in the contract's order of keys.

It only writes down; what an entry means is for its readers (console, reports, tests, replay).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from showrunner.engine.messages import Entry

LONG = 1000
"""A string in a frame longer than this is written as its beginning, its length and its hash."""

HIDDEN = "…"


def line(entry: Entry) -> str:
    """Give the entry as one line of compact JSON, without its newline."""
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace").decode()


def shown(value: Any, secrets: Iterable[str] = ()) -> Any:
    """Give a frame as it may be written down: secrets hidden, long strings cut to a fingerprint."""
    hidden = frozenset(secrets)
    return _shown(value, hidden)


def _shown(value: Any, secrets: frozenset[str]) -> Any:
    if isinstance(value, str):
        if value in secrets:
            return HIDDEN
        for secret in secrets:
            if secret and secret in value:
                return HIDDEN
        if len(value) > LONG:
            digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            return f"{value[:60]}…{len(value)} characters, sha256 {digest}"
        return value
    if isinstance(value, dict):
        return {key: _shown(item, secrets) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(item, secrets) for item in value]
    return value


class Journal:
    """Numbers the entries, keeps their time from running backwards, and hands each to every sink as it happens.

    ``zero`` is the instant of show time 0; until it is set, everything is written at 0.
    """

    def __init__(self, *sinks: Callable[[Entry], None]) -> None:
        self.sinks = list(sinks)
        self.zero: int | None = None
        self._seq = 0
        self._last = 0

    def write(self, now: int, kind: str, /, **keys: Any) -> Entry:
        """Write one entry. Keys whose value is None do not apply and are left out."""
        at = 0 if self.zero is None else max(0, now - self.zero)
        self._last = max(self._last, at)
        entry: Entry = {"seq": self._seq, "at": self._last, "kind": kind}
        for key, value in keys.items():
            if value is not None:
                entry[KEYWORDS.get(key, key)] = value
        self._seq += 1
        for sink in self.sinks:
            sink(entry)
        return entry


KEYWORDS = {"for_": "for", "from_": "from"}
"""Keys of the journal that Python cannot spell as names."""
