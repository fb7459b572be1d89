"""A plan as a stage that can be looked at: what stands where and when, as plain data for the page that plays it.

Times are microseconds of the plan. What is as it is nearly always (an ease that is none, no end) is left out. No file,
no clock: pictures and texts are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from showrunner.devices import motion
from showrunner.devices.vocabulary import Fixture
from showrunner.drawing import parts
from showrunner.drawing.acts import SEEN, acts, page_act, paged
from showrunner.drawing.style import hue, shape
from showrunner.drawing.turns import Turned
from showrunner.reports.timetable import Plan, TimedCommand
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import path_of

ALIVE = frozenset({"face", "mouth", "part", "badge", "framing", "position"})
"""Whoever has a verb that is drawn so is a puppet; all others are what stands around it."""

MOST = 20_000
"""So many of each thing are drawn; a show that has more is not drawn to its end."""

LONG = 500
"""So many characters of a caption or a log are shown."""

Scene = dict[str, Any]


def staged(
    plan: Plan,
    cues: CueList,
    fixtures: Mapping[str, Fixture],
    texts: Mapping[str, str],
    whens: Iterable[Turned] = (),
) -> Scene:
    """Give the stage. ``texts``: every script by its path. ``whens``: what would come of events, laid over it when
    somebody wants to see that. The pictures that a show shows are in it as data URLs.
    """
    used = [fixtures[name] for name in cues.devices]
    pictures = {path: url for one in used for path, url in one.settings.get("images", {}).items()}
    whole = _scene(plan, cues.main, fixtures, pictures)
    begins = [one["start"] for one in whole["curves"]], [one["at"] for one in whole["acts"]]
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
        **whole,
        "acts": whole["acts"][:MOST],
        "curves": whole["curves"][:MOST],
        "waits": [
            _slim({"at": one.start, "end": one.end, "words": one.what})
            for one in plan.waits[:MOST]
            if one.what != "then"
        ],
        "pads": [
            {
                "name": one.called,
                "segment": one.segment,
                "file": one.file,
                "line": one.line,
                "turns": [{"length": turn.length, **_scene(turn, cues.main, fixtures, pictures)} for turn in one.turns],
            }
            for one in whens
        ],
        "files": [{"path": path, "text": text.replace("\r\n", "\n")} for path, text in texts.items()],
        "pictures": pictures,
        **parts.tables(),
    }


def _scene(plan: Plan, main: str, fixtures: Mapping[str, Fixture], pictures: Mapping[str, str]) -> Scene:
    """Give what moves, what is seen, said and written in a plan, or in a turn that is one."""
    commands = [one for one in plan.commands if one.command is not None]
    pages = list(paged(commands, fixtures))
    seen = [*acts(commands, fixtures, main, pictures), *(page_act(one, page, main) for one, page in pages)]
    return {
        "acts": [_slim(one) for one in sorted(seen, key=lambda act: int(act["at"]))],
        "curves": [_slim(one) for one in _gone([*_curves(plan, commands), *_at_once(commands)])],
        "captions": _captions(plan, commands, pages, main)[:MOST],
        "logs": [{"at": one.at, "end": one.at + SEEN, "words": _short(one.message)} for one in plan.logs[:MOST]],
    }


def _slim(row: Scene) -> Scene:
    """Leave out what is as it is nearly always."""
    usual = {"path": "line", "ease": "linear", "key": ""}
    return {key: one for key, one in row.items() if one is not None and one is not False and one != usual.get(key)}


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[:LONG]}\u2026"


def alive(fixture: Fixture) -> bool:
    """Tell whether a device is drawn as a puppet."""
    return any(verb.draws in ALIVE for verb in fixture.device.verbs)


def _captions(plan: Plan, commands: Sequence[TimedCommand], pages: Iterable[Any], main: str) -> list[Scene]:
    """Give what is said, in the order in which it begins: what commands speak, and what belongs to a page."""
    of = {one.id: one for one in commands}
    said: list[Scene] = []
    for voice in plan.voices:
        place = _place(of.get(voice.id), main)
        for part in voice.utterances:
            spoken = {"device": voice.device, "at": part.start, "end": part.end, "text": part.text}
            said.append({**spoken, "emotion": part.emotion, **place})
    for one, page in pages:
        for start, end, text, emotion in page.says:
            spoken = {"device": one.device, "at": start, "end": end, "text": text}
            said.append({**spoken, "emotion": emotion, **_place(one, main)})
    return sorted((_slim(one) for one in said if one["end"] > one["at"]), key=lambda one: (one["at"], one["end"]))


def _place(one: TimedCommand | None, main: str) -> Scene:
    return {} if one is None else {"file": path_of(main, one.file), "line": one.line}


def _curves(plan: Plan, commands: Sequence[TimedCommand]) -> Iterator[Scene]:
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
            "shape": None if way.shape is None else motion.as_data(way.shape),
            "stays": drawn.get(one.id) in {"framing", "position"},
        }


def _at_once(commands: Sequence[TimedCommand]) -> Iterator[Scene]:
    """Give what is put somewhere by a single message, and stands there."""
    for one in commands:
        command = one.command
        if command is None or command.verb.values is None or command.verb.stream is not None:
            continue
        for name, value in command.verb.values(command).items():
            yield {
                "device": command.device,
                "property": name,
                "to": value,
                "start": one.start,
                "arrives": one.start,
                "until": one.start,
                "stays": True,
            }


def _gone(curves: list[Scene]) -> list[Scene]:
    """Say of each curve when the next of its property takes its place (``gone``); in the order in which they begin."""
    curves.sort(key=lambda one: int(one["start"]))
    last: dict[tuple[str, str], Scene] = {}
    for one in curves:
        place = (one["device"], one["property"])
        if place in last:
            last[place]["gone"] = one["start"]
        last[place] = one
    return curves
