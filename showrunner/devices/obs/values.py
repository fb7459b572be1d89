"""Values that move: which requests a frame of them is, and what OBS shows of them.

OBS carries requests out side by side, so of two frames on their way the older might win: several values of one frame
are one batch, and the engine sends the next when that is answered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from showrunner.devices.obs.items import Found, Items
from showrunner.devices.obs.properties import PLACE, TUNE, VOLUME, WHOLE, named, parts
from showrunner.devices.obs.protocol import Code, Reply, number, request
from showrunner.devices.obs.requests import Requests
from showrunner.devices.vocabulary import Frame, FrameAnswered, Number, Output, Quantity, Values

Thing: TypeAlias = tuple[str, ...]
"""What several properties belong to: an input, a filter of a source, a source in a scene."""

ECHOES = 64
"""So many values that were sent are remembered, to know them again when OBS tells of them."""

ALIKE = 0.01
"""Volumes that are as near as this (decibels) are one."""


class Streams:
    """What moves in one OBS."""

    def __init__(self, requests: Requests, items: Items) -> None:
        self._requests = requests
        self._items = items
        self._found: dict[tuple[str, str], tuple[str, int]] = {}
        self._sent: dict[str, deque[tuple[float, int]]] = {}
        self._numbers: dict[str, list[int]] = {}

    def clear(self) -> None:
        """Forget all: another OBS, or another collection, has other items."""
        self._found.clear()
        self._sent.clear()
        self._numbers.clear()

    def elsewhere(self) -> None:
        """Note that another scene is on air: what stands `in` no named scene is looked up anew."""
        self._found = {place: item for place, item in self._found.items() if place[0]}

    def supersede(self, lane: str, number: int) -> int | None:
        """Note that a frame follows in its lane; give when the oldest went that was waited for until now."""
        older = self._numbers.setdefault(lane, [])
        since = self._requests.supersede(number, older)
        older[:] = [*older[-8:], number]
        return since

    def frame(self, number: int, values: Mapping[str, Quantity], now: int) -> list[Output]:
        """Send the values of one frame."""
        things = _things(values)

        def go(missing: Mapping[Thing, str], when: int) -> list[Output]:
            asked: list[tuple[Thing, Frame]] = []
            for thing, names in things.items():
                if thing not in missing:
                    shown = {parts(name)[-1]: _tidy(name, values[name]) for name in names}
                    asked.append((thing, self._order(thing, names[0], shown, number)))
            refused = dict(missing)

            def then(reply: Reply, _: int) -> list[Output]:
                for (thing, _frame), part in zip(asked, reply.results or (reply,), strict=False):
                    if not part.ok:
                        refused[thing] = part.why or "refused"
                        if part.code == Code.NOT_FOUND and thing[0] == PLACE:
                            self._found.pop((thing[1], thing[2]), None)
                return [_judged(number, things, refused)]

            if not asked:
                return [_judged(number, things, refused)]
            if len(asked) == 1:
                one = asked[0][1]
                return [self._requests.ask(when, one["requestType"], one["requestData"], then, number=number)]
            return [self._requests.batch(when, [one for _, one in asked], then, number=number)]

        return self._look_up(list(things), {}, go, now, number)

    def _order(self, thing: Thing, name: str, shown: Mapping[str, Number], number: int) -> Frame:
        if thing[0] == VOLUME:
            (volume,) = shown.values()
            self._sent.setdefault(name, deque(maxlen=ECHOES)).append((volume, number))
            return request("SetInputVolume", {"inputName": thing[1], "inputVolumeDb": volume})
        if thing[0] == TUNE:
            data = {"sourceName": thing[1], "filterName": thing[2], "filterSettings": dict(shown), "overlay": True}
            return request("SetSourceFilterSettings", data)
        scene, item = self._found[thing[1], thing[2]]
        data = {"sceneName": scene, "sceneItemId": item, "sceneItemTransform": dict(shown)}
        return request("SetSceneItemTransform", data)

    def _look_up(
        self,
        things: Sequence[Thing],
        missing: dict[Thing, str],
        go: Callable[[Mapping[Thing, str], int], list[Output]],
        now: int,
        number: int | None = None,
    ) -> list[Output]:
        """Find the items of sources that are not known yet, one after the other, and go on."""
        for place, thing in enumerate(things):
            if thing[0] != PLACE or (thing[1], thing[2]) in self._found:
                continue

            def then(found: Found, when: int, at: int = place, one: Thing = thing) -> list[Output]:
                if isinstance(found, str):
                    missing[one] = found
                elif len(found) > 1:
                    missing[one] = f"`{one[2]}` stands in several scenes, and not in the one on air: say `in SCENE`"
                else:
                    (self._found[one[1], one[2]],) = found
                return self._look_up(things[at + 1 :], missing, go, when, number)

            return self._items.find(thing[1], thing[2], then, now, number=number)
        return go(missing, now)

    def read(self, lane: str, properties: Sequence[str], now: int) -> list[Output]:
        """Ask what OBS shows of these properties."""
        things = _things(properties)

        def go(missing: Mapping[Thing, str], when: int) -> list[Output]:
            asked = [(thing, self._question(thing)) for thing in things if thing not in missing]

            def then(reply: Reply, _: int) -> list[Output]:
                found: dict[str, Quantity] = {}
                for (thing, _frame), part in zip(asked, reply.results, strict=False):
                    shown = _shown(thing, part)
                    values = {name: number(shown.get(parts(name)[-1])) for name in things[thing]}
                    found.update({name: value for name, value in values.items() if value is not None})
                return [Values(found, lane)]

            if not asked:
                return [Values({}, lane)]
            return [self._requests.batch(when, [frame for _, frame in asked], then)]

        return self._look_up(list(things), {}, go, now)

    def _question(self, thing: Thing) -> Frame:
        if thing[0] == VOLUME:
            return request("GetInputVolume", {"inputName": thing[1]})
        if thing[0] == TUNE:
            return request("GetSourceFilter", {"sourceName": thing[1], "filterName": thing[2]})
        scene, item = self._found[thing[1], thing[2]]
        return request("GetSceneItemTransform", {"sceneName": scene, "sceneItemId": item})

    def hear(self, event: str, data: Mapping[str, Any]) -> list[Output]:
        """Tell where somebody else has put a fader; of what was sent from here OBS tells as well."""
        volume = number(data.get("inputVolumeDb"))
        if event != "InputVolumeChanged" or volume is None or self._frame(data) is not None:
            return []
        name = named(VOLUME, str(data.get("inputName")))
        self._sent.pop(name, None)
        return [Values({name: volume}, "sound", asked=False)]

    def echo(self, event: str, data: Mapping[str, Any]) -> int | None:
        """Give the number of the frame where OBS tells no more than what it has brought about.

        So it is no more to the show than its answer is, many a second; it comes before the answer or behind it.
        """
        return self._frame(data) if event == "InputVolumeChanged" else None

    def _frame(self, data: Mapping[str, Any]) -> int | None:
        volume, name = number(data.get("inputVolumeDb")), named(VOLUME, str(data.get("inputName")))
        if volume is None:
            return None
        sent = reversed(self._sent.get(name, ()))
        return next((frame for one, frame in sent if abs(volume - one) < ALIKE), None)


def _things(names: Iterable[str]) -> dict[Thing, list[str]]:
    """Put together what one request may carry."""
    found: dict[Thing, list[str]] = {}
    for name in names:
        split = parts(name)
        found.setdefault(split if split[0] == VOLUME else split[:-1], []).append(name)
    return found


def _tidy(name: str, value: Quantity) -> Number:
    single = value[0] if isinstance(value, tuple) else value
    return round(single) if parts(name)[-1] in WHOLE else round(single, 3)


def _shown(thing: Thing, reply: Reply) -> Mapping[str, Any]:
    """Give what an answer shows of a thing, by the last part of its properties' names."""
    if thing[0] == VOLUME:
        return {thing[1]: reply.data.get("inputVolumeDb")}
    held = reply.data.get("filterSettings" if thing[0] == TUNE else "sceneItemTransform")
    return held if isinstance(held, dict) else {}


def _judged(number: int, things: Mapping[Thing, Sequence[str]], refused: Mapping[Thing, str]) -> FrameAnswered:
    guilty = tuple(name for thing in refused for name in things[thing])
    return FrameAnswered(number, not refused, next(iter(refused.values()), None), guilty)
