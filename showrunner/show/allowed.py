"""What this user allows beyond what a stage file may choose by itself: `allowed.yaml` in the state folder.

A stage file comes with somebody's show. It may name the variables that are its device's own, and addresses of this
machine or its local network; another variable, and any other address for a secret, its user has to write down here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from showrunner.devices import addresses
from showrunner.devices.vocabulary import Device
from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import listed, quoted
from showrunner.show import user_files
from showrunner.show.yaml_marks import Marked, read, unknown
from showrunner.slotted import dataclass

NAME = "allowed.yaml"

_LISTS = ("variables", "addresses")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed: names of ``variables``, and ``addresses`` as (host, port); port None: every one."""

    variables: frozenset[str] = frozenset()
    addresses: frozenset[tuple[str, int | None]] = frozenset()

    def variable(self, name: str, device: Device) -> bool:
        """Tell whether a secret of ``device`` may be taken from this environment variable."""
        return name in self.variables or (bool(device.variables) and name.startswith(device.variables))

    def address(self, url: str) -> bool:
        """Tell whether a secret may go to this address, wherever that is."""
        found = addresses.read(url, *addresses.SCHEMES)
        return found is not None and bool({(found.host, found.port), (found.host, None)} & self.addresses)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why no secret goes, and what the user writes to allow it."""

    code: str
    message: Sentence
    help: Sentence


def load() -> tuple[Allowed, tuple[Diagnostic, ...]]:
    """Read what the user allows; a file that is not there allows nothing, nor does one that cannot be read."""
    path = file()
    if not path.exists():
        return Allowed(), ()
    shown = seen(path)
    read_ = read(shown, str(path), "E037")
    findings = [*read_.findings]
    root = read_.root.value if read_.root is not None else {}
    said: dict[str, list[str]] = {name: [] for name in _LISTS}
    if root is not None and not isinstance(root, dict) and read_.root is not None:
        findings.append(_wrong(read_.root))
        root = {}
    for key, pair in (root or {}).items():
        if key in said:
            names, wrong = _names(pair.value)
            said[key] += names
            findings += wrong
        else:
            findings.append(unknown("E037", pair.key, _no_list, key, _LISTS))
    found = {one: _address(one) for one in said["addresses"]}
    return Allowed(frozenset(said["variables"]), frozenset(one for one in found.values() if one)), tuple(findings)


def _no_list(key: str) -> Sentence:
    return sentence("`{name}` has no list called `{key}`", NAME, key)


def file() -> Path:
    """Give where the user writes it."""
    return user_files.folder() / NAME


def variable_refused(allowed: Allowed, name: str, device: Device) -> Refused | None:
    """Say why the secret is not taken from this variable; None: it is."""
    if allowed.variable(name, device):
        return None
    own = (
        sentence("its own begin with `{variables}`", device.variables)
        if device.variables
        else sentence("it has none of its own")
    )
    message = sentence(
        "`{name}` is no variable of {title} ({own}), and its value is sent nowhere",
        name,
        device.title or device.name,
        own,
    )
    return Refused(
        "W530", message, sentence("if it is meant, write `variables: [{name}]` in {file}", name, seen(file()))
    )


def address_refused(allowed: Allowed, url: str) -> Refused | None:
    """Say why no secret, or no datagram at all, goes to an address, as far as its name tells.

    None: it goes where that turns out to be near.
    """
    found = addresses.read(url, *addresses.SCHEMES)
    if found is None or allowed.address(url) or addresses.sounds_near(found.host):
        return None
    message = sentence("`{host}` is not of this machine or its local network: no key is sent there", found.host)
    if found.scheme == "udp":
        message = sentence("`{host}` is not of this machine or its local network: nothing is sent there", found.host)
    return Refused("W531", message, to_allow(url))


def to_allow(url: str) -> Sentence:
    """Say what is written so that secrets may go to an address."""
    found = addresses.read(url, *addresses.SCHEMES)
    where = (
        "" if found is None else f"'[{found.host}]:{found.port}'" if ":" in found.host else f"{found.host}:{found.port}"
    )
    return sentence("if it is meant, write `addresses: [{where}]` in {file}", where, seen(file()))


def seen(path: Path) -> str:
    """Give a path as it is shown: nobody's name stands in it, for it comes into journals."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):
        return str(path)


def _names(mark: Marked) -> tuple[list[str], list[Diagnostic]]:
    items: list[Any] = mark.value if isinstance(mark.value, list) else [] if mark.value is None else [mark]
    names = [one.value for one in items if isinstance(one.value, str)]
    return names, [_wrong(one) for one in items if not isinstance(one.value, str)]


def _wrong(mark: Marked) -> Diagnostic:
    example = sentence("for example `variables: [STUDIO_KEY]` and, below it, `addresses: [studio.example:443]`")
    return Diagnostic(
        "E037",
        mark.place,
        sentence("`{name}` has two lists of names, {lists}", NAME, listed(map(quoted, _LISTS))),
        example,
    )


def _address(text: str) -> tuple[str, int | None] | None:
    """Read `HOST`, `HOST:PORT` or a whole address."""
    whole = addresses.read(text, *addresses.SCHEMES)
    if whole is not None:
        return whole.host, whole.port
    host, port = addresses.authority(text)
    return None if host is None else (host, port)
