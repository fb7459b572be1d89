"""The caller: calls the cues of a show. What happened goes in, what is to be done comes out; nothing else touches it.

Every input names its instant (microseconds, never running backwards); every call gives the effects to carry out, in
order. Between two inputs the performance asks ``due`` and calls ``step``: one elapsed time, one cue or one frame. A
``step`` acts at the instant it was due, however late it comes, so lateness of the machine moves nothing; ``now`` says
how late it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from showrunner.devices.vocabulary import (
    Condition,
    Fixture,
    Happened,
    Inventory,
    Listed,
    Output,
)
from showrunner.engine import snapshot
from showrunner.engine.commands import frames, lanes, panic
from showrunner.engine.messages import NOTHING, Brought, Effect, Excerpt, Options, Silenced, TextChange, Told, Write
from showrunner.engine.play import Lane, Play, Port, Stream
from showrunner.engine.score import hearing, operating, segments, waits
from showrunner.engine.score.hooks import HOOKS
from showrunner.engine.seeking import chasing, seeking
from showrunner.engine.snapshot import Snapshot
from showrunner.timeline.cues import Awaited, CueList

USUAL_RATE = 30
"""Frames a second, for a device whose settings do not say."""


class Caller:
    """Plays one cue list on the devices it uses."""

    def __init__(
        self,
        cues: CueList,
        fixtures: Mapping[str, Fixture],
        options: Options,
        inventories: Mapping[str, Inventory] | None = None,
    ) -> None:
        ports = {name: _port(fixtures[name], (inventories or {}).get(name)) for name in cues.devices}
        self.play = Play(cues, options, ports, HOOKS, remembers=not options.sparse)
        self._snapshot = snapshot.taken(self.play)

    @property
    def ended(self) -> bool:
        """Tell whether the last entry was written."""
        return self.play.ended

    @property
    def bad(self) -> bool:
        """Tell whether some command ended badly."""
        return self.play.bad

    @property
    def counts(self) -> dict[str, int]:
        """Count the outcomes."""
        return dict(self.play.counts)

    @property
    def cues(self) -> CueList:
        """The text that is played."""
        return self.play.cues

    def snapshot(self) -> Snapshot:
        """Tell what stands since the last step: a frozen value, for any thread where ``Options.watched`` says so."""
        return self._snapshot if self.play.options.watched else snapshot.taken(self.play)

    def told(self) -> list[Told]:
        """Give what became of held and moving values since this was asked last; nothing unless ``Options.tells``."""
        told, self.play.told = self.play.told, []
        return told

    def due(self) -> int | None:
        """Tell the instant of the next step."""
        return None if self.play.ended else self.play.agenda.due()

    def start(self, now: int) -> list[Effect]:
        """Begin with the first segment: this instant is show time 0."""
        self._at(now, now)
        self.play.zero = now
        hearing.open_edge(self.play)
        if self.play.options.excerpt.point > 0 or self.play.options.excerpt.first > 0:
            seeking.skip(self.play, now)
        else:
            segments.start(self.play, 0)
        operating.plan(self.play, now)
        return self._effects()

    def step(self, now: int) -> list[Effect]:
        """Do what is next in order; its instant must have come."""
        found = self.play.agenda.take()
        if found is None:
            return []
        instant, alarm = found
        self._at(instant, now)
        if alarm.act is not None:
            alarm.act()
        return self._effects()

    def hear(self, device: str, output: Output | Silenced, now: int) -> list[Effect]:
        """Take in what a driver made of a frame, a lost connection or its own deadline, or that a device is silent."""
        play = self.play
        if device not in play.ports or play.ended:
            return []
        self._at(now, now)
        if isinstance(output, Happened):
            operating.tell(play, device, output)
        elif isinstance(output, Condition):
            self._condition(device, output)
        elif isinstance(output, Silenced):
            panic.silenced(play, device)
        elif isinstance(output, Listed):
            play.ports[device].inventory = {**output.inventory, **(play.ports[device].inventory or {})}
        else:
            lanes.hear(play, device, output)
        return self._effects()

    @property
    def times(self) -> frozenset[str]:
        """The times of the day that are waited for: `20:00`, `20:00:30`."""
        return waits.times(self.play)

    @property
    def moments(self) -> frozenset[Awaited]:
        """The times of the day that some `when` hears, each at its moment alone."""
        return hearing.moments(self.play)

    def hears(self, time: str) -> bool:
        """Tell whether some `when` hears this time of the day."""
        return hearing.hears_time(self.play, time)

    def strike(self, time: str, now: int, *, past: bool = False) -> list[Effect]:
        """Take in that the wall clock shows one of these ``times`` or ``moments``, or that one of the ``times`` was
        within the last twelve hours (``past``: no `when` is to hear it).
        """
        if self.play.ended:
            return []
        self._at(now, now)
        waits.struck(self.play, time)
        if not past:
            hearing.struck(self.play, time)
        return self._effects()

    def break_off(self, now: int) -> list[Effect]:
        """The program that called this show is gone, and another goes on: devices have to connect, and all else stands.

        Until ``stood``, which says for how long nothing went on; by then every device should be there.
        """
        self._at(now, now)
        for port in self.play.ports.values():
            port.ready, port.busy, port.mute, port.broken = False, False, False, True
        return self._effects()

    def under_way(self) -> list[tuple[int, str]]:
        """Give the line and the text of each command that is on its way to its device, or sounds."""
        found = (run for port in self.play.ports.values() for run in lanes.under_way(self.play, port))
        return [(run.line, run.step.text) for run in found]

    def stood(self, now: int) -> list[Effect]:
        """Go on after the machine stood, and time with it: what is held was not sent meanwhile, and may have lapsed.

        Where the program was gone, what was on its way has failed, and each device is brought to its state.
        """
        play = self.play
        if play.ended:
            return []
        self._at(now, now)
        again = [port for port in play.ports.values() if port.broken]
        for port in again:
            port.broken = False
        for port in again:
            lanes.given_up(play, port)
            for stream in port.streams.values():
                frames.lost(play, stream)
        for name, port in play.ports.items():
            if port in again and port.ready:
                self._returned(name, port)
            elif port in again:
                lanes.expect(play, port)
                lanes.lost(play, port)
            elif port.ready:
                for stream in port.streams.values():
                    frames.stood(play, stream)
        return self._effects()

    def press(
        self,
        action: str,
        name: str | None,
        origin: str,
        now: int,
        to: str | None = None,
        excerpt: Excerpt | None = None,
        brought: Brought = NOTHING,
    ) -> list[Effect]:
        """Do what the operator asks: go, button, pause, resume, skip, seek, loop, unloop, stop, panic, interrupt.

        ``to`` is the point of a seek or a loop as asked for, ``excerpt`` what it means; `interrupt` is Ctrl-C.
        ``brought``: what a button's press came with.
        """
        if self.play.ended:
            return []
        self._at(now, now)
        operating.press(self.play, action, name, origin, to, excerpt, brought)
        return self._effects()

    def revise(self, cues: CueList, fixtures: Mapping[str, Fixture], change: TextChange, now: int) -> list[Effect]:
        """Put a new text in place of the old, between two steps: a hot reload. Devices new in it have to connect."""
        # A show that is only planned or played as it is needs none of this.
        from showrunner.engine.reload import revising
        from showrunner.engine.reload.report import report
        from showrunner.timeline import revise

        play = self.play
        if play.ended:
            return []
        self._at(now, now)
        for name in cues.devices:
            if name not in play.ports:
                play.ports[name] = _port(fixtures[name], None)
        old = play.cues
        outcome = revising.revise_play(play, cues)
        if change.told:
            entry = {
                "kind": "reload",
                "ok": True,
                "old": change.old,
                "new": change.new,
                "added": list(change.revision.added),
                "removed": list(change.revision.removed),
                "changed": list(change.revision.changed),
                "missed": [one.label for one in outcome.missed],
                "again": [one.label for one in outcome.again],
                "findings": list(change.findings),
                "took": change.took,
                "running": outcome.running,
                "renamed": {a: b for a, b in revise.segments(old, cues).items() if b not in {a, None}} or None,
                "standing": [
                    {"segment": w.segment, "track": w.scope.track, "cue": w.label, "for": w.what, "now": w.called}
                    for w in outcome.standing
                ]
                or None,
                "report": report(play, old, change.revision, outcome),
            }
            play.effects.insert(0, Write(entry))
        return self._effects()

    def _condition(self, device: str, condition: Condition) -> None:
        play, port = self.play, self.play.ports[device]
        if condition.state != "note":
            port.trouble = condition.why
            port.ready = condition.state == "ready" if port.broken else port.ready
        if port.broken:
            return
        if condition.state == "ready" and not port.ready:
            port.ready, port.mute = True, False
            self._returned(device, port)
        elif condition.state in {"ready", "busy"}:
            port.busy = condition.state == "busy" and port.ready
            for lane in port.lanes.values():
                lanes.pump(play, lane)
        elif condition.state in {"lost", "waiting", "connecting", "not answering"}:
            was, port.ready, port.busy = port.ready, False, False
            there, port.mute = was or port.mute, condition.state == "not answering"
            if there:
                lanes.expect(play, port)
            if was:
                lanes.lost(play, port)
                for stream in port.streams.values():
                    frames.lost(play, stream)

    def _returned(self, device: str, port: Port) -> None:
        play = self.play
        if play.part is not None and play.ending is None:
            chasing.chase(play, port)
        else:
            for stream in port.streams.values():
                frames.returned(play, stream)
        lanes.returned(play, port)
        waits.returned(play, device)

    def _at(self, instant: int, now: int) -> None:
        play = self.play
        play.instant = max(play.instant, instant)
        play.real = max(play.real, now, play.instant)

    def _effects(self) -> list[Effect]:
        play = self.play
        segments.settle(play)
        while isinstance(play.intent, Excerpt):
            excerpt, play.intent = play.intent, None
            seeking.seek(play, excerpt, play.instant)
            segments.settle(play)
        for port in play.ports.values():
            if port.chase is not None:
                chasing.proceed(play, port)
                segments.settle(play)
        if play.ending is not None:
            segments.check_end(play)
        effects, play.effects = play.effects, []
        if play.options.watched:
            self._snapshot = snapshot.taken(play, self._snapshot)
            play.fresh = False
        return effects


def _port(fixture: Fixture, inventory: Inventory | None) -> Port:
    device = fixture.device
    made = {one.name: Lane(fixture.name, one.name) for one in device.lanes}
    streams: dict[str, Stream] = {}
    for one in device.lanes:
        if one.rate:
            each, whole = float(fixture.settings.get(one.rate, USUAL_RATE)).as_integer_ratio()
            rows = [verb for verb in device.verbs if verb.stream is not None and verb.lane == one.name]
            round_ = min((verb.round for verb in rows), default=1)
            rests = next((verb.rests for verb in rows if verb.rests is not None), None)
            lane, interval = made[one.name], (whole, each)
            streams[one.name] = Stream(fixture.name, lane, interval, one.again, one.lapses, round_, rests)
    return Port(fixture, made, streams, inventory)
