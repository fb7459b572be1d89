"""What each command asks of OBS, and which end it then owes. Streamed values are in ``values``.

In studio mode a change that comes while another runs is thrown away by OBS, and with it switched in the middle no end
comes at all: such commands are held back here until the transition is over (README.md, "Scenes").
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from showrunner.devices.obs.ends import OUTPUTS, THERE, ClipEnd, End, FileEnd, OutputEnd, SceneEnd
from showrunner.devices.obs.items import Found, Items
from showrunner.devices.obs.known import Known
from showrunner.devices.obs.protocol import ACTION, MEDIA, Reply, request
from showrunner.devices.obs.requests import Job, Requests
from showrunner.devices.obs.sense import MEDIA as CLIPS
from showrunner.devices.obs.sense import TEXTS, is_kind
from showrunner.devices.vocabulary import Answered, Command, Condition, Ended, Output, Terms

SAVED, SPLIT = 10_000_000, 5_000_000
"""How long a replay may take until it is saved, and a recording until it goes on in another file (microseconds)."""


class Orders:
    """The commands of one show for one OBS."""

    def __init__(self, terms: Terms, requests: Requests, known: Known, items: Items) -> None:
        self._seed = terms.seed
        self._timeout = int(terms.settings.get("timeout", 5_000_000))
        self._requests = requests
        self._known = known
        self._items = items
        self._held: list[tuple[Job, Callable[[int], list[Output]]]] = []
        self._saved: str | None = None
        self._ends: list[End] = []

    def clear(self) -> None:
        """Forget all that was begun."""
        self._held.clear()
        self._ends.clear()

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends that are owed."""
        self._ends = [end for end in self._ends if not end.over]
        return tuple(self._ends)

    @property
    def held(self) -> tuple[Job, ...]:
        """The attempts that are held back."""
        return tuple(job for job, _ in self._held)

    def forget(self, job: Job) -> None:
        """Forget what one attempt has begun."""
        self._held = [held for held in self._held if held[0] != job]
        self._ends = [end for end in self.ends if end.job != job]

    # -- what OBS tells, and time

    def hear(self, event: str, data: Mapping[str, Any], now: int) -> list[Output]:
        """Look whether an event is an end that is owed."""
        if event == "ReplayBufferSaved" and isinstance(data.get("savedReplayPath"), str):
            self._saved = data["savedReplayPath"]
        return [output for end in self.ends for output in end.hears(event, data, now)]

    def elapsed(self, now: int) -> list[Output]:
        """Ask about ends that have not come, and go on with what was held back."""
        outputs = [output for end in self.ends if end.due <= now for output in end.asks(now)]
        return [*outputs, *self.released(now)]

    @property
    def deadline(self) -> int | None:
        """The instant at which OBS is asked about an end, or something held back goes on."""
        times = [end.due for end in self.ends]
        if self._held and self._known.running is not None:
            times.append(self._known.running)
        return min(times, default=None)

    def released(self, now: int) -> list[Output]:
        """Send what was held back, in order, as long as no transition keeps it."""
        outputs: list[Output] = []
        while self._held and not self._kept(now):
            outputs += self._held.pop(0)[1](now)
        return outputs

    def _kept(self, now: int) -> bool:
        running = self._known.running
        return self._known.studio and running is not None and now < running

    def _hold(self, job: Job, go: Callable[[int], list[Output]], now: int) -> list[Output]:
        """Do something at once, or when no transition keeps it any more."""
        if self._held or self._kept(now):
            self._held.append((job, go))
            return []
        return go(now)

    # -- commands

    def do(self, job: Job, command: Command, now: int) -> list[Output]:
        """Send an attempt of a command."""
        for name in command.verb.needs:
            if self._known.requests and name not in self._known.requests:
                this = f"OBS {self._known.version}" if self._known.version else "this OBS"
                return _answer(job, f"{this} has no {name}; it came with {command.verb.since}")
        get = command.get
        name = str(get("INPUT", get("NAME", "")))
        match command.verb.name:
            case "scene":
                return self._hold(job, lambda when: self._scene(job, command, when), now)
            case "transition":
                return self._hold(job, lambda when: self._transition(job, when), now)
            case "studio":
                data = {"studioModeEnabled": get("SWITCH")}
                return self._hold(job, lambda when: self._plain(job, "SetStudioModeEnabled", data, when), now)
            case "preview":
                return self._plain(job, "SetCurrentPreviewScene", {"sceneName": name}, now)
            case "show" | "hide":
                return self._show(job, command, now)
            case "text":
                return self._set(job, name, {"text": get("TEXT")}, now, TEXTS, "text source")
            case "url":
                return self._set(job, name, {"url": get("TEXT")}, now, ("browser_source",), "browser source")
            case "file":
                clip = is_kind(self._known.kinds.get(name, ""), ("ffmpeg_source",))
                path = get("PATH")
                return self._set(
                    job, name, {"is_local_file": True, "local_file": path} if clip else {"file": path}, now
                )
            case "filter":
                data = {"sourceName": get("SOURCE"), "filterName": get("FILTER"), "filterEnabled": get("SWITCH")}
                return self._plain(job, "SetSourceFilterEnabled", data, now)
            case "mute" | "unmute":
                return self._plain(job, "SetInputMute", {"inputName": name, "inputMuted": get("MUTED")}, now)
            case "play":
                return self._play(job, name, now)
            case "pause" | "stop":
                return self._act(job, name, command.verb.name.upper(), now)
            case "resume":
                return self._resume(job, name, now)
            case "seek":
                data = {"inputName": name, "mediaCursor": int(get("D")) // 1000}
                return self._plain(job, "SetMediaInputCursor", data, now)
            case "record" | "stream" | "replay" | "camera":
                return self._output(job, command, now)
            case "split":
                end = FileEnd(job, self._requests, "RecordFileChanged", "newOutputPath", now + SPLIT, self._timeout)
                return self._begin(end, "SplitRecordFile", None, now)
            case "save":
                return self._save(job, now)
            case "screenshot":
                return self._screenshot(job, command, now)
            case _:
                return self._call(job, command, now)

    def _call(self, job: Job, command: Command, now: int) -> list[Output]:
        """Send what is no more than its request."""
        get = command.get
        match command.verb.name:
            case "chapter":
                return self._plain(job, "CreateRecordChapter", {"chapterName": get("TEXT")}, now)
            case "caption":
                return self._plain(job, "SendStreamCaption", {"captionText": get("TEXT")}, now)
            case "hotkey":
                return self._plain(job, "TriggerHotkeyByName", {"hotkeyName": get("NAME")}, now)
            case "event":
                return self._plain(job, "BroadcastCustomEvent", {"eventData": _pairs(command)}, now)
            case "vendor":
                told = _pairs(command)  # an empty object would be refused
                more = {"requestData": told} if told else {}
                data = {"vendorName": get("NAME"), "requestType": get("REQUEST"), **more}
                return self._plain(job, "CallVendorRequest", data, now, "responseData")
            case _:
                return self._plain(job, str(get("REQUEST")), get("JSON"), now)

    def _plain(
        self, job: Job, type: str, data: Mapping[str, Any] | None, now: int, within: str | None = None
    ) -> list[Output]:
        """Send a request whose answer is all there is to it; ``within``: where in the answer lies what is kept."""

        def then(reply: Reply, _: int) -> list[Output]:
            held = reply.data if within is None else reply.data.get(within)
            return [Answered(*job, reply.ok, reply.why, _kept(held) if reply.ok else None)]

        return [self._requests.ask(now, type, data, then, job)]

    def _set(
        self,
        job: Job,
        name: str,
        settings: Mapping[str, Any],
        now: int,
        kinds: tuple[str, ...] = (),
        what: str = "",
    ) -> list[Output]:
        """Change settings of an input. OBS keeps whatever it is given, so what would show nothing is refused here."""
        kind = self._known.kinds.get(name)
        if kinds and kind is not None and not is_kind(kind, kinds):
            return _answer(job, f"`{name}` is no {what}, but a {kind}")
        data = {"inputName": name, "inputSettings": dict(settings), "overlay": True}
        return self._plain(job, "SetInputSettings", data, now)

    def _show(self, job: Job, command: Command, now: int) -> list[Output]:
        def then(found: Found, when: int) -> list[Output]:
            if isinstance(found, str):
                return _answer(job, found)
            shown = command.get("SHOWN")
            asked = [{"sceneName": scene, "sceneItemId": item, "sceneItemEnabled": shown} for scene, item in found]
            if len(asked) == 1:
                return self._plain(job, "SetSceneItemEnabled", asked[0], when)

            def done(reply: Reply, _: int) -> list[Output]:
                return [Answered(*job, reply.ok, reply.why)]

            return [self._requests.batch(when, [request("SetSceneItemEnabled", one) for one in asked], done, job)]

        return self._items.find(str(command.get("SCENE", "")), str(command.get("SOURCE")), then, now, job)

    # -- scenes

    def _scene(self, job: Job, command: Command, now: int) -> list[Output]:
        target, by, over = str(command.get("NAME")), command.get("TRANSITION"), command.get("D")
        there = target == self._known.program and not self._known.studio and self._known.running is None
        if there:

            def stays(reply: Reply, _: int) -> list[Output]:
                answered = Answered(*job, reply.ok, reply.why)
                return [answered, Ended(*job)] if reply.ok else [answered]

            return [self._requests.ask(now, "SetCurrentProgramScene", {"sceneName": target}, stays, job)]
        if by is None and over is None:
            end = SceneEnd(job, self._requests, self._known, target, now, self._known.lasts(None), self._timeout)
            self._runs(end)
            return self._begin(end, "SetCurrentProgramScene", {"sceneName": target}, now)

        def then(reply: Reply, when: int) -> list[Output]:
            if not reply.ok:
                return _answer(job, reply.why)
            before = {key: reply.data.get(key) for key in ("transitionName", "transitionDuration")}
            return self._by(job, target, by or self._known.transition, over, before, when)

        return [self._requests.ask(now, "GetSceneSceneTransitionOverride", {"sceneName": target}, then, job)]

    def _by(
        self, job: Job, target: str, by: str | None, over: int | None, before: Mapping[str, Any], now: int
    ) -> list[Output]:
        """Change by another transition: it is put before the scene, and taken back, all in one."""
        end = SceneEnd(job, self._requests, self._known, target, now, self._known.lasts(by, over), self._timeout)
        self._runs(end)
        span = self._known.span if over is None else over
        own = {"transitionName": by, "transitionDuration": None if span is None else span // 1000}
        where = {"sceneName": target}
        back = request("SetSceneSceneTransitionOverride", {**where, **before})
        three = [
            request("SetSceneSceneTransitionOverride", {**where, **own}),
            request("SetCurrentProgramScene", where),
            back,
        ]

        def then(reply: Reply, when: int) -> list[Output]:
            if reply.ok:
                return [Answered(*job, ok=True), *end.accepted(when)]
            self._stops(end)
            if len(reply.results) != len(three) - 1:
                return _answer(job, reply.why)

            # The scene was refused behind its transition: that is taken back first.
            def undone(_: Reply, __: int) -> list[Output]:
                return _answer(job, reply.why)

            return [self._requests.ask(when, back["requestType"], back["requestData"], undone, job)]

        self._ends.append(end)
        return [self._requests.batch(now, three, then, job, halts=True)]

    def _transition(self, job: Job, now: int) -> list[Output]:
        target = self._known.preview or self._known.program or ""
        end = SceneEnd(job, self._requests, self._known, target, now, self._known.lasts(None), self._timeout)
        self._runs(end)
        return self._begin(end, "TriggerStudioModeTransition", None, now)

    def _runs(self, end: SceneEnd) -> None:
        """Note that a transition is about to run: OBS tells so only a moment later."""
        self._known.running = max(end.due, self._known.running or 0)

    def _stops(self, end: End) -> None:
        """Take back that something was begun: it was refused."""
        if isinstance(end, SceneEnd):
            self._known.running = None
        end.over = True

    def _begin(
        self,
        end: End,
        type: str,
        data: Mapping[str, Any] | None,
        now: int,
        there: int | None = None,
    ) -> list[Output]:
        """Send a request and owe its end; with the code ``there`` OBS says that all is as it was wanted."""
        job = end.job
        self._ends.append(end)

        def then(reply: Reply, when: int) -> list[Output]:
            if reply.ok:
                path = reply.text("outputPath")  # of a recording that ends, which will be whole with its end
                return [Answered(*job, ok=True, answer=path), *end.accepted(when)]
            self._stops(end)
            if there is not None and reply.code == there:
                note = Condition("note", f"nothing to do: {reply.why}", id=job[0])
                return [Answered(*job, ok=True), Ended(*job), note, *self.released(when)]
            return [*_answer(job, reply.why), *self.released(when)]

        return [self._requests.ask(now, type, data, then, job)]

    # -- clips

    def _play(self, job: Job, name: str, now: int) -> list[Output]:
        kind = self._known.kinds.get(name)
        if kind is not None and not is_kind(kind, CLIPS):
            return _answer(job, f"`{name}` is no clip, but a {kind}")
        before = [one for one in self.ends if isinstance(one, ClipEnd) and one.name == name]
        replaced = [output for one in before for output in one.ends("cancelled", "it was played again")]
        end = ClipEnd(job, self._requests, name, now, self._timeout)
        return [*replaced, *self._begin(end, "TriggerMediaInputAction", _action(name, "RESTART"), now)]

    def _act(self, job: Job, name: str, action: str, now: int) -> list[Output]:
        return self._plain(job, "TriggerMediaInputAction", _action(name, action), now)

    def _resume(self, job: Job, name: str, now: int) -> list[Output]:
        """Let a clip go on. One that is over would say that it plays, and stand where it is."""

        def then(reply: Reply, when: int) -> list[Output]:
            state = reply.text("mediaState")
            if not reply.ok or state in {MEDIA + "PLAYING", MEDIA + "OPENING", MEDIA + "BUFFERING"}:
                return [Answered(*job, reply.ok, reply.why)]
            if state != MEDIA + "PAUSED":
                return _answer(job, "it is not paused, so it cannot go on: `play` begins it")
            return self._act(job, name, "PLAY", when)

        return [self._requests.ask(now, "GetMediaInputStatus", {"inputName": name}, then, job)]

    # -- outputs and files

    def _output(self, job: Job, command: Command, now: int) -> list[Output]:
        kind = OUTPUTS[command.verb.name]
        wanted = {"pause": "PAUSED", "resume": "RESUMED"}.get(
            str(command.get("DO")), "STARTED" if command.get("SWITCH") else "STOPPED"
        )
        order = {"PAUSED": "PauseRecord", "RESUMED": "ResumeRecord"}.get(wanted) or kind.orders[wanted]
        end = OutputEnd(job, self._requests, kind, wanted, now, self._timeout)
        return self._begin(end, order, None, now, THERE[wanted])

    def _save(self, job: Job, now: int) -> list[Output]:
        end = FileEnd(
            job,
            self._requests,
            "ReplayBufferSaved",
            "savedReplayPath",
            now + SAVED,
            self._timeout,
            "GetLastReplayBufferReplay",
            self._saved,
        )
        return self._begin(end, "SaveReplayBuffer", None, now)

    def _screenshot(self, job: Job, command: Command, now: int) -> list[Output]:
        """Write a picture beside the recordings: only OBS knows a folder of the machine it runs on."""
        width = command.get("W")

        def then(reply: Reply, when: int) -> list[Output]:
            folder = reply.text("recordDirectory")
            if not reply.ok or not folder:
                return _answer(job, reply.why or "OBS does not say where it records to")
            path = f"{folder.rstrip('/')}/showrunner-{self._seed}-{job[0]}.png"
            size = {} if width is None else {"imageWidth": int(width)}
            data = {"sourceName": command.get("SOURCE"), "imageFormat": "png", "imageFilePath": path, **size}

            def saved(done: Reply, _: int) -> list[Output]:
                return [Answered(*job, done.ok, done.why, path if done.ok else None)]

            return [self._requests.ask(when, "SaveSourceScreenshot", data, saved, job)]

        return [self._requests.ask(now, "GetRecordDirectory", None, then, job)]


def _answer(job: Job, why: str | None) -> list[Output]:
    """Refuse an attempt."""
    return [Answered(*job, ok=False, reason=why)]


def _action(name: str, action: str) -> Mapping[str, Any]:
    return {"inputName": name, "mediaAction": ACTION + action}


def _pairs(command: Command) -> Mapping[str, Any]:
    """Give what a command tells, by its words."""
    return dict(zip(command.all("KEY"), command.all("VALUE"), strict=True))


def _kept(data: Any) -> str | None:
    """Give what an answer holds: its one text or number as text, else all of it as JSON."""
    if not data:
        return None
    if isinstance(data, dict) and len(data) == 1:
        (only,) = data.values()
        if isinstance(only, str):
            return only
        if isinstance(only, int | float) and not isinstance(only, bool):
            return str(only)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
