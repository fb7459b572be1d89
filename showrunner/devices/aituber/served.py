"""AITuberKit's server, simulated: what it answers by HTTP, the lists it keeps for its pages, the events it tells.

For the double. It takes everything for every client id and knows nothing of what becomes of it; what a page does is in
``page``. Source: the device's README, "The HTTP control".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from showrunner.devices.vocabulary import Frame

PAST = 100
"""So many past events are told again to whoever begins to listen."""

ACTIONS = frozenset({
    "start", "resume", "pause", "next_slide", "previous_slide", "previous_section", "next_section", "goto", "reset",
    "hide", "show", "unload",
})  # fmt: skip

MODES = frozenset({"speech", "queue", "all"})

Answer = tuple[int, Frame]


@dataclass(slots=True)
class Kept:
    """What waits for one client id or receiver id until a page fetches it."""

    commands: list[Frame] = field(default_factory=list)
    messages: list[Frame] = field(default_factory=list)


def _error(status: int, said: str, code: str | None = None, **more: Any) -> Answer:
    return status, {"error": said} | ({} if code is None else {"code": code}) | more


class Server:
    """The server's memory. ``stamp`` gives milliseconds; ``tell`` is called with each event, in order.

    ``status`` gives what the page reports of itself: under an id, None where that has never been seen.
    """

    def __init__(
        self,
        stamp: Callable[[int], int],
        tell: Callable[[Frame], None],
        status: Callable[[str], Frame | None],
        pages: Callable[[int], list[Frame]],
    ) -> None:
        self._stamp = stamp
        self._tell = tell
        self._status = status
        self._pages = pages
        self._made = 0
        self.kept: dict[str, Kept] = {}
        self.assigned: dict[str, Frame] = {}
        self._decks: dict[str, Frame] = {}
        self.past: deque[Frame] = deque(maxlen=PAST)
        self.restricted = False

    def date(self, now: int) -> str:
        """Give the date that its answers carry."""
        return formatdate(self._stamp(now) / 1000, usegmt=True)

    def event(self, kind: str, about: str, payload: Frame, now: int) -> None:
        """Tell an event."""
        at = self._stamp(now)
        name = f"evt_{at}_{self._number()}"
        data = {"id": name, "timestamp": at, "clientId": about, "type": kind, "payload": payload}
        frame: Frame = {"event": kind, "id": name, "data": data}
        self.past.append(frame)
        self._tell(frame)

    def _number(self) -> int:
        self._made += 1
        return self._made

    def deck(self, name: str) -> Frame | None:
        """Give the newest manifest of a deck."""
        return self._decks.get(name)

    # --- requests

    def answer(self, asked: Frame, now: int) -> Answer:
        """Answer a request: the status, and the body."""
        body, query = asked.get("body"), asked.get("query")
        said: Mapping[str, Any] = body if isinstance(body, dict) else {}
        asks: Mapping[str, Any] = query if isinstance(query, dict) else {}
        method, path = str(asked.get("method", "GET")), str(asked.get("path", ""))
        routes = {
            "speak/": ("POST", self._speak),
            "messages/": ("POST", self._speak),
            "chat/": ("POST", self._chat),
            "stop/": ("POST", self._stop),
            "status/": ("GET", self._one),
            "receivers/": ("GET", self._all),
            "presentation/control/": ("POST", self._control),
            "presentation/status/": ("GET", self._deck_status),
        }
        deck = path.removeprefix("presentations/").split("/") if path.startswith("presentations/") else []
        if len(deck) not in (0, 2, 3) or (not deck and path not in routes) or not path.endswith("/"):
            return _error(404, "Not found") if path.endswith("/") else (308, {})
        expected = {"POST"} if deck[1:] == ["activate", ""] else {"PUT", "GET"} if deck else {routes[path][0]}
        if method not in expected:
            return _error(405, "Method not allowed")
        if self.restricted:
            return _error(403, "feature_disabled_in_restricted_mode", message="restricted mode")
        if deck:
            return self._of_deck(deck, method, said, asks, now)
        target = _target(said, asks)
        if path != "receivers/" and target is None:
            code = "CLIENT_ID_REQUIRED" if path.startswith("presentation/") else None
            return _error(400, "Client ID is required", code)
        return routes[path][1](target or "", said, now)

    def _put(self, target: str, kind: str, command: Frame, now: int) -> str:
        name = f"cmd_{self._stamp(now)}_{self._number()}"
        self.kept.setdefault(target, Kept()).commands.append({"type": kind, "id": name, **command})
        return name

    def _speak(self, target: str, said: Mapping[str, Any], now: int) -> Answer:
        raw = said.get("messages", said.get("text"))
        texts = [one for one in (raw if isinstance(raw, list) else [raw]) if isinstance(one, str) and one.strip()]
        if not texts:
            return _error(400, "Text or messages are required")
        session = said.get("speechSessionId", "")
        if "speechSessionId" in said and not (isinstance(session, str) and 1 <= len(session) <= 200):
            return _error(400, "Invalid speech session ID")
        interrupt = said.get("interrupt") is True
        if interrupt:
            name = self._put(target, "stop", {"mode": "all"}, now)
            self.event("stop_requested", target, {"commandId": name, "mode": "all"}, now)
        return 202, self._queued(target, [{"text": one, "session": session} for one in texts], now, interrupt=interrupt)

    def _queued(self, target: str, messages: list[Frame], now: int, *, interrupt: bool = False) -> Frame:
        names = [f"msg_{self._stamp(now)}_{self._number()}" for _ in messages]
        self.kept.setdefault(target, Kept()).messages += [
            {"type": "direct_send", **one, "id": name} for one, name in zip(messages, names, strict=True)
        ]
        kind = messages[0].get("type", "direct_send")
        told = {"count": len(messages), "messageType": kind, "source": "v1", "interrupt": interrupt}
        self.event("message_queued", target, told, now)
        return {"ok": True, "clientId": target, "queued": names, "count": len(messages)}

    def _chat(self, target: str, said: Mapping[str, Any], now: int) -> Answer:
        text = said.get("text")
        if not isinstance(text, str) or not text.strip():
            return _error(400, "Text or messages are required")
        kind = "ai_generate" if said.get("mode") == "ai_generate" else "user_input"
        callback = said.get("responseCallback")
        if callback is not None and not (kind == "ai_generate" and _is_callback(callback)):
            return _error(400, "Invalid response callback")
        return 202, self._queued(target, [{"type": kind, "text": text, "callback": callback}], now) | {"mode": kind}

    def _stop(self, target: str, said: Mapping[str, Any], now: int) -> Answer:
        mode = said.get("mode") if said.get("mode") in MODES else "all"
        name = self._put(target, "stop", {"mode": mode}, now)
        self.event("stop_requested", target, {"commandId": name, "mode": mode}, now)
        return 202, {"ok": True, "clientId": target, "commandId": name, "mode": mode}

    def _one(self, target: str, _: Mapping[str, Any], __: int) -> Answer:
        kept = self.kept.get(target, Kept())
        queue = {"messageCount": len(kept.messages), "commandCount": len(kept.commands)}
        return 200, {"ok": True, "clientId": target, "status": self._status(target), "queue": queue}

    def _all(self, _: str, __: Mapping[str, Any], now: int) -> Answer:
        return 200, {"ok": True, "receivers": self._pages(now)}

    # --- decks

    def _of_deck(
        self, path: list[str], method: str, said: Mapping[str, Any], asks: Mapping[str, Any], now: int
    ) -> Answer:
        name, stored = path[0], self._decks.get(path[0])
        if method == "PUT":
            return self._register(name, stored, said, now)
        if stored is None:
            return _error(404, "Presentation not found", "PRESENTATION_NOT_FOUND")
        if method == "GET":
            return 200, {"ok": True, "presentation": stored}
        target, revision = _target(said, asks), said.get("revision")
        if target is None:
            return _error(400, "Client ID is required", "CLIENT_ID_REQUIRED")
        if not isinstance(revision, int) or isinstance(revision, bool) or revision < 1:
            return _error(422, "Invalid revision", "VALIDATION_ERROR")
        if revision != stored["revision"]:
            return _error(409, "Revision mismatch", "REVISION_MISMATCH")
        assignment = {"presentationId": name, "revision": revision, "autoStart": said.get("autoStart") is True}
        self.assigned[target] = assignment
        command = self._put(target, "presentation.load", {"presentationId": name}, now)
        self.event("command_queued", target, {"commandId": command, "commandType": "presentation.load"}, now)
        self.event("presentation_assigned", target, dict(assignment), now)
        return 200, {"ok": True, "clientId": target, "assignment": assignment, "commandQueued": True}

    def _register(self, name: str, stored: Frame | None, said: Mapping[str, Any], now: int) -> Answer:
        revision = said.get("revision")
        whole = said.get("presentationId") == name and isinstance(revision, int) and said.get("sections")
        if not whole or not isinstance(revision, int):
            return _error(422, "Validation failed", "VALIDATION_ERROR")
        same = stored is not None and {**stored, "revision": 0} == {**said, "revision": 0}
        if stored is not None and revision <= stored["revision"]:
            known = {"storedRevision": stored["revision"], "requestedRevision": revision}
            if revision < stored["revision"]:
                return _error(409, "Stale revision", "STALE_REVISION", **known)
            if not same:
                return _error(409, "Revision conflict", "REVISION_CONFLICT", **known)
        again = stored is not None and revision == stored["revision"]
        self._decks[name] = dict(said)
        told = {"presentationId": name, "revision": revision, "contentHash": f"sha256:{revision:064x}", "noOp": again}
        self.event("presentation_registered", f"presentation:{name}", dict(told), now)
        made = {"ok": True, **told, "created": stored is None, "updated": stored is not None and not again}
        return 201 if stored is None else 200, made

    def _control(self, target: str, said: Mapping[str, Any], now: int) -> Answer:
        action, where = said.get("action"), said.get("target")
        if action not in ACTIONS:
            return _error(422, "Invalid action", "INVALID_CONTROL_ACTION")
        if action == "goto" and not (isinstance(where, dict) and isinstance(where.get("slideId"), str)):
            return _error(422, "Target is required", "INVALID_CONTROL_ACTION")
        if target not in self.assigned:
            return _error(409, "No presentation is assigned", "INVALID_CONTROL_STATE")
        command = {"action": action, "target": where, "speak": said.get("speak") is True}
        name = self._put(target, "presentation.control", command, now)
        if action == "unload":
            gone = self.assigned.pop(target)
            told = {"presentationId": gone["presentationId"], "revision": gone["revision"]}
            self.event("presentation_unloaded", target, told, now)
        self.event("command_queued", target, {"commandId": name, "commandType": "presentation.control"}, now)
        return 202, {"ok": True, "clientId": target, "commandId": name, "action": action}

    def _deck_status(self, target: str, _: Mapping[str, Any], __: int) -> Answer:
        status = self._status(target)
        actual = status["presentation"] if status is not None else None
        desired = self.assigned.get(target)
        return 200, {"ok": True, "clientId": target, "desired": desired, "actual": actual, "inSync": True}


def _target(said: Mapping[str, Any], asks: Mapping[str, Any]) -> str | None:
    found = (holder.get(key) for holder in (said, asks) for key in ("receiverId", "clientId"))
    return next((one for one in found if isinstance(one, str) and one.strip()), None)


def _is_callback(said: Any) -> bool:
    if not isinstance(said, dict):
        return False
    url, name, token = (said.get(key) for key in ("url", "interactionId", "token"))
    hosts = ("http://127.0.0.1", "http://localhost", "http://[::1]")
    near = isinstance(url, str) and url.startswith(hosts)
    return (
        near and isinstance(name, str) and 1 <= len(name) <= 128 and isinstance(token, str) and 8 <= len(token) <= 256
    )
