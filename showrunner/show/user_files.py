"""What showrunner keeps between runs for this user alone: the tokens that applications give out, and the built grammar.

Tokens are JSON files in the user's state folder (`SHOWRUNNER_STATE` names another). Never a part of a show, a stage
file or a journal. The grammar is in the cache folder (`SHOWRUNNER_CACHE`); losing it costs a tenth of a second.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from showrunner.devices.vocabulary import Fixture
from showrunner.diagnostics.refusal import reason

if TYPE_CHECKING:
    from platformdirs.api import PlatformDirsABC

NAME = "showrunner"
"""What our folders are called."""

Memory = dict[str, dict[str, str]]
"""Where a device is reached -> what was kept for it."""


def folder() -> Path:
    """Give the state folder: `SHOWRUNNER_STATE`, else the platform's usual place."""
    told = os.environ.get("SHOWRUNNER_STATE")
    if told:
        return Path(told)
    if sys.platform == "darwin":
        # There it depends on the library's version whether it follows XDG_STATE_HOME; a token must not move with it.
        return Path.home() / "Library" / "Application Support" / NAME
    return _usual().user_state_path


def file() -> Path:
    """Give the file the tokens are in."""
    return folder() / "tokens.json"


def memory(fixtures: Mapping[str, Fixture]) -> Memory:
    """Give what was kept for each of these devices, by its name on the stage. What cannot be read counts as nothing."""
    kept = _load()
    return {name: dict(kept.get(_key(fixture), {})) for name, fixture in fixtures.items()}


def remember(fixture: Fixture, key: str, value: str) -> str | None:
    """Keep ``value`` for the next run. Gives what went wrong, in plain words, if it could not be written."""
    kept = _load()
    kept.setdefault(_key(fixture), {})[key] = value
    try:
        write(file(), kept)
    except OSError as error:
        said = reason(error)
        return f"{file()} cannot be written: {said}; {fixture.name} will ask for its permission again next time"
    return None


def _key(fixture: Fixture) -> str:
    # By address, not by stage name: a token belongs to the program that gave it.
    return f"{fixture.device.name} {fixture.settings.get(fixture.main.setting, '')}"


def _load() -> Memory:
    import json

    try:
        read = json.loads(file().read_bytes())
    except (OSError, ValueError, RecursionError):
        # Gone or spoilt: the application is asked anew, as on the first day.
        return {}
    if not isinstance(read, dict):
        return {}
    return {
        device: {key: value for key, value in kept.items() if isinstance(value, str)}
        for device, kept in read.items()
        if isinstance(kept, dict)
    }


def write(path: Path, kept: Any) -> None:
    """Write a file of the state folder, as JSON, so that no other user can read it and nobody ever sees half of it."""
    import json

    where = folder()
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    if "SHOWRUNNER_STATE" not in os.environ:
        # A folder the user named may be shared with other things; its mode is his business.
        where.chmod(0o700)
    # Made by mkstemp, the file is 0600 from its first byte on.
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=where)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(kept, out, ensure_ascii=False, indent=1, sort_keys=True)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def grammar() -> str | None:
    """Give the file in which the built grammar is kept; None where there is no place for it."""
    try:
        where = _cache()
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        # No home, or a disk that takes nothing: the grammar is built anew, as on the first day.
        return None
    return str(where / "grammar")


def _cache() -> Path:
    told = os.environ.get("SHOWRUNNER_CACHE")
    if told:
        return Path(told)
    return _usual().user_cache_path


def _usual() -> PlatformDirsABC:
    """Give where this platform keeps such things; on Windows no folder of an author lies around ours."""
    from platformdirs import PlatformDirs

    return PlatformDirs(NAME, appauthor=False)
