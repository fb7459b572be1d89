"""A stage as a page that plays: puppets that move and speak, what stands around them, the script beside it.

It stands alone: one file that fetches nothing and says so to the browser. What anybody wrote gets into it as data, and
onto the page as text.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

from showrunner.drawing.puppet import moment
from showrunner.drawing.svg import escaped

_RULES = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def preview(stage: dict[str, Any]) -> str:
    """Give the page's HTML for what ``staged`` gave. Without a script it shows how the show begins, and its text."""
    title = escaped(stage["title"])
    data = json.dumps(stage, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    poster = "".join(drawn(one) for one in moment(stage, 0)["puppets"])
    script = "".join(f"<pre>{escaped(one['text'])}</pre>" for one in stage["files"])
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_RULES}">\n'
        f"<title>{title}</title>\n<style>\n{_asset('puppet.css')}{_asset('stage.css')}</style>\n"
        f'<main id="page"><h1>{title}</h1>\n<noscript><div class="puppets">{poster}</div>\n{script}</noscript></main>\n'
        f'<script type="application/json" id="stage">{data}</script>\n'
        f'<script type="module">\n{_program()}</script>\n</html>\n'
    )


def drawn(puppet: dict[str, Any]) -> str:
    """Give a puppet of a ``moment`` as SVG."""
    middle = (
        f"translate({100 + puppet['x']:g} {110 + puppet['y']:g}) rotate({puppet['turn']:g}) scale({puppet['grow']:g}) "
        "translate(-100 -110)"
    )
    inside = "".join(
        f'<g transform="translate({one["x"]:g} {one["y"]:g}) '
        f'rotate({one["turn"]:g} {one["about"][0]} {one["about"][1]})">{"".join(map(_shape, one["shapes"]))}</g>'
        for one in puppet["groups"]
    )
    return (
        f'<svg viewBox="0 0 200 220" role="img" aria-label="{escaped(puppet["name"])}">'
        f'<g transform="{middle}">{inside}</g></svg>'
    )


def _shape(shape: dict[str, Any]) -> str:
    if "way" in shape:
        return f'<path class="{shape["look"]}" d="{shape["way"]}"/>'
    return (
        f'<ellipse class="{shape["look"]}" cx="{shape["x"]:g}" cy="{shape["y"]:g}" rx="{shape["wide"]:g}" '
        f'ry="{shape["high"]:g}"/>'
    )


def _program() -> str:
    """Give the page's modules as one: what they import of each other stands above them already."""
    modules = "".join(_asset(name) for name in ("puppet.js", "drawn.js", "player.js"))
    return re.sub(r"^import .*\n", "", re.sub(r"^export ", "", modules, flags=re.MULTILINE), flags=re.MULTILINE)


def _asset(name: str) -> str:
    return files("showrunner.drawing").joinpath("stage", name).read_text(encoding="utf-8")
