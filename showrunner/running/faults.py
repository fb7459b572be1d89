"""Faults that are ordered on the command line: of the doubles of `simulate`, and of those of `run`.

What each does is in ``wires.trouble`` and ``devices.switches``; here they are read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from showrunner.devices.vocabulary import Device, Double
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, listed, nearest, quoted, there_are
from showrunner.running.orders import time, whole
from showrunner.slotted import dataclass
from showrunner.wires.trouble import CALM, Trouble

TAKES: Mapping[str, str] = {
    "latency": "TIME",
    "jitter": "TIME",
    "seed": "N",
    "lose-every": "N",
    "drop-every": "N",
    "garbage-every": "N",
    "event-every": "TIME",
    "silent": "N",
    "error": "[N] TEXT",
    "no-goodbye": "",
}
"""Fault -> what is said with it."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What is ordered from one double: on the wire, and by switches of its own that are flipped before it begins."""

    trouble: Trouble = CALM
    switches: tuple[tuple[str, str | None], ...] = ()

    def begin(self, name: str, double: Double) -> list[str]:
        """Flip the switches; give what is to be said of those that this double has not. The others are as ordered."""
        wrong = [(switch, value) for switch, value in self.switches if double.switch(switch, value, 0)[1] is not None]
        return [f"{name} cannot do `{' '.join(_words(switch, value))}`" for switch, value in wrong]


def _words(switch: str, value: str | None) -> list[str]:
    """Give an order as a person writes it; a fault goes by its own name."""
    return [word for word in (switch, value) if word and word != FAULT]


FAULT = "fault"
"""The switch by which a double's faults are ordered."""


NONE = Faults()


def faults(device: Device, ordered: Mapping[str, str], option: str = "--{}") -> Faults:
    """Read what is ordered (fault -> its value) from a double of ``device``; raises ``Refusal`` where a value is wrong.

    ``option`` is how the user said a fault.
    """

    def said(fault: str) -> str:
        return option.format(fault)

    def moment(fault: str) -> int:
        return time(said(fault), ordered[fault]) if fault in ordered else 0

    def every(fault: str) -> int | None:
        return whole(said(fault), ordered[fault]) if fault in ordered else None

    silent, error = every("silent"), ordered.get("error")
    if error is not None and not error.strip():
        raise Refusal(f"{said('error')} needs the words of the error", "for example `3 Not now`: the third request")
    trouble = Trouble(
        latency=moment("latency"),
        jitter=moment("jitter"),
        seed=whole(said("seed"), ordered["seed"], 0) if "seed" in ordered else 0,
        lose_every=every("lose-every"),
        drop_every=every("drop-every"),
        garbage_every=every("garbage-every"),
        nudge_every=moment("event-every") or None,
        nudges=tuple(event.order for event in device.events),
        no_goodbye="no-goodbye" in ordered,
    )
    switches: list[tuple[str, str | None]] = []
    switches += [(FAULT, f"silent {silent}")] if silent is not None else []
    switches += [(FAULT, f"error {error}")] if error is not None else []
    for fault, value in ordered.items():
        if fault in _own(device):
            its = any(row.name == fault for row in device.faults)
            switches.append((FAULT, f"{fault} {value}".rstrip()) if its else (fault, value or None))
    return Faults(trouble, tuple(switches))


def _own(device: Device) -> dict[str, str]:
    """Give what can be ordered from the double of a device besides, and what is said with it: faults and switches."""
    rows = (*device.faults, *device.switches)
    return {row.name: row.takes or "|".join(row.choices) for row in rows if row.name not in TAKES}


def read(
    option: str, words: Collection[str], devices: Mapping[str, Device], also: Mapping[str, str] | None = None
) -> dict[str, Faults]:
    """Read `FAULT=VALUE` and `DEVICE:FAULT=VALUE`, each for one of ``devices`` or for all that have it; raises
    ``Refusal``. ``also`` is ordered from all of them, and is right.
    """
    found: dict[str, dict[str, str]] = {name: {} for name in devices}
    if words and not devices:
        raise Refusal(f"{option} is for doubles, and there are none", "add `--doubles all`")
    for word in words:
        where, colon, what = word.partition(":")
        if not colon or "=" in where:
            where, what = "", word
        if where and where not in devices:
            way_out = did_you_mean(
                nearest(where, devices), sentence("doubles here: {names}", listed(map(quoted, devices)))
            )
            raise Refusal(f"{option}: there is no double called `{where}`", way_out)
        fault, equals, value = what.partition("=")
        known = {name: {**TAKES, **_own(devices[name])} for name in devices if where in {"", name}}
        takes = next((one[fault] for one in known.values() if fault in one), None)
        if takes is None:
            every = [name for one in known.values() for name in one]
            way_out = did_you_mean(nearest(fault, every), there_are(dict.fromkeys(every)))
            raise Refusal(f"{option}: there is no fault called `{fault}`", way_out)
        if bool(equals) != bool(takes) and not (takes.startswith("[") and takes.endswith("]")):
            form = f"{fault}={takes}" if takes else fault
            raise Refusal(f"{option}: it is `{form}`, not `{what}`")
        for name, able in known.items():
            if fault in able:
                found[name][fault] = value
    return {
        name: faults(devices[name], {**(also or {}), **ordered}, f"{option} {{}}") for name, ordered in found.items()
    }
