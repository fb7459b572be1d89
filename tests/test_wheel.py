"""The wheel carries all it needs: unpacked elsewhere, without this checkout in sight, it plays a show."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = Path("showrunner", "console", "page")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    # From a copy: a build leaves folders behind that would find their way into the next wheel.
    tree = tmp_path_factory.mktemp("tree")
    for name in ("showrunner", "grammar"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree / name)
    built = tmp_path_factory.mktemp("built")
    made = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(tree)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    (wheel,) = built.glob("showrunner-*.whl")
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def test_a_wheel_installed_elsewhere_dry_runs_a_show(unpacked, tmp_path):
    script = tmp_path / "one.show"
    script.write_text("at 00:05 animaze emote Emote_Angry; live2d set ParamAngleY 10 for 2s; say happy 'hi'\n", "utf-8")
    program = "import showrunner, sys; print(showrunner.__file__); from showrunner.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "dry-run", str(script), "--format", "jsonl"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    where, *journal = ran.stdout.splitlines()
    assert Path(where).is_relative_to(unpacked)
    assert '"result":"done"' in journal[-1]


def test_a_wheel_carries_the_grammar_the_pages_and_the_frames(unpacked):
    assert (unpacked / "showrunner" / "grammar" / "show.lark").is_file()
    assert (unpacked / "showrunner" / "grammar" / "README.md").is_file()
    assert list((unpacked / "showrunner" / "diagnostics" / "codes").glob("E*.md"))
    for device in ("aituber", "animaze", "live2d"):
        assert (unpacked / "showrunner" / "devices" / device / "README.md").is_file()
        assert list((unpacked / "showrunner" / "devices" / device / "frames").glob("*.jsonl"))
    assert (unpacked / "showrunner" / "diagnostics" / "findings.schema.json").is_file()
    for file in ("stage", "catalogue"):
        assert (unpacked / "showrunner" / "show" / f"{file}.schema.json").is_file()
    page, carried = ({path.relative_to(at) for path in at.rglob("*")} for at in (ROOT / PAGE, unpacked / PAGE))
    assert carried == page
    assert Path("model", "score.js") in carried
    assert (unpacked / "showrunner" / "console" / "README.md").is_file()
    assert (unpacked / "showrunner" / "py.typed").is_file()
    (about,) = unpacked.glob("showrunner-*.dist-info")
    assert (about / "licenses" / "LICENSE").read_text("utf-8") == (ROOT / "LICENSE").read_text("utf-8")
