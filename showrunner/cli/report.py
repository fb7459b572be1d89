"""`showrunner report`: how an evening went, from its journal alone."""

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from showrunner.cli.options import Catalogue, Stage
from showrunner.cli.terminal import output
from showrunner.times import clock, short

if TYPE_CHECKING:
    from showrunner.reports.evening import Bad, Evening
    from showrunner.reports.timetable import Timetable
    from showrunner.running.recording import Recording

EXAMPLE = """Examples:
  showrunner report tonight.journal
  showrunner report tonight.journal --format html > tonight.html
  showrunner report tonight.journal --format json"""

VERSION = 1
"""Of the JSON: keys are added, never taken away or given another meaning."""


_UNDER, _WIDTH = " " * 13, 80

WORST = 12
"""So many late cues are listed, the latest first."""


class Format(StrEnum):
    """How the report is printed."""

    TABLE = "table"
    HTML = "html"
    JSON = "json"


def command(
    journal: Annotated[str, typer.Argument(metavar="JOURNAL", help="The journal, or - for standard input.")],
    format: Annotated[Format, typer.Option(help="A table, a page to send around, or JSON.")] = Format.TABLE,
    script: Annotated[
        str | None, typer.Option(metavar="FILE", help="The script, where it is not where it was.")
    ] = None,
    stage: Stage = None,
    catalogue: Catalogue = None,
) -> None:
    """Say how it went: planned and real times, what was late and why, what ended badly, what was lost, who pressed."""
    from showrunner.diagnostics.wording import count
    from showrunner.reports.evening import evening
    from showrunner.running.recording import drivers, opened

    with opened(journal, script, stage, catalogue, exit=1) as recording:
        kinds = drivers(recording.entries)
        found = evening(recording.entries, kinds, _plan(recording), len(recording.torn))
    if format is Format.JSON:
        from showrunner.diagnostics.render import dumps

        output.out(f"{dumps({'version': VERSION, **asdict(found)})}\n")
    elif format is Format.HTML:
        from showrunner.drawing.evening_page import evening_page

        output.out(evening_page(found))
    else:
        output.out(_table(found))
    if found.torn:
        output.say(f"warning: {count(found.torn, 'line')} of the journal could not be read and is left out")


def _plan(recording: "Recording") -> "Timetable | None":
    """Make the plan of the text the show began with, where that is at hand; else nothing is planned."""
    from showrunner.diagnostics.refusal import Refusal
    from showrunner.engine.messages import Options
    from showrunner.reports.plan import plan

    try:
        prepared = recording.prepared()
    except Refusal:
        return None
    if prepared.cues is None or prepared.fingerprint != recording.entries[0].get("fingerprint"):
        return None
    options = Options(seed=str(recording.entries[0].get("seed", "0")))
    return plan(prepared.cues, prepared.fixtures, prepared.inventories, options=options)


def _table(found: "Evening") -> str:
    """Lay the report out for a terminal of 80 columns."""
    lines = [
        *_head(found),
        "",
        *_segments(found),
        "",
        *_late(found),
        *_bad(found),
        "",
        *_devices(found),
        *_operator(found),
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _head(found: "Evening") -> list[str]:
    from showrunner.diagnostics.wording import visible

    counted = ", ".join(f"{number} {name}" for name, number in found.counts.items() if number)
    ended = found.result or "the journal breaks off"
    lines = [visible(found.title), f"{ended} after {clock(found.length)}: {counted or 'no commands'}"]
    if not found.planned:
        lines.append("(the script is not at hand as it was played: there is no plan to hold the times against)")
    lines += [f"nothing went on for {short(lasted)} at {clock(at)}" for at, lasted in found.gaps]
    return lines


def _segments(found: "Evening") -> list[str]:
    lines = [f"{'segment':22}{'planned':>12}{'real':>12}{'planned to last':>18}{'lasted':>12}"]
    for one in found.segments:
        planned = "" if one.planned is None else clock(one.planned)
        lasting = "" if one.lasting is None else short(one.lasting)
        real, lasted = clock(one.start), short(one.end - one.start)
        lines.append(f"{_cell(one.segment, 22)}{planned:>12}{real:>12}{lasting:>18}{lasted:>12}")
    return lines


def _late(found: "Evening") -> list[str]:
    from showrunner.diagnostics.wording import count, shortened, visible
    from showrunner.reports.evening import CAUSES, NOTICED

    late = sorted((cue for cue in found.cues if cue.late >= NOTICED), key=lambda cue: -cue.late)
    lines = [f"{count(len(found.cues), 'cue')}, {len(late)} late by {short(NOTICED)} or more"]
    for one in found.lateness:
        if one.cues:
            said = f"{short(one.total)} together, {short(one.worst)} at worst"
            lines.append(f"  for {CAUSES[one.cause]:24}{count(one.cues, 'cue'):>10}   {said}")
    for cue in late[:WORST]:
        why = "" if cue.cause is None else CAUSES[cue.cause]
        if cue.why is not None:
            why = f"{why}: {visible(cue.why)}"
        where = _cell(f"{cue.segment}/{cue.cue}", 22)
        lines.append(f"  {clock(cue.at)}  {where}{short(cue.late):>9}  {shortened(why, 32)}")
    if len(late) > WORST:
        lines.append(f"  and {count(len(late) - WORST, 'more cue')}")
    return lines


def _bad(found: "Evening") -> list[str]:
    from textwrap import wrap

    from showrunner.diagnostics.wording import count, visible
    from showrunner.reports.endings import unheard

    lines = ["", f"{count(len(found.bad), 'command')} ended badly"] if found.bad else []
    for one in found.bad:
        lines += [_where(found, one), f"             {one.result}: {visible(one.reason or 'no answer in time')}"]
    lines += ["", unheard(len(found.unheard))] if found.unheard else []
    for one in found.unheard:
        lines.append(_where(found, one))
        lines += wrap(visible(one.reason or ""), _WIDTH, initial_indent=_UNDER, subsequent_indent=_UNDER)
    return lines


def _where(found: "Evening", one: "Bad") -> str:
    from showrunner.diagnostics.wording import shortened, visible

    text = shortened(visible(one.text.splitlines()[0]), 40)
    return f"  {clock(one.at)}  {visible(one.file or found.script)}:{one.line}  {text}"


def _devices(found: "Evening") -> list[str]:
    lines = [f"{'device':18}{'commands':>10}{'in the queue':>20}{'until the reply':>20}{'lost':>6}"]
    for one in found.devices:
        queue, answer = (
            f"{short(one.queue)} / {short(one.worst_queue)}",
            f"{short(one.answer)} / {short(one.worst_answer)}",
        )
        away = f"  {short(one.away)} away" if one.lost else ""
        lines.append(f"{_cell(one.device, 18)}{one.commands:>10}{queue:>20}{answer:>20}{one.lost:>6}{away}")
    return [*lines, "(half of the commands took at most the first time, none more than the second)"]


def _operator(found: "Evening") -> list[str]:
    from showrunner.diagnostics.wording import count, visible

    lines = []
    if found.reloads:
        taken = sum(1 for one in found.reloads if one.ok)
        lines += ["", f"{count(len(found.reloads), 'save')}: {taken} taken, {len(found.reloads) - taken} refused"]
    if found.operator:
        lines += ["", "the operator"]
        lines += [f"  {clock(one.at)}  {one.action} {visible(one.what or '')}" for one in found.operator]
    return lines


def _cell(text: str, width: int) -> str:
    """Give a text that fills so many cells, cut where it has more."""
    from showrunner.diagnostics.wording import beginning, cells, visible

    shown = visible(text)
    cut = shown if cells(shown) < width else f"{beginning(shown, width - 2)}\u2026"
    return cut + " " * (width - cells(cut))
