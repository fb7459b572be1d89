"""The languages there are beside English: one file each, `languages/NAME.po`.

A catalogue is gettext's text file, so every program for translators opens it: `msgid` is the English template, `msgstr`
the translation. It is read as it is, without being compiled first, so what stands in the file is what is said. One
thing and several are two sentences, `{number} cue` and `{number} cues`. Which language is spoken is
not decided here: whoever shows something knows it.
"""

from __future__ import annotations

import re
from functools import cache

from showrunner.diagnostics.sentence import ENGLISH, Language

FOLDER = "languages"
"""Where the catalogues lie."""

_TEXT = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
_ENTRY = re.compile(rf"((?:^#.*\n)*)^msgid\s+{_TEXT}msgstr\s+{_TEXT}", re.MULTILINE)
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"')


def names() -> tuple[str, ...]:
    """Name every language there is, English first, the others sorted."""
    from importlib.resources import files

    found = (entry.name for entry in files("showrunner.diagnostics").joinpath(FOLDER).iterdir())
    return (ENGLISH.name, *sorted(name.removesuffix(".po") for name in found if name.endswith(".po")))


@cache
def language(name: str) -> Language:
    """Read a language; English where there is none of that name."""
    from importlib.resources import files

    if name == ENGLISH.name or name not in names():
        return ENGLISH
    written = files("showrunner.diagnostics").joinpath(FOLDER, f"{name}.po").read_text(encoding="utf-8")
    return Language(name, read(written))


def read(written: str) -> dict[str, str]:
    """Read a catalogue: each template with its translation. What is not translated, or only guessed, is left out."""
    found = {}
    for comments, template, translation in _ENTRY.findall(written):
        fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in comments.split("\n"))
        key, value = _text(template), _text(translation)
        if key and value and not fuzzy:
            found[key] = value
    return found


def _text(quoted: str) -> str:
    import json

    return "".join(json.loads(piece) for piece in _PIECE.findall(quoted))


def meant(wish: str) -> str | None:
    """Give the language that a setting of a system means (`ja_JP.UTF-8`, `ja-JP`, `Japanese_Japan.932`), if it is here.

    English is meant by `en…`, `C` and `POSIX`, too; None where it is a language that is not here.
    """
    word = re.split(r"[_.\-@:]", wish.strip(), maxsplit=1)[0].lower()
    word = {"japanese": "ja", "english": "en", "c": "en", "posix": "en"}.get(word, word)
    return word if word in names() else None
