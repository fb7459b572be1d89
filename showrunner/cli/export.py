"""`showrunner export`: a show, as it was or as it is planned, in the formats of other programs."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from showrunner.cli.options import Catalogue, Stage

if TYPE_CHECKING:
    from showrunner.reports.captions import Caption
    from showrunner.reports.timetable import Timetable

EXAMPLE = """Examples:
  showrunner export tonight.journal -o tonight.srt
  showrunner export tonight.journal -o tonight.chapters.txt
  showrunner export morning.show -o morning.otio"""


def command(
    source: Annotated[str, typer.Argument(metavar="JOURNAL|SHOW", help="What was, or what is planned.")],
    target: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="FILE", help="A name with .srt .vtt .ass .chapters.txt .otio or .csv at its end."
        ),
    ],
    stage: Stage = None,
    catalogue: Catalogue = None,
) -> None:
    """Write what was said, when the segments were, or every cue, for a video, an editor or a table."""
    from pathlib import Path

    from showrunner.cli.terminal import output
    from showrunner.diagnostics.refusal import Refusal
    from showrunner.reports.exports import FORMATS
    from showrunner.show.outputs import apart, write

    ending = next((one for one in FORMATS if Path(target).name.lower().endswith(one)), None)
    if ending is None:
        raise Refusal(f"`{target}` has no ending that says what to write", f"end it with one of: {', '.join(FORMATS)}")
    apart(target, (source,))
    table, captions = _recorded(source) if _is_journal(source) else _planned(source, stage, catalogue, target)
    made = FORMATS[ending](table, captions)
    write(target, made.text)
    for note in made.notes:
        output.say(f"note: {note}")
    output.say(f"{target}: written")


def _is_journal(path: str) -> bool:
    """Tell a journal from a script by its first byte."""
    from pathlib import Path

    if path == "-":
        return sys.stdin.buffer.peek(1)[:1] == b"{" if hasattr(sys.stdin.buffer, "peek") else False
    try:
        with Path(path).open("rb") as file:
            return file.read(4).removeprefix(b"\xef\xbb\xbf")[:1] == b"{"
    except OSError:
        return False


def _recorded(path: str) -> "tuple[Timetable, tuple[Caption, ...]]":
    from showrunner.cli.terminal import output
    from showrunner.diagnostics.wording import count
    from showrunner.reports.captions import spoken
    from showrunner.reports.entries import read as timetable
    from showrunner.running.recording import drivers, read

    found = read(path, exit=1)
    if found.torn:
        output.say(f"warning: {count(len(found.torn), 'line')} of the journal could not be read: line {found.torn[0]}")
    return timetable(found.entries, {}), spoken(found.entries, drivers(found.entries))


def _planned(
    path: str, stage: str | None, catalogue: str | None, target: str
) -> "tuple[Timetable, tuple[Caption, ...]]":
    from showrunner.cli.arguments import script
    from showrunner.cli.terminal import output
    from showrunner.reports.captions import planned
    from showrunner.reports.plan import plan
    from showrunner.show.outputs import apart
    from showrunner.show.prepare import prepare

    prepared = prepare(script(path), stage, catalogue)
    output.findings(prepared.findings, prepared.texts)
    if prepared.cues is None:
        raise typer.Exit(1)
    apart(target, prepared.read)
    table = plan(prepared.cues, prepared.fixtures, prepared.inventories)
    return table, planned(table)
