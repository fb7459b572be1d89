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

FAR = 1.5
"""No part of a figure moves beyond this; what is said beyond is written."""

_NEAR = math.tan(math.pi / 6)
"""At an angle of 60 degrees a camera shows a figure as it is drawn."""

Scene = dict[str, Any]
"""What ``staged`` gives, or a part of what stands at an instant."""


def values(stage: Scene, device: str, at: int, *, placed: bool = False) -> dict[str, Any]:
    """Give what is held of a device or moves: property -> value; with ``placed`` also what stays where it was put."""
    return {
        curve["property"]: value(_course(curve), at)
        for curve in stage["curves"]
        if curve["device"] == device
        and curve["start"] <= at < curve.get("gone", math.inf)
        and (at < curve.get("until", math.inf) or (placed and curve.get("stays", False)))
    }


def _course(curve: Scene) -> Course:
    shape = curve.get("shape")
    return Course(
        curve.get("from"),
        curve["to"],
        curve.get("path", "line"),
        curve["start"],
        curve["arrives"],
        curve.get("ease", "linear"),
        None if shape is None else motion.of_data(shape),
    )


def moment(stage: Scene, at: int, turn: Scene | None = None, into: int = 0) -> Scene:
    """Give what stands at an instant: the puppets, and around them frames, pages, pictures, texts, clips, values.

    ``turn``: one of a pad, which is ``into`` its time and lies over what the plan has.
    """
    laid = [(stage, at)] if turn is None else [(stage, at), (turn, into)]
    said = [(one, now) for layer, now in laid for one in layer["captions"] if _stands(one, now)]
    acts = [(one, now) for layer, now in laid for one in layer["acts"] if _stands(one, now)]
    held = {
        one["name"]: {
            name: found for layer, now in laid for name, found in values(layer, one["name"], now, placed=True).items()
        }
        for one in stage["devices"]
    }
    return {
        "segment": next((one["title"] for one in reversed(stage["segments"]) if one["at"] <= at), ""),
        "puppets": [
            puppet(stage, one["name"], held[one["name"]], said, acts) for one in stage["devices"] if one["alive"]
        ],
        "acts": [_seen(act, now) for act, now in acts],
        "values": [
            {"device": one["name"], "words": f"{name} {_written(found)}"}
            for one in stage["devices"]
            if not one["alive"]
            for name, found in sorted(held[one["name"]].items())
        ],
        "captions": [_slim(one, ("device", "text", "file", "line")) for one, _ in said],
        "waits": [one["words"] for one in stage["waits"] if _stands(one, at)],
        "logs": [one["words"] for layer, now in laid for one in layer["logs"] if _stands(one, now)],
    }


def _stands(one: Scene, at: int) -> bool:
    return bool(one["at"] <= at < one.get("end", math.inf))


def _slim(one: Scene, keys: Sequence[str]) -> Scene:
    return {key: one[key] for key in keys if key in one}


def _seen(act: Scene, at: int) -> Scene:
    """Give what is seen of an act, with how much of a clip is over, or how far a scene has come in."""
    shown = _slim(act, ("device", "draws", "words", "file", "line", "image", "page", "off", "was"))
    lasts = act["end"] - act["at"] if act["draws"] == "clip" else act.get("took", 0)
    return shown if not lasts else {**shown, "share": min(1.0, (at - act["at"]) / lasts)}


def puppet(
    stage: Scene,
    name: str,
    held: Mapping[str, Any],
    said: Sequence[tuple[Scene, int]],
    acts: Sequence[tuple[Scene, int]],
) -> Scene:
    """Give one puppet: its shapes, where it stands, what it has no part for, and what is written beside it.

    ``held``: its values by their properties. What is ``said`` and what ``acts`` have each the instant on its own clock.
    """
    pose: dict[str, float] = dict(stage["rest"])
    place = {"x": 0.0, "y": 0.0, "grow": 1.0, "turn": 0.0}
    dials, written = [], []
    feelings: list[tuple[str, float]] = []
    for key in sorted(held):
        found, low = held[key], key.lower()
        amount = _amount(found)
        if amount is not None and low in stage["parts"]:
            channels, factor, rest = stage["parts"][low]
            for channel in channels:
                pose[channel] = (amount - rest) * factor
                if abs(pose[channel]) > FAR:
                    written.append(f"{key} {_written(found)} is out of its range")
        elif amount is not None and low in stage["aliases"]:
            feelings.append((stage["aliases"][low], amount))
        elif _placed(stage, place, low, found):
            written.append(f"{key} {_written(found)}")
        elif amount is not None:
            dials.append({"name": key, "value": amount})
        else:
            written.append(f"{key} {_written(found)}")
    for act, at in acts:
        if act["device"] != name:
            continue
        if "feeling" in act:
            feelings.append((act["feeling"], 1.0))
        if "gesture" in act and at - act["at"] < stage["gesture"]:
            share = (at - act["at"]) / stage["gesture"]
            for channel, (most, often) in stage["gestures"][act["gesture"]].items():
                sway = math.sin(2 * math.pi * often * share) if often else 1.0
                pose[channel] += most * math.sin(math.pi * share) * sway
    speaking = next(((one, at) for one, at in reversed(said) if one["device"] == name), None)
    if speaking is not None:
        one, at = speaking
        share = (at - one["at"]) / (one["end"] - one["at"])
        pose["open"] = max(pose["open"], mouth(stage["mouth"], one["text"], share))
        feeling = one.get("emotion")
        if feeling is not None and feeling not in stage["faces"]:
            written.append(feeling)
        elif feeling is not None:
            feelings.append((feeling, 1.0))
    for feeling, much in feelings:
        for channel, added in stage["faces"][feeling].items():
            pose[channel] += added * much
    return {
        "name": name,
        "speaks": speaking is not None,
        "x": _within(place["x"], -70, 70),
        "y": _within(place["y"], -70, 70),
        "grow": _within(place["grow"], 0.5, 2.5),
        "turn": place["turn"],
        "groups": figure(pose),
        "dials": dials,
        "written": written,
    }


def _placed(stage: Scene, place: dict[str, float], low: str, found: Any) -> bool:
    """Put the figure, or the camera before it, where a value says; tell whether this is such a value."""
    parts = found if isinstance(found, list | tuple) else (found,)
    amount = _amount(found)
    if low == "camera.fov" and amount is not None:
        place["grow"] *= _NEAR / math.tan(_within(amount, 5, 170) * math.pi / 360)
    elif low in stage["framing"] and len(parts) == 4:
        sign = stage["framing"][low]
        turn, tilt, roll = _angles(parts)
        place["x"] += sign * _within(100 * math.tan(turn) / _NEAR, -70, 70)
        place["y"] += sign * _within(100 * math.tan(tilt) / _NEAR, -70, 70)
        place["turn"] += sign * roll * 180 / math.pi
    elif low in {"place.x", "place.y", "place.size", "place.turn"} and amount is not None:
        place["x"] += 60 * amount if low == "place.x" else 0
        place["y"] -= 60 * amount if low == "place.y" else 0
        place["grow"] *= 1 + amount / 200 if low == "place.size" else 1
        place["turn"] += amount if low == "place.turn" else 0
    elif low == "place.scale" and amount is not None:
        place["grow"] *= amount
    elif low == "place.position" and len(parts) == 3:
        place["x"] += 60 * parts[0]
        place["y"] -= 60 * parts[1]
    else:
        return low == "camera.position"
    return True


def _angles(rotation: Sequence[float]) -> tuple[float, float, float]:
    """Give a rotation (x y z w) as turn, tilt and roll, in radians; a turn of more than a right angle is seen from
    behind, as a camera is that stands before a figure.
    """
    x, y, z, w = rotation
    turn = math.atan2(2 * (w * y + x * z), 1 - 2 * (x * x + y * y))
    tilt = math.asin(_within(2 * (w * x - y * z), -1, 1))
    roll = math.atan2(2 * (w * z + x * y), 1 - 2 * (x * x + z * z))
    if abs(turn) > math.pi / 2:
        turn -= math.copysign(math.pi, turn)
    return _within(turn, -1.4, 1.4), _within(tilt, -1.4, 1.4), roll


def _amount(given: Any) -> float | None:
    """Give a value as one number: of a pair (value, how much of it counts) what is left of it."""
    if isinstance(given, list | tuple):
        return float(given[0] * given[1]) if len(given) == 2 else None
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
    pose = {name: _within(given[name], -FAR, FAR) for name in REST}
    turn, nod = pose["turn"] * 15, -pose["nod"] * 11
    breath = pose["breath"] * 2
    lean, sway = pose["lean"] * 9, pose["sway"]
    lift = pose["lift"] * -9
    arms = [
        {"x": lean * 0.4, "y": lift, "turn": sway * 7 + lean * 0.5, "about": [100, 224], "shapes": _arm(pose, side)}
        for side in ("right", "left")
    ]
    return [
        {
            "x": lean * 1.2,
            "y": pose["bow"] * -4 - breath * 0.5 + lift,
            "turn": pose["tilt"] * 24 + sway * 5,
            "about": [100, 140],
            "shapes": [
                _path(
                    "hair",
                    f"M 48 88 Q 44 30 100 30 Q 156 30 152 88 Q {_n(158 - turn * 0.4)} 136 {_n(146 - turn * 0.5)} 158 "
                    f"Q 122 166 100 164 Q 78 166 {_n(54 - turn * 0.5)} 158 Q {_n(42 - turn * 0.4)} 136 48 88 Z",
                )
            ],
        },
        *arms,
        {
            "x": lean * 0.4,
            "y": lift,
            "turn": sway * 7 + lean * 0.5,
            "about": [100, 224],
            "shapes": [
                _ellipse("neck", 100, 142, 13, 20),
                _path(
                    "cloth",
                    f"M 36 230 Q 40 {_n(170 - breath)} 80 {_n(160 - breath)} Q 100 178 120 {_n(160 - breath)} "
                    f"Q 160 {_n(170 - breath)} 164 230 Z",
                ),
                _path(
                    "collar",
                    f"M 80 {_n(160 - breath)} Q 100 178 120 {_n(160 - breath)} Q 104 196 100 196 Q 96 196 "
                    f"80 {_n(160 - breath)} Z",
                ),
            ],
        },
        {
            "x": lean * 1.4,
            "y": pose["bow"] * -4 - breath * 0.5 + lift,
            "turn": pose["tilt"] * 30 + sway * 5,
            "about": [100, 140],
            "shapes": _head(pose, turn, nod),
        },
    ]


def _arm(pose: Mapping[str, float], side: str) -> list[Scene]:
    """Give an arm that comes up beside the head as far as its hand does; the figure's own right is on the left."""
    up, out = _within(pose[f"hand-{side}"], 0, 1), -1 if side == "right" else 1
    wag = pose["wag"] * 12 * up
    elbow, hand = 100 + out * (58 + 12 * up), 100 + out * (52 + 22 * up) + wag
    high = 226 - 96 * up
    return [
        _path(
            "sleeve",
            f"M {_n(100 + out * 46)} 190 Q {_n(elbow)} 224 {_n(hand)} {_n(high)}",
        ),
        _ellipse("hand", hand, high - 6, 9, 10),
    ]


def _head(pose: Mapping[str, float], turn: float, nod: float) -> list[Scene]:
    cheek = 8 * _within(pose["cheek"], 0, 1)
    frown = pose["frown"] * 5
    shapes = [
        _ellipse("skin", 59 + turn * -0.2, 102 + nod * 0.3, 7, 10),
        _ellipse("skin", 141 + turn * -0.2, 102 + nod * 0.3, 7, 10),
        _path(
            "skin",
            f"M {_n(58 + turn * 0.2)} 88 Q {_n(56 + turn * 0.3)} {_n(126 + nod * 0.3)} {_n(100 + turn * 0.4)} "
            f"{_n(143 + nod * 0.5)} Q {_n(144 + turn * 0.3)} {_n(126 + nod * 0.3)} {_n(142 + turn * 0.2)} 88 Q 142 46 "
            f"100 46 Q 58 46 {_n(58 + turn * 0.2)} 88 Z",
        ),
        _ellipse("blush", 74 + turn, 116 + nod, cheek, cheek * 0.6),
        _ellipse("blush", 126 + turn, 116 + nod, cheek, cheek * 0.6),
    ]
    # Left and right are the model's own: its left eye is on the right of the picture.
    for side, x in (("right", 81), ("left", 119)):
        wide = _within(pose[f"eye-{side}"] * (1 - _within(pose[f"shut-{side}"], 0, 1)), 0, 1.4)
        inner = 1 if side == "right" else -1
        brow = 76 - pose[f"brow-{side}"] * 7 + nod
        eye, look, gaze = 100 + nod, x + turn + pose["look"] * 3, pose["gaze"] * 3 * wide
        lid = eye - 11 * wide
        shapes += [
            _ellipse("white", x + turn, eye, 10, max(11 * wide, 0.5)),
            _ellipse("iris", look, eye - gaze, 7, min(9.5 * wide, 9.5)),
            _ellipse("pupil", look, eye - gaze, 3.6, min(5.5 * wide, 5.5)),
            _ellipse("shine", look - 2.4, eye - gaze - 3.4 * wide, 2.2 * min(wide, 1), 2.6 * min(wide, 1)),
            _path(
                "lash",
                f"M {_n(x + turn - 11)} {_n(eye - 2 * wide)} Q {_n(x + turn)} {_n(lid - 3)} {_n(x + turn + 11)} "
                f"{_n(eye - 2 * wide)}",
            ),
            _path(
                "brow",
                f"M {_n(x + turn - 10 * inner)} {_n(brow - frown * 0.4)} Q {_n(x + turn)} {_n(brow - 5)} "
                f"{_n(x + turn + 9 * inner)} {_n(brow + frown)}",
            ),
        ]
    smile, opened = pose["smile"] * 5, 15 * _within(pose["open"], 0, 1)
    left, right, line = 100 + turn - 11, 100 + turn + 11, 124 + nod
    return [
        *shapes,
        _path(
            "nose",
            f"M {_n(100 + turn * 1.2)} {_n(110 + nod)} Q {_n(102 + turn * 1.3)} {_n(113 + nod)} "
            f"{_n(99 + turn * 1.2)} {_n(114 + nod)}",
        ),
        _path(
            "mouth",
            f"M {_n(left)} {_n(line - smile * 0.6)} Q {_n(100 + turn)} {_n(line + 4 + smile)} "
            f"{_n(right)} {_n(line - smile * 0.6)} Q {_n(100 + turn)} {_n(line + 4 + smile + opened * 1.6)} "
            f"{_n(left)} {_n(line - smile * 0.6)} Z",
        ),
        _path(
            "fringe",
            f"M 49 96 Q 46 32 100 32 Q 154 32 151 96 Q {_n(148 + turn * 0.3)} 76 {_n(136 + turn * 0.6)} 66 "
            f"Q {_n(130 + turn * 0.7)} 80 {_n(120 + turn * 0.8)} 84 Q {_n(122 + turn * 0.8)} 70 "
            f"{_n(114 + turn * 0.8)} 62 Q {_n(104 + turn * 0.8)} 82 {_n(86 + turn * 0.8)} 86 "
            f"Q {_n(92 + turn * 0.8)} 72 {_n(88 + turn * 0.8)} 62 Q {_n(70 + turn * 0.6)} 72 {_n(62 + turn * 0.4)} 80 "
            f"Q {_n(54 + turn * 0.2)} 84 49 96 Z",
        ),
        _path("gloss", f"M {_n(66 + turn * 0.3)} 54 Q {_n(80 + turn * 0.3)} 40 {_n(104 + turn * 0.3)} 40"),
    ]


def _ellipse(look: str, x: float, y: float, wide: float, high: float) -> Scene:
    return {"look": look, "x": x, "y": y, "wide": wide, "high": max(0.0, high)}


def _path(look: str, way: str) -> Scene:
    return {"look": look, "way": way}


def _n(number: float) -> str:
    """Write a coordinate to a hundredth."""
    return _plain(number, 100)
