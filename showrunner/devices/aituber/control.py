"""AITuberKit's HTTP control: what is asked of it, what its answers are worth, and the events it tells.

For the driver. What is asked and why stands in ``slides``, ``aloud`` and ``cutting``. Source: the device's README,
"The HTTP control".
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, TypeAlias

from showrunner.devices.in_flight import WireIds
from showrunner.devices.vocabulary import Answered, Frame, Heard, Output, Send, Terms

NO_API = "no `api` in the stage file"

NOT_REACHED = "AITuberKit's HTTP control is not reached"

NOT_HEARD = (
    "AITuberKit's events are not reached, and without them nobody could tell how this ends: "
    "is its server running, and is the key right?"
)

_REFUSALS = {
    403: "AITuberKit refused it: it runs in restricted mode (NEXT_PUBLIC_RESTRICTED_MODE)",
    401: "AITuberKit refused it: the key is not the one in its AITUBERKIT_API_KEY",
    404: "AITuberKit refused it: it knows nothing there; is `api: url` the address of its page, and no more?",
    503: "AITuberKit refused it: it has no key (AITUBERKIT_API_KEY in its environment)",
}

REMEMBERED = 256
"""So many events are known by their ids, and so many sentences: AITuberKit tells the last hundred events again to
whoever asks for them.
"""

STATUS = "status_updated"
"""A sign of life of a page, twice every two seconds: no news."""


def unable(api: Mapping[str, Any] | None) -> str | None:
    """Say why nothing can be asked of AITuberKit by HTTP, going by that setting of the stage file; None: it can."""
    if api is None:
        return NO_API
    missing = next((name for name in ("url", "key-env") if not api.get(name)), None)
    return None if missing is None else f"`api` in the stage file has no `{missing}`"


def refused(answer: Frame) -> str | None:
    """Say why AITuberKit does not do what it was asked by HTTP; None: it does."""
    status = answer.get("status")
    if not isinstance(status, int) or not status:
        return str(answer.get("wrong") or "it did not answer")
    if 200 <= status < 300:
        return None
    body = answer.get("body")
    said = body.get("error") if isinstance(body, dict) else None
    code = body.get("code") if isinstance(body, dict) else None
    if isinstance(said, str) and isinstance(code, str) and status in {400, 404, 409, 413, 422}:
        return f"AITuberKit refused it: {said} ({code})"
    if isinstance(said, str) and status in {400, 413}:
        return f"AITuberKit refused it: {said}"
    return _REFUSALS.get(status, f"AITuberKit refused it (HTTP {status})")


@dataclass(frozen=True, slots=True)
class Told:
    """An event: its ``kind``, the client or receiver that it is ``about``, and what it says."""

    kind: str
    about: str
    payload: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """Give a field of it that is a text."""
        said = self.payload.get(name)
        return said if isinstance(said, str) else None


@dataclass(slots=True, eq=False)
class Errand:
    """An attempt of a command that goes by HTTP: so many requests were ``made`` for it, and it was ``accepted``."""

    id: int
    attempt: int
    made: int = 0
    accepted: bool = False

    def accept(self, *, ok: bool = True, reason: str | None = None) -> Answered:
        """Answer it: it is accepted, or refused."""
        self.accepted = ok
        return Answered(self.id, self.attempt, ok=ok, reason=reason)


Then: TypeAlias = Callable[[Frame, str | None, int], list[Output]]
"""What an answer leads to: called with the answer, why it was refused (None: it was not), and the time."""


class Control:
    """What was asked by HTTP and has no answer yet, and what of the events is news."""

    def __init__(self, terms: Terms, ids: WireIds) -> None:
        self.api: Mapping[str, Any] = terms.settings["api"] or {}
        self.client = str(self.api.get("client") or "")
        self.unable = unable(terms.settings["api"])
        self.connection: int | None = None
        """The connection by which is asked."""
        self.events: int | None = None
        """The connection by which events come; None also while its beginning is waited for."""
        self._ids = ids
        self._stamp = terms.stamp
        self._asked: dict[str, tuple[Errand | None, Then]] = {}
        self._known: deque[str] = deque(maxlen=REMEMBERED)
        self._since: int | None = None  # milliseconds of the server: what is older is no news
        self._latest: int | None = None  # of the newest event that came

    @property
    def wrong(self) -> str | None:
        """Say why nothing can be asked now; None: it can."""
        return self.unable or (NOT_REACHED if self.connection is None else None)

    def ask(
        self,
        method: str,
        path: str,
        then: Then,
        *,
        errand: Errand | None = None,
        body: Frame | None = None,
        query: Frame | None = None,
        within: int | None = None,
        secrets: tuple[str, ...] = (),
    ) -> Send:
        """Give the request; ``then`` is called with its answer. Its id tells of which command it is, and its number."""
        if errand is None:
            request = self._ids.own()
        else:
            errand.made += 1
            request = self._ids.attempt(errand.id, errand.attempt) + (f"-{errand.made}" if errand.made > 1 else "")
        self._asked[request] = errand, then
        said = {"body": body, "query": query, "within": within}
        frame: Frame = {"request": request, "method": method, "path": path}
        frame |= {key: value for key, value in said.items() if value is not None}
        if errand is None:
            return Send(frame, way="api", secrets=secrets)
        return Send(frame, errand.id, errand.attempt, way="api", secrets=secrets)

    def answered(self, frame: Frame, now: int) -> list[Output]:
        """Take in an answer."""
        errand, then = self._asked.pop(str(frame.get("request")), (None, None))
        wrong = refused(frame)
        outputs = [] if then is None else then(frame, wrong, now)
        if errand is None:
            return [Heard(frame, reply=True, ok=wrong is None), *outputs]
        ok = next((one.ok for one in outputs if isinstance(one, Answered) and one.id == errand.id), None)
        return [Heard(frame, reply=True, id=errand.id, ok=ok, attempt=errand.attempt), *outputs]

    def drop(self, errand: Errand) -> None:
        """Expect nothing more for a command that is over or given up."""
        for request, (one, _) in list(self._asked.items()):
            if one is errand:
                self._asked[request] = errand, lambda _, __, ___: []

    def opened(self, connection: int, frame: Frame, now: int) -> str | None:
        """Note that a stream of events has begun, or say why not."""
        said = frame.get("opened")
        opened = said if isinstance(said, dict) else {}
        wrong = refused({"status": opened.get("status", 200)})
        if wrong is None:
            self.events = connection
            date = _milliseconds(opened.get("date"))
            came = self._stamp(now) if date is None else date
            # What was missed since the last one is news still.
            self._since = came if self._latest is None else min(came, self._latest)
        return wrong

    def news(self, frame: Frame) -> Told | None:
        """Read an event; None where it is none, is old, or was told before."""
        name, said = frame.get("id"), frame.get("data")
        if not isinstance(name, str) or not isinstance(said, dict) or name in self._known:
            return None
        self._known.append(name)
        at = _stamped(name, said.get("timestamp"))
        if at is not None:
            if self._since is not None and at < self._since:
                return None
            self._latest = at if self._latest is None else max(at, self._latest)
        kind, about, payload = said.get("type"), said.get("clientId"), said.get("payload")
        if not isinstance(kind, str) or not isinstance(about, str):
            return None
        return Told(kind, about, payload if isinstance(payload, dict) else {})


def _milliseconds(date: Any) -> int | None:
    """Read the date of an answer (RFC 9110, 5.6.7) as milliseconds since 1970."""
    try:
        return int(parsedate_to_datetime(date).timestamp()) * 1000
    except (TypeError, ValueError, OverflowError):
        return None


_IN_ID = re.compile(r"evt_([0-9]{1,15})_")


def _stamped(id: str, timestamp: Any) -> int | None:
    """Tell when an event was made, by the server's clock, in milliseconds."""
    found = _IN_ID.match(id)
    if found is not None:
        return int(found[1])
    return int(timestamp) if isinstance(timestamp, int | float) and abs(timestamp) < 1e15 else None


GONE_AFTER = 6_000_000
"""A page that was not seen for so long is gone (microseconds): one that is there reports every two seconds."""

TABS = "aituber-receiver-"
"""How the receiver ids of pages begin."""


@dataclass(slots=True)
class Tabs:
    """The pages that have our client id, by their receiver ids: when each was ``seen`` last, and of which kind it is.

    ``strangers`` are others, and those about which was asked: once is enough.
    """

    client: str
    seen: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)

    @property
    def due(self) -> int | None:
        """When the next of them is gone, unless it is seen before."""
        return min((at + GONE_AFTER for at in self.seen.values()), default=None)

    def noticed(self, receiver: str, now: int) -> bool:
        """Note that a page was seen; tells whether it must be asked whose it is."""
        if receiver in self.seen:
            self.seen[receiver] = now
            return False
        if not receiver.startswith(TABS) or receiver in self.strangers:
            return False
        self.strangers.add(receiver)  # until it is known to be ours
        return True

    def listed(self, answer: Frame, now: int) -> list[tuple[str, str]]:
        """Take in the list of pages; gives those of ours that have come, with the kind of each."""
        body = answer.get("body")
        rows = body.get("receivers") if isinstance(body, dict) else None
        came: list[tuple[str, str]] = []
        date = _milliseconds(answer.get("date"))
        for row in rows if isinstance(rows, list) else ():
            receiver, at = (row.get("receiverId"), row.get("lastSeenAt")) if isinstance(row, dict) else (None, None)
            if not isinstance(receiver, str):
                continue
            if row.get("configuredClientId") != self.client:
                self.strangers.add(receiver)
                continue
            self.strangers.discard(receiver)
            closed = isinstance(at, int | float) and date is not None and date - at > GONE_AFTER // 1000
            if closed or receiver in self.seen:
                continue
            self.seen[receiver] = now
            self.kinds[receiver] = str(row.get("kind") or "")
            came.append((receiver, self.kinds[receiver]))
        return came

    def elapsed(self, now: int) -> list[tuple[str, str]]:
        """Forget the pages that are gone, and give them."""
        gone = [one for one, at in self.seen.items() if at + GONE_AFTER <= now]
        for one in gone:
            del self.seen[one]
        return [(one, self.kinds.pop(one, "")) for one in gone]
