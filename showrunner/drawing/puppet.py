"""The puppet: what stands on a stage at an instant, and the shapes of whoever stands there, as plain data.

`stage/puppet.js` is the same for the page, line by line; a test holds them against each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from showrunner.devices import motion
from showrunner.drawing.parts import REST
from showrunner.engine.curves import Course, value

Scene = dict[str, Any]
"""What ``staged`` gives, or a part of what stands at an instant."""


def values(stage: Scene, device: str, at: int, *, placed: bool = False) -> dict[str, Any]:
    """Give what is held of a device or moves: property -> value; with ``placed`` also what stays where it was put."""
    latest: dict[str, Scene] = {}
    for curve in stage["curves"]:
        if curve["start"] > at:
            break
        if curve["device"] == device:
            latest[curve["property"]] = curve
    return {
        name: value(_course(curve), at)
        for name, curve in latest.items()
        if curve["until"] is None or at < curve["until"] or (placed and curve["stays"])
    }


def _course(curve: Scene) -> Course:
    shape = curve.get("shape")
    return Course(
        curve["from"],
        curve["to"],
        curve["path"],
        curve["start"],
        curve["arrives"],
        curve["ease"],
        None if shape is None else motion.of_data(shape),
    )


def moment(stage: Scene, at: int) -> Scene:
    """Give what stands at an instant: the puppets, and around them frames, pages, pictures, texts, clips, values."""
    said = [one for one in stage["captions"] if one["at"] <= at < one["end"]]
    standing: dict[tuple[str, str, str], Scene] = {}
    for act in stage["acts"]:
        if act["at"] > at:
            break
        place = (act["device"], act["draws"], act["key"] or ("" if act["end"] is None else act["words"]))
        standing.pop(place, None)
        if act["end"] is None or at < act["end"]:
            standing[place] = act
    acts = [
        {"device": act["device"], "draws": act["draws"], "words": act["words"], "share": _share(act, at)}
        for act in standing.values()
    ]
    return {
        "segment": next((one["title"] for one in reversed(stage["segments"]) if one["at"] <= at), ""),
        "puppets": [_puppet(stage, one, at, said) for one in stage["devices"] if one["alive"]],
        "acts": acts,
        "values": [
            {"device": one["name"], "words": f"{name} {_written(held)}"}
            for one in stage["devices"]
            if not one["alive"]
            for name, held in values(stage, one["name"], at, placed=True).items()
        ],
        "captions": [{"device": one["device"], "text": one["text"]} for one in said],
        "waits": [one["words"] for one in stage["waits"] if _stands(one, at)],
        "logs": [one["words"] for one in stage["logs"] if _stands(one, at)],
    }


def _stands(one: Scene, at: int) -> bool:
    return bool(one["at"] <= at and (one["end"] is None or at < one["end"]))


def _share(act: Scene, at: int) -> float | None:
    """Tell how much of a clip is over; None: it is no clip."""
    return (at - act["at"]) / (act["end"] - act["at"]) if act["draws"] == "clip" else None


def _puppet(stage: Scene, device: Scene, at: int, said: Sequence[Scene]) -> Scene:
    """Give one puppet: its shapes, where it stands, what it has no part for, and what is written beside it."""
    name = device["name"]
    standing = values(stage, name, at, placed=True)
    pose, dials = dict(stage["rest"]), []
    feelings: list[tuple[str, float]] = []
    written = []
    grow, x, y = 1.0, 0.0, 0.0
    for held, given in standing.items():
        low = held.lower()
        amount = _amount(given)
        if amount is not None and low in stage["parts"]:
            channels, factor, rest = stage["parts"][low]
            for channel in channels:
                pose[channel] = (amount - rest) * factor
        elif amount is not None and low in stage["aliases"]:
            feelings.append((stage["aliases"][low], amount))
        elif amount is not None and low == "camera.fov":
            grow *= math.tan(math.pi / 6) / math.tan(_within(amount, 5, 170) * math.pi / 360)
            written.append(f"{held} {_written(given)}")
        elif amount is not None and low in {"place.x", "place.y", "place.size"}:
            x += 60 * amount if low == "place.x" else 0
            y -= 60 * amount if low == "place.y" else 0
            grow *= 1 + amount / 200 if low == "place.size" else 1
            written.append(f"{held} {_written(given)}")
        elif amount is not None:
            dials.append({"name": held, "value": amount})
        else:
            written.append(f"{held} {_written(given)}")
    speaking = next((one for one in said if one["device"] == name), None)
    if speaking is not None:
        share = (at - speaking["at"]) / (speaking["end"] - speaking["at"])
        pose["open"] = max(pose["open"], mouth(stage["mouth"], speaking["text"], share))
        feeling = speaking["emotion"]
        if feeling is not None and feeling not in stage["faces"]:
            written.append(feeling)
        elif feeling is not None:
            feelings.append((feeling, 1.0))
    for feeling, much in feelings:
        for channel, added in stage["faces"][feeling].items():
            pose[channel] += added * much
    grow = _within(grow, 0.5, 2.5)
    return {
        "name": name,
        "speaks": speaking is not None,
        "x": _within(x, -70, 70),
        "y": _within(y, -70, 70),
        "grow": grow,
        "groups": figure(pose),
        "dials": dials,
        "written": written,
    }


def _amount(given: Any) -> float | None:
    """Give a value as one number: of a pair (value, how much of it counts) what is left of it."""
    if isinstance(given, list | tuple):
        return given[0] * given[1] if len(given) == 2 else None
    return float(given)


def _written(given: Any) -> str:
    """Write a value, to three places."""
    return " ".join(_plain(one, 1000) for one in (given if isinstance(given, list | tuple) else (given,)))


def _plain(number: float, parts: int) -> str:
    """Write a number to such a part of one, as short as it goes."""
    near = math.floor(number * parts + 0.5) / parts
    return str(int(near) if near == int(near) else near)


def _within(number: float, least: float, most: float) -> float:
    return max(least, min(most, number))


def mouth(how: Mapping[str, Any], text: str, share: float) -> float:
    """Tell how far a mouth is open (0 to 1) when so much of a text is said."""
    at = share * len(text)
    first = math.floor(at)
    here, there = (_opened(how, text[n]) if n < len(text) else 0.0 for n in (first, first + 1))
    return here + (there - here) * (at - first)


def _opened(how: Mapping[str, Any], letter: str) -> float:
    if letter in how["quiet"]:
        return 0.0
    if letter in how["vowels"]:
        return float(how["open"])
    return float(how["narrow"] if ord(letter) < 0x250 else how["syllable"])


def figure(given: Mapping[str, float]) -> list[Scene]:
    """Give the shapes of a puppet in a box of 200 by 220, from behind to the front: groups that turn as one.

    An ellipse has its middle and radii; a path its points, through curves: M a point, Q over a point to another, Z.
    """
    pose = {name: _within(given[name], -1.5, 1.5) for name in REST}
    turn, nod = pose["turn"] * 15, -pose["nod"] * 11
    breath = pose["breath"] * 2
    body = [
        _ellipse("neck", 100, 142, 13, 20),
        _path(
            "cloth",
            f"M 36 224 Q 40 {_n(168 - breath)} 82 {_n(158 - breath)} Q 100 172 118 {_n(158 - breath)} "
            f"Q 160 {_n(168 - breath)} 164 224 Z",
        ),
    ]
    cheek = 8 * _within(pose["cheek"], 0, 1)
    frown = pose["frown"] * 5
    head = [
        _ellipse("hair", 100 - turn * 0.3, 84 - nod * 0.2, 50, 52),
        _ellipse("skin", 100 + turn * 0.3, 97 + nod * 0.2, 41, 43),
        _ellipse("blush", 75 + turn, 114 + nod, cheek, cheek * 0.6),
        _ellipse("blush", 125 + turn, 114 + nod, cheek, cheek * 0.6),
    ]
    # Left and right are the model's own: its left eye is on the right of the picture.
    for side, x in (("right", 82), ("left", 118)):
        wide = _within(pose[f"eye-{side}"] * (1 - _within(pose[f"shut-{side}"], 0, 1)), 0, 1.4)
        inner = 1 if side == "right" else -1
        brow = 72 - pose[f"brow-{side}"] * 7 + nod
        head += [
            _ellipse("white", x + turn, 96 + nod, 8.5, max(9 * wide, 0.8)),
            _ellipse("iris", x + turn + pose["look"] * 3, 96 + nod - pose["gaze"] * 3 * wide, 6, min(7.5 * wide, 7.5)),
            _path(
                "brow",
                f"M {_n(x + turn - 9 * inner)} {_n(brow - frown)} Q {_n(x + turn)} {_n(brow - 6)} "
                f"{_n(x + turn + 9 * inner)} {_n(brow + frown)}",
            ),
        ]
    smile, opened = pose["smile"] * 5, 17 * _within(pose["open"], 0, 1)
    left, right, line = 100 + turn - 12, 100 + turn + 12, 121 + nod
    head += [
        _path(
            "mouth",
            f"M {_n(left)} {_n(line - smile * 0.6)} Q {_n(100 + turn)} {_n(line + 5 + smile)} "
            f"{_n(right)} {_n(line - smile * 0.6)} Q {_n(100 + turn)} {_n(line + 5 + smile + opened * 1.6)} "
            f"{_n(left)} {_n(line - smile * 0.6)} Z",
        ),
        _path(
            "fringe",
            f"M 50 92 Q 52 38 100 38 Q 148 38 150 92 Q {_n(138 + turn * 0.6)} 64 {_n(110 + turn * 0.8)} 60 "
            f"Q {_n(104 + turn * 0.8)} 74 {_n(92 + turn * 0.8)} 60 Q {_n(62 + turn * 0.6)} 66 50 92 Z",
        ),
    ]
    lean = pose["lean"] * 9
    return [
        {"x": lean * 0.4, "y": 0.0, "turn": pose["sway"] * 7 + lean * 0.5, "about": [100, 224], "shapes": body},
        {
            "x": lean * 1.4,
            "y": pose["bow"] * -4 - breath * 0.5,
            "turn": pose["tilt"] * 30 + pose["sway"] * 5,
            "about": [100, 140],
            "shapes": head,
        },
    ]


def _ellipse(look: str, x: float, y: float, wide: float, high: float) -> Scene:
    return {"look": look, "x": x, "y": y, "wide": wide, "high": max(0.0, high)}


def _path(look: str, way: str) -> Scene:
    return {"look": look, "way": way}


def _n(number: float) -> str:
    """Write a coordinate to a hundredth."""
    return _plain(number, 100)
