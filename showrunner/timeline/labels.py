"""Labels: what the journal calls a cue that has no name."""

from __future__ import annotations


def label_of(line: int, file: str, main: str) -> str:
    """Give `L7`, in another file than the script `part.show:L7` (its path from the script's folder)."""
    if file == main:
        return f"L{line}"
    folder = main.rpartition("/")[0]
    return f"{file.removeprefix(f'{folder}/') if folder else file}:L{line}"
