"""Which language the commands speak: `--lang`, else `SHOWRUNNER_LANG`, else the system's if it is here, else English.

It is one for the whole process, chosen before anything is said. Not here: the languages (``diagnostics/languages``).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from showrunner.diagnostics.languages import language, meant, names
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.sentence import ENGLISH, Language, sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, there_are

OPTION, VARIABLE = "--lang", "SHOWRUNNER_LANG"


class _Chosen:
    language: Language | None = None


def spoken() -> Language:
    """Give the language that is spoken."""
    if _Chosen.language is None:
        _Chosen.language = language(wished(os.environ, _system()))
    return _Chosen.language


def said(text: str) -> str:
    """Say a text in the language that is spoken."""
    return spoken().said(text)


def wished(environment: Mapping[str, str], system: str) -> str:
    """Give the name of the language that an environment wishes for, or else a system; English where neither is here."""
    wish = environment.get(VARIABLE, "")
    return (meant(wish) if wish else meant(system)) or ENGLISH.name


def speak(wish: str) -> None:
    """Speak this language from now on. Raises ``Refusal`` where it is not here."""
    name = meant(wish)
    if name is None:
        wrong = sentence("there is no language `{language}`", wish)
        raise Refusal(wrong, did_you_mean(nearest(wish, names()), there_are(names())))
    _Chosen.language = language(name)


def taken(words: list[str]) -> list[str]:
    """Take `--lang NAME` out of a command line, wherever it stands before a `--`, and speak that language."""
    left: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            return [*left, word, *rest]
        if word == OPTION:
            speak(next(rest, ""))
        elif word.startswith(f"{OPTION}="):
            speak(word.partition("=")[2])
        else:
            left.append(word)
    return left


def _system() -> str:
    """Give the language of the system as it calls it: `ja_JP.UTF-8`, `ja-JP`; empty where it says none."""
    if sys.platform == "win32":
        import ctypes
        import locale

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return next((said for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (said := os.environ.get(name))), "")
