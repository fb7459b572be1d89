"""How a name is written in a script: as a word where it is one, else in quotes."""

from __future__ import annotations

import re

from showrunner.syntax.keywords import RESERVED

_WORD = re.compile(r"(?:[^\W\d]|@(?=\w))(?:[\w.@]|-(?!>))*")


def quoted(name: str) -> str:
    """Write a name."""
    if _WORD.fullmatch(name) and name not in RESERVED:
        return name
    mark = "'" if '"' in name and "'" not in name else '"'
    inner = name.replace("\\", "\\\\").replace(mark, f"\\{mark}").replace("{", "{{").replace("}", "}}")
    return f"{mark}{inner}{mark}"
