"""What OBS tells that a show can wait for, and what the double can be made to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from showrunner.devices.obs.table import INPUT, PAIRS, SCENE, SOURCE
from showrunner.devices.switches import ON_OFF
from showrunner.devices.vocabulary import Event, Field, Kind, Switch
from showrunner.diagnostics.sentence import sentence

BOTH = ("started", "stopped")


def _holds(values: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Tell whether a custom event has all that was asked for, and perhaps more."""
    try:
        found = json.loads(str(said.get("data")))
    except ValueError:
        found = None
    key, value = values.get("KEY"), values.get("VALUE")
    if key is None:
        return True
    return isinstance(found, dict) and key in found and value in (None, str(found[key]))


def _event(name: str, form: str, kinds: Mapping[str, Kind], fields: tuple[Field, ...], says: str, **more: Any) -> Event:
    example = more.pop("example", f"wait for obs {name} within 1m")
    return Event(name, form, kinds, fields, says, example, **more)


def _outputs(name: str, says: str, *more: str, path: bool = False) -> Event:
    kinds = {"STATE": Kind("choice", sentence("what has become of it"), choices=(*BOTH, *more))}
    written = (Field("path", "text", "the file, where OBS says it"),) if path else ()
    fields = (Field("state", "text", f"what has become of it: {', '.join((*BOTH, *more))}"), *written)
    return _event(name, "[STATE]", kinds, fields, says, example=f"wait for obs {name} started within 1m")


_TOLD = Field("data", "text", "what it says, as JSON", stranger=True, longest=5000)
_CLIP = Field("input", "text", "the input's name")
_ITEM = (Field("source", "text", "the name of the source"), Field("scene", "text", "the scene in which it stands"))

EVENTS = (
    _event(
        "scene",
        "[NAME]",
        {"NAME": SCENE},
        (Field("scene", "text", "the scene that is on air"),),
        "another scene is on air, its transition is over",
        example="wait for obs scene Live within 1m",
    ),
    _event(
        "preview",
        "[NAME]",
        {"NAME": SCENE},
        (Field("scene", "text", "the scene that is prepared"),),
        "another scene is prepared, in studio mode",
        example="wait for obs preview Break within 1m",
    ),
    _event(
        "started",
        "[INPUT]",
        {"INPUT": INPUT},
        (_CLIP,),
        "a clip has begun, or goes on",
        example="wait for obs started Jingle within 1m",
    ),
    _event(
        "ended",
        "[INPUT]",
        {"INPUT": INPUT},
        (_CLIP,),
        "a clip is over, or was stopped",
        example="wait for obs ended Jingle within 1m",
    ),
    _outputs("record", "the recording has started, paused, gone on or stopped", "paused", "resumed", path=True),
    _outputs("stream", "the stream has started or stopped, or is broken and mended", "reconnecting", "reconnected"),
    _outputs("replay", "the replay buffer has started, stopped or was saved", "saved", path=True),
    _outputs("camera", "the virtual camera has started or stopped"),
    _event("muted", "[INPUT]", {"INPUT": INPUT}, (_CLIP,), "an input was muted"),
    _event("unmuted", "[INPUT]", {"INPUT": INPUT}, (_CLIP,), "an input can be heard again"),
    _event("shown", "[SOURCE]", {"SOURCE": SOURCE}, _ITEM, "a source was shown in a scene"),
    _event("hidden", "[SOURCE]", {"SOURCE": SOURCE}, _ITEM, "a source was hidden in a scene"),
    _event(
        "custom",
        "[KEY [VALUE]]",
        PAIRS,
        (_TOLD,),
        "somebody who is connected to OBS has told everybody something, with at least this in it",
        example="wait for obs custom lamp on within 1m",
        fits=_holds,
    ),
    _event(
        "vendor",
        "[NAME [EVENT]]",
        {
            "NAME": Kind("name", sentence("the name of a plug-in")),
            "EVENT": Kind("name", sentence("the plug-in's own event")),
        },
        (
            Field("vendor", "text", "the name of the plug-in"),
            Field("event", "text", "the plug-in's own event"),
            _TOLD,
        ),
        "another plug-in of OBS has told something",
    ),
)

VERSIONS: Mapping[str, str] = {"5.1.0": "29.0.2", "5.5.1": "30.2.0", "5.7.3": "32.1.2"}
"""Versions of obs-websocket that the double can be told to have -> the OBS that brings it."""

SWITCHES = (
    Switch("order", ("reply", "event", "mixed"), says="what comes first, the answer or the event"),
    Switch("lost", ("end", "none"), says="the ends of what was begun are not told"),
    Switch("slow", takes="TIME", says="every answer comes so much later"),
    Switch("stream", ("works", "fails"), says="whether there is a server to stream to"),
    Switch("version", tuple(VERSIONS), says="of obs-websocket"),
    Switch("camera", ("there", "missing"), says="whether there is a driver for the virtual camera"),
    Switch("password", takes="TEXT", says="`none`: it wants none"),
    Switch("scene", takes="NAME", says="somebody chooses a scene in OBS"),
    Switch("studio", ON_OFF),
    Switch("collection", takes="NAME"),
    Switch("kick", says="everybody is thrown out"),
    Switch("close", says="OBS is closed"),
    Switch("event", tuple(event.name for event in EVENTS), "NAME [VALUE]"),
)
