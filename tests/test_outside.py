"""A device that lives outside the tree, in `tests/outside`: everything works with it, and nothing here knows of it.

Each command is a process of its own, in which the package is on the path as if it were installed. Broken ones are said
aloud, and stop no show that does not use them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

OUTSIDE = Path(__file__).parent / "outside"
ROOT = OUTSIDE.parents[1]

SHOW = """\
show "Lamps"

segment one
  at 0s lamps look Sunset over 2s and wait
  then  lamps dim Spot to 40 over 1s; lamps flash
  then  wait for lamps pressed Go -> key or "nobody" within 5s
  then  log "{key} pressed, {key.hard}"
  then  lamps look Dark
"""


def installed(site: Path, name: str, offers: dict[str, str]) -> None:
    """Write down that a distribution is there, as an installer does: `importlib.metadata` finds it so."""
    about = site / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    lines = [f"{device} = {where}" for device, where in offers.items()]
    (about / "entry_points.txt").write_text("\n".join(["[showrunner.devices]", *lines, ""]), encoding="utf-8")


class Place:
    """A folder with a show, and a place for packages beside it."""

    def __init__(self, folder: Path) -> None:
        self.site, self.folder = folder / "site", folder / "show"
        self.site.mkdir()
        self.folder.mkdir()

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        more = {
            "PYTHONPATH": os.pathsep.join([str(self.site), str(ROOT)]),
            "SHOWRUNNER_STATE": str(self.site / "state"),
        }
        environment = {**os.environ, **more, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "error"}
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        ran = self.python("-c", "from showrunner.cli import main; main()", *words)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran.returncode, ran.stdout, ran.stderr

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def lamps(place: Place) -> Place:
    shutil.copytree(OUTSIDE / "lamps", place.site / "lamps", ignore=shutil.ignore_patterns("__pycache__"))
    project = tomllib.loads((OUTSIDE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed(place.site, project["name"], project["entry-points"]["showrunner.devices"])
    place.write("a.show", SHOW)
    return place


def test_its_show_is_checked_laid_out_and_explained(lamps: Place) -> None:
    summary = "no errors in 1 file: 1 segment, 0:09 of show, 0:00 of it speech\n"
    assert lamps.run("check", "a.show") == (0, "", summary)
    assert lamps.run("fmt", "a.show") == (0, "", "1 file changed\n")
    assert lamps.run("fmt", "--check", "a.show")[0] == 0
    code, out, _ = lamps.run("explain", "lamps")
    assert code == 0
    for said in (
        "look LOOK [over D]",
        "Flashes all lamps once.",
        "pressed [KEY]",
        "hard",
        "desk",
        "ws://localhost:9700",
    ):
        assert said in out
    lamps.write("b.show", "at 0s lamps dark\nat 1s lamps dim Spot to 400\nat 2s lamps flsh\n")
    code, out, _ = lamps.run("check", "b.show")
    assert code == 1
    assert re.findall(r"error\[(E\d+)\]: (.*)", out) == [
        ("E303", "`lamps` has no command `dark`"),
        ("E402", "400 is outside the range of a level from 0 to 100: from 0 to 100"),
        ("E303", "`lamps` has no command `flsh`"),
    ]


def test_its_show_is_played_in_memory_and_on_sockets_and_replayed(lamps: Place) -> None:
    words = ("dry-run", "a.show", "--event", "lamps pressed Go 0.7@5s", "--format", "jsonl")
    code, out, err = lamps.run(*words)
    assert code == 0, err
    entries: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    ended = [(one["id"], one["at"], one["result"]) for one in entries if one["kind"] == "outcome"]
    looked, moved, flashed, waited, last = range(1, 6)
    assert sorted(ended) == [
        (looked, 2_000_000, "done"),
        (moved, 3_000_000, "done"),
        (flashed, 2_000_000, "done"),
        (waited, 5_000_000, "done"),
        (last, 6_000_000, "done"),
    ]
    assert [one["fields"] for one in entries if "fields" in one] == [{"key": "Go", "hard": 0.7}]
    assert [one["message"] for one in entries if one["kind"] == "log"] == ["Go pressed, 0.7"]
    lamps.write("dry.journal", out)
    assert lamps.run("replay", "dry.journal")[0] == 0
    code, _, err = lamps.run("run", "a.show", "--doubles", "all", "--yes", "--speed", "20", "--journal", "live.journal")
    assert "00:08" in err
    assert code == 0, err
    assert lamps.run("replay", "live.journal")[0] == 0


VISITED = """
import sys
from pathlib import Path

from showrunner import cli
from showrunner.running.simulation import Simulation, host
from showrunner.show.stage import fixture, kind_of

made = host(Simulation({"lamps": fixture("lamps", kind_of("lamps"))}, ports={"lamps": 0}), print, print)["lamps"]
(url,) = made.urls.values()
Path("stage.yaml").write_text(f"devices:\\n  lamps: {{desk: '{url}'}}\\n")
sys.argv = ["showrunner", *sys.argv[1:], "--device", "lamps"]
try:
    cli.main()
finally:
    made.close()
"""


def test_it_is_visited_and_lists_what_it_has(lamps: Place) -> None:
    found = lamps.python("-c", VISITED, "doctor")
    assert (found.returncode, found.stderr) == (0, "1 of 1 device ready\n")
    assert "lamps: ready\n" in found.stdout
    assert "  found: 3 looks, 2 lamps\n" in found.stdout
    found = lamps.python("-c", VISITED, "inventory", "-o", "catalogue.yaml")
    assert found.returncode == 0, found.stderr
    lamps.write("b.show", "at 0s lamps look Sunst\n")
    code, out, _ = lamps.run("check", "b.show")
    assert code == 1
    assert "error[E308]: `lamps` has no `Sunst`" in out
    assert "did you mean `Sunset`?" in out


def test_its_double_is_offered_where_doubles_are_played(lamps: Place) -> None:
    _, out, _ = lamps.run("double", "--help")
    assert "lamps    press KEY (somebody presses a key of the desk), fuse in|out" in out
    assert re.search(r"fault\s+garbage\s+\(not [^)]*lamps\)", out)
    code, _, err = lamps.run("run", "a.show", "--doubles", "all", "--fault", "lamps:fuse=off")
    assert code == 4 or "lamps cannot do `fuse off`" in err


CONSOLE = """
import json
from showrunner.console.score import score
from showrunner.reports.plan import plan
from showrunner.show.prepare import prepare

made = prepare("a.show")
planned = plan(made.cues, made.fixtures, made.inventories)
written = score(made.cues, planned, made.texts, made.fixtures)
entries = json.loads(written["plan"].data)["entries"]
draws = [[one["verb"], one.get("draws")] for one in entries if one["kind"] == "command" and one["verb"] != "wait for"]
print(json.dumps([written["devices"], draws]))
"""


def test_the_console_knows_how_it_looks_and_as_what_its_commands_are_drawn(lamps: Place) -> None:
    found = lamps.python("-c", CONSOLE)
    assert found.stderr == ""
    (drawn,), draws = json.loads(found.stdout)
    assert (drawn["name"], drawn["looks"]) == ("lamps", {"hue": 1, "shape": "square"})
    assert draws == [["look", "frame"], ["dim", "value"], ["flash", "badge"], ["look", "frame"]]


def test_what_is_told_of_a_stage_file_knows_it(lamps: Place) -> None:
    code, out, _ = lamps.run("schema", "stage")
    assert code == 0
    schema = json.loads(Path(out.strip()).read_text(encoding="utf-8"))
    assert schema["definitions"]["lamps"]["properties"]["fade"]["default"] == "1s"


def test_a_new_show_asks_for_it_too(lamps: Place) -> None:
    code, _, err = lamps.run("new", "mine", "--with", "lamps")
    assert code == 0, err
    assert "desk: 'ws://localhost:9700'" in (lamps.folder / "mine" / "stage.yaml").read_text(encoding="utf-8")
    assert lamps.run("check", "--strict", "mine")[0] == 0
    assert lamps.run("dry-run", "mine")[0] == 0


LIKE = "from dataclasses import replace\nfrom lamps import device as lamps\ndevice = replace(lamps, {})"
BROKEN = {
    "raises": "raise RuntimeError('no lamps here')",
    "leaves": "raise SystemExit(3)",
    "nothing": "device = 3",
    "crooked": LIKE.format("name='crooked', lanes=()"),
    "strange": LIKE.format("name='strange', verbs=(1, 2)"),
    "button": LIKE.format("name='button'"),
    "animaze": LIKE.format("name='animaze'"),
    "twice": LIKE.format("name='twice'"),
}
WRONG = {
    "raises": "it cannot be loaded: RuntimeError: no lamps here",
    "leaves": "it cannot be loaded: SystemExit: 3",
    "nothing": "`device` is no Device, but a int",
    "crooked": "`look LOOK [over D]`: it takes a lane that there is not",
    "strange": "`verbs` is no tuple of Verb",
    "button": "that is a word of the language",
    "animaze": "showrunner has a device of that name itself",
    "twice": "several packages offer a device of that name",
}


@pytest.fixture
def broken(lamps: Place) -> Place:
    for name, text in BROKEN.items():
        (lamps.site / f"broken_{name}.py").write_text(text, encoding="utf-8")
        installed(lamps.site, f"showrunner-{name}", {name: f"broken_{name}:device"})
    installed(lamps.site, "showrunner-again", {"twice": "broken_twice:device"})
    return lamps


def test_broken_packages_stop_nothing_that_does_not_use_them(broken: Place) -> None:
    broken.write("c.show", "at 0s animaze emote Emote_Wave\n")
    for show in ("a.show", "c.show"):
        assert broken.run("check", "--strict", show)[0] == 0
        assert broken.run("dry-run", show)[0] == 0
    broken.write("stage.yaml", "devices:\n" + "".join(f"  {name}: {{}}\n" for name in BROKEN if name != "animaze"))
    code, out, _ = broken.run("check", "c.show")
    assert code == 0
    said = re.findall(r"warning\[W541\]: the device `(\w+)` of ([^:]+?) is of no use: (.*)", out)
    assert {name: wrong for name, _, wrong in said} == {one: wrong for one, wrong in WRONG.items() if one != "animaze"}
    assert {name: package for name, package, _ in said}["twice"] == "showrunner-again 1.0, showrunner-twice 1.0"
    assert broken.run("dry-run", "c.show")[0] == 0


def test_a_broken_package_is_said_where_a_script_uses_it_and_wherever_devices_are_looked_at(broken: Place) -> None:
    broken.write("d.show", "at 0s raises look Day\nat 1s crooked flash\n")
    code, out, _ = broken.run("check", "d.show")
    assert code == 1
    assert re.findall(r"error\[E302\]: `(\w+)` of showrunner-\w+ 1.0 is of no use: (.*)", out) == [
        (name, WRONG[name]) for name in ("raises", "crooked")
    ]
    _, _, err = broken.run("doctor", "--device", "lamps")
    assert dict(re.findall(r"warning: the device `(\w+)` of .*? is of no use: (.*)", err)) == WRONG
    assert broken.run("simulate", "--help")[0] == 0


SPOILT = """
from dataclasses import replace

from lamps import device as lamps
from lamps.double import LampsDouble
from lamps.driver import LampsDriver


class Driver(LampsDriver):
    def command(self, *_):
        raise ValueError("what is this?")


device = replace(lamps, name="spoilt", driver=Driver)
unmade = replace(lamps, name="unmade", double=lambda _: 1 / 0)
"""


def test_what_goes_wrong_in_the_code_of_a_package_stops_neither_the_show_nor_another_device(lamps: Place) -> None:
    (lamps.site / "spoilt.py").write_text(SPOILT, encoding="utf-8")
    installed(lamps.site, "showrunner-spoilt", {"spoilt": "spoilt:device", "unmade": "spoilt:unmade"})
    lamps.write("e.show", "at 0s spoilt flash; lamps flash\nat 1s lamps look Dark\n")
    code, out, err = lamps.run("dry-run", "e.show", "--format", "jsonl")
    assert code == 3, err
    entries = [json.loads(line) for line in out.splitlines()]
    why = "its driver failed: ValueError: what is this?"
    assert [one["detail"] for one in entries if one["kind"] == "device" and one["state"] == "lost"] == [why]
    asked = {one["id"]: one["device"] for one in entries if one["kind"] == "command"}
    ended = [(asked[one["id"]], one["result"]) for one in entries if one["kind"] == "outcome"]
    assert sorted(ended) == [("lamps", "done"), ("lamps", "done"), ("spoilt", "failed")]
    lamps.write("f.show", "at 0s unmade flash\n")
    assert lamps.run("check", "f.show")[0] == 0
    code, _, err = lamps.run("dry-run", "f.show")
    assert code == 2
    assert "error: the double of `unmade` cannot be made: ZeroDivisionError: division by zero" in err


CRASHING = """
from dataclasses import replace

from lamps import device as lamps
from lamps.double import LampsDouble
from lamps.driver import LampsDriver


class Deaf(LampsDouble):
    def received(self, connection, frame, now):
        raise KeyError("frame")


class Late(LampsDouble):
    def received(self, connection, frame, now):
        if "look" in str(frame):
            raise KeyError("look")
        return super().received(connection, frame, now)


class Mute(LampsDriver):
    def connected(self, *_):
        raise OSError("no desk")


def fails(*_):
    raise LookupError("no table")


deaf = replace(lamps, name="deaf", double=Deaf)
late = replace(lamps, name="late", double=Late)
row = replace(lamps, name="row", verbs=tuple(replace(one, check=fails) for one in lamps.verbs))
look, flash, dim = lamps.verbs
works = replace(lamps, name="works", verbs=(look, flash, replace(dim, targets=fails)))
pressed = replace(lamps, name="pressed", events=tuple(replace(one, check=fails) for one in lamps.events))
fit = replace(lamps, name="fit", events=tuple(replace(one, fits=fails) for one in lamps.events))
lasting = replace(lamps, name="lasting", verbs=(replace(look, lasts=fails), flash, dim))
mute = replace(lamps, name="mute", driver=Mute)
"""


@pytest.fixture
def crashing(lamps: Place) -> Place:
    (lamps.site / "crashing.py").write_text(CRASHING, encoding="utf-8")
    names = ("deaf", "late", "row", "works", "pressed", "fit", "lasting", "mute")
    installed(lamps.site, "showrunner-crashing", {name: f"crashing:{name}" for name in names})
    return lamps


def test_a_double_that_raises_hangs_up_and_the_show_says_why(crashing: Place) -> None:
    crashing.write("a.show", "at 0s late look Sunset; lamps flash\nat 1s lamps look Dark\n")
    code, out, err = crashing.run("dry-run", "a.show", "--format", "jsonl")
    assert code == 3, err
    entries = [json.loads(line) for line in out.splitlines()]
    lost = [one["detail"] for one in entries if one["kind"] == "device" and one["state"] == "lost"]
    assert lost[0] == "its double failed: KeyError: 'look'"
    asked = {one["id"]: one["device"] for one in entries if one["kind"] == "command"}
    ended = [(asked[one["id"]], one["result"]) for one in entries if one["kind"] == "outcome"]
    assert sorted(ended) == [("lamps", "done"), ("lamps", "done"), ("late", "failed")]


@pytest.mark.parametrize(
    ("name", "why"),
    [("deaf", "its double failed: KeyError: 'frame'"), ("mute", "its driver failed: OSError: no desk")],
)
def test_what_raises_before_the_show_is_said_and_nothing_begins(crashing: Place, name: str, why: str) -> None:
    crashing.write("a.show", f"at 0s {name} flash\n")
    code, _, err = crashing.run("dry-run", "a.show")
    assert code == 2
    assert why in err


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("row flash", "what this does cannot be worked out: LookupError: no table"),
        ("works dim Spot to 40 over 1s", "what this does cannot be worked out: LookupError: no table"),
        ("wait for pressed pressed Go", "what this does cannot be worked out: LookupError: no table"),
    ],
)
def test_a_row_that_raises_is_a_finding_at_the_command_that_it_is_tried_on(
    crashing: Place, line: str, found: str
) -> None:
    crashing.write("a.show", f"at 0s {line}\n")
    for command in ("check", "dry-run"):
        code, out, err = crashing.run(command, "a.show")
        assert code == 1
        assert f"error[E407]: {found}" in out + err


@pytest.mark.parametrize("line", ["lasting look Sunset", "wait for fit pressed Go within 1s"])
def test_what_a_row_works_out_only_while_the_show_plays_says_nothing_where_it_raises(
    crashing: Place, line: str
) -> None:
    crashing.write("a.show", f"at 0s {line}\nthen log 'behind'\n")
    code, out, err = crashing.run("dry-run", "a.show", "--format", "jsonl")
    assert code in {0, 3}, err
    assert [one["message"] for one in map(json.loads, out.splitlines()) if one["kind"] == "log"] == ["behind"]
