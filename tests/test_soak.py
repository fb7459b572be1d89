"""An hour of a show on the virtual clock, saved, lost and stopped: all of it is replayed, and little is kept."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from pathlib import Path

from showrunner.engine.journal import line
from showrunner.engine.messages import Entry, Options
from showrunner.reports.endings import Endings
from showrunner.reports.now import Present
from showrunner.reports.plan import TIMES, plan
from showrunner.running.conductor import Sources
from showrunner.running.dry_run import dry_run
from showrunner.running.recording import opened
from showrunner.show import stage
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed, Stood
from tests import invariants
from tests.stagehand import compiled, new_text

MINUTE = 60_000_000

SHOW = """\
segment evening at least 1h at most 1h
  track face
    at 0s  repeat every 4s
      at 0s  live2d set ParamAngleX 5 for 1s
      at 1s  live2d move ParamAngleY to 10 over 500ms
      at 3s  live2d release over 100ms
  track voice
    at 0s  repeat every 10s
      at 0s     say happy "a line that she says" and wait
      then      animaze chat "what now?" -> joke
      then +1s  hold "ready?" within 1s
  track body
    at 0s  repeat every 5s
      at 0s  animaze emote Emote_Wave; log "a turn"
      at 1s  animaze camera fov 50 over 200ms
segment last
  at 0s  log "over"
"""

KEPT = 6
"""Blocks of memory that a cue which was taken leaves behind, with its command: when it was, and that it was sent."""


class Soak:
    """The hour as it goes: a save in each minute, Animaze away in every tenth, and half-way the machine stands."""

    def __init__(self, script: Path, journal: Path) -> None:
        self.script = script
        self.fixtures = stage.standard()
        self.text(0)
        self.cues, _ = compiled(script, self.fixtures)
        planned = plan(self.cues, self.fixtures, None, TIMES)
        self.present = Present(self.cues, planned, fixtures=self.fixtures)
        self.world = World(20_000)
        self.minute = self.taken = self.saved = 0
        self.blocks: list[tuple[int, int]] = []  # how many there are, and cues taken by then
        with journal.open("w", encoding="utf-8") as self.file:
            dry_run(
                self.cues, self.fixtures, self.write, self.present.take, Endings(), self.pass_by,
                options=Options(seed="live", watched=True), latency=20_000, world=self.world,
                arrange=lambda world: self.source(world.now()),
            )  # fmt: skip

    def text(self, number: int) -> None:
        self.script.write_text(SHOW.replace("fov 50", f"fov {50 + number % 2}"), "utf-8", newline="\n")

    def source(self, now: int) -> None:
        """Have the text that is saved now stand in the journal, as in one that can be replayed."""
        text = {self.cues.main: self.script.read_text("utf-8")}
        self.world.press(now, Pressed("source", given=Sources(self.cues.fingerprint, text, {})))

    def write(self, entry: Entry) -> None:
        self.file.write(f"{line(entry)}\n")
        self.taken += entry["kind"] == "cue"

    def pass_by(self, entry: Entry) -> None:
        if entry["at"] < (self.minute + 1) * MINUTE or entry["kind"] == "end":
            return
        self.minute += 1
        now = self.world.now()
        if self.minute % 10 == 0:
            gc.collect()
            self.blocks.append((sys.getallocatedblocks(), self.taken))
        if self.minute % 10 == 5:
            self.world.lose("animaze", now + 1)
            self.world.restore("animaze", now + 2_000_000)
        if self.minute == 30:
            self.world.press(now + 3, Stood(5_000_000))
        self.text(self.minute)
        old = self.cues
        self.cues, _ = compiled(self.script, self.fixtures)
        self.source(now)
        used = {name: self.fixtures[name].played for name in self.cues.devices}
        self.world.press(now, Pressed("reload", given=new_text(old, self.cues, used)))


def test_an_hour_is_whole_is_replayed_and_keeps_nothing_but_a_few_words_of_each_cue(tmp_path: Path) -> None:
    soak = Soak(tmp_path / "a.show", tmp_path / "a.journal")
    with opened(str(tmp_path / "a.journal")) as recording:
        entries, prepared = recording.entries, recording.prepared()
        assert prepared.cues is not None
        assert recording.replay(prepared, prepared.cues).run() is None
    assert recording.torn == ()
    assert [entry["seq"] for entry in entries] == list(range(len(entries)))
    invariants.one_outcome_each(list(entries))
    kinds = Counter(entry["kind"] for entry in entries)
    assert (kinds["reload"], kinds["gap"], entries[-1]["result"]) == (60, 1, "done")
    assert sum(entry["kind"] == "log" and entry["message"] == "a turn" for entry in entries) == 720
    assert sum(len(entry["took"]) for entry in entries if entry.get("what") == "frames") > 20_000
    for (before, taken), (after, more) in zip(soak.blocks, soak.blocks[1:], strict=False):
        assert after - before < KEPT * (more - taken), soak.blocks
