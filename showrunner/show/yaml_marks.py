"""A YAML file in which every key and value knows its place, so that what is wrong in it can be shown with carets.

Only the reading: what the keys mean is said in ``stage_file`` and ``catalogue``. ruamel.yaml comes with the first file.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from showrunner.diagnostics.diagnostic import Diagnostic, Fix, Place
from showrunner.diagnostics.refusal import reason
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, quoted, there_are
from showrunner.slotted import dataclass

LIMIT = 4 * 1024 * 1024
"""The largest YAML file that is read, in bytes."""


DEEPEST = 20
"""How deep tables and lists may be nested."""

MOST = 20_000
"""How many values a file may have; what an alias stands for counts each time."""

_LONGEST_NUMBER = 40
"""Signs of a number; longer ones are texts."""

_LONGEST_SAID = 60
"""Signs of a value that are quoted in a message."""

_ENDLESS = re.compile(r"[!&*%][^\s]{1000}")
"""A tag, anchor or alias that the reader would take minutes for."""

_TAG = re.compile(r"![^\s,\[\]{}]*")

_ODD = re.compile(
    r"""(?:^[ ]*|[:,?][ ]|-[ ]+|[\[{][ ]*)     # where a name begins
        (?P<name>(?:[@%`*&!]|\[[^\[\]{},]*\][^\s,\]}:])[^,\]}"']*?   # one that begins as something else in YAML does
        |\[[^\[\]{},]*\][ ][^,\]}:"']+?
        |[^\s"'\[\]{},:#-][^"'\[\]{},:#]*:[ ][^"'\[\]{},:]+?   # one with a colon in it
        |[^\s"'\[\]{},:#-][^"'\[\]{},:#]*[ ]\#\d+
        )(?=:?\s*$|:[ ]|[ ]*[,\]}])""",
    re.VERBOSE,
)
"""Names that cannot stand in YAML without quotes."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One value of the file.

    ``value`` is None, a bool, int, float or str, a list of ``Marked``, or a dict from key (a str) to ``Pair``;
    ``written`` how one that is neither stands in the file, without its quotes.
    """

    value: Any
    place: Place
    written: str = ""

    @property
    def name(self) -> str | None:
        """The value as a name: as it is written, also where it looks like a number. Nothing, tables: None."""
        plain = isinstance(self.value, str | int | float) and not isinstance(self.value, bool)
        return self.written if plain else None


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
        if not stat.S_ISREG(mode := Path(disk).stat().st_mode):
            # Reading a pipe or a device could wait for ever.
            said = sentence("it is a folder") if stat.S_ISDIR(mode) else sentence("it is no ordinary file")
            return File(None, (Diagnostic(code, top, sentence("`{path}` cannot be read: {said}", path, said)),), None)
        with Path(disk).open("rb") as file:
            data = file.read(LIMIT + 1)
    except (FileNotFoundError, ValueError):
        return File(None, (Diagnostic(code, top, sentence("there is no file `{path}`", path)),), None)
    except OSError as error:
        wrong = sentence("`{path}` cannot be read: {reason}", path, reason(error))
        return File(None, (Diagnostic(code, top, wrong),), None)
    if len(data) > LIMIT:
        return File(
            None,
            (Diagnostic(code, top, sentence("`{path}` is larger than {limit} MiB", path, LIMIT // 1024 // 1024)),),
            None,
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        finding = Diagnostic(
            code, top, sentence("`{path}` is not UTF-8 text", path), sentence("save the file as UTF-8 in your editor")
        )
        return File(None, (finding,), None)
    return _parse(path, text, code)


def _parse(path: str, text: str, code: str) -> File:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    marker = _Marker(path, code)
    try:
        node = _composed(path, text)
        root = Marked({}, Place(path, 1, 1)) if node is None else marker.mark(node)
    except _UnreadableError as error:
        return File(None, (Diagnostic(code, error.place, error.message, error.way_out),), text)
    except MarkedYAMLError as error:
        return File(None, (_not_yaml(path, text, code, error),), text)
    except (YAMLError, ValueError) as error:
        said = str(error).split("\n")[0]
        return File(None, (Diagnostic(code, Place(path, 1, 1), sentence("this is not YAML: {said}", said)),), text)
    except RecursionError:
        return File(
            None, (Diagnostic(code, Place(path, 1, 1), sentence("this is nested too deeply to be read")),), text
        )
    return File(root, tuple(marker.findings), text)


class _UnreadableError(Exception):
    """What is YAML and yet is not read."""

    def __init__(self, message: Sentence, place: Place, way_out: Sentence | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.way_out = way_out


def _at(path: str, text: str, index: int) -> Place:
    return Place(path, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _composed(path: str, text: str) -> Any:
    """Read the text into nodes, and stop where there is too much of it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.composer import Composer

    endless = _ENDLESS.search(text)
    if endless is not None:
        raise _UnreadableError(sentence("a word is too long to be read"), _at(path, text, endless.start()))

    class Limited(Composer):
        made = 0
        warn_double_anchors = False

        def compose_node(self, parent: Any, index: Any) -> Any:
            event = self.parser.peek_event()
            place = Place(path, event.start_mark.line + 1, event.start_mark.column + 1)
            self.made += 1
            if self.made > MOST:
                raise _UnreadableError(sentence("this file has more than {most} values", MOST), place)
            if self.depth > DEEPEST:
                raise _UnreadableError(sentence("this is nested too deeply to be read"), place)
            tag = _TAG.match(text, event.start_mark.index)
            if tag is not None:
                way_out = sentence("leave it out, or put the name in quotes if it is one")
                raise _UnreadableError(sentence("`{tag}` means nothing here", cut(tag[0])), place, way_out)
            return super().compose_node(parent, index)

    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = Limited
    return yaml.compose(text)


def _not_yaml(path: str, text: str, code: str, error: Any) -> Diagnostic:
    """Word what the YAML reader says; mostly it is a name that wants quotes."""
    lines = text.split("\n")
    for mark in (error.problem_mark, error.context_mark):
        line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
        odd = _ODD.search(line[:300])
        if odd is not None:
            name = odd["name"].rstrip()
            place = Place(path, mark.line + 1, odd.start("name") + 1, len(name))
            return Diagnostic(
                code, place, sentence("`{name}` cannot be read without quotes", cut(name)), in_quotes(name)
            )
    mark = error.problem_mark or error.context_mark
    place = Place(path, 1, 1) if mark is None else Place(path, mark.line + 1, mark.column + 1)
    said = sentence("this is not YAML: {problem}", cut(str(error.problem or error.context)))
    return Diagnostic(code, place, said, sentence("look at the blanks at the start of the line and at the colons"))


def in_quotes(name: str) -> Sentence:
    """Say how a name stands in quotes."""
    return (
        sentence("put the name in quotes: `'{name}'`", cut(name))
        if "'" not in name
        else sentence('put the name in quotes: `"{name}"`', cut(name))
    )


def cut(text: str) -> str:
    """Give as much of a text as a message takes."""
    return text if len(text) <= _LONGEST_SAID else f"{text[: _LONGEST_SAID - 1]}…"


class _Marker:
    """Turns ruamel's nodes into marks. A node that several aliases name becomes one mark, however often it is named."""

    def __init__(self, path: str, code: str) -> None:
        self.findings: list[Diagnostic] = []
        self._path = path
        self._code = code
        self._made: dict[int, Marked] = {}
        self._sizes: dict[int, int] = {}
        self._size = 0

    def mark(self, node: Any, depth: int = 0) -> Marked:
        if depth > DEEPEST:
            # Also what an alias that contains itself comes to.
            raise RecursionError
        made = self._made.get(id(node))
        if made is not None:
            self._size += self._sizes[id(node)]
        else:
            before = self._size
            self._size += 1
            written = str(node.value) if node.id == "scalar" else ""
            made = self._made[id(node)] = Marked(self._value(node, depth), self._place(node), written)
            self._sizes[id(node)] = self._size - before
        if self._size > MOST:
            raise _UnreadableError(
                sentence("with its aliases this file has more than {most} values", MOST), self._place(node)
            )
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
                self.findings.append(
                    Diagnostic(
                        self._code,
                        place,
                        sentence("`{name}` stands here twice", cut(name)),
                        sentence("keep one of them"),
                    )
                )
            else:
                table[name] = Pair(place, self.mark(value, depth + 1))
        return table


def _scalar(kind: str, written: str) -> Any:
    if len(written) > _LONGEST_NUMBER:
        return written
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


def unknown(code: str, place: Place, what: Callable[[str], Sentence], name: str, known: Iterable[str]) -> Diagnostic:
    """Word the finding for a name that is not among ``known``, with the nearest one as its correction.

    ``what`` makes the sentence of the name.
    """
    names = tuple(known)
    near = nearest(name, names)
    if near is not None:
        return Diagnostic(code, place, what(name), did_you_mean(near), Fix(place, near))
    return Diagnostic(code, place, what(cut(name)), there_are(map(quoted, names)) if names else None)


def said(value: Any) -> str:
    """Give a value as it is quoted in a message."""
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return cut(str(value))
