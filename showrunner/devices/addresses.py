"""An address as a setting has it, and whether its host is this machine or of its local network.

Looks nothing up: what a name stands for is asked by the wire that connects (``wires/http``).
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata

from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.slotted import dataclass

LAST_PORT = 65_535

PATTERN = r"://(?:\[[0-9A-Fa-f:.]+\]|[^\s/:\[\]@?#%\\]+)(?::([0-9]{1,5}))?(?:/[!-~]*)?"
"""What follows the scheme of an address, for those who can only compare (a JSON schema)."""

PORT_ONLY = r"://(?:\[[0-9A-Fa-f:.]+\]|[^\s/:\[\]@?#%\\]+):(?!0+$)[0-9]{1,5}"
"""The same of datagrams: they have a port, for none is agreed on, and no path."""

_PORTS = {"ws": 80, "http": 80, "wss": 443, "https": 443}

SCHEMES = (*_PORTS, "udp")
"""Everything that an address may begin with."""

_NEAR = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("127.0.0.0/8", "::1/128", "0.0.0.0/32", "::/128"),  # this machine (RFC 1122, RFC 4291)
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),  # private (RFC 1918, RFC 4193)
        *("169.254.0.0/16", "fe80::/10"),  # this link (RFC 3927, RFC 4291)
    )
)

_LOCAL_NAMES = (".localhost", ".local", ".lan", ".home", ".internal", ".home.arpa", ".localdomain", ".fritz.box")
"""How names end that only a local network gives."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts. ``host`` is in small letters and without brackets, ``port`` as written or the scheme's."""

    scheme: str
    host: str
    port: int


def read(text: str, *schemes: str) -> Address | None:
    """Read an address that begins with one of ``schemes``; None where it is none, ``misfit`` says why."""
    found = re.fullmatch(rf"({'|'.join(schemes)}){PATTERN}", text)
    if found is None or int(found[2] or 0) > LAST_PORT or int(found[2] or 1) == 0:
        return None
    scheme, rest = text.split("://", 1)
    host = authority(rest)[0]
    port = found[2] or _PORTS.get(scheme)
    if host is None or port is None or (scheme not in _PORTS and "/" in rest):
        return None
    return Address(scheme, host, int(port))


def authority(text: str) -> tuple[str | None, int | None]:
    """Give host and port of `HOST[:PORT][/…]`; no host where it is none that means the same to everybody."""
    found = re.fullmatch(r"(?:\[([^\]]*)\]|([^:/]*))(?::([0-9]{1,5}))?(?:/.*)?", text)
    if found is None:
        return None, None
    host = found[2] if found[1] is None else found[1]
    return (_host(host, six=found[1] is not None), None if found[3] is None else int(found[3]))


def _host(text: str, *, six: bool) -> str | None:
    if six:
        try:
            return str(ipaddress.IPv6Address(text))
        except ValueError:
            return None
    name = text.removesuffix(".").lower()
    if not re.fullmatch(r"(?:[^\W_]|[_.-])+", name) or unicodedata.normalize("NFKC", name) != name:
        return None
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", name.rpartition(".")[2]):
        # `0177.1` and `2130706433` are 127.0.0.1 to some and nothing to others.
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            return None
    return name


def misfit(text: str, *schemes: str) -> Sentence | None:
    """Say what to write instead of something that is no address, where that can be told."""
    plain = unicodedata.normalize("NFKC", text).replace("\u3002", ".")
    if plain != text and read(plain, *schemes) is not None:
        return sentence("write `{plain}`, in half-width letters and digits", plain)
    scheme, found, rest = text.partition("://")
    if not found:
        return (
            sentence("write `{schemes}://{text}`", schemes[0], text)
            if read(f"{schemes[0]}://{text}", *schemes) is not None
            else None
        )
    if scheme.lower() in schemes and scheme not in schemes:
        return sentence("write `{scheme}://`, in small letters", scheme.lower())
    before = rest.partition("/")[0]
    if "@" in before:
        return sentence("no user name and no password stands in an address")
    if before.count(":") > 1 and not before.startswith("["):
        return sentence("a number with colons stands in brackets: `{scheme}://[::1]`", scheme)
    port = before.rpartition("]")[2].rpartition(":")
    if port[1] and not (port[2].isascii() and port[2].isdecimal() and 0 < int(port[2][:6]) <= LAST_PORT):
        return sentence("a port is a whole number from 1 to {last_port}", LAST_PORT)
    if scheme in schemes and scheme not in _PORTS and port[1] and "/" in rest:
        return sentence("nothing stands behind the port: write `{scheme}://{before}`", scheme, before)
    if scheme in schemes and scheme not in _PORTS and not port[1]:
        return sentence("the port stands behind it, as in `{scheme}://{before}:53000`", scheme, before or "127.0.0.1")
    if scheme in schemes and re.fullmatch(r"[0-9a-fA-Fx.]+", before.partition(":")[0]):
        return sentence("an address in numbers has four of them, as in `192.168.0.7`")
    return None


def near(host: str) -> bool | None:
    """Tell whether a host is this machine or of its local network; None: a name, of which only the network knows."""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return True if host == "localhost" else None
    mapped = number.ipv4_mapped if isinstance(number, ipaddress.IPv6Address) else None
    one = number if mapped is None else mapped
    return any(one.version == network.version and one in network for network in _NEAR)


def own(host: str) -> bool:
    """Tell whether nobody but this machine gets through to a host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sounds_near(host: str) -> bool:
    """Tell whether a host is near as far as it can be told without asking the network."""
    known = near(host)
    return ("." not in host or host.endswith(_LOCAL_NAMES)) if known is None else known
