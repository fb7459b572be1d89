"""The guard at the console's door: who is let in, how often, how much; and what every answer says to the browser.

Nobody who is not meant gets a single byte of the show. Four things are looked at, in this order: the Host (a foreign
name that was made to point here, DNS rebinding, is not ours), the Origin and Sec-Fetch-Site (a foreign page in the
user's own browser), the cookie or the bearer's token, and then what may be done with it.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import field

from showrunner.console.tokens import Role, Tokens
from showrunner.slotted import dataclass

POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
"""Stand on every answer, refusals included."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - what the user may have asked for, not what we do

PRESSES = (20.0, 40)
"""So many presses a second, and so many at once, before one is refused: of pages, and of programs. `panic` is never
counted.
"""

LOOKS = (5.0, 20)
"""So many scores a second, and so many at once: of each role, and of its pages and programs each."""

ASKS = (100.0, 600)
"""So many questions of the cast a second, and so many at once; a page that is loaded asks some fifty."""


@dataclass(slots=True)
class Bucket:
    """Lets through ``rate`` things a second on average and ``burst`` at once."""

    rate: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _left: float = field(init=False)
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        self._left = float(self.burst)
        self._since = self.clock()

    def take(self) -> bool:
        """Tell whether one more may pass now."""
        now = self.clock()
        self._left = min(self.burst, self._left + (now - self._since) * self.rate)
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in. ``program``: by token in a header, not by a browser's cookie."""

    role: Role
    program: bool


class Guard:
    """Decides about requests to the console at ``host:port``; ``names`` are further names it may be called by."""

    def __init__(self, tokens: Tokens, host: str, port: int, names: Iterable[str] = ()) -> None:
        self._tokens = tokens
        self._port = port
        self._anywhere = host in EVERYWHERE
        known = {*LOOPBACK, host, *names}
        if self._anywhere:
            # A phone dials an address, or this machine's own name. No rebinding: such names are not to be had.
            here = socket.gethostname()
            known |= {here, f"{here}.local"}
        self._names = {name.casefold() for name in known if name and name not in EVERYWHERE}
        self.cookie = f"showrunner-{port}"

    def at_home(self, hosts: list[str]) -> bool:
        """Tell whether the Host headers (there must be one) name this console."""
        if len(hosts) != 1:
            return False
        name, port = _parted(hosts[0])
        if port != self._port:
            return False
        return name.casefold() in self._names or (self._anywhere and _is_address(name))

    def own_page(self, host: str, origins: list[str], sites: list[str], *, arriving: bool) -> bool:
        """Tell whether a request comes from the console's own page, from no page at all, or, where somebody is
        ``arriving`` at the address itself, from the address bar or another page's link.

        ``host`` is the Host header (already looked at), ``sites`` are the Sec-Fetch-Site headers.
        """
        if any(origin.casefold() != f"http://{host}".casefold() for origin in origins) or len(origins) > 1:
            return False
        return arriving or all(site in {"same-origin", "none"} for site in sites)

    def known(self, cookies: list[str], authorizations: list[str]) -> Caller | None:
        """Tell who it is, by the bearer's token or the cookie. A wrong token is not mended by a right cookie."""
        if authorizations:
            word, _, token = authorizations[0].strip().partition(" ")
            role = (
                self._tokens.role(token.strip()) if len(authorizations) == 1 and word.casefold() == "bearer" else None
            )
            return None if role is None else Caller(role, True)
        for header in cookies:
            for crumb in header.split(";"):
                name, _, value = crumb.strip().partition("=")
                if name == self.cookie and (role := self._tokens.role_of_cookie(value, self._port)) is not None:
                    return Caller(role, False)
        return None

    def arrives(self, token: list[str], cast: list[str]) -> str | None:
        """Give the cookie (a Set-Cookie header) for who comes with a right `?token=` or `?cast=`."""
        if len(token) + len(cast) != 1:
            return None
        role = self._tokens.role((token or cast)[0])
        if role is None or (role == "operator") != bool(token):
            return None
        value = self._tokens.cookie(role, self._port)
        return f"{self.cookie}={value}; Path=/; HttpOnly; SameSite=Strict"


def _parted(host: str) -> tuple[str, int]:
    """Part `name:port`; port 80 where none is given, -1 where it is none."""
    text = host.strip()
    if text.startswith("["):
        name, _, rest = text[1:].partition("]")
    else:
        name, colon, behind = text.partition(":")
        rest = f"{colon}{behind}"
    if not rest:
        return name, 80
    number = rest[1:]
    return name, int(number) if rest[0] == ":" and number.isascii() and number.isdigit() and len(number) < 6 else -1


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
