"""What a show can say by OSC: the verbs, the events, and the settings of the stage file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from showrunner.devices.osc_arguments import ADDRESS, KINDS, VALUES, objections, typed
from showrunner.devices.vocabulary import (
    FAULTS,
    Argument,
    Class,
    Command,
    Event,
    Field,
    Finished,
    Inventory,
    Kind,
    Number,
    Objection,
    Quantity,
    Setting,
    Switch,
    Target,
    Verb,
)
from showrunner.diagnostics.sentence import sentence

SECOND = 1_000_000
AGAIN = 100_000
"""A datagram may be lost: what is held is sent again so often, and what was set once more."""

EASES = ("linear", "in", "out", "in-out", "sine", "step")

MATCHED, TOLD = 4, 16
"""By so many leading arguments an event is matched; so many of them it tells."""

_TO = Kind("number", sentence("a number"))


def _objections(command: Command, _: Inventory | None) -> tuple[Objection, ...]:
    return objections(command.arguments, "ADDR", "ADDR2")


def _move(command: Command) -> tuple[Target, ...]:
    targets: list[Target] = []
    name, start = "", None
    for argument in command.arguments:
        if argument.name == "ADDR":
            name, start = argument.value, None
        elif argument.name == "A":
            start = argument.value
        elif argument.name == "B":
            targets.append(Target(name, argument.value, start))
    return tuple(targets)


def _addresses(command: Command) -> tuple[str, ...]:
    return command.all("ADDR")


def _values(command: Command) -> Mapping[str, Quantity]:
    """Give where the next move begins: at one number, if it is set to that."""
    pairs = typed(command.arguments)
    numbers = [value for type_, value in pairs if type_ in {"i", "h", "f"}]
    return {command.get("ADDR"): numbers[0]} if len(pairs) == len(numbers) == 1 else {}


VERBS = (
    Verb(
        name="send",
        form=f"ADDR {VALUES}…",
        kinds={"ADDR": ADDRESS, **KINDS},
        class_=Class.IMPULSE,
        lane="main",
        says="Sends a message, once.",
        example='osc send "/cue/7/start"',
        finished=Finished.SENT,
        check=_objections,
    ),
    Verb(
        name="set",
        form=f"ADDR {VALUES}…",
        kinds={"ADDR": ADDRESS, **KINDS},
        class_=Class.STATE,
        lane="values",
        says="Sets an address to values: sent twice, and again wherever a show begins in its middle.",
        example='osc set "/light/1/dim" 0.5',
        finished=Finished.SENT,
        properties=_addresses,
        values=_values,
        check=_objections,
        draws="value",
    ),
    Verb(
        name="move",
        form="ADDR [from A] to B [ADDR [from A] to B]… over D [ease E]",
        kinds={
            "ADDR": ADDRESS,
            "A": _TO,
            "B": _TO,
            "D": Kind("duration", sentence("a time like `300ms`")),
            "E": Kind("choice", sentence("an ease"), choices=EASES),
        },
        class_=Class.MOVE,
        lane="values",
        says="Moves addresses to numbers in that time, and holds them there.",
        example='osc move "/light/1/dim" from 0 to 1 over 2s ease in-out',
        finished=Finished.STREAM,
        stream="move",
        targets=_move,
        check=_objections,
        draws="value",
    ),
    Verb(
        name="ask",
        form=f"ADDR {VALUES}… [for ADDR2]",
        kinds={"ADDR": ADDRESS, "ADDR2": ADDRESS, **KINDS},
        class_=Class.QUERY,
        lane="questions",
        says="Sends a message and waits for what comes at another address: `/reply` and its own, unless said. "
        "Keep it with `-> name`.",
        example='osc ask "/version"',
        finished=Finished.REPORTED,
        keeps=True,
        answers=True,
        causes=("",),
        check=_objections,
    ),
)


def _fits(asked: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Tell whether a message came to this address, or below it (`/chat/*`), and begins with these values."""
    address, came = str(asked["ADDR"]), str(said.get("address", ""))
    below = address.endswith("/*") and came.startswith(address[:-1])
    if came != address and not below:
        return False
    values = [value for name, value in asked.items() if name != "ADDR"]
    return all(_same(value, said.get(f"arg{place}")) for place, value in enumerate(values, 1))


def _same(asked: Any, said: Any) -> bool:
    if asked == "*" and said is not None:
        return True
    if isinstance(said, bool) or isinstance(asked, str):
        return bool(asked == {True: "on", False: "off"}.get(said, said) if isinstance(said, bool) else asked == said)
    # A short number of OSC has seven digits.
    return isinstance(said, int | float) and math.isclose(asked, said, rel_tol=1e-6)


def fields(address: str, args: Sequence[Sequence[Any]], sender: str) -> dict[str, str | Number]:
    """Give what a message says, by the fields of its row."""
    said = [_said(type_, value) for type_, value in args[:TOLD]]
    found: dict[str, str | Number] = {"value": said[0]} if said else {}
    found |= {f"arg{place}": value for place, value in enumerate(said, 1)}
    return {**found, "count": len(args), "address": address, "sender": sender}


def _said(type_: str, value: Any) -> str | Number:
    if value is None:
        return "nil" if type_ == "N" else "impulse"
    return value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)


def _tells(values: Sequence[str | Number]) -> Mapping[str, str | Number]:
    address, *args = values
    return fields(str(address), [["s" if isinstance(one, str) else "f", one] for one in args], "")


def _below(arguments: Sequence[Argument]) -> tuple[Objection, ...]:
    """An event's address may end in `/*`."""
    plain = [
        replace(one, value=one.value.removesuffix("/*") or "/") if one.name == "ADDR" else one for one in arguments
    ]
    return objections(plain, "ADDR")


_ANY = "[" + "] [".join(f"NUMBER{n}|TEXT{n}|WORD{n}" for n in range(1, MATCHED + 1)) + "]"
_WORD = Kind("choice", sentence("`on`, `off` or `nil`"), choices=("on", "off", "nil"))

EVENTS = (
    Event(
        "",
        f"ADDR {_ANY}",
        {
            "ADDR": ADDRESS,
            **{f"NUMBER{n}": KINDS["NUMBER"] for n in range(1, MATCHED + 1)},
            **{f"TEXT{n}": KINDS["TEXT"] for n in range(1, MATCHED + 1)},
            **{f"WORD{n}": _WORD for n in range(1, MATCHED + 1)},
        },
        (
            Field("value", "text", "the first argument", stranger=True),
            *(Field(f"arg{n}", "text", f"argument {n}", stranger=True) for n in range(1, TOLD + 1)),
            Field("count", "number", "how many arguments there are"),
            Field("address", "text", "where it came to", stranger=True),
            Field("sender", "text", "where it came from"),
        ),
        'a message came to that address (`"/cue/*"`: to any below it) that begins with those arguments (`"*"`: any)',
        'wait for osc "/cue/7/done" within 1m',
        fits=_fits,
        check=_below,
        tells=_tells,
        switch=("event", "/go 1"),
    ),
)

SETTINGS = (
    Setting("send", "udp", "udp://127.0.0.1:53000", "where messages are sent to"),
    Setting("listen", "udp", "", "where messages are heard; nothing is heard without", example="udp://127.0.0.1:53001"),
    Setting("from", "text", "", "the machines whose messages are heard, with blanks between them; else all that can"),
    Setting("timeout", "duration", 2 * SECOND, "how long `ask` waits for what it asks"),
    Setting("rate", "number", 30, "messages a second while values move"),
)

SWITCHES = (
    Switch("event", takes="ADDRESS [VALUE]…", says="a message comes of it"),
    Switch("reply", takes="ADDRESS JSON", says="what is answered to a message at that address"),
)

ON_ORDER = tuple(one for one in FAULTS if one.name == "silent")
"""Of what can go wrong with others, there are no connections here and no errors."""

_CUE = sentence('a program has addresses for what it can do: `osc send "/cue/1/start"`')
LACKS = {
    "go": _CUE,
    "start": _CUE,
    "stop": _CUE,
    "cue": _CUE,
    "press": _CUE,
    "fade": sentence("`move … over 2s` fades"),
}
"""What people try."""


def unreachable(settings: Mapping[str, Any]) -> str:
    """Say what to look at when nothing can be sent."""
    return f"Nothing can be sent to {settings['send']}: look at `send` in the stage file, and at the network."
