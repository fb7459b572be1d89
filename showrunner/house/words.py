"""What a conductor and a stagehand say to each other, as JSON and back: calls down, outputs up, presses.

A call is a list, its kind first. A verb is named by its name and form: the row itself is in the table on either side,
which is why the tables must be the same (``tables``).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from typing import Any, TypeAlias

from showrunner import __version__
from showrunner.devices.forms import hush
from showrunner.devices.vocabulary import (
    Answered,
    Argument,
    Command,
    Condition,
    Device,
    Ended,
    FrameAnswered,
    Happened,
    Heard,
    Listed,
    Output,
    Send,
    Values,
)
from showrunner.diagnostics.diagnostic import Span
from showrunner.engine.messages import (
    Brought,
    Call,
    Deliver,
    DeliverClear,
    DeliverFrame,
    Dial,
    Excerpt,
    Forget,
    Read,
    Silence,
    Silenced,
)
from showrunner.house.forms import Malformed, packed, plain, read
from showrunner.running.conductor import Sources
from showrunner.wires.wire import Pressed

Said: TypeAlias = dict[str, Any]
"""Something as JSON has it."""

_OUTPUTS: Mapping[str, type[Any]] = {
    "send": Send,
    "heard": Heard,
    "answered": Answered,
    "ended": Ended,
    "frame": FrameAnswered,
    "values": Values,
    "happened": Happened,
    "condition": Condition,
    "listed": Listed,
    "silenced": Silenced,
}
_NAMED = {kind: name for name, kind in _OUTPUTS.items()}

_CALLS: Mapping[str, type[Any]] = {
    "frame": DeliverFrame,
    "clear": DeliverClear,
    "read": Read,
    "forget": Forget,
    "silence": Silence,
    "dial": Dial,
}
_CALLED = {kind: name for name, kind in _CALLS.items()}

_NOWHERE = Span(0, 0, 0)
"""Where in the text a command stands is the conductor's business."""


def version() -> str:
    """Give what must be the same of all who play one show together: our version, and Python's minor."""
    return f"{__version__} {sys.version_info.major}.{sys.version_info.minor}"


def tables(devices: Mapping[str, Device]) -> str:
    """Give a hash of the tables of these devices: who has others cannot play the same show."""
    said = {
        name: [[v.name, v.form, v.lane, v.class_.value, v.finished.value, v.limit, v.keeps, v.round] for v in one.verbs]
        + [[e.name, e.form] for e in one.events]
        for name, one in sorted(devices.items())
    }
    return hashlib.sha256(packed(said)).hexdigest()[:16]


# --- outputs, up


def output_said(output: Output | Silenced) -> Said:
    """Give what a driver said as JSON."""
    return {"is": _NAMED[type(output)], **plain(output)}


def output_read(said: Any) -> Output | Silenced:
    """Read it back; raises ``Malformed``."""
    if not isinstance(said, dict) or said.get("is") not in _OUTPUTS:
        raise Malformed("no output of a driver")
    made: Output | Silenced = read(_OUTPUTS[said["is"]], {key: one for key, one in said.items() if key != "is"})
    return made


# --- calls, down


def call_said(call: Call) -> list[Any]:
    """Give a call as JSON: its kind, and what it says."""
    if isinstance(call, Deliver):
        return ["command", {"device": call.device, "id": call.id, "attempt": call.attempt, **_command(call.command)}]
    return [_CALLED[type(call)], plain(call)]


def call_read(said: Any, devices: Mapping[str, Device]) -> Call:
    """Read it back, for the ``devices`` by their names on the stage; raises ``Malformed``."""
    try:
        kind, keys = said
        if kind == "command":
            command = _command_read(keys, devices[keys["device"]])
            return Deliver(keys["device"], keys["id"], keys["attempt"], command)
        made: Call = read(_CALLS[kind], keys)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"no call: {error}") from error
    return made


def _command(command: Command) -> Said:
    verb = command.verb
    arguments = [[one.name, _value(one.value)] for one in command.arguments]
    lasting = {} if command.lasting is None else {"lasting": command.lasting}
    return {"verb": verb.name, "form": verb.form, "arguments": arguments, **lasting}


def _command_read(keys: Said, device: Device) -> Command:
    more = hush(device.verbs)
    rows = (*device.verbs, *([] if more is None else [more]))
    verb = next((row for row in rows if (row.name, row.form) == (keys["verb"], keys["form"])), None)
    if verb is None:
        raise Malformed(f"{device.name} has no `{keys['verb']} {keys['form']}`")
    arguments = tuple(Argument(str(name), _value_read(value), _NOWHERE) for name, value in keys["arguments"])
    return Command(keys["device"], verb, arguments, keys.get("lasting"))


def _value(value: Any) -> Any:
    """A table or a list may be a value of the kind `json`; what is several numbers is a tuple."""
    if isinstance(value, tuple):
        return {"of": "tuple", "is": list(value)}
    return {"of": "json", "is": value} if isinstance(value, dict | list) else value


def _value_read(said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    return tuple(said["is"]) if said["of"] == "tuple" else said["is"]


# --- presses


def press_said(pressed: Pressed) -> Said:
    """Give a press as JSON, with what its point means, or what came with it."""
    keys = {"action": pressed.action, "name": pressed.name, "to": pressed.to, "origin": pressed.origin}
    said = {key: one for key, one in keys.items() if one is not None}
    if isinstance(pressed.given, Excerpt):
        said["part"] = plain(pressed.given)
    elif isinstance(pressed.given, Sources):
        said["sources"] = plain(pressed.given)
    elif isinstance(pressed.given, Brought):
        said["brought"] = plain(pressed.given)
    return said


def press_read(said: Any) -> Pressed:
    """Read it back; raises ``Malformed``."""
    if not isinstance(said, dict) or not isinstance(said.get("action"), str):
        raise Malformed("no press")
    words = {key: said[key] for key in ("name", "to", "origin") if key in said}
    if not all(isinstance(one, str) for one in words.values()):
        raise Malformed("no press")
    given: object = None
    if "part" in said:
        given = read(Excerpt, said["part"])
    elif "sources" in said:
        given = read(Sources, said["sources"])
    elif "brought" in said:
        given = read(Brought, said["brought"])
    return Pressed(said["action"], given=given, **words)
