"""Which item of which scene a source is: it is asked, for numbers of items change with every load of a collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from showrunner.devices.obs.known import Known
from showrunner.devices.obs.protocol import Reply, request
from showrunner.devices.obs.requests import Job, Requests
from showrunner.devices.vocabulary import Output

Found: TypeAlias = tuple[tuple[str, int], ...] | str
"""Scenes, with the number of the item in each; or why there is none."""


class Items:
    """Looks items up in one OBS."""

    def __init__(self, requests: Requests, known: Known) -> None:
        self._requests = requests
        self._known = known

    def find(
        self,
        scene: str,
        source: str,
        then: Callable[[Found, int], list[Output]],
        now: int,
        job: Job | None = None,
        number: int | None = None,
    ) -> list[Output]:
        """Find a source in a scene; where none is named in the one on air, else in all in which it stands."""
        first = scene or self._known.program or ""

        def one(reply: Reply, when: int) -> list[Output]:
            found = _read(first, reply)
            return then(found, when) if scene or not isinstance(found, str) else elsewhere(when)

        others = [name for name in self._known.scenes if name != first]

        def elsewhere(when: int) -> list[Output]:
            if not others:
                return then(f"`{source}` stands in no scene", when)
            asked = [request("GetSceneItemId", {"sceneName": name, "sourceName": source}) for name in others]
            return [self._requests.batch(when, asked, every, job, number)]

        def every(reply: Reply, when: int) -> list[Output]:
            found = [_read(name, part) for name, part in zip(others, reply.results, strict=False)]
            standing = tuple(item for one in found if not isinstance(one, str) for item in one)
            return then(standing or f"`{source}` stands in no scene", when)

        data = {"sceneName": first, "sourceName": source}
        return [self._requests.ask(now, "GetSceneItemId", data, one, job, number)]


def _read(scene: str, reply: Reply) -> Found:
    id_ = reply.number("sceneItemId")
    return ((scene, int(id_)),) if id_ is not None else reply.why or "OBS did not say which item it is"
