"""What editors are told of a stage file and a catalogue: a JSON schema of each, made from the rows that read them.

They lie beside this module as files, where an editor finds them without a network; a test keeps them current. A schema
cannot say all that ``stage_file`` and ``catalogue`` know (names that stand twice, words that no device may be called).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from showrunner.devices.vocabulary import CatalogueList, Setting
from showrunner.show.catalogue import FACTS, NAME
from showrunner.show.settings import KINDS
from showrunner.show.stage import ANY_DEVICE, BLOCKED, CATALOGUE, TABLES, kinds
from showrunner.times import as_duration

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that the YAML language server reads, which editors use."""


def stage() -> dict[str, Any]:
    """Make the schema of a stage file."""
    known = {device.name: device for device in kinds()}
    parts = {
        "devices": {
            **_table({name: _by_driver(name) for name in known}),
            "description": "each device of the stage by its name: where it is, and what holds for it",
            "additionalProperties": {"$ref": "#/definitions/named"},
        },
        **{part: _table(_settings(rows)) for part, rows in TABLES.items()},
        CATALOGUE.name: _setting(CATALOGUE),
        BLOCKED.name: _setting(BLOCKED),
    }
    definitions = {name: _table(_settings((*kind.settings, *ANY_DEVICE))) for name, kind in known.items()}
    named = {
        "type": "object",
        "description": "a device with a name of its own says by `driver` what it is",
        "required": ["driver"],
        "properties": {"driver": _driver()},
        "allOf": [
            {"if": {"properties": {"driver": {"const": name}}}, "then": {"$ref": f"#/definitions/{name}"}}
            for name in known
        ],
    }
    return _schema("stage file", parts, {**definitions, "named": named})


def catalogue() -> dict[str, Any]:
    """Make the schema of a catalogue."""
    facts = {row.key: {"description": row.says, **row.schema} for row in FACTS}
    name = {"description": "what a script calls it", "type": ["string", "number"]}
    entry = {
        "anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "integer", "minimum": 0},
            {**_table({NAME: name, **facts}), "type": "object", "required": [NAME]},
        ]
    }
    known = {device.name: device for device in kinds()}
    definitions = {
        "facts": _table(facts),
        "entry": entry,
        "list": _list({"$ref": "#/definitions/facts"}),
        **{kind: _table(_lists(device.catalogue)) for kind, device in known.items()},
    }
    parts = {kind: {"$ref": f"#/definitions/{kind}"} for kind in known}
    named = {"description": "a device with a name of its own", "anyOf": [*parts.values()]}
    return {**_schema("catalogue", parts, definitions), "additionalProperties": named}


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {"stage": stage, "catalogue": catalogue}
"""What there is a schema of -> how it is made."""


def file(name: str) -> Path:
    """Give where the schema of a `stage` file or a `catalogue` lies."""
    return Path(__file__).with_name(f"{name}.schema.json")


def written(name: str) -> str:
    """Give what stands in that file."""
    return json.dumps(SCHEMAS[name](), indent=2, ensure_ascii=False) + "\n"


def _schema(of: str, parts: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    return {"$schema": DRAFT, "title": f"showrunner: a {of}", **_table(parts), "definitions": definitions}


def _table(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a table that has these keys and no others, or nothing."""
    return {"type": ["object", "null"], "properties": dict(keys), "additionalProperties": False}


# ------------------------------------------------------------------------------------------------------- the stage file


def _settings(rows: Iterable[Setting]) -> dict[str, Any]:
    return {row.name: _setting(row) for row in rows}


def _setting(row: Setting) -> dict[str, Any]:
    if row.accepts == "driver":
        return {"description": row.says, **_driver()}
    taken = _COMMANDS if row.accepts == "commands" else KINDS[row.accepts].schema(row)
    default = row.default if row.accepts != "duration" or row.default is None else as_duration(row.default)
    return {"description": row.says, **taken, **({} if default is None else {"default": default})}


_COMMANDS = {"type": ["array", "string"], "items": {"type": "string"}}


def _driver() -> dict[str, Any]:
    # A package of somebody's own may bring a driver that is not known here.
    return {"anyOf": [{"enum": [device.name for device in kinds()]}, {"type": "string"}]}


def _by_driver(name: str) -> dict[str, Any]:
    """Describe a device that is called as its driver is, unless it says that it has another."""
    return {
        "if": {"type": "object", "required": ["driver"]},
        "then": {"$ref": "#/definitions/named"},
        "else": {"$ref": f"#/definitions/{name}"},
    }


# -------------------------------------------------------------------------------------------------------- the catalogue


def _lists(rows: Iterable[CatalogueList]) -> dict[str, Any]:
    rows = tuple(rows)
    found: dict[str, Any] = {}
    for row in rows:
        below = {one.name: _described(one) for one in rows if one.of == row.name}
        found[row.name] = {"description": row.says, **_list(_table(below))} if below else _described(row)
    return found


def _described(row: CatalogueList) -> dict[str, Any]:
    return {"description": row.says, "allOf": [{"$ref": "#/definitions/list"}]}


def _list(below: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a list of entries, or a table from their names to what stands below each."""
    entries = {"type": "array", "items": {"$ref": "#/definitions/entry"}}
    return {"anyOf": [{"type": "null"}, entries, {"type": "object", "additionalProperties": below}]}
