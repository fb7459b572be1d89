"""A plan as a stage that can be looked at: what stands where and when, as plain data for the page that plays it.

Times are microseconds of the plan. No file, no clock: pictures and texts are handed in.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from showrunner.devices import motion
from showrunner.devices.presence import STANDS
from showrunner.devices.vocabulary import Answer, Command, Fixture
from showrunner.drawing import parts
from showrunner.drawing.style import hue, shape
from showrunner.reports.captions import planned
from showrunner.reports.timetable import Plan, TimedCommand, words
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import path_of
from showrunner.times import short

ALIVE = frozenset({"face", "mouth", "part", "badge", "framing", "position"})
"""Whoever has a verb that is drawn so is a puppet; all others are what stands around it."""

SEEN = 2_000_000
"""What has no length of its own is shown for so long, in microseconds."""

MOST = 20_000
"""So many of each thing are drawn; a show that has more is not drawn to its end."""


def staged(plan: Plan, cues: CueList, fixtures: Mapping[str, Fixture], texts: Mapping[str, str]) -> dict[str, Any]:
    """Give the stage. ``texts``: every script by its path. The pictures that a show shows are in it as data URLs."""
    used = [fixtures[name] for name in cues.devices]
    pictures = {path: url for one in used for path, url in one.settings.get("images", {}).items()}
    commands = [one for one in plan.commands if one.command is not None]
    curves = sorted([*_curves(plan, commands), *_at_once(commands)], key=lambda one: int(one["start"]))
    acts = [act for one in commands for act in _acts(one, cues.main, pictures)]
    begins = ([one["start"] for one in curves], [one["at"] for one in acts])
    seen = min((listed[MOST] for listed in begins if len(listed) > MOST), default=None)
    return {
        "title": cues.title or cues.main,
        "length": plan.length if seen is None else seen,
        "whole": plan.whole and seen is None,
        "devices": [{"name": one.name, "hue": hue(one), "shape": shape(one), "alive": alive(one)} for one in used],
        "segments": [
            {"name": one.name, "title": one.title or one.name, "at": one.start, "end": one.end} for one in plan.segments
        ],
        "cues": [
            {"at": one.at, "file": path_of(cues.main, one.label.file), "line": one.label.line}
            for one in plan.cues[:MOST]
        ],
        "acts": acts[:MOST],
        "curves": curves[:MOST],
        "captions": [
            {"device": one.device, "at": one.start, "end": one.end, "text": one.text, "emotion": one.emotion}
            for one in planned(plan)[:MOST]
        ],
        "waits": [
            {"at": one.start, "end": one.end, "words": one.what} for one in plan.waits[:MOST] if one.what != "then"
        ],
        "logs": [{"at": one.at, "end": one.at + SEEN, "words": one.message} for one in plan.logs[:MOST]],
        "files": [{"path": path, "text": text.replace("\r\n", "\n")} for path, text in texts.items()],
        "pictures": pictures,
        **parts.tables(),
    }


def alive(fixture: Fixture) -> bool:
    """Tell whether a device is drawn as a puppet."""
    return any(verb.draws in ALIVE for verb in fixture.device.verbs)


def _curves(plan: Plan, commands: list[TimedCommand]) -> Iterator[dict[str, Any]]:
    """Give what is held and moved. Where a camera or a model was put it ``stays`` when nothing holds it any more."""
    drawn = {one.id: one.command.verb.draws for one in commands if one.command is not None}
    for one in plan.curves:
        way = one.course
        yield {
            "device": one.device,
            "property": one.property,
            "from": way.start,
            "to": way.to,
            "path": way.path,
            "start": way.since,
            "arrives": way.arrives,
            "until": one.until,
            "ease": way.ease,
            **({} if way.shape is None else {"shape": motion.as_data(way.shape)}),
            "stays": drawn.get(one.id) in {"framing", "position"},
        }


def _at_once(commands: list[TimedCommand]) -> Iterator[dict[str, Any]]:
    """Give what is put somewhere by a single message, and stands there."""
    for one in commands:
        command = one.command
        if command is None or command.verb.values is None or command.verb.stream is not None:
            continue
        for name, value in command.verb.values(command).items():
            yield {
                "device": command.device,
                "property": name,
                "from": None,
                "to": value,
                "path": "line",
                "start": one.start,
                "arrives": one.start,
                "until": one.start,
                "ease": "linear",
                "stays": True,
            }


def _acts(one: TimedCommand, main: str, pictures: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Give what is seen of a command, and for how long."""
    command, shown = one.command, None if one.command is None else sight(one.command, pictures)
    if command is None or shown is None:
        return
    end = one.start if one.end is None else one.end
    stands = shown["draws"] in STANDS or shown["draws"] == "value"
    if command.verb.draws != "mouth":  # a picture is shown as long as is spoken, anything else a while
        end = max(end, one.start + SEEN)
    named = {"device": command.device, "file": path_of(main, one.file), "line": one.line}
    yield {**named, "at": one.start, "end": None if stands and command.verb.draws != "mouth" else end, **shown}


def sight(command: Command, pictures: Container[str]) -> dict[str, Any] | None:
    """Give what is seen of a command besides its values and its voice: as what it is drawn, in which words, and the
    ``key`` by which another takes its place. What cannot be drawn is written; None: nothing is seen.
    """
    verb, draws = command.verb, command.verb.draws
    if draws == "mouth":
        shown = [str(one.value) for one in command.arguments if verb.kinds[one.name].picture]
        if not shown:
            return None
        words = shown[-1] if shown[-1] in pictures else f"{shown[-1]} is missing"
        return {"draws": "picture", "key": "image", "words": words}
    if verb.stream is not None or verb.values is not None:
        return None
    given = next((str(value) for value in _values(command)), "")
    return {
        "draws": draws or "written",
        "key": given if draws in {"picture", "text", "value", "clip"} else "",
        "words": " ".join([verb.name, *map(str, _values(command))]),
    }


def _values(command: Command) -> Iterator[str]:
    """Give what is said behind a verb, as a person reads it; what its row fixes nobody said."""
    for argument in command.arguments:
        if (argument.name, argument.value) in command.verb.fixed:
            continue
        value: Any = argument.value
        kind = command.verb.kinds.get(argument.name)
        if value is True or value is False:
            yield "on" if value else "off"
        elif kind is not None and kind.accepts == "duration":
            yield short(value)
        elif isinstance(value, Answer):
            yield f"{{{value.name}}}"
        elif isinstance(value, tuple):
            yield words(value)
        else:
            yield str(value)
