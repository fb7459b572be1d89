"""The look of a drawn show: colours in light, in dark and in print, sizes of text. No colour says anything alone."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from showrunner.devices.presence import COLOURS, Shape
from showrunner.devices.vocabulary import Fixture

HUES = len(COLOURS)
"""So many colours there are for devices; where two have the same, their names tell them apart."""

_BASE = """
text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#1d2430}
.big{font-size:19px;font-weight:650}.head{font-size:14px;font-weight:600}.small,.lane,.tick{font-size:10px}
.faint,.lane,.tick{fill:#566070}.go{font-weight:700}
.paper{fill:#fff}.band{fill:#f3f5f8}.rule{stroke:#c9d0da;fill:none}.grid{stroke:#e4e8ee;fill:none}
.cue{fill:#39465a}.named{fill:#0b57d0}.wait{fill:#fff3d6;stroke:#b7791f}.said{fill:#7a4b00}
.curve{fill:none;stroke-width:1.6;stroke-linejoin:round}.held{opacity:.14;stroke:none}
.stands{fill-opacity:.35;stroke-opacity:.5}
"""
_DARK = """
text{fill:#e6eaf0}.faint,.lane,.tick{fill:#9aa6b6}.paper{fill:#12161c}.band{fill:#1a2029}.rule{stroke:#465062}
.grid{stroke:#252d38}.cue{fill:#c2ccda}.named{fill:#8ab4f8}.wait{fill:#3a2c0b;stroke:#d9a441}.said{fill:#f3d08b}
"""
_LINES = ("#0b6e5c", "#7b3fb3", "#b3261e", "#1a5fb4", "#8a5a00", "#3d6b1f")
_FILLS = ("#d8f1ec", "#ecdff8", "#fbdfdc", "#dbe9fa", "#f7e8c8", "#e1efd6")
_DARK_LINES = ("#5fd3bc", "#c9a0f0", "#ff9d94", "#8ec2ff", "#f0c060", "#a6d980")
_DARK_FILLS = ("#12352f", "#2e1f40", "#431c19", "#16293f", "#38290a", "#1f3113")


def hue(fixture: Fixture) -> int:
    """Give the number of a device's colour: that of its kind, or by a name of its own, the same in every show."""
    looks = fixture.device.looks
    if looks is None or fixture.name != fixture.device.name:
        return crc32(fixture.name.encode()) % HUES
    return COLOURS.index(looks.colour)


def shape(fixture: Fixture) -> Shape:
    """Give the shape of a device's sign: that of its kind."""
    looks = fixture.device.looks
    return "circle" if looks is None else looks.shape


def style() -> str:
    """Give the style of a picture. Of hue N: ``sN`` is a line, ``fN`` a filled box, ``tN`` its colour alone."""
    dark = _DARK + _hues(_DARK_LINES, _DARK_FILLS)
    return f"{_BASE}{_hues(_LINES, _FILLS)}@media screen and (prefers-color-scheme:dark){{{dark}}}"


def _hues(lines: Sequence[str], fills: Sequence[str]) -> str:
    return "".join(
        f".s{n}{{stroke:{line}}}.f{n}{{fill:{fill};stroke:{line}}}.t{n}{{fill:{line}}}\n"
        for n, (line, fill) in enumerate(zip(lines, fills, strict=True))
    )
