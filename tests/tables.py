"""Small device tables and a one-line compile, for tests of forms and timeline alone: no driver, no double."""

from __future__ import annotations

from typing import Any

from showrunner.devices.presence import Voice
from showrunner.devices.vocabulary import (
    Class,
    Command,
    Device,
    Event,
    Field,
    Finished,
    Fixture,
    Inventory,
    Kind,
    Lane,
    Setting,
    Target,
    Utterance,
    Verb,
)
from showrunner.syntax import nodes
from showrunner.syntax.parser import parse
from showrunner.timeline.compiler import Compiled, Memory, compile_show
from tests.ways import DIALLED

NUMBER = Kind("number", "a number")
TIME = Kind("duration", "a time like `2s`")
PARAM = Kind("name", "a parameter's name", catalogue="parameters")
EASE = Kind("choice", "an ease", choices=("linear", "in", "out", "in-out", "sine", "step"))
EMOTION = Kind("choice", "an emotion", choices=("neutral", "happy", "angry", "sad", "relaxed", "surprised"))
TEXT = Kind("text", "a text in quotes")


def name(says: str, catalogue: str | None = None) -> dict[str, Kind]:
    return {"NAME": Kind("name", says, catalogue=catalogue)}


def targets(command: Command) -> tuple[Target, ...]:
    found: dict[str, list[Any]] = {}
    for argument in command.arguments:
        if argument.name == "PARAM":
            at = found.setdefault(argument.value, [])
        elif argument.name == "V":
            at.append(argument.value)
    return tuple(Target(param, values[-1], values[0] if len(values) > 1 else None) for param, values in found.items())


def releases(command: Command) -> tuple[str, ...]:
    return command.all("PARAM")


def texts(command: Command) -> tuple[Utterance, ...]:
    return tuple(map(Utterance, command.all("TEXT")))


STREAM: dict[str, Any] = {"lane": "main", "finished": Finished.STREAM, "targets": targets}
MOVES = {"PARAM": PARAM, "V": NUMBER, "D": TIME, "E": EASE}

ANIMAZE = (
    Verb("scene", "NAME", name("a scene's name", "scenes"), Class.STATE, "main", "x", "animaze scene Spaceship"),
    Verb("emote", "NAME", name("an emote's name", "emotes"), Class.IMPULSE, "main", "x", "animaze emote Emote_Wave",
         ends=False),
    Verb("action", "NAME", {"NAME": Kind("name or index", "an action's name", catalogue="actions")}, Class.IMPULSE,
         "main", "x", "animaze action Wave", ends=False),
    Verb("quickscene", "load INDEX", {"INDEX": Kind("index", "a place")}, Class.STATE, "main", "x",
         "animaze quickscene load 1", fixed=(("SAVE", False),)),
    Verb("quickscene", "save INDEX", {"INDEX": Kind("index", "a place")}, Class.IMPULSE, "main", "x",
         "animaze quickscene save 1", fixed=(("SAVE", True),)),
    Verb("broadcast", "STATE", {"STATE": Kind("switch", "`on` or `off`")}, Class.STATE, "main", "x",
         "animaze broadcast on"),
    Verb("camera", "fov DEGREES", {"DEGREES": Kind("number", "an angle", minimum=1, maximum=179)}, Class.STATE,
         "main", "x", "animaze camera fov 40", properties=lambda _: ("fov",)),
    Verb("camera", "fov DEGREES over D", {"DEGREES": Kind("number", "an angle", minimum=1, maximum=179), "D": TIME},
         Class.MOVE, "stream", "x", "animaze camera fov 40 over 2s", finished=Finished.STREAM, stream="move",
         targets=lambda command: (Target("fov", command.get("DEGREES")),)),
    Verb("override", "BEHAVIOUR SWITCH", {"BEHAVIOUR": Kind("choice", "a behaviour", choices=("Auto Blink",)),
         "SWITCH": Kind("switch", "`on` or `off`")}, Class.STATE, "main", "x", 'animaze override "Auto Blink" on'),
    Verb("chat", "TEXT", {"TEXT": TEXT}, Class.QUERY, "chat", "x", 'animaze chat "Hello"', limit=60_000_000,
         answers=True),
    Verb("echo", "TEXT", {"TEXT": TEXT}, Class.SPEECH, "chat", "x", 'animaze echo "Hello"', speaks=texts),
    Verb("call", "NAME [JSON]", {**name("an action"), "JSON": Kind("json", "a value in braces")}, Class.IMPULSE, "main",
         "x", "animaze call GetScenes {}", answers=True),
)  # fmt: skip
LIVE2D = (
    Verb("set", "PARAM V [PARAM V]… [for D]", MOVES, Class.STATE, says="x", example="live2d set ParamAngleY 10",
         stream="set", also=("PARAM to V [PARAM to V]…",), **STREAM),
    Verb("move", "PARAM [from V] to V [PARAM [from V] to V]… over D [ease E] [for D]", MOVES, Class.MOVE, says="x",
         example="live2d move ParamAngleY to 10 over 1s", stream="move", also=("PARAM V [PARAM V]… over D [ease E]",),
         **STREAM),
    Verb("release", "[PARAM]… [over D]", MOVES, Class.STATE, says="x", example="live2d release", stream="release",
         lane="main", releases=releases),
)  # fmt: skip
AITUBER = (
    Verb("say", "[EMOTION] TEXT [EMOTION TEXT]… [image PATH]",
         {"EMOTION": EMOTION, "TEXT": TEXT, "PATH": Kind("name", "a picture's path", picture=True)}, Class.SPEECH,
         "main", "x", 'say happy "Hello"', speaks=texts),
)  # fmt: skip


OSC = (
    Verb("send", "ADDR [V]…", {"ADDR": TEXT, "V": NUMBER}, Class.IMPULSE, "main", "x", 'send "/go"',
         finished=Finished.SENT),
)  # fmt: skip
OBS = (
    Verb("record", "SWITCH", {"SWITCH": Kind("switch", "on or off")}, Class.IMPULSE, "main", "x", "record on"),
    Verb("chapter", "TEXT", {"TEXT": TEXT}, Class.IMPULSE, "main", "x", 'chapter "x"', needs=("CreateRecordChapter",),
         since="OBS 30.2"),
)  # fmt: skip


def device(label: str, verbs: tuple[Verb, ...], *events: str) -> Device:
    def none(_: object) -> Any:
        raise AssertionError("these tables have no driver")

    said = (Field("text", "text", "x"),)
    told = tuple(Event(event, "", {}, said, event, f"wait for {label} {event} within 5s") for event in events)
    voice = Voice("say") if any(verb.name == "say" for verb in verbs) else None
    timeout = Setting("timeout", "duration", 5, "x")
    return Device(label, verbs, told, (timeout,), (Lane("main"),), (DIALLED,), none, none, str, voice=voice)


STAGE = {
    "animaze": Fixture("animaze", device("animaze", ANIMAZE, "AvatarChanged", "SceneChanged"), {}),
    "live2d": Fixture("live2d", device("live2d", LIVE2D), {}),
    "aituber": Fixture("aituber", device("aituber", AITUBER, "chat.message"), {"speech-rate": 10}),
}


def book(*files: tuple[str, str]) -> nodes.Book:
    """Read files as a book: the first is the script; `include "x"` brings in the file of that very name."""
    sources = {}
    includes = {}
    given = set()
    for path, text in files:
        parsed = parse(text, path)
        assert not parsed.findings, parsed.findings
        sources[path] = nodes.Source(path, text, parsed.script)
    for path, source in sources.items():
        for placed in source.script.items:
            if isinstance(placed.node, nodes.Include):
                part = placed.node.path.parts[0]
                if part not in given:
                    given.add(part)
                    includes[path, placed.line] = part
    return nodes.Book(files[0][0], sources, includes, "0" * 64)


def compiled(
    text: str,
    *parts: tuple[str, str],
    inventories: dict[str, Inventory] | None = None,
    previous: Memory | None = None,
    **limits: int,
) -> Compiled:
    return compile_show(book(("a.show", text), *parts), STAGE, inventories, previous, **limits)


def codes(text: str, *parts: tuple[str, str], inventories: dict[str, Inventory] | None = None) -> list[str]:
    """Give the findings of a show as `CODE line:column`."""
    found = compiled(text, *parts, inventories=inventories).findings
    return [f"{one.code} {one.place.line}:{one.place.column}" for one in found]
