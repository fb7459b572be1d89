"""A score as a page to open in a browser: the picture, for wide windows and for phones, and the cues as a table.

It stands alone: nothing is fetched, and its only program shows what is known of a thing that is touched.
"""

from __future__ import annotations

from collections.abc import Iterable

from showrunner.drawing.score import Mark, Score
from showrunner.drawing.svg import description, escaped, svg
from showrunner.times import clock_to_second

LONG = 2_000
"""With more cues than this a page has no second picture for phones, or it would be too large for them; one scrolls."""

LISTED = 2_000
"""So many cues stand in the table; the others are counted."""

_STYLE = """
:root{color-scheme:light dark}
body{margin:0;font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;background:#fff;color:#1d2430}
main{max-width:1160px;margin:0 auto}svg{display:block;width:100%;height:auto}.narrow{display:none}
h2{font-size:15px;margin:24px 12px 4px}details{margin:12px}summary{cursor:pointer;padding:6px 0;font-weight:600}
.list{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:3px 10px 3px 0;border-bottom:1px solid #e4e8ee}
td:first-child{font-variant-numeric:tabular-nums;white-space:nowrap}
#told{position:fixed;left:0;right:0;bottom:0;margin:0;padding:10px 14px;background:#1d2430;color:#fff;
white-space:pre-wrap;max-height:35vh;overflow:auto}#told:empty{display:none}
rect:hover,path:hover{filter:brightness(.9)}
@media (max-width:720px){.only{overflow-x:auto}.only svg{width:1160px}.wide{display:none}.narrow{display:block}}
@media screen and (prefers-color-scheme:dark){body{background:#12161c;color:#e6eaf0}th,td{border-color:#252d38}
#told{background:#e6eaf0;color:#12161c}rect:hover,path:hover{filter:brightness(1.35)}}
@media print{.wide{display:block}.narrow,#told{display:none}main{max-width:none}tr{break-inside:avoid}}
"""
_SCRIPT = """
const told = document.getElementById("told");
document.addEventListener("click", (event) => {
  const title = event.target.closest("svg *")?.querySelector(":scope > title");
  told.textContent = title ? title.textContent : "";
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") told.textContent = ""; });
"""


def page(score: Score) -> str:
    """Give the page's HTML."""
    rows = [(part.title or part.name, name, mark) for part in score.parts for name, mark in _marks(part.tracks.items())]
    rows.sort(key=lambda row: (row[2].spot.at, row[2].spot.breaks))
    narrow = svg(score, width=390, gutter=66, named="narrow") if len(rows) <= LONG else ""
    more = f"<p>and {len(rows) - LISTED:,} more</p>\n" if len(rows) > LISTED else ""
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(score.title)}</title>\n"
        f'<meta name="description" content="{escaped(description(score))}">\n<style>{_STYLE}</style>\n<main>\n'
        f'<div class="{"wide" if narrow else "only"}">\n{svg(score, named="wide")}</div>\n'
        f'<div class="narrow">\n{narrow}</div>\n'
        f"<details>\n<summary>All cues as a list</summary>\n"
        '<div class="list">\n<table>\n<thead><tr><th scope="col">Time</th><th scope="col">Segment</th>'
        '<th scope="col">Track</th><th scope="col">Cue</th><th scope="col">Does</th></tr></thead>\n<tbody>\n'
        f"{''.join(_row(*row) for row in rows[:LISTED])}</tbody>\n</table>\n</div>\n{more}</details>\n</main>\n"
        f'<p id="told" role="status"></p>\n<script>{_SCRIPT}</script>\n</html>\n'
    )


def _marks(tracks: Iterable[tuple[str, list[Mark]]]) -> Iterable[tuple[str, Mark]]:
    return ((name, mark) for name, marks in tracks for mark in marks)


def _row(segment: str, track: str, mark: Mark) -> str:
    first, _, does = mark.says.partition("\n")
    cells = (clock_to_second(mark.spot.at), segment, track, first.partition(" ")[2], does)
    return f"<tr>{''.join(f'<td>{escaped(cell)}</td>' for cell in cells)}</tr>\n"
