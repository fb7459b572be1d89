"""A YAML file in which every key and value knows its place, so that what is wrong in it can be shown with carets.

Only the reading: what the keys mean is said in ``stage_file`` and ``catalogue``. ruamel.yaml comes with the first file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from showrunner.diagnostics.diagnostic import Diagnostic, Fix, Place
from showrunner.diagnostics.wording import did_you_mean, nearest, quoted, there_are

LIMIT = 4 * 1024 * 1024
"""The largest YAML file that is read, in bytes."""


DEEPEST = 20
"""How deep tables and lists may be nested."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One value of the file.

    ``value`` is None, a bool, int, float or str, a list of ``Marked``, or a dict from key (a str) to ``Pair``.
    """

    value: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Pair:
    """One `key: value`, with the place of the key."""

    key: Place
    value: Marked


@dataclass(frozen=True, slots=True)
class File:
    """What came of reading a file: ``root`` is None where it could not be read, an empty table where it is empty."""

    root: Marked | None
    findings: tuple[Diagnostic, ...]
    text: str | None


def read(path: str, disk: str, code: str) -> File:
    """Read the file at ``disk``, called ``path`` in messages; what keeps it from being read has the code ``code``."""
    top = Place(path, 1, 1)
    try:
        with Path(disk).open("rb") as file:
            data = file.read(LIMIT + 1)
    except (FileNotFoundError, ValueError):
        return File(None, (Diagnostic(code, top, f"there is no file `{path}`"),), None)
    except OSError as error:
        said = "it is a folder" if Path(disk).is_dir() else (error.strerror or str(error)).lower()
        return File(None, (Diagnostic(code, top, f"`{path}` cannot be read: {said}"),), None)
    if len(data) > LIMIT:
        return File(None, (Diagnostic(code, top, f"`{path}` is larger than {LIMIT // 1024 // 1024} MiB"),), None)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        finding = Diagnostic(code, top, f"`{path}` is not UTF-8 text", "save the file as UTF-8 in your editor")
        return File(None, (finding,), None)
    return _parse(path, text, code)


def _parse(path: str, text: str, code: str) -> File:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    marker = _Marker(path, code)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        root = Marked({}, Place(path, 1, 1)) if node is None else marker.mark(node)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(path, 1, 1) if mark is None else Place(path, mark.line + 1, mark.column + 1)
        said = f"this is not YAML: {error.problem or error.context}"
        finding = Diagnostic(code, place, said, "look at the blanks at the start of the line and at the colons")
        return File(None, (finding,), text)
    except (YAMLError, ValueError) as error:
        said = str(error).split("\n")[0]
        return File(None, (Diagnostic(code, Place(path, 1, 1), f"this is not YAML: {said}"),), text)
    except RecursionError:
        return File(None, (Diagnostic(code, Place(path, 1, 1), "this is nested too deeply to be read"),), text)
    return File(root, tuple(marker.findings), text)


class _Marker:
    """Turns ruamel's nodes into marks. A node that several aliases name becomes one mark, however often it is named."""

    def __init__(self, path: str, code: str) -> None:
        self.findings: list[Diagnostic] = []
        self._path = path
        self._code = code
        self._made: dict[int, Marked] = {}

    def mark(self, node: Any, depth: int = 0) -> Marked:
        if depth > DEEPEST:
            # Also what an alias that contains itself comes to.
            raise RecursionError
        made = self._made.get(id(node))
        if made is None:
            made = self._made[id(node)] = Marked(self._value(node, depth), self._place(node))
        return made

    def _place(self, node: Any) -> Place:
        start, end = node.start_mark, node.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return Place(self._path, start.line + 1, start.column + 1, max(1, length))

    def _value(self, node: Any, depth: int) -> Any:
        if node.id == "sequence":
            return [self.mark(item, depth + 1) for item in node.value]
        if node.id == "scalar":
            return _scalar(str(node.tag).rpartition(":")[2], node.value)
        table: dict[str, Pair] = {}
        for key, value in node.value:
            name = key.value if key.id == "scalar" else "?"
            place = self._place(key)
            if name in table:
                self.findings.append(Diagnostic(self._code, place, f"`{name}` stands here twice", "keep one of them"))
            else:
                table[name] = Pair(place, self.mark(value, depth + 1))
        return table


def _scalar(kind: str, written: str) -> Any:
    match kind:
        case "null":
            return None
        case "bool":
            return written.lower() == "true"
        case "int":
            return int(written.replace("_", ""), 0 if written[:2].lower() in {"0x", "0o", "0b"} else 10)
        case "float":
            return float(written.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
        case _:
            return written


def unknown(code: str, place: Place, what: str, name: str, known: Iterable[str]) -> Diagnostic:
    """Word the finding for a name that is not among ``known``, with the nearest one as its correction."""
    names = tuple(known)
    near = nearest(name, names)
    if near is not None:
        return Diagnostic(code, place, f"{what} `{name}`", did_you_mean(near), Fix(place, near))
    return Diagnostic(code, place, f"{what} `{name}`", there_are(map(quoted, names)) if names else None)


def said(value: Any) -> str:
    """Give a value as it is quoted in a message."""
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return str(value)
