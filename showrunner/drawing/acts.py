"""What is seen of the commands of a plan besides values and voices: from when to when, as what, in which words.

Times are microseconds of the plan. Where something stands until another thing takes its place, that is found here, so
whoever draws an instant need only look at which things are there then.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from showrunner.devices.presence import Page
from showrunner.devices.sights import owned, spelled, taken_off
from showrunner.devices.vocabulary import Command, Fixture
from showrunner.drawing import parts
from showrunner.reports.timetable import TimedCommand
from showrunner.timeline.labels import path_of

SEEN = 2_000_000
"""What has no length of its own is shown for so long, in microseconds."""

Act = dict[str, Any]
"""What is seen: ``device``, ``at``, ``end`` (missing: to the end of the show), ``draws``, ``words``, its ``key``, and
where in the script it is said, ``file`` and ``line``; what there is of ``image`` (its path), ``page``, ``off`` (it is
taken off), ``feeling`` and ``gesture``, and of a scene ``took`` (how long its transition lasts) and ``was`` (what stood
before).
"""


def acts(
    commands: Iterable[TimedCommand], fixtures: Mapping[str, Fixture], main: str, pictures: Mapping[str, str]
) -> list[Act]:
    """Give what is seen, in the order in which it begins; ``pictures`` by the paths that commands name."""
    made: list[Act] = []
    standing: dict[tuple[str, str], Act] = {}
    for one in commands:
        command, shown = one.command, None if one.command is None else sight(one.command, pictures)
        if command is None or shown is None:
            continue
        if fixtures[command.device].device.pages is not None and command.verb.draws == "page":
            continue
        act = _act(one, command, shown, path_of(main, one.file))
        _put(standing, command, act)
        made.append(act)
    return sorted(made, key=lambda act: int(act["at"]))


def sight(command: Command, pictures: Container[str]) -> Act | None:
    """Give what is seen of a command besides its values and its voice: as what it is drawn, in which words, and the
    ``key`` by which another takes its place. What cannot be drawn is written; None: nothing is seen.
    """
    verb = command.verb
    shown = [str(one.value) for one in command.arguments if one.name in verb.kinds and verb.kinds[one.name].picture]
    if shown:
        path = shown[-1]
        missing = path not in pictures
        named = {"words": f"{path} is missing"} if missing else {"words": path, "image": path}
        return {"draws": "picture", "key": "image", **named}
    speaks = verb.speaks is not None and bool(verb.speaks(command))
    if speaks or verb.stream is not None or verb.values is not None:
        return None
    own, gone = owned(command), taken_off(command) is not None
    draws = "written" if verb.draws in {None, "mouth"} else verb.draws
    act: Act = {"draws": draws, "key": own[0] if own else "", "words": spelled(command)}
    if gone:
        act["off"] = True
    elif draws in {"badge", "face"}:
        name = " ".join(str(argument.value) for argument in command.arguments)
        feeling = parts.meant(parts.FEELINGS, name)
        act |= {} if feeling is None else {"feeling": feeling}
        act |= {"gesture": parts.meant(parts.MOTIONS, name) or "small"} if draws == "badge" else {}
    return act


def _act(one: TimedCommand, command: Command, shown: Act, file: str) -> Act:
    end = one.start if one.end is None else one.end
    act = {"device": command.device, "file": file, "line": one.line, "at": one.start, **shown}
    if shown["draws"] == "frame":
        act["took"] = end - one.start
    if command.verb.draws == "mouth":
        act["end"] = end
    elif "off" in shown or not owned(command):
        act["end"] = max(end, one.start + SEEN) if shown["draws"] != "clip" or end == one.start else end
    return act


def _put(standing: dict[tuple[str, str], Act], command: Command, act: Act) -> None:
    """Take off what stood where this comes to stand, or what it takes off."""
    own, gone = owned(command), taken_off(command)
    for place in list(standing):
        device, key = place
        if device != command.device or not (key in own or any(key.startswith(begin) for begin in gone or ())):
            continue
        before = standing.pop(place)
        before["end"] = act["at"]
        if act["draws"] == before["draws"] == "frame":
            act["was"] = before["words"]
    if own and gone is None:
        standing[command.device, own[0]] = act


def paged(commands: Iterable[TimedCommand], fixtures: Mapping[str, Fixture]) -> Iterator[tuple[TimedCommand, Page]]:
    """Give the pages that are seen, each with the command that it comes of."""
    by_device: dict[str, list[TimedCommand]] = {}
    for one in commands:
        if one.command is not None and one.command.verb.draws == "page":
            by_device.setdefault(one.command.device, []).append(one)
    for name, listed in by_device.items():
        fixture = fixtures[name]
        if fixture.device.pages is None:
            continue
        played = [
            (one.command, one.start, one.start if one.end is None else one.end)
            for one in listed
            if one.command is not None
        ]
        for page in fixture.device.pages(played, fixture.settings):
            yield listed[page.by], page


def page_act(one: TimedCommand, page: Page, main: str) -> Act:
    """Give what is seen of a page."""
    numbered = f"page {page.number} of {page.of}"
    return {
        "device": one.device,
        "file": path_of(main, one.file),
        "line": one.line,
        "at": page.start,
        **({} if page.end is None else {"end": page.end}),
        "draws": "page",
        "words": f"{numbered}: {page.title}" if page.title else numbered,
        "page": {"number": page.number, "of": page.of, "title": page.title, "lines": list(page.lines)},
    }
