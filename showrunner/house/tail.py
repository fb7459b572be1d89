"""A log as it is read: record by record, in order, without a hole, whatever of it gets lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from showrunner.house.bus import Bus, Fetched, Loaded, Recorded
from showrunner.house.forms import LARGEST, Malformed, unpacked
from showrunner.house.messages import Record, heard

BIGGEST = 64 * 1024 * 1024
"""So many bytes a record may have that is in the store."""

AGAIN = 300_000
"""After so many microseconds without an answer the log is asked again."""


class Tail:
    """Reads the log of a channel from behind ``after`` on. ``last``: the sequence of what was given out last."""

    def __init__(self, bus: Bus, channel: str, after: int) -> None:
        self.last = after
        self.end = after
        """Where the log ends, as far as is known."""
        self.whole = False
        """Whether the end has been seen at least once."""
        self.lost = ""
        """Why the log cannot be read on, in words: it ends before what was read, or is gone."""
        self._bus = bus
        self._channel = channel
        self._came: dict[int, bytes] = {}
        self._asked: int | None = None
        self._loading: str | None = None
        self._loaded: bytes | None = None

    @property
    def behind(self) -> bool:
        """Whether there is more than has been read."""
        return self.end > self.last or bool(self._came)

    @property
    def asking(self) -> bool:
        """Whether the log is being asked."""
        return self._asked is not None

    def ask(self, now: int) -> None:
        """Have what stands behind ``last`` read."""
        if self._asked is None or now - self._asked > AGAIN:
            self._asked = now
            self._bus.fetch(self._channel, self.last)

    def reaches(self, end: int, now: int) -> None:
        """Take in that the log goes so far at least."""
        self.end = max(self.end, end)
        if self.end > self.last and self.last + 1 not in self._came:
            self.ask(now)

    def recorded(self, news: Recorded, now: int) -> None:
        """Take in a record as it came."""
        if news.channel == self._channel and news.seq > self.last:
            self._came[news.seq] = news.data
            self.reaches(news.seq, now)

    def fetched(self, news: Fetched, now: int) -> None:
        """Take in what was read."""
        if news.channel != self._channel:
            return
        self._asked = None
        if news.wrong:
            return
        if news.last < self.last:
            self.lost = f"the log of `{self._channel}` ends at {news.last}, before {self.last}, which was read already"
            return
        self.whole = True
        for seq, data in news.records:
            if seq > self.last:
                self._came[seq] = data
        first = min(self._came, default=self.last + 1)
        if news.records and first > self.last + 1:
            self.lost = f"the log of `{self._channel}` has no record {self.last + 1} any more"
            return
        self.end = max(self.end, news.last)
        reach = self.last
        while reach + 1 in self._came:
            reach += 1
        if self.end > reach:
            self._asked = now
            self._bus.fetch(self._channel, reach)

    def loaded(self, news: Loaded) -> None:
        """Take in what the store had."""
        if news.hash == self._loading:
            self._loaded, self._loading = news.data, None

    def records(self) -> Iterator[tuple[int, Record]]:
        """Give what can be given out, in order; raises ``Malformed``."""
        while self._loading is None and self.last + 1 in self._came:
            data = self._came[self.last + 1]
            said: Any = unpacked(data, LARGEST)
            if isinstance(said, dict) and "stored" in said:
                if self._loaded is None:
                    self._loading = str(said["stored"])
                    self._bus.load(self._loading)
                    return
                data, self._loaded = self._loaded, None
            record = heard(data, BIGGEST)
            if not isinstance(record, Record):
                raise Malformed(f"{self.last + 1} is no record")
            del self._came[self.last + 1]
            self.last += 1
            yield self.last, record
