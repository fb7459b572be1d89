"""What the commands keep between runs to be quick: the grammar, built. Losing it costs a tenth of a second.

In the user's cache folder (`SHOWRUNNER_CACHE` names another). Tokens and the like are ``state``'s business.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def grammar() -> str | None:
    """Give the file in which the built grammar is kept; None where there is no place for it."""
    try:
        where = _folder()
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        # No home, or a disk that takes nothing: the grammar is built anew, as on the first day.
        return None
    return str(where / "grammar")


def _folder() -> Path:
    told = os.environ.get("SHOWRUNNER_CACHE")
    if told:
        return Path(told)
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "showrunner" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "showrunner"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "showrunner"
