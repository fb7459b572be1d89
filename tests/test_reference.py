"""The reference of the language and the pages of the site: every block in them is run, and every table of the reference
is what the program has.

`SHOWRUNNER_UPDATE=1` writes the tables anew. A block whose first line is a comment with a file's name (`# stage.yaml`)
is that file, and lies in place for the other blocks; the catalogue only for those that say `with catalogue`.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from showrunner import cli
from showrunner.devices.animaze.table import BEHAVIOURS, spelled
from showrunner.devices.vocabulary import Class, Device, Event, Finished, Verb
from showrunner.diagnostics import codes, render
from showrunner.engine.curves import eased
from showrunner.show import catalogue, stage_file
from showrunner.show.catalogue import FACTS
from showrunner.show.prepare import prepare
from showrunner.show.stage import ANY_DEVICE, CATALOGUE, kinds, standard
from showrunner.show.stage import TABLES as PARTS
from showrunner.times import as_duration

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "grammar" / "README.md"
PAGES = [PAGE, *sorted((ROOT / "docs" / "pages").rglob("*.md"))]
DEVICES: list[Device] = [*kinds()]
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    page: Path
    line: int
    kind: str
    words: list[str]
    text: str

    @property
    def file(self) -> str | None:
        found = re.match(r"# (\S+\.(?:show|yaml))\n", self.text)
        return found[1] if found else None


def blocks(path: Path, *kinds: str) -> Iterator[Block]:
    page = path.read_text(encoding="utf-8")
    for found in _FENCE.finditer(page):
        if found[1] in kinds:
            yield Block(path, page.count("\n", 0, found.start()) + 2, found[1], found[2].split(), found[3])


def cases(*kinds: str) -> list[object]:
    return [
        pytest.param(block, id=f"{'' if path == PAGE else f'{path.stem} '}line {block.line}")
        for path in PAGES
        for block in blocks(path, *kinds)
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: Block) -> Path:
    """Give a folder with the files that a block's page has."""
    monkeypatch.chdir(tmp_path)
    for one in blocks(block.page, "show", "yaml"):
        if one.file and one.file != "catalogue.yaml":
            Path(one.file).parent.mkdir(exist_ok=True)
            Path(one.file).write_text(one.text, encoding="utf-8", newline="\n")
    return tmp_path


def the(name: str) -> str:
    return next(block.text for block in blocks(PAGE, "yaml") if block.file == name)


# ----------------------------------------------------------------------------------------------------------- the blocks


@pytest.mark.parametrize("block", cases("show"))
def test_a_show_on_the_page_is_right_or_wrong_as_it_says(block: Block, folder: Path) -> None:
    if block.words[-2:] == ["with", "catalogue"]:
        (folder / "catalogue.yaml").write_text(the("catalogue.yaml"), encoding="utf-8", newline="\n")
    (folder / "page.show").write_text(block.text, encoding="utf-8", newline="\n")
    prepared = prepare("page.show")
    expected = [block.words[1]] if block.words[:1] == ["refused"] else []
    said = render.text(prepared.findings, prepared.texts)
    assert [finding.code for finding in prepared.findings] == expected, said


@pytest.mark.parametrize("block", cases("yaml"))
def test_a_file_on_the_page_is_read_without_a_finding(block: Block, folder: Path) -> None:
    assert block.file in {"stage.yaml", "catalogue.yaml"}
    (folder / "file.yaml").write_text(block.text, encoding="utf-8", newline="\n")
    stage = block.file == "stage.yaml"
    read = stage_file.load("file.yaml") if stage else catalogue.load("file.yaml", standard())
    assert not read.findings


@pytest.mark.parametrize("block", cases("console"))
def test_a_command_line_on_the_page_works(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder
    for line in block.text.splitlines():
        prompt, name, *words = shlex.split(line)
        assert (prompt, name) == ("$", "showrunner")
        monkeypatch.setattr(sys, "argv", [name, *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        with pytest.raises(SystemExit) as left:
            cli.main()
        assert not left.value.code, line


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_other_kind_of_block_stands_on_a_page(path: Path) -> None:
    kinds = {found[1] for found in _FENCE.finditer(path.read_text(encoding="utf-8"))}
    assert kinds <= {"show", "yaml", "console", "text"}


def test_every_link_inside_the_page_leads_to_a_heading() -> None:
    page = PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors
    for path in re.findall(r"\]\(([^#)][^)]*)\)", page):
        assert (PAGE.parent / path).exists(), path


# ----------------------------------------------------------------------------------------------------------- the tables


def verbs() -> str:
    return "\n".join(_verbs_of(device) for device in DEVICES).strip()


def _verbs_of(device: Device) -> str:
    rows = [
        (_form(device, verb), verb.class_.value, verb.lane, verb.says, _code(verb.example)) for verb in device.verbs
    ]
    return f"\n#### {device.name}\n\n{_table(['form', 'class', 'lane', 'what it does', 'example'], rows)}"


def _form(device: Device, verb: Verb) -> str:
    front = "" if verb.name == "say" else f"{device.name} "
    return "<br>".join(_code(f"{front}{verb.name} {form}".strip()) for form in (verb.form, *verb.also))


def behaviours() -> str:
    rows = [
        (_code(f'"{name}"'), ", ".join(_code(spelled(key)) for key in keys) or "none")
        for name, keys in BEHAVIOURS.items()
    ]
    return _table(["behaviour", "numbers"], rows)


def eases() -> str:
    ours = [verb for device in DEVICES for verb in device.verbs if verb.finished is Finished.STREAM]
    (names,) = {kind.choices for verb in ours for kind in verb.kinds.values() if kind.says == "an ease"}
    rows = [(_code(name), *(f"{round(100 * eased(name, share))} %" for share in (0.25, 0.5, 0.75))) for name in names]
    return _table(["ease", "¼", "½", "¾"], rows)


def events() -> str:
    rows = [
        (_code(device.name), _code(f"{event.name} {event.form}".strip()), event.says, _says(event))
        for device in DEVICES
        for event in device.events
    ]
    return _table(["device", "event", "comes when", "says"], rows)


def _says(event: Event) -> str:
    return "<br>".join(f"{_code(one.name)} {one.says}" for one in event.fields)


def settings() -> str:
    rows = [
        (_code(device.name), _code(one.name), _default(one.accepts, one.default), one.says)
        for device in DEVICES
        for one in device.settings
    ]
    return _table(["device", "setting", "if unsaid", "means"], rows)


def parts() -> str:
    told = [("any device", row) for row in ANY_DEVICE]
    told += [(_code(part), row) for part, rows in PARTS.items() for row in rows]
    rows = [(part, _code(one.name), _default(one.accepts, one.default), one.says) for part, one in told]
    rows.append(("", _code(CATALOGUE.name), _default(CATALOGUE.accepts, CATALOGUE.default), CATALOGUE.says))
    return _table(["part", "key", "if unsaid", "means"], rows)


def facts() -> str:
    return _table(["key", "says"], [(_code(row.key), row.says) for row in FACTS])


def _default(accepts: str, value: object) -> str:
    if value is None:
        return "nothing"
    return _code(as_duration(value) if accepts == "duration" and isinstance(value, int) else str(value))


def findings() -> str:
    return _table(["code", "is about"], [(code, title) for code, title in codes.titles().items()])


def _code(text: str) -> str:
    return f"`{text}`"


def _table(head: list[str], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


TABLES: list[Callable[[], str]] = [verbs, behaviours, eases, events, settings, parts, facts, findings]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_a_table_on_the_page_is_what_the_program_has(table: Callable[[], str]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {table.__name__} -->\n", f"\n<!-- /{table.__name__} -->"
    before, found, rest = page.partition(begin)
    assert found, f"the page has no place for the {table.__name__}"
    present, ended, after = rest.partition(end.lstrip("\n"))
    assert ended, f"the {table.__name__} on the page have no end"
    if os.environ.get("SHOWRUNNER_UPDATE"):
        PAGE.write_text(f"{before}{begin}{table()}{end}{after}", encoding="utf-8", newline="\n")
        present = f"{table()}\n"
    assert present == f"{table()}\n"


def test_the_page_names_every_class_and_every_emotion() -> None:
    page = PAGE.read_text(encoding="utf-8")
    (say,) = [verb for device in DEVICES for verb in device.verbs if verb.name == "say"]
    emotions = {f"`{emotion}`" for kind in say.kinds.values() for emotion in kind.choices}
    assert emotions
    assert {word for word in emotions if word not in page} == set()
    assert {one.value for one in Class if f"\n| {one.value} |" not in page} == set()
