"""What strangers write is data: it has limits, it can be blocked by its words, and no program obeys its signs.

Shared by all who take in such text; which signs a program obeys is said by its own table (``Verb.plain``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from showrunner.devices.vocabulary import Device, Happened
from showrunner.diagnostics.wording import tamed
from showrunner.slotted import dataclass

_LETTER = "[0-9a-z\u00df-\u024f]"
_TAG = re.compile(r"\[[^\s\[\]]*\]")
_PARENTHESES = str.maketrans("[]", "()")


@dataclass(frozen=True, slots=True)
class Blocklist:
    """Words that nobody is to say here: ``whole`` ones, and what is found ``anywhere``; None where there are none."""

    whole: re.Pattern[str] | None = None
    anywhere: tuple[str, ...] = ()

    def blocks(self, texts: Iterable[Any]) -> bool:
        """Tell whether one of these is a text with such a word."""
        if self.whole is None and not self.anywhere:
            return False
        plain = [_folded(text) for text in texts if isinstance(text, str)]
        if self.whole is not None and any(self.whole.search(text) for text in plain):
            return True
        return any(word in text for text in plain for word in self.anywhere)


NO_WORDS = Blocklist()

BLOCKED = "blocked"
"""What the journal says of an event or a press that nobody hears because of its words."""


def blocklist(text: str) -> Blocklist:
    """Read words, one a line. Of ASCII letters and digits alone, a word is blocked as a whole, any other anywhere.

    How wide letters are, or whether they are large, makes no difference.
    """
    words = {folded for line in text.splitlines() if (folded := _folded(line).strip())}
    whole = sorted(word for word in words if word.isascii() and word.isalnum())
    pattern = re.compile(rf"(?<!{_LETTER})(?:{'|'.join(whole)})(?!{_LETTER})") if whole else None
    return Blocklist(pattern, tuple(sorted(words.difference(whole))))


def _folded(text: str) -> str:
    # What is not seen does not part a word.
    seen = "".join(one for one in text if unicodedata.category(one) not in {"Cc", "Cf", "Cs"} or one in "\t\n\r")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())


def written(device: Device, happened: Happened) -> list[Any]:
    """Give what strangers may have written of what a device tells."""
    rows = (field for row in device.events if row.name == happened.event for field in row.fields)
    strange = {field.name for field in rows if field.stranger}
    return [value for name, value in happened.fields.items() if name in strange]


def bounded(device: Device, happened: Happened) -> Happened:
    """Give an event with the fields of its row alone; what a stranger may have written is within its limit."""
    rows = {field.name: field for row in device.events if row.name == happened.event for field in row.fields}
    said = {name: value for name, value in happened.fields.items() if name in rows}
    for name, value in said.items():
        if isinstance(value, str) and rows[name].stranger:
            said[name] = tamed(value, rows[name].longest)
    return replace(happened, fields=said)


def all_tamed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give what came with a press within its limits: all of it may be a stranger's."""
    return {name: tamed(one) if isinstance(one, str) else one for name, one in fields.items()}


def without_tags(text: str) -> str:
    """Take out what stands in square brackets, as `[happy]`; nothing that is left can become such a sign."""
    if "[" not in text and "]" not in text:
        return text
    while (less := _TAG.sub("", text)) != text:
        text = less
    return " ".join(text.translate(_PARENTHESES).split())
