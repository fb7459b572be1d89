"""The pages as programs: their folders and their arrows, TypeScript's checker, and the unit tests in Node.

The console's page, and the drawing of a stage, which it shares with the page of `preview`.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.test_architecture import circles

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "showrunner" / "console" / "page"
TESTS = ROOT / "tests" / "page"
STAGE = ROOT / "showrunner" / "drawing" / "stage"
MODULES = sorted([*PAGE.rglob("*.js"), *STAGE.glob("*.js")])

MAY_IMPORT = {
    "stage": set(),
    "model": {"stage"},
    "net": {"model"},
    "paint": {"stage", "model"},
    "view": {"stage", "paint", "model"},
    "": {"view", "net", "model"},
}
"""Folder -> folders it may import; what begins a page lies in none. `stage` is the drawing's."""

CLOCKS = r"performance|setTimeout|setInterval|requestAnimationFrame|Date|random"
WORLD = {
    "model": rf"document|window|navigator|location|fetch|{CLOCKS}",
    "net": r"document|window|requestAnimationFrame",
    "paint": rf"document|window|location|fetch|{CLOCKS}",
    "stage/puppet.js": rf"document|window|navigator|location|fetch|{CLOCKS}",
    "stage/drawn.js": rf"window|navigator|location|fetch|{CLOCKS}",
}
"""What a folder, or a module, does without: what is pure can be tried without a browser, and who draws does not look
for time.
"""

NEWEST = (20, 19)
"""From this version on Node takes the page's modules as they are."""


def named(path):
    return path.relative_to(PAGE if path.is_relative_to(PAGE) else STAGE.parent).as_posix()


def folder(path):
    return named(path).rpartition("/")[0]


def imports(path):
    """Give the modules that a module imports, those of which it takes types alone among them."""
    text = path.read_text(encoding="utf-8")
    return {(path.parent / found).resolve() for found in re.findall(r'from "(\.[^"]*)"', text)}


def code(path):
    """Give a module without its comments and texts."""
    text = re.sub(r"/\*.*?\*/|^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`', "", text)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_of_the_page_says_what_it_is_and_is_checked(path):
    first, second, *_ = path.read_text(encoding="utf-8").split("\n")
    assert first == "// @ts-check"
    assert re.match(r"// \w.*", second), "the second line says what the module is"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_folder_of_the_page_imports_only_what_lies_below_it(path):
    own = folder(path)
    for other in imports(path):
        assert other in MODULES, other
        assert folder(other) in {own} | MAY_IMPORT[own], f"{own or 'main'} does not import {named(other)}"


def test_no_modules_of_the_page_import_each_other_in_a_circle():
    assert {named(path) for path in circles({path: imports(path) for path in MODULES})} == set()


@pytest.mark.parametrize("path", [path for path in MODULES if {folder(path), named(path)} & {*WORLD}], ids=named)
def test_a_folder_of_the_page_does_without_what_is_not_its_own(path):
    assert re.findall(rf"(?<![.\w])(?:{WORLD.get(named(path)) or WORLD[folder(path)]})\b", code(path)) == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_what_a_module_of_the_page_gives_away_is_taken(path):
    given = re.findall(
        r"^export (?:async )?(?:function|class|const) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
    )
    others = [one.read_text(encoding="utf-8") for one in (*MODULES, *TESTS.glob("*.*js")) if one != path]
    wanted = re.compile(rf'(?:\{{([^}}]*)\}}|\* as (\w+)) from "[^"]*{re.escape(path.name)}"')
    taken = {name for text in others for names, _ in wanted.findall(text) for name in re.findall(r"\w+", names)}
    for text in others:
        for _, alias in wanted.findall(text):
            taken |= set(re.findall(rf"\b{alias}\.(\w+)", text)) if alias else set()
    assert set(given) <= taken


def node(*arguments):
    """Run Node in the tests' folder; skip where it is missing or too old."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("Node is not installed")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(map(int, version.lstrip("v").split(".")[:2])) < NEWEST:
        pytest.skip(f"Node {version} is older than {'.'.join(map(str, NEWEST))}")
    return subprocess.run([path, *arguments], cwd=TESTS, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_types_of_the_page_hold():
    checker = TESTS / "node_modules" / "typescript" / "bin" / "tsc"
    if not checker.exists():
        pytest.skip("TypeScript's checker is not installed (`npm ci` in tests/page)")
    ran = node(str(checker))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_unit_tests_of_the_page_pass():
    script = json.loads((TESTS / "package.json").read_text("utf-8"))["scripts"]["test"]
    ran = node(*script.split()[1:], "--test-reporter=tap")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"^# skipped 0$", ran.stdout, re.MULTILINE)
