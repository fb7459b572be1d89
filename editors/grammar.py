"""Writes what VS Code's extension has of the language: colours from `grammar/show.lark` and the devices' tables,
snippets from the language server's.

    python editors/grammar.py

`tests/test_editors.py` says whether what lies there is what this writes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from showrunner import devices
from showrunner.editing.words import SNIPPETS, WORDS
from showrunner.syntax.keywords import COMMANDS, INNER, RESERVED, STATEMENTS

HERE = Path(__file__).parent
LARK = HERE.parent / "grammar" / "show.lark"
END = r"(?![\w.@-])"
BEGIN = r"(?<![\w.@$-])"


def terminals() -> dict[str, str]:
    """Read the terminals that are regular expressions."""
    text = LARK.read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Z_]+)(?:\.\d+)?: /(.+)/$", text, re.MULTILINE))


def words(*given: str) -> str:
    """Give a pattern for words."""
    return rf"{BEGIN}(?:{'|'.join(sorted(given, key=lambda one: (-len(one), one)))}){END}"


def named(name: str, pattern: str) -> dict[str, Any]:
    """Give a rule for one thing."""
    return {"name": f"{name}.show", "match": pattern}


def parts(**scopes: str) -> dict[str, dict[str, str]]:
    """Say what the groups of a pattern are."""
    return {number.lstrip("_"): {"name": f"{scope}.show"} for number, scope in scopes.items()}


def rules() -> Iterator[dict[str, Any]]:
    """Give the rules, the first that fits counts."""
    known = terminals()
    word, variable = known["WORD"].partition(")(?:")[2], known["VARIABLE"]
    word = f"(?:{word}"
    yield named("comment.line.number-sign", known["COMMENT"])
    yield from texts()
    yield {
        "match": rf"{BEGIN}(segment|track|define|do|cue)[ \t]+({word})",
        "captures": parts(_1="keyword.control", _2="entity.name.function"),
    }
    yield {
        "match": rf"{BEGIN}(let)[ \t]+({word})",
        "captures": parts(_1="keyword.control", _2="variable.other.constant"),
    }
    yield {"match": rf"(->)[ \t]*({word})?", "captures": parts(_1="keyword.operator", _2="variable.other")}
    yield from (
        {
            "match": rf"{BEGIN}({device.name})[ \t]+({'|'.join(verbs(device))}){END}",
            "captures": parts(_1="support.class", _2="support.function"),
        }
        for name in devices.own()
        if (device := devices.find(name)) is not None
    )
    yield named("keyword.control", words(*STATEMENTS))
    yield named("keyword.other", words(*COMMANDS))
    yield named("storage.modifier", words(*RESERVED, *INNER))
    yield named("variable.other", variable)
    yield named("constant.numeric.clock", known["CLOCK"])
    yield named("constant.numeric.duration", known["DURATION"])
    yield named("constant.numeric", rf"(?<![\w.@$-]){known['NUMBER']}")


def verbs(device: Any) -> list[str]:
    """Name the verbs and events of a device, the longer ones first."""
    found = {row.name for row in (*device.verbs, *device.events)}
    return [re.escape(one) for one in sorted(found, key=lambda one: (-len(one), one))]


def texts() -> Iterator[dict[str, Any]]:
    """Give the rules for texts: what is put in, escapes, and what ends with its line."""
    for mark, name in (('"', "double"), ("'", "single")):
        yield {
            "name": f"string.quoted.{name}.show",
            "begin": mark,
            "end": rf"{mark}|$",
            "patterns": [
                named("constant.character.escape", r"\\(?:u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|.)|\{\{|\}\}"),
                named("variable.other.insert", r"\{[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)?\}"),
            ],
        }


def grammar() -> str:
    """Give the colours as VS Code reads them."""
    made = {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Show",
        "scopeName": "source.show",
        "fileTypes": ["show"],
        "patterns": list(rules()),
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def snippets() -> str:
    """Give the snippets as VS Code reads them."""
    made = {
        word: {"prefix": word, "body": text.split("\n"), "description": WORDS[word]} for word, text in SNIPPETS.items()
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


FILES = {
    HERE / "vscode" / "syntaxes" / "show.tmLanguage.json": grammar,
    HERE / "vscode" / "snippets" / "show.json": snippets,
}
"""What is written where."""

if __name__ == "__main__":
    for path, write in FILES.items():
        path.write_text(write(), encoding="utf-8", newline="\n")
