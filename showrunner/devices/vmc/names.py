"""What expressions and bones are called: in VRM 0, in VRM 1, by face trackers, and in Unity.

The protocol sends VRM 0's names, and receivers translate (protocol.vmc.info, "Blend/Val").
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Names: TypeAlias = Literal["vrm0", "vrm1", "both"]

_PAIRS = (
    *(("Neutral", "neutral"), ("Joy", "happy"), ("Angry", "angry"), ("Sorrow", "sad"), ("Fun", "relaxed")),
    *(("A", "aa"), ("I", "ih"), ("U", "ou"), ("E", "ee"), ("O", "oh")),
    *(("Blink", "blink"), ("Blink_L", "blinkLeft"), ("Blink_R", "blinkRight")),
    *(("LookUp", "lookUp"), ("LookDown", "lookDown"), ("LookLeft", "lookLeft"), ("LookRight", "lookRight")),
)
_ALONE = "surprised"
"""Of VRM 1 only; in VRM 0 models have it, if at all, as a clip of their own of that name."""

VRM0 = tuple(zero for zero, _ in _PAIRS)
VRM1 = (*(one for _, one in _PAIRS), _ALONE)

_SIDES = ("Left", "Right")
TRACKED = (
    *(f"{what}{side}" for what in ("browDown", "browOuterUp", "cheekSquint", "noseSneer") for side in _SIDES),
    *(
        f"eye{what}{side}"
        for what in ("Blink", "LookDown", "LookIn", "LookOut", "LookUp", "Squint", "Wide")
        for side in _SIDES
    ),
    *(
        f"mouth{what}{side}"
        for what in ("Dimple", "Frown", "LowerDown", "Press", "Smile", "Stretch", "UpperUp")
        for side in _SIDES
    ),
    *("browInnerUp", "cheekPuff", "tongueOut", "jawForward", "jawLeft", "jawRight", "jawOpen"),
    *("mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight"),
    *("mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper"),
)
"""The 52 shapes of ARKit, which many models have as clips of their own (Perfect Sync)."""

_ZERO = {one.casefold(): zero for zero, one in _PAIRS}
_OWN = {name.casefold(): name for name in (*TRACKED, *VRM0)}
_ONE = dict(_PAIRS)


def own(name: str) -> str:
    """Give an expression its name here: VRM 0's where it has one, so that `happy` and `Joy` are one thing."""
    key = name.casefold()
    # Spelled as VRM 0 does it is that, `angry` and `Angry` alike.
    return _OWN.get(key) or _ZERO.get(key, name)


def sent(name: str, names: Names) -> tuple[str, ...]:
    """Give what an expression, by its name here, is called on the wire."""
    one = _ONE.get(name, _ALONE if name == "Surprised" else name)
    found = {"vrm0": (name,), "vrm1": (one,), "both": (name, one)}[names]
    return tuple(dict.fromkeys(found))


_FINGERS = tuple(
    f"{finger}{part}"
    for finger in ("Thumb", "Index", "Middle", "Ring", "Little")
    for part in ("Proximal", "Intermediate", "Distal")
)
BONES = (
    *("Hips", "Spine", "Chest", "UpperChest", "Neck", "Head", "Jaw"),
    *(
        f"{side}{part}"
        for side in _SIDES
        for part in (
            *("Eye", "Shoulder", "UpperArm", "LowerArm", "Hand"),
            *("UpperLeg", "LowerLeg", "Foot", "Toes"),
            *_FINGERS,
        )
    ),
)
"""Unity's HumanBodyBones."""
