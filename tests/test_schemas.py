"""What editors are told of a stage file and a catalogue: the shipped schemas, which must agree with the readers."""

import json
import os
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from showrunner import cli
from showrunner.show import catalogue, schemas
from showrunner.show.stage import standard
from showrunner.show.stage_file import setup
from tests.test_reference import PAGE
from tests.test_stage import WRONG_CATALOGUES, WRONG_STAGES

ROOT = Path(__file__).parent.parent
OURS = [
    (path.stem, path.read_text(encoding="utf-8"))
    for folder in ("shows", "examples")
    for name in schemas.SCHEMAS
    for path in sorted((ROOT / folder).rglob(f"{name}.yaml"))
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def complaints(name, text):
    schema = json.loads(schemas.file(name).read_text(encoding="utf-8"))
    return [error.message for error in Draft7Validator(schema).iter_errors(YAML(typ="safe", pure=True).load(text))]


@pytest.mark.parametrize("name", schemas.SCHEMAS)
def test_the_shipped_schema_is_what_the_rows_make(name):
    made = schemas.written(name)
    if os.environ.get("SHOWRUNNER_UPDATE"):
        schemas.file(name).write_text(made, encoding="utf-8", newline="\n")
    assert schemas.file(name).read_text(encoding="utf-8") == made
    Draft7Validator.check_schema(json.loads(made))


def test_every_setting_is_described():
    definitions = schemas.stage()["definitions"]
    described = [key for one in definitions.values() for key in one["properties"].values()]
    assert all(one.get("description") or "anyOf" in one for one in described)
    assert definitions["animaze"]["properties"]["timeout"]["default"] == "5s"
    assert definitions["aituber"]["properties"]["mode"]["enum"] == ["serve", "connect", "http"]


@pytest.mark.parametrize(("name", "text"), OURS)
def test_our_own_files_keep_to_the_schema(name, text):
    assert OURS
    assert complaints(name, text) == []


@pytest.mark.parametrize("name", schemas.SCHEMAS)
def test_the_files_of_the_reference_keep_to_the_schema(name):
    page = PAGE.read_text(encoding="utf-8")
    blocks = [block.partition("\n```")[0] for block in page.split("```yaml\n")[1:]]
    mine = [block for block in blocks if block.startswith(f"# {name}.yaml")]
    assert mine
    assert [complaints(name, block) for block in mine] == [[] for _ in mine]


@pytest.mark.usefixtures("here")
def test_a_new_show_keeps_to_the_schema(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["showrunner", "new", "my-show"])
    with pytest.raises(SystemExit):
        cli.main()
    for name in schemas.SCHEMAS:
        assert complaints(name, Path("my-show", f"{name}.yaml").read_text(encoding="utf-8")) == []


NO_YAML = {"E031", "E041"}

UNSAID = {
    "stage": ("wait: {", "my guest", "animase", ":90000", ".inf"),
    "catalogue": ("animase", "[A, a]", "{min: 3, max: 1}", "default: 5", "0" * 400),
}
"""What no schema says: which words a device may be called, which drivers and devices there are, how high a port goes,
names that are there twice, limits that do not go together, how large a number may be.
"""


def refused(name, cases):
    return [
        (name, text, expected)
        for text, expected in cases
        if expected[0] not in NO_YAML and not any(word in text for word in UNSAID[name])
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"), [*refused("stage", WRONG_STAGES), *refused("catalogue", WRONG_CATALOGUES)]
)
def test_what_the_reader_refuses_the_editor_marks(name, text, expected):
    assert complaints(name, text), expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "devices:\n",
        "devices: {animaze: }\n",
        "devices: {animaze: {safe: [animaze scene A], speech-rate: 1.5}}\n",
        "devices: {animaze: {safe: animaze scene A}}\n",
        "devices: {live2d: {driver: animaze, profile: next}}\n",
        "devices: {guest: {driver: live2d, rate: 60, timeout: 1m30s}}\n",
        "devices: {aituber: {api: {url: 'http://localhost:3000', client: x}}}\n",
        "devices: {aituber: {url: 'wss://[::1]:8000/ws'}}\n",
        "console: {port: 0, host: '::1'}\n",
    ],
)
@pytest.mark.usefixtures("here")
def test_what_the_reader_takes_the_editor_does_not_mark(text):
    Path("stage.yaml").write_text(text, encoding="utf-8")
    assert setup("a.show").findings == ()
    assert complaints("stage", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "animaze:\n",
        "animaze: {avatars: [A], scenes: , quickscenes: [0, {name: Talk, index: 2}]}\n",
        "animaze: {avatars: {A: {actions: [Wave], poses: {Grin: {index: 3}}}, B: }}\n",
        "live2d: {parameters: {P: , Q: {min: -1, max: 1, default: 0, label: 5}}}\n",
        "live2d: {parameters: [P, {name: Q, min: 0}]}\n",
        "aituber: {}\n",
    ],
)
@pytest.mark.usefixtures("here")
def test_what_the_reader_takes_in_a_catalogue_the_editor_does_not_mark(text):
    Path("catalogue.yaml").write_text(text, encoding="utf-8")
    assert catalogue.load("catalogue.yaml", standard()).findings == ()
    assert complaints("catalogue", text) == []


def test_a_driver_that_is_not_known_here_is_left_alone():
    assert complaints("stage", "devices: {lights: {driver: dmx, universe: 3}}\n") == []
