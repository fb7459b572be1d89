"""What lies over the model of a simulated VTube Studio: tints, visual effects, and the hold on its physics.

Source: the vendor's README, the chapters about tinting, post-processing and physics.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from showrunner.devices.vocabulary import Entry, Frame
from showrunner.devices.vts.arguments import SECOND, config_key, limited
from showrunner.devices.vts.envelope import Fault, number, rows, text
from showrunner.devices.vts.gallery import Gallery
from showrunner.devices.vts.studio import Answer

MOST_FILTERED = 512
GROUPS = ("PhysicsSetting1", "PhysicsSetting2")
"""The physics groups of every model here."""


class Looks:
    """What plugins have laid over the model. ``told``: PostProcessingEvents for those who want them."""

    def __init__(self, gallery: Gallery, told: list[tuple[str, Frame]]) -> None:
        self._gallery, self._told = gallery, told
        self._tints: dict[str, tuple[int, str]] = {}
        self.on = False
        self.preset = ""
        self.values: dict[str, str] = {}
        self.window = False
        self._physics: dict[tuple[str, str], tuple[float, int]] = {}
        self._holder = ""

    # -- tints

    def tint(self, connection: int, data: Mapping[str, Any]) -> Answer:
        """Colour ArtMeshes; the newest tint of each counts, and white takes it off."""
        tint, matcher = data.get("colorTint"), data.get("artMeshMatcher")
        if not isinstance(tint, dict) or not isinstance(matcher, dict):
            return Fault(251, "colorTint and artMeshMatcher are needed")
        parts = [number(tint.get(f"color{one}")) for one in "RGBA"]
        if any(part is None or not 0 <= part <= 255 for part in parts):
            return Fault(252, "a colour has four parts from 0 to 255")
        mixed = number(tint.get("mixWithSceneLightingColor", 1))
        if mixed is None or not 0 <= mixed <= 1:
            return Fault(252, "mixWithSceneLightingColor goes from 0 to 1")
        found = [entry.name for place, entry in enumerate(self._meshes) if _matches(entry.name, place, matcher)]
        shown = "".join(f"{int(part or 0):02x}" for part in parts)
        for name in found:
            self._tints.pop(name, None)
            if shown != "ffffffff":
                self._tints[name] = (connection, shown)
        return {"matchedArtMeshes": len(found)}

    @property
    def _meshes(self) -> tuple[Entry, ...]:
        return self._gallery.entries("artmeshes")

    def left(self, connection: int) -> None:
        """A plugin has gone, and its tints with it."""
        self._tints = {name: one for name, one in self._tints.items() if one[0] != connection}

    # -- effects

    def update(self, data: Mapping[str, Any]) -> Answer:
        """Turn the effects on or off, show a preset, set values."""
        fade = 0 if data.get("postProcessingFadeTime") is None else number(data.get("postProcessingFadeTime"))
        presets, valued = data.get("setPostProcessingPreset") is True, data.get("setPostProcessingValues") is True
        if self.window:
            return Fault(1200, "the effects cannot be changed at this moment")
        if fade is None or not 0 <= fade <= 2:
            return Fault(1201, "postProcessingFadeTime goes from 0 to 2")
        if presets and valued:
            return Fault(1202, "a preset and values cannot be set at once")
        preset = text(data.get("presetToSet"))
        if presets and preset and self._gallery.find("presets", preset) is None:
            return Fault(1203, "there is no such preset")
        changed = rows(data.get("postProcessingValues")) if valued else []
        for row in changed:
            if (wrong := self._misfit(row)) is not None:
                return wrong
        before = (self.on, self.preset)
        self.on = data.get("postProcessingOn") is True
        if presets:
            self.preset = preset
            self.values.clear()
        if data.get("setAllOtherValuesToDefault") is True:
            self.values.clear()
        for row in changed:
            self.values[text(row.get("configID"))] = text(row.get("configValue"))
            self.preset = ""
        if (self.on, self.preset) != before:
            self.tell()
        return self._state()

    def show(self, preset: str) -> None:
        """Show a preset by hand."""
        self.on, self.preset = True, preset
        self.values.clear()
        self.tell()

    def tell(self) -> None:
        """Tell how the effects stand."""
        self._told.append(("PostProcessingEvent", {"currentOnState": self.on, "currentPreset": self.preset}))

    def _misfit(self, row: Mapping[str, Any]) -> Fault | None:
        config, value = text(row.get("configID")), row.get("configValue")
        known = {config_key(entry.name): entry for entry in self._gallery.entries("effects")}
        found = known.get(config_key(config))
        if not config or (found is None and not self._gallery.takes_any("effects")):
            return Fault(1204, f"there is no value {config}")
        fits = isinstance(value, str) and value.strip() != ""
        if isinstance(value, str) and fits and found is not None and found.kind == "Float":
            fits = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", value, re.IGNORECASE) is not None
        return None if fits else Fault(1205, f"that is no value for {config}")

    def _state(self) -> Frame:
        active = {config_key(name).partition("strength")[0] for name, value in self.values.items() if _is_on(value)}
        return {
            "postProcessingActive": self.on,
            "presetIsActive": bool(self.preset),
            "activePreset": self.preset,
            "activeEffectCount": len(active),
        }

    def listed(self, data: Mapping[str, Any]) -> Answer:
        """Give the data of a PostProcessingListResponse."""
        wanted = data.get("effectIDFilter") if isinstance(data.get("effectIDFilter"), list) else []
        if len(wanted or ()) > MOST_FILTERED:
            return Fault(1150, "the filter is too long")
        effects: dict[str, list[Entry]] = {}
        for entry in self._gallery.entries("effects"):
            effects.setdefault(entry.name.partition("_")[0], []).append(entry)
        kept = {config_key(str(one)) for one in wanted or ()}
        shown = {name: configs for name, configs in effects.items() if not kept or config_key(name) in kept}
        state = self._state()
        rows_ = [self._effect(name, configs) for name, configs in shown.items()]
        presets = [entry.name for entry in self._gallery.entries("presets")]
        return {
            "postProcessingSupported": True,
            "postProcessingActive": self.on,
            "canSendPostProcessingUpdateRequestRightNow": not self.window,
            "restrictedEffectsAllowed": False,
            "presetIsActive": state["presetIsActive"],
            "activePreset": self.preset,
            "presetCount": len(presets),
            "activeEffectCount": state["activeEffectCount"],
            "effectCountBeforeFilter": len(effects),
            "configCountBeforeFilter": sum(map(len, effects.values())),
            "effectCountAfterFilter": len(shown),
            "configCountAfterFilter": sum(map(len, shown.values())),
            "postProcessingEffects": rows_ if data.get("fillPostProcessingEffectsArray") is True else [],
            "postProcessingPresets": presets if data.get("fillPostProcessingPresetsArray") is True else [],
        }

    def _effect(self, name: str, configs: list[Entry]) -> Frame:
        return {
            "internalID": name,
            "enumID": name,
            "explanation": "",
            "effectIsActive": any(_is_on(self.values.get(config.name, "")) for config in configs),
            "effectIsRestricted": False,
            "configEntries": [
                {
                    "internalID": config.name,
                    "enumID": config.name,
                    "explanation": "",
                    "type": config.kind or "Float",
                    "activationConfig": config.name.endswith("Strength"),
                    "floatValue": number(_read(self.values.get(config.name, ""))) or 0,
                    "floatMin": config.minimum or 0,
                    "floatMax": 1 if config.maximum is None else config.maximum,
                    "floatDefault": config.default or 0,
                }
                for config in configs
            ],
        }

    # -- physics

    def hold(self, plugin: str, data: Mapping[str, Any], now: int, *, model: bool) -> Answer:
        """Hold the physics for a while; one plugin at a time does."""
        self.pass_time(now)
        given = [(what, row) for what in ("strength", "wind") for row in rows(data.get(f"{what}Overrides"))]
        if not model:
            return Fault(700, "no model is loaded")
        if self._physics and self._holder != plugin:
            return Fault(702, "another plugin holds the physics")
        if not given:
            return Fault(703, "nothing is to be held")
        wanted: dict[tuple[str, str], tuple[float, int]] = {}
        for what, row in given:
            base, value, seconds = (
                row.get("setBaseValue") is True,
                number(row.get("value")),
                number(row.get("overrideSeconds")),
            )
            group = "" if base else text(row.get("id"))
            if not base and group not in GROUPS:
                return Fault(704, f"there is no physics group {group}")
            if value is None or seconds is None:
                return Fault(705, "value and overrideSeconds must be numbers")
            if (what, group) in wanted:
                return Fault(706, "the same is held twice")
            until = now + round(limited(seconds, 0.5, 5) * SECOND)
            wanted[what, group] = (limited(value, 0, 100 if base else 2), until)
        self._holder = plugin
        self._physics.update(wanted)
        return {}

    def physics(self, model: Mapping[str, Any], plugin: str) -> Frame:
        """Give the data of a GetCurrentModelPhysicsResponse. What a plugin holds itself does not show."""
        theirs = bool(self._physics) and self._holder != plugin
        return {
            **model,
            "modelHasPhysics": model["modelLoaded"],
            "physicsSwitchedOn": True,
            "usingLegacyPhysics": False,
            "physicsFPSSetting": -1,
            "baseStrength": 50,
            "baseWind": 0,
            "apiPhysicsOverrideActive": theirs,
            "apiPhysicsOverridePluginName": self._holder if theirs else "",
            "physicsGroups": [
                {"groupID": group, "groupName": group, "strengthMultiplier": 1, "windMultiplier": 1} for group in GROUPS
            ],
        }

    def pass_time(self, now: int) -> None:
        """Let go of what was not held again."""
        self._physics = {key: held for key, held in self._physics.items() if held[1] > now}

    @property
    def deadline(self) -> int | None:
        """The instant at which the next hold ends."""
        return min((until for _, until in self._physics.values()), default=None)

    def visible(self) -> list[str]:
        """Give what is seen of it, for people."""
        parts = [f"tint {colour} on {name}" for name, (_, colour) in self._tints.items()]
        if self.on:
            shown = [self.preset] if self.preset else [f"{name} {value}" for name, value in self.values.items()]
            parts.append(" ".join(["effects", *shown]))
        return [*parts, *(f"{what} {value:g} {group}".rstrip() for (what, group), (value, _) in self._physics.items())]


def _matches(name: str, place: int, matcher: Mapping[str, Any]) -> bool:
    """Tell whether an ArtMesh meets any of the criteria. Here its tag is the first part of its name."""
    folded, tag = name.casefold(), name.casefold().partition("_")[0]
    lists = {key: value for key, value in matcher.items() if isinstance(value, list)}

    def said(key: str) -> list[str]:
        return [one.casefold() for one in lists.get(key, []) if isinstance(one, str)]

    return (
        matcher.get("tintAll") is True
        or place in lists.get("artMeshNumber", [])
        or folded in said("nameExact")
        or tag in said("tagExact")
        or any(one in folded for one in said("nameContains"))
        or any(one in tag for one in said("tagContains"))
    )


def _read(value: str) -> Any:
    try:
        return float(value)
    except ValueError:
        return None


def _is_on(value: str) -> bool:
    return (number(_read(value)) or 0) > 0 or value == "true"
