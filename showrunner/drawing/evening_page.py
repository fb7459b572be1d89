"""The report of an evening as a page to send around: planned against real, what was late and why. It stands alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from showrunner.diagnostics.wording import count
from showrunner.drawing.svg import escaped
from showrunner.reports.evening import CAUSES, NOTICED, Bad, Evening, PlayedCue, PlayedSegment
from showrunner.times import clock, clock_to_second, short

LISTED = 200
"""So many late cues, presses and things told of a device are listed; the others are counted."""

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2430;--faint:#566070;--paper:#fff;--rule:#e4e8ee;--plan:#c9d0da;--real:#0b57d0;
--bad:#b3261e;--good:#0b6e5c}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--faint:#9aa6b6;--paper:#12161c;--rule:#252d38;--plan:#465062;
--real:#8ab4f8;--bad:#ff9d94;--good:#5fd3bc}}
body{margin:0;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;background:var(--paper);
color:var(--ink)}
main{max-width:960px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:24px;line-height:1.2;margin:0 0 4px}h2{font-size:17px;margin:32px 0 8px}
p{margin:4px 0}.faint{color:var(--faint)}.bad{color:var(--bad)}.good{color:var(--good)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 14px 5px 0;border-bottom:1px solid var(--rule)}
th{font-weight:600;color:var(--faint);font-size:13px}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;
white-space:nowrap}
code{font:13px ui-monospace,SFMono-Regular,Consolas,monospace;overflow-wrap:anywhere}
dl{display:flex;flex-wrap:wrap;gap:8px 32px;margin:16px 0}dt{color:var(--faint);font-size:13px}
dd{margin:0;font-size:19px;font-weight:600;font-variant-numeric:tabular-nums}
.bars{margin:8px 0 16px;font-size:13px}.bars div{margin:6px 0}.bars b{display:block;height:6px;min-width:2px;
border-radius:2px;margin-top:2px}.plan{background:var(--plan)}.real{background:var(--real)}
i{display:inline-block;width:12px;height:8px;margin-right:6px;border-radius:2px}
td.t,th.t{white-space:nowrap;font-variant-numeric:tabular-nums;width:1%}
@media print{main{max-width:none}}
"""


def evening_page(found: Evening) -> str:
    """Give the page's HTML."""
    late = sorted((cue for cue in found.cues if cue.late >= NOTICED), key=lambda cue: -cue.late)
    parts = [
        _head(found, late),
        _section("Segments: planned and real", _segments(found)),
        _section("What was late, and why", _late(found, late)),
        _section("What ended badly", _bad(found, found.bad)) if found.bad else "",
        _section("Probably not heard", _bad(found, found.unheard)) if found.unheard else "",
        _section("Devices", _devices(found)),
        _section("Saves", _reloads(found)) if found.reloads else "",
        _section("The operator", _presses(found)) if found.operator else "",
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(found.title)}: how it went</title>\n<style>{_STYLE}</style>\n<main>\n"
        f"{''.join(parts)}</main>\n</html>\n"
    )


def _head(found: Evening, late: Sequence[PlayedCue]) -> str:
    ended = {None: "The journal breaks off", "done": "Played to its end"}.get(found.result, f"Ended: {found.result}")
    facts = [
        ("length", clock_to_second(found.length)),
        ("commands", str(sum(found.counts.values()))),
        ("ended badly", str(len(found.bad))),
        ("probably not heard", str(len(found.unheard))),
        ("cues", str(len(found.cues))),
        (f"late by {short(NOTICED)} or more", str(len(late))),
        ("devices lost", str(sum(device.lost for device in found.devices))),
    ]
    notes = []
    if not found.planned:
        notes.append("The script was not at hand as it was played: there is no plan to hold the times against.")
    if found.torn:
        notes.append(f"{count(found.torn, 'line')} of the journal could not be read.")
    notes += [f"Nothing went on for {short(lasted)} at {clock(at)}." for at, lasted in found.gaps]
    listed = "".join(f"<div><dt>{escaped(name)}</dt><dd>{escaped(value)}</dd></div>" for name, value in facts)
    said = "".join(f'<p class="bad">{escaped(note)}</p>' for note in notes)
    return (
        f'<h1>{escaped(found.title)}</h1>\n<p class="faint">{escaped(ended)} \u00b7 {escaped(found.script)}</p>\n'
        f"<dl>{listed}</dl>\n{said}"
    )


def _section(title: str, inside: str) -> str:
    return f"<section>\n<h2>{escaped(title)}</h2>\n{inside}\n</section>\n"


def _rows(heads: Sequence[tuple[str, bool | None]], rows: Iterable[Sequence[str]]) -> str:
    """Give a table; of each column its head, and whether it holds numbers (None: instants). Cells are HTML already."""
    head = "".join(f'<th scope="col"{_numeric(number)}>{escaped(name)}</th>' for name, number in heads)
    body = "".join(
        "<tr>"
        + "".join(f"<td{_numeric(number)}>{cell}</td>" for cell, (_, number) in zip(row, heads, strict=True))
        + "</tr>\n"
        for row in rows
    )
    return f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>'


def _numeric(number: bool | None) -> str:
    return ' class="t"' if number is None else ' class="n"' if number else ""


def _segments(found: Evening) -> str:
    rows = [
        (
            escaped(one.title or one.segment),
            "" if one.planned is None else clock(one.planned),
            clock(one.start),
            "" if one.lasting is None else short(one.lasting),
            short(one.end - one.start),
        )
        for one in found.segments
    ]
    heads = (("segment", False), ("planned", True), ("real", True), ("planned to last", True), ("lasted", True))
    return _bars(found.segments) + _rows(heads, rows)


def _bars(segments: Sequence[PlayedSegment]) -> str:
    """Draw every segment twice, one below the other: as it was planned, as it was. The table below has the times."""
    shown = segments[:LISTED]
    end = max((max(one.end, (one.planned or 0) + (one.lasting or 0)) for one in shown), default=0)
    if not end:
        return ""
    drawn = []
    for one in shown:
        planned = "" if one.planned is None or one.lasting is None else _bar("plan", one.planned, one.lasting, end)
        real = _bar("real", one.start, one.end - one.start, end)
        drawn.append(f"<div>{escaped(one.title or one.segment)}{planned}{real}</div>\n")
    key = '<p class="faint"><i class="plan"></i>planned \u00a0 <i class="real"></i>real</p>\n'
    return f'{key}<div class="bars" aria-hidden="true">\n{"".join(drawn)}</div>\n'


def _bar(kind: str, start: int, lasting: int, end: int) -> str:
    return f'<b class="{kind}" style="margin-left:{start / end:.2%};width:{lasting / end:.2%}"></b>'


def _late(found: Evening, late: Sequence[PlayedCue]) -> str:
    if not any(one.cues for one in found.lateness):
        return '<p class="good">Nothing was late.</p>'
    causes = _rows(
        (("because of", False), ("cues", True), ("together", True), ("at worst", True)),
        [
            (escaped(CAUSES[one.cause]), str(one.cues), short(one.total), short(one.worst))
            for one in found.lateness
            if one.cues
        ],
    )
    if not late:
        return f'{causes}<p class="faint">No cue was late by {short(NOTICED)} or more.</p>'
    cues = _rows(
        (("time", None), ("segment", False), ("cue", False), ("late", True), ("because of", False)),
        [
            (
                clock(cue.at),
                escaped(cue.segment),
                escaped(cue.cue),
                short(cue.late),
                _why(cue),
            )
            for cue in late[:LISTED]
        ],
    )
    return f"{causes}<p></p>{cues}{_more(len(late))}"


def _why(cue: PlayedCue) -> str:
    said = escaped(CAUSES[cue.cause]) if cue.cause else ""
    return said if cue.why is None else f"{said}<br><code>{escaped(cue.why)}</code>"


def _more(number: int) -> str:
    return f'<p class="faint">and {number - LISTED:,} more</p>' if number > LISTED else ""


def _bad(found: Evening, listed: Sequence[Bad]) -> str:
    rows = []
    for one in listed[:LISTED]:
        said = f"{one.result}: {one.reason or 'no answer in time'}"
        command = f'<code>{escaped(one.text)}</code><br><span class="bad">{escaped(said)}</span>'
        rows.append((clock(one.at), f"<code>{escaped(one.file or found.script)}:{one.line}</code>", command))
    return _rows((("time", None), ("line", False), ("command", False)), rows) + _more(len(listed))


def _devices(found: Evening) -> str:
    rows = [
        (
            escaped(one.device) + ("" if one.device == one.driver else f" ({escaped(one.driver)})"),
            str(one.commands),
            f"{short(one.queue)} / {short(one.worst_queue)}",
            f"{short(one.answer)} / {short(one.worst_answer)}",
            str(one.lost),
            short(one.away) if one.lost else "",
        )
        for one in found.devices
    ]
    heads = (
        ("device", False),
        ("commands", True),
        ("in the queue", True),
        ("until the reply", True),
        ("lost", True),
        ("away", True),
    )
    told = [
        (clock(at), escaped(one.device), escaped(f"{state}: {detail}" if detail else state))
        for one in found.devices
        for at, state, detail in one.told[:LISTED]
        if at
    ]
    below = _rows((("time", None), ("device", False), ("told", False)), sorted(told)) if told else ""
    note = '<p class="faint">Half of the commands took at most the first time, none more than the second.</p>'
    return f"{_rows(heads, rows)}{note}{below}"


def _reloads(found: Evening) -> str:
    rows = []
    for one in found.reloads[:LISTED]:
        counted = {"added": one.added, "removed": one.removed, "changed": one.changed, "missed": one.missed}
        said = ", ".join(f"{number} {name}" for name, number in counted.items() if number) or "nothing changed"
        rows.append((clock(one.at), said if one.ok else f"refused, {count(one.findings, 'finding')}"))
    return _rows((("time", None), ("what it changed", False)), rows)


def _presses(found: Evening) -> str:
    rows = [
        (clock(one.at), escaped(" ".join(word for word in (one.action, one.what) if word)), escaped(one.origin or ""))
        for one in found.operator[:LISTED]
    ]
    return _rows((("time", None), ("what", False), ("from", False)), rows) + _more(len(found.operator))
