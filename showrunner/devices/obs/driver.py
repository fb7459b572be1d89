"""OBS' driver: commands and moving values to requests, answers and events to what they mean.

Here is the connection: greeting, password, what OBS is to tell, and when it must be left alone. What a command asks is
in ``orders``, its end in ``ends``, what moves in ``values``. No clock, no socket.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from showrunner.devices.in_flight import Answering
from showrunner.devices.obs import survey
from showrunner.devices.obs.ends import CHANGES, OUTPUTS, ChangeEnd
from showrunner.devices.obs.items import Items
from showrunner.devices.obs.known import QUESTIONS, Known
from showrunner.devices.obs.orders import Orders
from showrunner.devices.obs.protocol import OUTPUT, RPC, Close, Op, Reply, data_of, mask, message, proof
from showrunner.devices.obs.requests import Requests
from showrunner.devices.obs.values import Streams
from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Condition,
    Drop,
    Ended,
    Frame,
    FrameAnswered,
    Happened,
    Heard,
    Listed,
    Output,
    Quantity,
    Rest,
    Send,
    Silent,
    Terms,
    Values,
)

HARMLESS = "GetVersion"
"""Asked when nothing is heard for a while, only to see whether anybody is there: it changes nothing."""

CHANGING = 30_000_000
"""So long OBS may take to change its scene collection (microseconds)."""

LEAVING = 30_000_000
"""So long it may take to close."""

CHANGED = "the {what} was changed"
CLOSING = "OBS is being closed"

SETTINGS = "OBS shows it under Tools > WebSocket Server Settings > Show Connect Info"
NO_PASSWORD = f"OBS asks for a password. {SETTINGS}: put it into an environment variable and write its name into the "
NO_PASSWORD += "stage file, `{name}: {{key-env: OBS_PASSWORD}}`"
UNSET = f"OBS asks for a password, and the environment variable {{variable}} is not there. {SETTINGS}"
WRONG_PASSWORD = f"OBS did not take the password in {{variable}}. {SETTINGS}: correct it, then say `connect {{name}}`"
OTHER_RPC = "this OBS speaks another protocol: update OBS to 28 or newer, or showrunner, then say `connect {name}`"
KICKED = "somebody has thrown showrunner out, in OBS' list of sessions. Say `connect {name}` to come back"


class ObsDriver:
    """One OBS. See ``vocabulary.Driver`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._timeout = int(terms.settings.get("timeout", 5_000_000))
        self._connection: int | None = None
        self._requests = Requests(terms.seed)
        self._answering = Answering()
        self._known = Known()
        self._items = Items(self._requests, self._known)
        self._orders = Orders(terms, self._requests, self._known, self._items)
        self._streams = Streams(self._requests, self._items)
        self._wanted = self._asked = mask(())
        self._identified = False
        self._ready = self._waits = self._probed = self._alive = False
        self._changing: int | None = None
        self._change: ChangeEnd | None = None
        self._learning: int | None = None
        self._closing: int | None = None
        self._listing: int | None = None

    # -- the connection

    def connected(
        self,
        connection: int,
        now: int,
        way: str = "",
        origin: str | None = None,
    ) -> Sequence[Output]:
        """OBS greets first."""
        _ = way, origin
        self._forget_everything()
        self._connection = connection
        self._learning = now + self._timeout
        return []

    def listen(self, events: Sequence[str], now: int) -> Sequence[Output]:
        """Ask for them when OBS is greeted, or at once where that is past."""
        _ = now
        self._wanted = mask(events)
        return self._ask_anew() if self._identified and self._changing is None else []

    def _ask_anew(self) -> list[Output]:
        """Ask for other events than before, where they are others."""
        if self._asked == self._wanted:
            return []
        self._asked = self._wanted
        return [Send(message(Op.REIDENTIFY, {"eventSubscriptions": self._wanted}))]

    def disconnected(
        self,
        connection: int,
        now: int,
        reason: str,
        code: int | None = None,
    ) -> Sequence[Output]:
        """Forget what was asked. Where a person is needed, OBS is dialled no more until told so."""
        _ = now
        if connection != self._connection:
            return []
        told, self._waits = self._waits or self._closing is not None, False
        self._connection = None
        self._forget_everything()
        name = self._terms.name
        match code:
            case Close.PASSWORD:
                said = WRONG_PASSWORD.format(variable=self._variable or "the stage file", name=name)
                return self._person(said, "OBS did not take the password")
            case Close.OTHER_RPC:
                return self._person(OTHER_RPC.format(name=name), "OBS speaks another protocol")
            case Close.KICKED:
                return self._person(KICKED.format(name=name), "it was thrown out in OBS")
        if told:
            return []
        closed = "OBS was closed, or its WebSocket server switched off"
        return [Condition("lost", closed if code == Close.STOPPING else reason)]

    def _person(self, said: str, why: str) -> list[Output]:
        """Wait for a person."""
        return [Condition("waiting", said, why=why), Rest("", None)]

    @property
    def _variable(self) -> str:
        return str(self._terms.settings.get("key-env") or "")

    def _forget_everything(self) -> None:
        self._requests.clear()
        self._answering.clear()
        self._known.forget()
        self._orders.clear()
        self._streams.clear()
        self._identified = self._ready = self._waits = self._probed = self._alive = False
        self._changing = self._change = self._learning = self._closing = self._listing = None

    # -- what comes in

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        """Read a greeting, an answer or an event."""
        if isinstance(frame, str):
            note = Condition("note", "OBS sent something that is no message of its API; it was passed over")
            return [Heard({"text": frame}, reply=False), note]
        if connection != self._connection:
            return [Heard(frame, reply=False)]
        self._probed = False
        data = data_of(frame)
        match frame.get("op"):
            case Op.HELLO if not self._ready:
                return [Heard(frame, reply=False), *self._greet(data)]
            case Op.IDENTIFIED if not self._identified:
                self._identified = True
                return [Heard(frame, reply=True, ok=True), *self._ask_anew(), *self._learn(now)]
            case Op.IDENTIFIED:
                return [Heard(frame, reply=True, ok=True)]
            case Op.EVENT:
                held = data.get("eventData")
                event, held = str(data.get("eventType")), held if isinstance(held, dict) else {}
                heard = Heard(frame, reply=False, number=self._streams.echo(event, held))
                return [heard, *self._event(event, held, now)]
            case Op.REPLY | Op.BATCH_REPLY:
                outputs, ours = self._requests.answered(frame, now)
                self._alive = self._alive or ours
                return [*outputs, *(self._answering.heard() if ours else [])]
        return [Heard(frame, reply=False)]

    def _greet(self, hello: Mapping[str, Any]) -> list[Output]:
        """Identify, with the proof of the password where OBS asks for one."""
        wanted = hello.get("authentication")
        self._asked = self._wanted
        data: dict[str, Any] = {"rpcVersion": RPC, "eventSubscriptions": self._wanted}
        secrets: tuple[str, ...] = ()
        if isinstance(wanted, dict):
            password = self._terms.secrets.get("key-env")
            if password is None:
                variable, name = self._variable, self._terms.name
                said = UNSET.format(variable=variable) if variable else NO_PASSWORD.format(name=name)
                self._waits = True
                gone = Drop(self._connection or 0, "OBS asks for a password")
                return [*self._person(said, "OBS asks for a password"), gone]
            shown = proof(password, str(wanted.get("challenge")), str(wanted.get("salt")))
            data["authentication"], secrets = shown, (shown, password)
        return [Send(message(Op.IDENTIFY, data), secrets=secrets)]

    def _learn(self, now: int) -> list[Output]:
        """Read what there is; then it is ready."""
        self._learning = now + self._timeout

        def then(reply: Reply, when: int) -> list[Output]:
            self._known.learn(reply.results)
            first = not self._ready
            self._ready, self._learning = True, None
            self._changing = None
            ended: list[Output] = []
            if self._change is not None:
                ended = self._change.ends()
                self._orders.forget(self._change.job)
                self._change = None
            said = f"OBS {self._known.version}" if first and self._known.version else None
            return [*ended, Condition("ready", said), *self._ask_anew(), *self._requests.again(when, all=True)]

        return [self._requests.batch(now, QUESTIONS, then)]

    # -- events

    def _event(self, event: str, data: Mapping[str, Any], now: int) -> list[Output]:
        if self._closing is not None:
            return []
        match event:
            case "ExitStarted":
                return self._leave(now)
            case "CurrentSceneCollectionChanging" if self._ready:
                return self._stand_still("scene collection", now)
            case "CurrentProfileChanging" if self._ready:
                return self._stand_still("profile", now)
            case "CurrentSceneCollectionChanged" | "CurrentProfileChanged" if self._changing is not None:
                self._streams.clear()
                return self._learn(now)
        if not self._ready or self._changing is not None:
            return []
        self._known.hear(event, data, now)
        outputs = self._orders.hear(event, data, now)
        if event == "CurrentSceneTransitionChanged":
            outputs.append(self._requests.ask(now, "GetCurrentSceneTransition", None, self._chosen))
        if event == "CurrentProgramSceneChanged":
            self._streams.elsewhere()
        outputs += self._streams.hear(event, data)
        outputs += self._tell(event, data, now)
        return [*outputs, *self._orders.released(now)]

    def _chosen(self, reply: Reply, _: int) -> list[Output]:
        self._known.choose(reply)
        return []

    def _leave(self, now: int) -> list[Output]:
        """OBS is closing: with a request on its way it would not end well, so nothing more is sent."""
        self._forget_everything()
        self._closing = now + LEAVING
        return [Condition("lost", CLOSING)]

    def _stand_still(self, what: str, now: int) -> list[Output]:
        """Its scenes are being put away: nothing is sent until it has others, and what was on its way has failed."""
        if self._changing is not None:
            return []
        self._changing = now + CHANGING
        return [*self._fail(what), Condition("busy", f"OBS is changing its {what}")]

    def _fail(self, what: str) -> list[Output]:
        """End what is in flight, and what is not over, but the change itself."""
        why = CHANGED.format(what=what)
        own = None if self._change is None else self._change.job
        wanted = self._requests.wanted
        outputs: list[Output] = [FrameAnswered(number, False, why) for _, number in wanted if number is not None]
        flying = (job for job, _ in wanted if job is not None)
        unanswered = dict.fromkeys(job for job in (*flying, *self._orders.held) if job != own)
        outputs += [Answered(*job, ok=False, reason=why) for job in unanswered]
        owed = [end.job for end in self._orders.ends if end.job not in unanswered and end.job != own]
        outputs += [Ended(*job, "failed", why) for job in owed]
        for job in (*unanswered, *owed):
            self._requests.give_up(job)
            self._orders.forget(job)
        return outputs

    def _tell(self, event: str, data: Mapping[str, Any], now: int) -> list[Output]:
        """Tell the show what has happened, in the words of the table."""
        if event == "SceneItemEnableStateChanged":
            return self._tell_item(data, now)
        told = happened(event, data)
        return [] if told is None else [told]

    def _tell_item(self, data: Mapping[str, Any], now: int) -> list[Output]:
        """OBS tells the number of an item: which source that is must be asked."""
        scene, item = str(data.get("sceneName")), data.get("sceneItemId")

        def then(reply: Reply, _: int) -> list[Output]:
            rows = reply.rows("sceneItems")
            source = next((row.get("sourceName") for row in rows if row.get("sceneItemId") == item), None)
            name = "shown" if data.get("sceneItemEnabled") is True else "hidden"
            return [Happened(name, {"source": source, "scene": scene})] if isinstance(source, str) else []

        return [self._requests.ask(now, "GetSceneItemList", {"sceneName": scene}, then)]

    # -- what goes out

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        """Send an attempt of an ordinary command."""
        if self._closing is not None:
            return [Answered(id, attempt, ok=False, reason=CLOSING)]
        if command.verb.name in CHANGES:
            return self._begin_change((id, attempt), command.verb.name, str(command.get("NAME")), now)
        return self._orders.do((id, attempt), command, now)

    def _begin_change(self, job: tuple[int, int], verb: str, name: str, now: int) -> list[Output]:
        """Ask for another collection or profile: until it is there OBS is left alone."""
        kind = CHANGES[verb]
        there = kind.known(self._known) == name
        if not there:
            self._change = ChangeEnd(job, self._requests, kind, name, now + CHANGING, self._timeout)

        def then(reply: Reply, _: int) -> list[Output]:
            answered = Answered(*job, reply.ok, reply.why)
            if there:
                return [answered, *([Ended(*job)] if reply.ok else [])]
            if reply.ok:
                return [answered]
            self._change = self._changing = None
            return [answered, Condition("ready")]

        asked = self._requests.ask(now, kind.order, {kind.field: name}, then, job)
        if there:
            return [asked]
        failed = self._fail("scene collection" if verb == "collection" else verb)
        self._changing = now + CHANGING
        return [*failed, asked, Condition("busy", f"OBS is changing to the {verb} {name}")]

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:
        """Send the values of one frame of a lane."""
        if not values:
            return [FrameAnswered(number, ok=True)]
        since = self._streams.supersede(lane, number)
        if self._closing is not None or not self._ready:
            return []
        if mute := self._mute(self._answering.overtaken(since, self._timeout, now)):
            return mute
        return self._streams.frame(number, values, now)

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Nothing is held here: OBS keeps what it was told."""
        return [FrameAnswered(number, ok=True)]

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:
        """Ask what OBS shows of properties."""
        if self._closing is not None or not self._ready:
            return [Values({}, lane)]
        return self._streams.read(lane, properties, now)

    # -- the rest

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        """Note that an attempt was given up: nothing more is sent for it, and its end is not looked for."""
        unanswered = (id, attempt) in {job for job, _ in self._requests.wanted}
        self._requests.give_up((id, attempt))
        self._orders.forget((id, attempt))
        return self._mute(self._answering.missed(now)) if unanswered else []

    def _mute(self, said: list[Output]) -> list[Output]:
        """Pass on that OBS is mute, if that is said: then nobody waits for an answer any more."""
        if said:
            self._requests.abandon()
            self._orders.clear()
        return said

    def panic(self, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Nothing here sounds by itself: what was begun is not looked after any more."""
        for job in {*(job for job, _ in self._requests.wanted if job is not None), *self._orders.held}:
            self._requests.give_up(job)
        self._orders.clear()
        return [Silent()]

    def hush(self, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Nothing here can be cut."""
        return [Silent()]

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        """Ask whether anybody is there; the second time without a word, give the connection up."""
        if connection != self._connection or self._changing is not None or self._closing is not None or not self._ready:
            return []
        if gone or (self._probed and self._alive):
            return [Drop(connection, "it no longer answers")]
        if self._probed:
            return []
        self._probed = True
        return [self._requests.ask(now, HARMLESS, None, lambda *_: [])]

    def inventory(self, now: int) -> Sequence[Output]:
        """Ask for everything OBS can list, in two rounds."""
        if not self._ready or self._closing is not None:
            return [Listed({})]
        self._listing = now + 2 * self._timeout

        def then(first: Reply, when: int) -> list[Output]:
            if self._listing is None or len(first.results) != len(survey.FIRST):
                return self._listed(Listed({}))
            asked = survey.further(first.results)

            def more(second: Reply, _: int) -> list[Output]:
                return self._listed(Listed(survey.read(first.results, second.results, asked)))

            return [self._requests.batch(when, asked, more)]

        return [self._requests.batch(now, survey.FIRST, then)]

    def _listed(self, listed: Listed) -> list[Output]:
        if self._listing is None:
            return []
        self._listing = None
        return [listed]

    # -- time

    @property
    def deadline(self) -> int | None:
        """The next instant at which something is to be asked, or is waited for no longer."""
        if self._closing is not None:
            return self._closing
        if self._changing is not None:
            return self._changing
        times = (self._orders.deadline, self._requests.deadline, self._answering.due, self._learning, self._listing)
        return min((time for time in times if time is not None), default=None)

    def elapsed(self, now: int) -> Sequence[Output]:
        """Ask about ends that have not come; do without what does not come."""
        connection = self._connection or 0
        if self._closing is not None:
            return self._give_up("it does not close") if now >= self._closing else []
        if self._changing is not None:
            return self._changed_too_late(now) if now >= self._changing else []
        outputs: list[Output] = []
        if self._learning is not None and now >= self._learning:
            self._learning = None
            return [Drop(connection, "it does not greet as OBS does")]
        asks, said = self._answering.elapsed(now, busy=False)
        outputs += self._mute(said)
        if asks:
            outputs.append(self._requests.ask(now, HARMLESS, None, lambda *_: []))
        if self._listing is not None and now >= self._listing:
            outputs += self._listed(Listed({}))
        outputs += self._requests.again(now)
        outputs += self._orders.elapsed(now)
        return outputs

    def _changed_too_late(self, now: int) -> list[Output]:
        """A change that OBS does not report is asked about once; then the connection is of no use."""
        if self._change is None or self._learning is not None:
            return [
                Condition("lost", "OBS did not finish changing"),
                *self._give_up("it did not finish changing"),
            ]
        change, self._change = self._change, None
        self._changing = self._learning = now + self._timeout

        def then(reply: Reply, when: int) -> list[Output]:
            if self._changing is None:
                return []
            told = change.judges((reply,), when)
            return [*told, *self._learn(when)]

        return [self._requests.ask(now, change.questions()[0]["requestType"], None, then)]

    def _give_up(self, why: str) -> list[Output]:
        """The connection is of no use, and all has been said about it."""
        self._forget_everything()
        self._waits = True
        return [Drop(self._connection or 0, why)]


def happened(event: str, data: Mapping[str, Any]) -> Happened | None:
    """Give what an event of OBS means, in the words of the table; None: nothing that a show could wait for."""

    def path(key: str) -> dict[str, str]:
        found = data.get(key)
        return {"path": found} if isinstance(found, str) else {}

    scene, clip = {"scene": str(data.get("sceneName"))}, {"input": str(data.get("inputName"))}
    match event:
        case "CurrentProgramSceneChanged":
            return Happened("scene", scene)
        case "CurrentPreviewSceneChanged":
            return Happened("preview", scene)
        case "MediaInputPlaybackStarted":
            return Happened("started", clip)
        case "MediaInputPlaybackEnded":
            return Happened("ended", clip)
        case "InputMuteStateChanged":
            return Happened("muted" if data.get("inputMuted") is True else "unmuted", clip)
        case "RecordStateChanged" | "StreamStateChanged" | "ReplayBufferStateChanged" | "VirtualcamStateChanged":
            state = str(data.get("outputState")).removeprefix(OUTPUT).lower()
            word = next(verb for verb, kind in OUTPUTS.items() if kind.event == event)
            return None if state in {"starting", "stopping"} else Happened(word, {"state": state, **path("outputPath")})
        case "ReplayBufferSaved":
            return Happened("replay", {"state": "saved", **path("savedReplayPath")})
        case "CustomEvent":
            return Happened("custom", {"data": json.dumps(dict(data), ensure_ascii=False)})
        case "VendorEvent":
            held = json.dumps(data.get("eventData") or {}, ensure_ascii=False)
            named = {"vendor": str(data.get("vendorName")), "event": str(data.get("eventType"))}
            return Happened("vendor", {**named, "data": held})
    return None
