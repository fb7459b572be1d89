"""The two tokens of the console, the operator's and the cast's: random, kept for this user alone, the same every day.

Who has a token's address may look on (cast) or press (operator). They lie in the user's state folder, in a file that
nobody else may read; taking the file away makes new ones.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from pathlib import Path
from typing import Literal, get_args

from showrunner.diagnostics.refusal import reason
from showrunner.show import user_files
from showrunner.slotted import dataclass

Role = Literal["operator", "cast"]
ROLES: tuple[Role, ...] = get_args(Role)

_SHAPE = re.compile(r"[A-Za-z0-9_-]{32,128}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """``operator`` may press, ``cast`` may look on. ``warning``: why they will not be the same the next time."""

    operator: str
    cast: str
    warning: str | None = None

    def role(self, token: str) -> Role | None:
        """Tell who shows this token. Takes as long for a wrong one as for a right one."""
        given = token.encode("utf-8", "backslashreplace")
        operator = hmac.compare_digest(given, self.operator.encode())
        cast = hmac.compare_digest(given, self.cast.encode())
        return "operator" if operator else "cast" if cast else None

    def cookie(self, role: Role, port: int) -> str:
        """Give what the browser keeps instead of the token: a browser shows its cookies to every port of a machine."""
        token = self.operator if role == "operator" else self.cast
        return hmac.new(token.encode(), f"showrunner console {role} {port}".encode(), hashlib.sha256).hexdigest()

    def role_of_cookie(self, cookie: str, port: int) -> Role | None:
        """Tell whose cookie it is."""
        given = cookie.encode("utf-8", "backslashreplace")
        operator = hmac.compare_digest(given, self.cookie("operator", port).encode())
        cast = hmac.compare_digest(given, self.cookie("cast", port).encode())
        return "operator" if operator else "cast" if cast else None


def fresh() -> Tokens:
    """Make tokens that nobody has."""
    return Tokens(secrets.token_urlsafe(32), secrets.token_urlsafe(32))


def file() -> Path:
    """Give the file they are kept in."""
    return user_files.folder() / "console.json"


def kept() -> Tokens:
    """Give this user's tokens; make and keep them where there are none, or none that can be read."""
    try:
        read = json.loads(file().read_bytes())
        known = Tokens(read["operator"], read["cast"])
        if _SHAPE.fullmatch(known.operator) and _SHAPE.fullmatch(known.cast) and known.operator != known.cast:
            return known
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        pass
    made = fresh()
    try:
        user_files.write(file(), {"operator": made.operator, "cast": made.cast})
    except OSError as error:
        said = reason(error)
        warning = f"{file()} cannot be written: {said}; the console's address will be another one next time"
        return Tokens(made.operator, made.cast, warning)
    return made
