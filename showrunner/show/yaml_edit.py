"""A YAML text that is changed in places. What is not changed keeps every blank, quote and comment.

The YAML library says where things stand; the text is cut and pasted here, because writing it anew moves comments to
other entries and breaks lines at other places. Knows no catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from showrunner.slotted import dataclass

Data: TypeAlias = Any
"""What is to be written: None, a str, int or float, a list of such or of tables, a table of any of these."""

WIDEST = 120
"""A list on one line that would become longer gets a line for each entry."""

_PLAIN = re.compile(r"[A-Za-z_][\w-]*(?: [A-Za-z_][\w-]*)*", re.ASCII)
_COMMA = re.compile(r"\s*,[ \t]*")
_COLON = re.compile(r"[ \t]*:[ \t]?")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A value of the text: its node, and if it stands in a table on lines of its own, that table's column.

    ``key`` is the node of its name in the table. ``node`` None: the text is empty.
    """

    node: Any
    key: Any = None
    column: int | None = None

    @property
    def kind(self) -> str:
        """Tell whether this is a `table`, a `list`, a `text` (or number), or `nothing`."""
        if self.node is None or (self.node.id == "scalar" and str(self.node.tag).endswith(":null")):
            return "nothing"
        return {"mapping": "table", "sequence": "list"}.get(self.node.id, "text")

    @property
    def flow(self) -> bool:
        """Tell whether this stands between brackets."""
        return self.kind in {"table", "list"} and bool(self.node.flow_style)

    def table(self) -> dict[str, Slot]:
        """Give what stands in a table, by name; of anything else nothing."""
        if self.kind != "table":
            return {}
        column = None if self.flow else int(self.node.start_mark.column)
        return {str(key.value): Slot(value, key, column) for key, value in self.node.value if key.id == "scalar"}

    def items(self) -> list[Slot]:
        """Give the entries of a list; of anything else nothing."""
        return [Slot(item) for item in self.node.value] if self.kind == "list" else []


class Sheet:
    """One text and what is to be changed in it. Changes inside of something are made before changes around it."""

    def __init__(self, text: str) -> None:
        from ruamel.yaml import YAML

        self._text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._cuts: list[tuple[int, int, str]] = []
        self.root = Slot(YAML(typ="safe", pure=True).compose(text), column=None)

    def done(self) -> str:
        """Give the text with all changes made."""
        parts: list[str] = []
        at = 0
        for start, end, text in sorted(self._cuts, key=lambda cut: (cut[0], cut[1])):
            if start >= at:
                parts += [self._text[at:start], text]
                at = end
        return "".join([*parts, self._text[at:]])

    def put(self, slot: Slot, data: Data) -> None:
        """Put something else in the place of a value."""
        start, end = self._start(slot.node, slot.key), self._end(slot.node, slot.key)
        lead = " " if start == end and self._text[start - 1 : start] not in {"", " "} else ""
        self._cut(start, end, lead + _flow(data))

    def amend(self, slot: Slot, gone: Collection[Any], new: Mapping[str, Data] | Sequence[Data]) -> None:
        """Take entries (their nodes: items of a list, keys of a table) out of a list or table, and add others."""
        if slot.kind in {"nothing", "text"} or not slot.node.value:
            if new:
                self._fill(slot, new)
        elif slot.flow:
            self._amend_flow(slot, gone, new)
        else:
            entries = self._entries(slot)
            for node, start, end in entries:
                if any(one is node for one in gone):
                    self._cut(self._line(start), self._next(end), "")
            if new:
                self._insert(entries[-1][2], _block(new, int(slot.node.start_mark.column)))

    def _fill(self, slot: Slot, new: Mapping[str, Data] | Sequence[Data]) -> None:
        if slot.node is None:
            at = len(self._text)
            lead = self._newline if self._text and not self._text.endswith("\n") else ""
            self._cut(at, at, lead + self._lines(_block(new, 0)))
        elif slot.column is None:
            if slot.key is None:  # the root: an empty table, or nothing in so many words
                self._cut(self._start(slot.node), self._end(slot.node), self._lines(_block(new, 0)).rstrip())
            else:
                self.put(slot, new)
        else:
            end = self._end(slot.node, slot.key)
            self._cut(self._start(slot.node, slot.key), end, "")
            self._insert(end, _block(new, slot.column + 2))

    def _amend_flow(self, slot: Slot, gone: Collection[Any], new: Mapping[str, Data] | Sequence[Data]) -> None:
        start, end = self._start(slot.node), self._end(slot.node)
        entries = self._entries(slot)
        kept = [entry for entry in entries if not any(node is entry[0] for node in gone)]
        added = _flow(new)[1:-1]
        untouched = not any(start <= cut[0] < end for cut in self._cuts)
        if untouched and "\n" not in self._text[start:end]:
            slices = [self._text[one:other] for _, one, other in kept]
            joined = ", ".join([*slices, *([added] if added else [])])
            if new and slot.column is not None and start - self._line(start) + len(joined) > WIDEST:
                dash = "" if slot.kind == "table" else "- "
                indent = slot.column + 2
                self._cut(start, end, "")
                self._insert(end, [f"{' ' * indent}{dash}{one}" for one in slices] + _block(new, indent))
            else:
                brackets = "{}" if slot.kind == "table" else "[]"
                self._cut(start, end, brackets[0] + joined + brackets[1])
            return
        for node, one, other in entries:
            if any(node is leaving for leaving in gone):
                comma = _COMMA.match(self._text, other)
                self._cut(one, comma.end() if comma else other, "")
        if added and kept and kept[-1] is entries[-1]:
            self._cut(kept[-1][2], kept[-1][2], f", {added}")
        elif added:
            comma = _COMMA.match(self._text, entries[-1][2])
            after = comma.end() if comma else entries[-1][2]
            self._cut(after, after, f" {added}")

    def _entries(self, slot: Slot) -> list[tuple[Any, int, int]]:
        """Give each entry's node, and where it begins and ends."""
        if slot.kind == "table":
            return [(key, self._start(key), self._end(value, key)) for key, value in slot.node.value]
        return [(item, self._start(item), self._end(item)) for item in slot.node.value]

    def _start(self, node: Any, key: Any = None) -> int:
        """Give where a value begins. One that is not there (nothing after the colon) stands behind its colon."""
        if key is not None and node.start_mark.index == node.end_mark.index:
            return self._end(node, key)
        return int(node.start_mark.index)

    def _end(self, node: Any, key: Any = None) -> int:
        """Give where a value ends. What stands on lines of its own ends with its last entry, not at the next thing."""
        if key is not None and node.start_mark.index == node.end_mark.index:
            colon = _COLON.match(self._text, key.end_mark.index)
            return key.end_mark.index if colon is None else colon.end()
        if node.id == "scalar" or node.flow_style or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self._end(last[1], last[0]) if isinstance(last, tuple) else self._end(last)

    def _cut(self, start: int, end: int, text: str) -> None:
        self._cuts.append((start, end, text))

    def _insert(self, after: int, lines: list[str]) -> None:
        """Put lines below the line on which ``after`` is."""
        at = self._next(after)
        lead = "" if self._text[:at].endswith("\n") else self._newline
        self._cut(at, at, lead + self._lines(lines))

    def _lines(self, lines: list[str]) -> str:
        return "".join(f"{line}{self._newline}" for line in lines)

    def _line(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _next(self, at: int) -> int:
        found = self._text.find("\n", at)
        return len(self._text) if found < 0 else found + 1


def _block(data: Mapping[str, Data] | Sequence[Data], column: int) -> list[str]:
    """Write a table or list on lines of its own. What is known of one thing stands on one line."""
    blank = " " * column
    if not isinstance(data, Mapping):
        return [f"{blank}- {_flow(item)}" for item in data]
    lines: list[str] = []
    for key, value in data.items():
        if value is None:
            lines.append(f"{blank}{_scalar(key)}:")
        elif isinstance(value, list | dict) and value and not _facts(value):
            lines += [f"{blank}{_scalar(key)}:", *_block(value, column + 2)]
        else:
            lines.append(f"{blank}{_scalar(key)}: {_flow(value)}")
    return lines


def _facts(data: Data) -> bool:
    return isinstance(data, dict) and not any(
        value is None or isinstance(value, list | dict) for value in data.values()
    )


def _flow(data: Data) -> str:
    """Write anything on one line."""
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list | tuple):
        return "[" + ", ".join(_flow(item) for item in data) + "]"
    return "{}" if data is None else _scalar(data)


def _scalar(value: str | float) -> str:
    if not isinstance(value, str):
        return repr(int(value) if float(value).is_integer() else round(value, 6))
    if _PLAIN.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    return '"' + "".join(_sign(sign) for sign in value) + '"'


def _sign(sign: str) -> str:
    if sign in {'"', "\\"}:
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\U{ord(sign):08X}"
