"""What a motion made for a model moves in VTube Studio, which takes tracking inputs and no parameters of the model."""

from __future__ import annotations

from collections.abc import Mapping

from showrunner.devices import playing

_TRACKED: Mapping[str, tuple[tuple[str, float, float], ...]] = {
    "ParamAngleX": (("FaceAngleX", 1, 0),),
    "ParamAngleY": (("FaceAngleY", 1, 0),),
    "ParamAngleZ": (("FaceAngleZ", 1, 0),),
    "ParamEyeLOpen": (("EyeOpenLeft", 1, 0),),
    "ParamEyeROpen": (("EyeOpenRight", 1, 0),),
    "ParamEyeBallX": (("EyeLeftX", 1, 0), ("EyeRightX", 1, 0)),
    "ParamEyeBallY": (("EyeLeftY", 1, 0), ("EyeRightY", 1, 0)),
    "ParamMouthOpenY": (("MouthOpen", 1, 0),),
    "ParamMouthForm": (("MouthSmile", 0.5, 0.5),),
    "ParamBrowLY": (("BrowLeftY", 0.5, 0.5),),
    "ParamBrowRY": (("BrowRightY", 0.5, 0.5),),
    "ParamCheek": (("CheekPuff", 1, 0),),
}
"""Standard parameters of a model, and the inputs that usually move them: each with a factor, and what is added."""


def tracks(parameter: str) -> tuple[tuple[str, float, float], ...]:
    """Give the inputs that a motion's parameter moves: a standard one those that it usually follows, any other itself.

    VTube Studio takes no parameters of the model, and a plugin's own begin with `Param` in no case.
    """
    return _TRACKED.get(parameter, () if parameter.startswith("Param") else ((parameter, 1, 0),))


PLAY = playing.row(
    "face",
    "Plays a motion's file: what the standard parameters do in it goes to the inputs that they follow.",
    'vts play "wave.motion3.json" speed 1.5',
    tracks,
    "VTube Studio",
    weighed=True,
)
