"""The model that a simulated Editor has open: its parameters, and the temporary buffer that lies over them.

Values that are sent are shown for half a second after they were last sent (vendor's manual, "Temporary buffer retention
period"). Whether that runs for each parameter or for the whole buffer is documented nowhere: it is a switch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from showrunner.devices.live2d.table import limited
from showrunner.devices.vocabulary import Entry, Frame, Inventory
from showrunner.times import tenths

LIFE = 500_000
"""Microseconds that a sent value is shown."""

_USUAL = (
    *(Entry(f"ParamAngle{axis}", None, None, -30, 30, 0, f"Angle {axis}") for axis in "XYZ"),
    Entry("ParamEyeLOpen", None, None, 0, 1, 1, "EyeL Open"),
    Entry("ParamEyeROpen", None, None, 0, 1, 1, "EyeR Open"),
    Entry("ParamEyeBallX", None, None, -1, 1, 0, "Eyeball X"),
    Entry("ParamEyeBallY", None, None, -1, 1, 0, "Eyeball Y"),
    Entry("ParamMouthForm", None, None, -1, 1, 0, "Mouth Form"),
    Entry("ParamMouthOpenY", None, None, 0, 1, 0, "Mouth Open"),
    *(Entry(f"ParamBodyAngle{axis}", None, None, -10, 10, 0, f"Body {axis}") for axis in "XYZ"),
    Entry("ParamBreath", None, None, 0, 1, 0, "Breath"),
)
"""Standard parameter ids of the vendor's models: what a double has when no catalogue says otherwise."""


class Model:
    """One open model. Without a catalogue's list any further parameter is there too."""

    def __init__(self, inventory: Inventory | None) -> None:
        listed = (inventory or {}).get("parameters")
        self._open = listed is None
        self._entries: dict[str, Entry] = {entry.name: entry for entry in (_USUAL if listed is None else listed)}
        self._sent: dict[str, tuple[float, int]] = {}
        self.whole_buffer = False

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of the parameters, in the model's order."""
        return tuple(self._entries)

    def has(self, name: str) -> bool:
        """Tell whether there is such a parameter."""
        return self._open or name in self._entries

    def send(self, values: Mapping[str, float], now: int) -> None:
        """Lay values over the model's own."""
        for name, value in values.items():
            self._entries.setdefault(name, Entry(name))
            self._sent[name] = (value, now + LIFE)
        if self.whole_buffer:
            self._sent = {name: (value, now + LIFE) for name, (value, _) in self._sent.items()}

    def clear(self) -> None:
        """Throw the whole buffer away."""
        self._sent.clear()

    def pass_time(self, now: int) -> None:
        """Throw away what was sent too long ago."""
        self._sent = {name: sent for name, sent in self._sent.items() if sent[1] > now}

    @property
    def deadline(self) -> int | None:
        """The instant at which the next value lapses."""
        return min((until for _, until in self._sent.values()), default=None)

    def shown(self, name: str) -> float:
        """Give what the model shows: the value sent, within the parameter's ends, or its own."""
        entry = self._entries.get(name, Entry(name))
        if name in self._sent:
            return float(limited(self._sent[name][0], entry.minimum, entry.maximum))
        return float(_own(entry))

    def rows(self, *, keyforms: bool) -> list[Frame]:
        """Give the rows of a GetParameters."""
        return [_row(entry, keyforms=keyforms) for entry in self._entries.values()]

    def values(self, names: Iterable[str]) -> list[Frame]:
        """Give the rows of a GetParameterValues."""
        return [{"Id": name, "Value": self.shown(name)} for name in names]

    def visible(self) -> list[str]:
        """Give what is laid over the model, for people, and when it lapses if nothing more is sent."""
        return [f"{name} {round(self.shown(name), 3)} until {tenths(until)}" for name, (_, until) in self._sent.items()]


def _own(entry: Entry) -> float:
    return limited(0 if entry.default is None else entry.default, entry.minimum, entry.maximum)


def _row(entry: Entry, *, keyforms: bool) -> Frame:
    low = min(-30.0, _own(entry)) if entry.minimum is None else float(entry.minimum)
    high = max(30.0, _own(entry)) if entry.maximum is None else float(entry.maximum)
    row: Frame = {
        "Id": entry.name,
        "Name": entry.label or entry.name,
        "GroupUID": "ParamGroupRoot",
        "Default": float(_own(entry)),
        "Max": high,
        "Min": low,
        "Repeat": False,
        "Type": 0,
    }
    if keyforms:
        row["Keyform"] = [{"Value": low}, {"Value": high}]
    return row
