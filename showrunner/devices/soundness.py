"""Whether a device is described as it must be: what is wrong with a table, in words for whoever wrote it.

Of our own devices a test asks this; of a package from outside whoever loads it, for a mistake in there must stop
nothing else. Looks at rows only: no driver and no double is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from showrunner.devices.forms import placeholders
from showrunner.devices.vocabulary import COMMON, Class, Device, Event, Finished, Kind, Lane, Setting, Verb, Way

ACCEPTS = ("name", "index", "name or index", "text", "number", "duration", "switch", "choice", "json")
"""What may stand for a placeholder, as ``Kind.accepts`` says it."""

TAKEN = frozenset({"driver", "safe", "events", *(row.name for row in COMMON)})
"""Keys that the part of every device has in the stage file."""

ENCODINGS = ("json", "http", "sse", "osc", "datagram")

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_ROWS = {
    "verbs": Verb,
    "events": Event,
    "settings": Setting,
    "lanes": Lane,
    "ways": Way,
}
"""Fields of a device that are tuples -> what is in them."""


def unsound(device: object, name: str) -> str | None:
    """Say what is wrong with what a package offers as the device ``name``; None: nothing."""
    if not isinstance(device, Device):
        return f"`device` is no Device, but a {type(device).__name__}"
    try:
        return next(_wrongs(device, name), None)
    except Exception as error:  # noqa: BLE001 - anything may stand where something else should
        return f"its table cannot be read: {type(error).__name__}: {error}"


def _wrongs(device: Device, name: str) -> Iterator[str]:
    if device.name != name:
        yield f"it is offered as `{name}`, and calls itself `{device.name}`"
    if not _NAME.fullmatch(name):
        yield "a device's name is small letters, digits, `-` and `_`, a letter first"
    if not device.title:
        yield "it has no `title`"
    for field, kind in _ROWS.items():
        rows = getattr(device, field)
        if not isinstance(rows, tuple) or not all(isinstance(row, kind) for row in rows):
            yield f"`{field}` is no tuple of {kind.__name__}"
    for field in ("driver", "double", "unreachable"):
        if not callable(getattr(device, field)):
            yield f"`{field}` cannot be called"
    yield from _lanes(device)
    yield from _settings(device)
    for verb in device.verbs:
        for wrong in _verb(device, verb):
            yield f"`{verb.name} {verb.form}`".replace(" `", "`") + f": {wrong}"
    for event in device.events:
        for wrong in (*_form(device, event.row), *_fields(event)):
            yield f"event `{event.name}`: {wrong}"


def _lanes(device: Device) -> Iterator[str]:
    for lane in device.lanes:
        if lane.lapses is not None and (lane.again or 0) * 2 > lane.lapses:
            yield f"the lane `{lane.name}` has `again` at more than half of `lapses`"
    names = [way.name for way in device.ways]
    if not names or len(set(names)) < len(names):
        yield "its `ways` need names, each another"
    known = {row.name for row in device.settings}
    for way in device.ways:
        if way.setting not in known or (way.only is not None and way.only[0] not in known):
            yield f"the way `{way.name}` has an address in a setting that there is not"
        if way.encoding not in ENCODINGS or way.connects not in ("client", "server"):
            yield f"the way `{way.name}` is of no kind that there is"


def _settings(device: Device) -> Iterator[str]:
    names = [row.name for row in device.settings]
    for name in names:
        if name in TAKEN:
            yield f"the setting `{name}` has a name that every device's part has"
        if names.count(name) > 1:
            yield f"the setting `{name}` is there twice"
    lists = {row.name for row in device.catalogue}
    for row in device.catalogue:
        if row.of is not None and row.of not in lists:
            yield f"the list `{row.name}` belongs to `{row.of}`, and there is no such list"
    for setting in device.settings:
        if not setting.says.strip():
            yield f"the setting `{setting.name}` does not say what it means"
    said: Mapping[str, object] = {row.name: row.default for row in device.settings}
    if not str(device.unreachable(said)).strip():
        yield "`unreachable` says nothing"


def _verb(device: Device, verb: Verb) -> Iterator[str]:
    yield from _form(device, verb)
    if not _NAME.fullmatch(verb.name) and not verb.name.isidentifier():
        yield "its name is no word"
    if not verb.says.strip() or not verb.example.strip():
        yield "it does not say what it does, with an example"
    lanes = {lane.name: lane for lane in device.lanes}
    if not {verb.lane, *verb.beside} <= lanes.keys():
        yield "it takes a lane that there is not"
        return
    if (verb.class_ is Class.SPEECH) != (verb.speaks is not None):
        yield "what is of the class SPEECH says what it speaks, and nothing else does"
    if verb.class_ is Class.SPEECH and verb.finished not in (Finished.REPLY, Finished.REPORTED):
        yield "speech ends with its reply or is REPORTED"
    if (verb.keeps or verb.lasts is not None) and verb.finished is not Finished.REPORTED:
        yield "`keeps` and `lasts` are for what is REPORTED"
    if (verb.stream in ("set", "move")) != (verb.targets is not None):
        yield "what holds or moves values has `targets`, and nothing else has"
    if verb.stream in ("set", "move") and verb.finished is not Finished.STREAM:
        yield "what holds or moves values is a STREAM"
    if verb.finished is Finished.STREAM and verb.stream is None:
        yield "a STREAM sets, moves or releases"
    if verb.stream is not None and not lanes[verb.lane].rate:
        yield "it streams in a lane without a rate"
    if verb.stream == "release" and lanes[verb.lane].again is None:
        yield "it releases what its program keeps"


def _form(device: Device, row: Verb) -> Iterator[str]:
    try:
        own, *others = (set(placeholders(form)) - {"D"} for form in (row.form, *row.also))
    except ValueError as error:
        yield str(error)
        return
    if missing := own.union(*others) - row.kinds.keys():
        yield f"nothing says what {', '.join(sorted(missing))} may be"
    lists = {one.name for one in device.catalogue}
    for name, kind in row.kinds.items():
        if not isinstance(kind, Kind) or kind.accepts not in ACCEPTS:
            yield f"{name} accepts nothing that there is"
        elif bool(kind.choices) != (kind.accepts == "choice"):
            yield f"{name} has choices where it is a `choice`, and nowhere else"
        elif kind.catalogue is not None and kind.catalogue not in lists:
            yield f"{name} is looked up in a list that there is not: `{kind.catalogue}`"


def _fields(event: Event) -> Iterator[str]:
    for field in event.fields:
        if field.accepts not in ("text", "number", "switch") or not field.says.strip():
            yield f"the field `{field.name}` does not say what it is"
