"""Somebody who takes OSC, simulated: it shows what every address was told last, and answers where it was told to."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from showrunner.devices.osc.table import SWITCHES
from showrunner.devices.switches import FaultsOnOrder, misfit
from showrunner.devices.vocabulary import Emit, Frame, Reaction, Terms

SHOWN = 8
"""So many addresses are shown, those that were told something last."""

KEPT = 1_000
"""So many are remembered: whoever talks to it may think of any address."""

_WORDS = re.compile(r'"((?:\\.|[^"\\])*)"|(\S+)')
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_NUMBER = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,9}")


class OscDouble:
    """Hears at one address, talks to another, or back to who spoke. See ``vocabulary.Double`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._name = terms.name
        self._faults = FaultsOnOrder()
        self._ways: dict[str, int] = {}
        self._told: dict[str, Sequence[Sequence[Any]]] = {}
        self._replies: dict[str, str] = {"/version": '"5.4"'}

    @property
    def deadline(self) -> int | None:
        """It does nothing by itself."""
        return None

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:
        """Note by which way what goes."""
        _ = now
        self._ways[way or "out"] = connection
        return []

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        """Forget that way."""
        _ = now
        self._ways = {way: one for way, one in self._ways.items() if one != connection}
        return []

    def elapsed(self, now: int) -> Sequence[Reaction]:
        """Do nothing."""
        _ = now
        return []

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        """Take a message, and answer it where that was ordered."""
        _ = connection, now
        if isinstance(frame, str) or "address" not in frame:
            return []
        address = str(frame["address"])
        self._told.pop(address, None)
        self._told[address] = frame.get("args", [])
        if len(self._told) > KEPT:
            del self._told[next(iter(self._told))]
        data = self._replies.get(address)
        if data is None or self._faults.mute():
            return []
        said = f'{{"address": {json.dumps(address)}, "status": "ok", "data": {data}}}'
        return self._say(f"/reply{address}", [["s", said]])

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        """Flip one of the table's switches, or order a `fault …`."""
        _ = now
        if name == "fault":
            name, _, value = (value or "").strip().partition(" ")
        address, _, rest = (value or "").strip().partition(" ")
        address = address.strip('"')
        match name:
            case "event" if address.startswith("/"):
                return self._say(address, [_pair(*word.groups()) for word in _WORDS.finditer(rest)]), None
            case "reply" if address.startswith("/") and _is_json(rest):
                self._replies[address] = rest
                return [], None
            case "silent":
                return [], self._faults.order(name, value)
        return [], misfit(self._name, SWITCHES, name, value)

    def _say(self, address: str, args: list[list[Any]]) -> Sequence[Reaction]:
        to = self._ways.get("in", self._ways.get("out"))
        return [] if to is None else [Emit(to, {"address": address, "args": args})]

    def visible(self, now: int) -> str:
        """Say what was told last: "/light/1/dim 0.5 · /cue/7/start"."""
        _ = now
        last = list(self._told.items())[-SHOWN:]
        return " · ".join(" ".join([address, *map(_spelled, args)]) for address, args in last)


def _pair(quoted: str | None, bare: str | None) -> list[Any]:
    """Give a written value with its type."""
    if bare is None:
        return ["s", re.sub(r"\\(.)", r"\1", quoted or "")]
    if _WHOLE.fullmatch(bare):
        return ["i", int(bare)]
    if _NUMBER.fullmatch(bare):
        return ["f", float(bare)]
    words: dict[str, list[Any]] = {"on": ["T", True], "off": ["F", False], "nil": ["N", None]}
    return words.get(bare, ["s", bare])


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _spelled(pair: Sequence[Any]) -> str:
    words = {"T": "on", "F": "off", "N": "nil", "I": "impulse"}
    return words.get(pair[0]) or (json.dumps(pair[1], ensure_ascii=False) if pair[0] == "s" else str(pair[1]))
