"""What a show can ask of OBS: the verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices.obs import properties, sense
from showrunner.devices.obs.properties import KEYS, LIMITS, LOUDEST, SILENCE, owns
from showrunner.devices.vocabulary import (
    Class,
    Finished,
    Kind,
    Verb,
)
from showrunner.diagnostics.sentence import sentence

SECOND = 1_000_000
EASES = ("linear", "in", "out", "in-out", "sine", "step")
SLOW = 30 * SECOND

LANES = ("scene", "preview", "picture", "sound", "media", "output", "call")
STREAMED = ("picture", "sound")


# --- kinds of values

SCENE = Kind("name", sentence("a scene's name"), catalogue="scenes")
INPUT = Kind("name", sentence("an input's name"), catalogue="inputs")
SOURCE = Kind("name", sentence("the name of a source"))
_FILTER = Kind("name", sentence("the name of a filter"))
_SWITCH = {"SWITCH": Kind("switch", sentence("`on` or `off`"))}
PAIRS = {
    "KEY": Kind("name", sentence("what is told, in a word")),
    "VALUE": Kind("name", sentence("what is told of it, a word or a text")),
}
_NUMBER = Kind("number", sentence("a number"))
_OVER = {"D": Kind("duration", sentence("a time like `2s`")), "E": Kind("choice", sentence("an ease"), choices=EASES)}
_OVER_FORM = " [over D [ease E]]"
_WHERE = Kind("choice", sentence("what of its place changes"), choices=(*KEYS, *LIMITS))


# --- the rows


def _state(name: str, form: str, kinds: Mapping[str, Kind], lane: str, says: str, example: str, **more: Any) -> Verb:
    return Verb(name, form, kinds, Class.STATE, lane, says, f"obs {example}", **{"round": 0, **more})


def _impulse(name: str, form: str, kinds: Mapping[str, Kind], lane: str, says: str, example: str, **more: Any) -> Verb:
    return Verb(name, form, kinds, Class.IMPULSE, lane, says, f"obs {example}", **more)


def _move(name: str, form: str, kinds: Mapping[str, Kind], lane: str, says: str, example: str, **more: Any) -> Verb:
    return Verb(
        name,
        form + _OVER_FORM,
        {**kinds, **_OVER},
        Class.MOVE,
        lane,
        says,
        f"obs {example}",
        finished=Finished.STREAM,
        stream="move",
        round=0,
        **more,
    )


def _reported(name: str, form: str, kinds: Mapping[str, Kind], lane: str, says: str, example: str, **more: Any) -> Verb:
    more = {"finished": Finished.REPORTED, "keeps": True, **more}
    return _impulse(name, form, kinds, lane, says, example, **more)


def _output(name: str, says: str, **more: Any) -> Verb:
    return _reported(name, "SWITCH", _SWITCH, "output", says, f"{name} on", causes=(name,), **more)


VERBS = (
    _state(
        "scene",
        "NAME [by TRANSITION] [over D]",
        {
            "NAME": SCENE,
            "TRANSITION": Kind("name", sentence("a transition's name"), catalogue="transitions"),
            "D": Kind("duration", sentence("how long the transition lasts")),
        },
        "scene",
        "Brings a scene on air, by the transition that is chosen in OBS or another one. "
        "It is finished when the transition is over.",
        "scene Live by Fade over 1s",
        finished=Finished.REPORTED,
        keeps=True,
        round=2,
        properties=owns("scene"),
        lasts=sense.change_lasts,
        check=sense.transition,
        causes=("scene",),
        draws="frame",
    ),
    _state(
        "preview",
        "NAME",
        {"NAME": SCENE},
        "preview",
        "Chooses the scene that is prepared; needs studio mode.",
        "preview Break",
        after=("obs studio on",),
        round=1,
        properties=owns("preview"),
        causes=("preview",),
    ),
    _reported(
        "transition",
        "",
        {},
        "scene",
        "Brings what is prepared on air; needs studio mode. It is finished when the transition is over.",
        "transition",
        after=("obs studio on",),
        lasts=sense.change_lasts,
        causes=("scene", "preview"),
    ),
    _state(
        "studio",
        "SWITCH",
        _SWITCH,
        "preview",
        "Turns studio mode on or off: with it a scene is prepared while another is on air.",
        "studio on",
        properties=owns("studio"),
        causes=("scene",),
        only_with=(("scene", False),),
    ),
    _state(
        "show",
        "SOURCE [in SCENE]",
        {"SOURCE": SOURCE, "SCENE": SCENE},
        "picture",
        "Shows a source: in that scene, else in the one on air, or, if it is not in that, wherever it stands.",
        'show "Lower third" in Live',
        properties=owns("shown", "SCENE", "SOURCE"),
        check=sense.stands,
        fixed=(("SHOWN", True),),
        causes=("shown",),
        draws="picture",
    ),
    _state(
        "hide",
        "SOURCE [in SCENE]",
        {"SOURCE": SOURCE, "SCENE": SCENE},
        "picture",
        "Hides a source: in that scene, else in the one on air, or, if it is not in that, wherever it stands.",
        'hide "Lower third" in Live',
        properties=owns("shown", "SCENE", "SOURCE"),
        check=sense.stands,
        fixed=(("SHOWN", False),),
        causes=("hidden",),
        draws="picture",
    ),
    _move(
        "place",
        "SOURCE [in SCENE] KEY N [KEY N]…",
        {"SOURCE": SOURCE, "SCENE": SCENE, "KEY": _WHERE, "N": _NUMBER},
        "picture",
        "Puts a source somewhere, at once or in that time: `x`, `y`, `scale`, `rotation`, `width`, `height`, "
        "or what is cut off on a side.",
        'place "Lower third" in Live x 100 y 800 over 1s ease out',
        targets=properties.places,
        check=sense.places,
        draws="picture",
    ),
    _state(
        "text",
        "INPUT TEXT",
        {"INPUT": INPUT, "TEXT": Kind("text", sentence("the text, in quotes"))},
        "picture",
        "Writes a text into a text source.",
        'text "Lower third" "Good evening!"',
        properties=owns("text", "INPUT"),
        check=sense.of_kind(sense.TEXTS, "text source"),
        draws="text",
    ),
    _state(
        "file",
        "INPUT PATH",
        {"INPUT": INPUT, "PATH": Kind("name", sentence("a path, as the machine with OBS has it"))},
        "picture",
        "Gives a picture or a clip another file; a clip starts with it.",
        'file Jingle "C:/show/jingle.wav"',
        properties=owns("file", "INPUT"),
        causes=("started", "ended"),
        draws="picture",
    ),
    _state(
        "url",
        "INPUT TEXT",
        {"INPUT": INPUT, "TEXT": Kind("text", sentence("the address, in quotes"))},
        "picture",
        "Gives a browser source another address.",
        'url Chat "https://example.com/chat"',
        properties=owns("url", "INPUT"),
        check=sense.of_kind(("browser_source",), "browser source"),
        draws="page",
    ),
    _state(
        "filter",
        "SOURCE FILTER SWITCH",
        {"SOURCE": SOURCE, "FILTER": _FILTER, **_SWITCH},
        "picture",
        "Turns a filter of an input or a scene on or off.",
        "filter Back Tint off",
        properties=owns("filter", "SOURCE", "FILTER"),
        check=sense.filters,
        draws="value",
    ),
    _move(
        "tune",
        "SOURCE FILTER KEY N [KEY N]…",
        {"SOURCE": SOURCE, "FILTER": _FILTER, "KEY": Kind("name", sentence("a setting of the filter")), "N": _NUMBER},
        "picture",
        "Sets numbers of a filter, at once or in that time.",
        "tune Back Tint brightness 0.5 over 1s",
        targets=properties.tunes,
        check=sense.filters,
        draws="value",
    ),
    _move(
        "volume",
        "INPUT DB",
        {
            "INPUT": INPUT,
            "DB": Kind("number", sentence("decibels, from -100 (silence) to 26"), minimum=SILENCE, maximum=LOUDEST),
        },
        "sound",
        "Sets how loud an input is, at once or in that time: 0 is as it comes, -100 is silence.",
        "volume Jingle -20 over 2s",
        targets=properties.volumes,
        draws="value",
    ),
    _state(
        "mute",
        "INPUT",
        {"INPUT": INPUT},
        "sound",
        "Mutes an input.",
        "mute Jingle",
        properties=owns("mute", "INPUT"),
        fixed=(("MUTED", True),),
        causes=("muted",),
        draws="value",
    ),
    _state(
        "unmute",
        "INPUT",
        {"INPUT": INPUT},
        "sound",
        "Lets an input be heard again.",
        "unmute Jingle",
        properties=owns("mute", "INPUT"),
        fixed=(("MUTED", False),),
        causes=("unmuted",),
        draws="value",
    ),
    _reported(
        "play",
        "INPUT",
        {"INPUT": INPUT},
        "media",
        "Plays a clip from its beginning. It is finished when the clip is over, one that loops when it has begun.",
        "play Jingle",
        keeps=False,
        lasts=sense.clip_lasts,
        check=sense.of_kind(sense.MEDIA, "clip"),
        causes=("started", "ended"),
        draws="clip",
    ),
    *(
        _impulse(
            name,
            "INPUT",
            {"INPUT": INPUT},
            "media",
            says,
            f"{name} Jingle",
            check=sense.of_kind(sense.MEDIA, "clip"),
            after=after,
            causes=causes,
        )
        for name, says, after, causes in (
            ("pause", "Stops a clip where it is.", (), ()),
            (
                "resume",
                "Lets a clip go on that was stopped where it is.",
                ("obs play Jingle", "obs pause Jingle"),
                ("started", "ended"),
            ),
            ("stop", "Ends a clip; whatever waits for its end goes on.", (), ("ended",)),
        )
    ),
    _impulse(
        "seek",
        "INPUT D",
        {"INPUT": INPUT, "D": Kind("duration", sentence("a time from the clip's beginning"))},
        "media",
        "Goes to another place of a clip.",
        "seek Jingle 1s",
        check=sense.of_kind(sense.MEDIA, "clip"),
    ),
    _output(
        "record",
        "Starts or ends the recording; with the end the file is whole, and `-> name` keeps its path.",
        answers=True,
    ),
    _reported(
        "record",
        "pause",
        {},
        "output",
        "Lets the recording pause. It cannot where it shares the encoder of the stream.",
        "record pause",
        after=("obs record on",),
        fixed=(("DO", "pause"),),
        causes=("record",),
    ),
    _reported(
        "record",
        "resume",
        {},
        "output",
        "Lets the recording go on.",
        "record resume",
        after=(
            "obs record on",
            "obs record pause",
        ),
        fixed=(("DO", "resume"),),
        causes=("record",),
    ),
    _output("stream", "Goes live, or ends the stream."),
    _output("replay", "Turns the replay buffer on or off."),
    _output("camera", "Turns OBS' virtual camera on or off."),
    _impulse(
        "chapter",
        "TEXT",
        {"TEXT": Kind("text", sentence("the chapter's name, in quotes"))},
        "output",
        "Marks a chapter in the recording (in Hybrid MP4 only).",
        'chapter "First song"',
        after=("obs record on",),
        needs=("CreateRecordChapter",),
        since="OBS 30.2",
    ),
    _impulse(
        "caption",
        "TEXT",
        {"TEXT": Kind("text", sentence("what is read, in quotes"))},
        "output",
        "Sends a caption with the stream.",
        'caption "Good evening!"',
        after=("obs stream on",),
    ),
    _reported(
        "split",
        "",
        {},
        "output",
        "Goes on with the recording in another file; keep the path of that with `-> name`.",
        "split",
        after=("obs record on",),
        needs=("SplitRecordFile",),
        since="OBS 30.2",
        answers=True,
    ),
    _reported(
        "save",
        "replay",
        {},
        "output",
        "Saves what the replay buffer holds; keep the path of the file with `-> name`.",
        "save replay -> clip",
        after=("obs replay on",),
        answers=True,
        causes=("replay",),
    ),
    Verb(
        "screenshot",
        "SOURCE [W]",
        {"SOURCE": SOURCE, "W": Kind("number", sentence("a width in pixels"), minimum=8, maximum=4096)},
        Class.QUERY,
        "call",
        "Writes a picture of a scene or a source where OBS records to; keep the path of the file with `-> name`.",
        "obs screenshot Live 1280 -> picture",
        answers=True,
    ),
    _impulse(
        "hotkey",
        "NAME",
        {"NAME": Kind("name", sentence("a hotkey's name, as OBS lists it"), catalogue="hotkeys")},
        "call",
        "Triggers a hotkey of OBS. Nobody tells whether it did anything.",
        "hotkey OBSBasic.Screenshot",
    ),
    _impulse(
        "event",
        "KEY VALUE [KEY VALUE]…",
        PAIRS,
        "call",
        "Tells everybody who is connected to OBS something.",
        "event lamp on",
        causes=("custom",),
    ),
    _impulse(
        "call",
        "REQUEST [JSON]",
        {
            "REQUEST": Kind("name", sentence("a request of obs-websocket")),
            "JSON": Kind("json", sentence("its data in braces")),
        },
        "call",
        "Sends any request of obs-websocket, with its data in braces. Keep the answer with `-> name`.",
        "call GetStats -> stats",
        answers=True,
        check=sense.requested,
    ),
    _impulse(
        "vendor",
        "NAME REQUEST [KEY VALUE]…",
        {
            "NAME": Kind("name", sentence("the name under which a plug-in has registered")),
            "REQUEST": Kind("name", sentence("a request of the plug-in")),
            **PAIRS,
        },
        "call",
        "Asks another plug-in of OBS for something. Keep the answer with `-> name`.",
        "vendor obs-browser emit_event -> answer",
        answers=True,
    ),
    *(
        _reported(
            name,
            "NAME",
            {"NAME": Kind("name", sentence("the name of a {spoken}", spoken), catalogue=listed)},
            "call",
            f"Changes to another {spoken}. Nothing else is asked of OBS until it is there.",
            example,
            beside=tuple(lane for lane in LANES if lane != "call"),
            limit=SLOW,
        )
        for name, listed, spoken, example in (
            ("collection", "collections", "scene collection", "collection Second"),
            ("profile", "profiles", "profile", "profile Second"),
        )
    ),
)
