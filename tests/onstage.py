"""Shows behind a real console: told from a dry run, or played in real time on doubles."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

from showrunner.console import score as scores
from showrunner.console.hub import Hub
from showrunner.console.rows import Rows
from showrunner.console.scene import Standing as StandingStage
from showrunner.engine.journal import Journal
from showrunner.reports import points
from showrunner.reports.plan import plan
from showrunner.running.dry_run import dry_run
from showrunner.running.performance import Options, Performance
from showrunner.running.wiring import wiring
from showrunner.show.prepare import prepare
from showrunner.wires.wire import Pressed
from tests.consoling import NOWHERE, PATIENCE, TOKENS, Standing


class Script:
    """A script compiled: its score for the page, and what a dry run of it writes. ``rows`` know the texts before."""

    def __init__(self, path, rows=None):
        self.rows = rows or Rows()
        prepared = prepare(str(path))
        assert prepared.cues is not None, prepared.findings
        self.cues, self.inventories = prepared.cues, prepared.inventories
        self.fixtures = {name: prepared.stage.fixtures[name] for name in self.cues.devices}
        self.planned = plan(self.cues, self.fixtures, self.inventories)
        self.made = scores.score(self.cues, self.planned, prepared.texts, self.fixtures, self.rows)

    def score(self, **state):
        return scores.with_state(self.made, **{"started": True, **state})

    def read(self, **state):
        """Give the score as the page reads it."""
        standing = Standing(Told(self, state))
        try:
            status, _, data = standing.ask("GET", "/api/score")
        finally:
            standing.close()
        assert status == 200
        return json.loads(data)

    def entries(self, **options):
        """Give the journal of a dry run."""
        told = []
        dry_run(
            self.cues, self.fixtures, told.append, options=Options(auto=True, **options), inventories=self.inventories
        )
        return told

    def placed(self, entries):
        """Lay the rows over entries, as the console does on their way to the page."""
        return [{**one, **self.rows.of(one, self.cues)} for one in entries]


class Told:
    """A desk that plays nothing: the journal is published by the test, presses are written down."""

    def __init__(self, script, state=None):
        self.script = script
        self.state = state or {}
        self.time = {"at": 0, "paused": True, "speed": 1.0, "ended": False}
        self.standing = None
        self.asked = []
        self.answer = None

    def score(self):
        return self.script.score(**self.state)

    def now(self):
        return self.time

    def stage(self):
        return self.standing or replace(NOWHERE, fixtures=self.script.fixtures)

    def do(self, action, name, to, until, origin, brought):
        del origin, brought
        self.asked.append((action, *(one for one in (name, to, until) if one is not None)))
        return self.answer


def stand(script, upto=None, entries=None, **keys):
    """Open a console on a told show, its journal published up to an instant (microseconds; None: all of it)."""
    desk, hub = Told(script), Hub()
    hub.in_force = lambda: script.cues
    told = script.entries() if entries is None else entries
    given = [one for one in told if upto is None or one["at"] <= upto]
    for one in given:
        hub.publish(one)
    last = given[-1]["at"] if given and upto is None else upto or 0
    desk.time = {"at": last, "paused": True, "speed": 1.0, "ended": False}
    return Standing(desk, hub, **keys)


class Playing:
    """A desk behind which a show is played in real time, on doubles on sockets of this machine."""

    def __init__(self, script):
        self.script = script
        self.hub = Hub()
        self.hub.in_force = lambda: script.cues
        self.told = []
        self.started = threading.Event()
        self.paused = False
        self.journal = Journal(self.told.append, self.hub.publish)
        self.wired = wiring(script.fixtures, frozenset(script.fixtures), script.inventories, lambda now: now // 1000)
        self.performance = Performance(
            script.cues,
            self.wired.fixtures,
            self.wired.wires,
            self.wired.inbox,
            self.journal,
            Options(watched=True, seed="0", excerpt=points.excerpt(script.planned, script.cues, None, None, None)),
            inventories=script.inventories,
        )
        self.thread = threading.Thread(target=self._play, name="show")

    def open(self):
        self.thread.start()
        return Standing(self, self.hub)

    def _play(self):
        try:
            missing = self.performance.standby(PATIENCE * 1_000_000)
            self.hub.announce("standby", {"missing": missing})
            self.performance.idle(self.started.is_set)
            if self.started.is_set():
                self.performance.play()
        finally:
            self.performance.close()
            self.wired.close()

    def score(self):
        return self.script.score(started=self.journal.zero is not None)

    def now(self):
        at = None if self.journal.zero is None else self.wired.inbox.now() - self.journal.zero
        return {"at": at, "paused": self.paused, "speed": 1.0, "ended": self.performance.caller.ended}

    def stage(self):
        zero = self.journal.zero
        at = None if zero is None else self.wired.inbox.now() - zero
        return StandingStage(self.performance.caller.snapshot(), zero, at, 1.0, self.script.fixtures)

    def do(self, action, name, to, until, origin, brought):
        del until
        if action == "start":
            self.started.set()
            return None
        if action not in {"go", "button", "pause", "resume", "skip", "stop", "panic"}:
            return f"this desk cannot {action}"
        if action in {"pause", "resume"}:
            self.paused = action == "pause"
        self.wired.inbox.put("", Pressed(action, name, to, origin, brought))
        return None

    def pressed(self):
        """List what the operator did, as the journal has it."""
        return [one["action"] for one in self.told if one["kind"] == "operator"]

    def close(self):
        self.wired.inbox.put("", Pressed("interrupt", None, None, "api"))
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


def address(standing, cast=False):
    """The address an operator (or the cast) is given."""
    kind, token = ("cast", TOKENS.cast) if cast else ("token", TOKENS.operator)
    return f"http://127.0.0.1:{standing.port}/?{kind}={token}"
