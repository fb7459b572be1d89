"""Edits that people make in the middle of a rehearsal, and every word of what is said about them.

`edits/evening.show` plays, and each `edits/NAME.edits` saves it anew, once or more, in one go:

    at 25s go                 what the operator does, as in `stagehand`; after 80 s the show is stopped
    save 5s                   the script as it was at first, but for the lines that follow
    - log "bye"               this line (indented as it is there) …
    + log "good night"        … is this one now; more than one `+` may follow, or none
    as utf-16                 it is saved in this encoding; also: `as crlf with a mark`, `as tabs`, `as nothing`
    gone                      the file is not there
    part define bow           the included file has this text; `part` alone: it is not there

`NAME.said` has what is said, and then every cue that is taken from there on (of a `repeat` only that it goes on).
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from showrunner.diagnostics import codes
from showrunner.running.conductor import NewText
from showrunner.running.dry_run import dry_run
from showrunner.running.manuscript import Manuscript
from showrunner.running.performance import Options
from showrunner.show.prepare import Prepared
from showrunner.testing.world import arrange
from showrunner.timeline.cues import CueList
from showrunner.times import as_duration
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed
from tests.stagehand import Script, micros, new_text, orders_of

HERE = Path(__file__).parent / "edits"
CASES = sorted(path.stem for path in HERE.glob("*.edits"))


@dataclass
class Save:
    """One save: when, which lines are others, how it is written, the included file (None: as it was)."""

    time: str
    lines: list[tuple[str, list[str]]] = field(default_factory=list)
    way: str = "utf-8"
    part: str | None = None

    def written(self, text: str) -> bytes | None:
        for old, new in self.lines:
            found = next(line for line in text.splitlines() if line.strip() == old)
            indent = found[: len(found) - len(found.lstrip())]
            text = text.replace(f"{found}\n", "".join(f"{indent}{line}\n" for line in new), 1)
        match self.way:
            case "gone":
                return None
            case "nothing":
                return b""
            case "tabs":
                return re.sub(r"^ +", lambda blanks: "\t" * (len(blanks[0]) // 2), text, flags=re.MULTILINE).encode()
            case "crlf with a mark":
                return text.replace("\n", "\r\n").encode("utf-8-sig")
            case _:
                return text.encode(self.way)


def read(case: str) -> tuple[str, list[Save]]:
    """Give what is ordered, and the saves."""
    orders = ["at 80s stop"]
    saves: list[Save] = []
    for line in case.splitlines():
        word, _, rest = line.partition(" ")
        match word:
            case "save":
                saves.append(Save(rest))
            case "-":
                saves[-1].lines.append((rest.strip(), []))
            case "+":
                saves[-1].lines[-1][1].append(rest)
            case "as":
                saves[-1].way = rest
            case "gone":
                saves[-1].way = "gone"
            case "part":
                saves[-1].part = rest.replace("\\n", "\n")
            case "at":
                orders.append(line)
    return "\n".join(orders), saves


def played(folder: Path, case: str) -> str:
    """Play the evening with these saves; give what is said, and what is taken behind the first."""
    shutil.copy(HERE / "part.show", folder / "part.show")
    shutil.copy(HERE / "evening.show", folder / "evening.show")
    orders, saves = read(case)
    with contextlib.chdir(folder):
        manuscript = Manuscript("evening.show")
        first = manuscript.read()
        assert first.cues is not None
        said = _Said(first, first.cues)
        texts = [said.saved(save, manuscript) for save in saves]
    entries: list[dict[str, Any]] = []

    def begin(world: World) -> None:
        arrange(world, orders_of(orders), Script(folder / "evening.show", {**first.fixtures}, None, said.first))
        for save, text in zip(saves, texts, strict=True):
            if isinstance(text, NewText):
                world.press(world.now() + micros(save.time), Pressed("reload", given=text))

    dry_run(said.first, first.fixtures, entries.append, options=Options(lingers=frozenset()), arrange=begin)
    reports = iter([entry["report"] for entry in entries if entry["kind"] == "reload"])
    lines = []
    for save, text in zip(saves, texts, strict=True):
        told = text if isinstance(text, list) else next(reports) if text.change.told else ["nothing changed"]
        lines += [f"save {save.time}", *(f"  {one}" for one in told)]
    since = micros(saves[0].time)
    return "\n".join([*lines, *(f"{line}" for line in _taken(entries, since))]) + "\n"


class _Said:
    """Reads one save after the other."""

    def __init__(self, first: Prepared, cues: CueList) -> None:
        self.first = self._before = cues
        self._fixtures = first.fixtures
        self._refused = False

    def saved(self, save: Save, manuscript: Manuscript) -> NewText | list[str]:
        data = save.written((HERE / "evening.show").read_text("utf-8"))
        Path("evening.show").unlink(missing_ok=True)
        if data is not None:
            Path("evening.show").write_bytes(data)
        if save.part:
            Path("part.show").write_text(f"{save.part}\n", "utf-8")
        elif save.part is not None:
            Path("part.show").unlink()
        else:
            shutil.copy(HERE / "part.show", "part.show")
        edition = manuscript.read()
        if edition.cues is None:
            errors = [one for one in edition.findings if one.severity == "error"]
            return [f"refused: {one.code} {one.place.path}:{one.place.line}: {one.message}" for one in errors]
        old, self._before = self._before, edition.cues
        fixtures = {name: self._fixtures[name].played for name in edition.cues.devices}
        return new_text(old, edition.cues, fixtures)


def _taken(entries: list[dict[str, Any]], since: int) -> Iterator[str]:
    commands = {"command": "text", "log": "message", "segment": "segment"}
    for entry in entries:
        if entry["at"] >= since and entry["kind"] in commands and "#" not in entry.get("cue", ""):
            yield f"{as_duration(entry['at'])} {entry.get('cue', 'segment')}: {entry[commands[entry['kind']]]}"


@pytest.mark.parametrize("name", CASES)
def test_an_edit_is_told_as_what_will_happen(name: str, tmp_path: Path) -> None:
    said = played(tmp_path, (HERE / f"{name}.edits").read_text("utf-8"))
    expected = HERE / f"{name}.said"
    if os.environ.get("SHOWRUNNER_UPDATE"):
        expected.write_bytes(said.encode())
    assert said == expected.read_bytes().decode()


def test_there_are_cases() -> None:
    assert len(CASES) >= 20


def test_a_save_in_which_nothing_is_left_is_refused_and_the_first_text_may_be_empty(tmp_path: Path) -> None:
    page = codes.page("E230")
    assert page is not None
    script = tmp_path / "a.show"
    script.write_text(page.wrong, "utf-8")
    manuscript = Manuscript(str(script))
    assert manuscript.read().cues is not None
    assert [one.code for one in manuscript.read().findings] == ["E230"]
    script.write_text(page.right, "utf-8")
    assert manuscript.read().findings == ()
