"""The score on its way to the browser: packed once, as long as it stays the same."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Mapping
from typing import Any

from showrunner.console.written import small, written

LEVEL = 3
"""How hard is packed: a score shrinks to a twelfth; more would take longer than it saves on the way."""


class Scores:
    """Writes scores; what is the same as the last time is not packed again.

    May be called from several threads; one works at a time.
    """

    def __init__(self) -> None:
        self._packed: dict[bool, tuple[list[bytes], bytes]] = {}
        self._lock = threading.Lock()

    def answer(self, score: Mapping[str, Any], *, packed: bool) -> bytes:
        """Give the score as JSON, packed (gzip) if wished."""
        with self._lock:
            parts = [b"%b:%b" % (small(key), written(value)) for key, value in score.items()]
            return self._pack(parts, readonly=bool(score.get("readonly"))) if packed else _whole(parts)

    def _pack(self, parts: list[bytes], *, readonly: bool) -> bytes:
        kept = self._packed.get(readonly)
        if kept is not None and kept[0] == parts:
            return kept[1]
        # 31: the largest window, with gzip's header. Packing lets other threads work by itself.
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
        data = packer.compress(_whole(parts)) + packer.flush()
        self._packed[readonly] = (parts, data)
        return data


def _whole(parts: list[bytes]) -> bytes:
    return b"{" + b",".join(parts) + b"}"
