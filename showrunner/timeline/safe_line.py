"""One line of a `safe:` list, compiled: a device's commands that panic sends, or what is wrong with them.

The line is checked as a script's line would be, and then for what has no sense after a panic, where nothing is waited
for and nothing moves. Columns count from the line's first character: where it stands is known to whoever read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.diagnostics.diagnostic import Diagnostic, Place, Span
from showrunner.diagnostics.sentence import sentence
from showrunner.slotted import dataclass
from showrunner.syntax import nodes
from showrunner.syntax.parser import ScriptReader
from showrunner.timeline import cues
from showrunner.timeline.compile.posts import speaker
from showrunner.timeline.compiler import NamedFile, compile_show

_BEFORE = "at 0s  "
"""What makes a cue of a line."""

_POSITIONS = frozenset({"at", "then", "cue"})

_EXAMPLE = sentence("for example `animaze scene Stream`")


@dataclass(frozen=True, slots=True)
class Line:
    """What came of a line: its commands in order (none where there is an error), findings, and pictures shown."""

    sends: tuple[cues.Send, ...]
    findings: tuple[Diagnostic, ...]
    pictures: tuple[NamedFile, ...] = ()


def compile_line(
    text: str,
    device: str,
    path: str,
    reader: ScriptReader,
    fixtures: Mapping[str, Fixture],
    inventories: Mapping[str, Inventory],
) -> Line:
    """Compile ``text``, a line of the list of ``device``. Findings stand in line 1 of ``path``."""
    words = text.split()
    whole = Place(path, 1, 1, max(1, len(text)))
    if not words:
        return Line((), (Diagnostic("E036", whole, sentence("this line is empty"), _EXAMPLE),))
    if words[0] in _POSITIONS:
        where = Place(path, 1, text.index(words[0]) + 1, len(words[0]))
        message = sentence("a safe command has no time: `{words}` says when, and panic is now", words[0])
        return Line((), (Diagnostic("E036", where, message, _EXAMPLE),))
    if "\n" in text or "\r" in text:
        message = sentence("this is more than one line: each command line is an item of the list")
        return Line((), (Diagnostic("E036", whole, message, sentence("begin each with `- `")),))
    parsed = reader.read(_BEFORE + text, path)
    if parsed.findings:
        return Line((), tuple(_moved(one) for one in parsed.findings))
    given = [command for item in parsed.script.items for command in _commands(item.node)]
    senseless = [found for command in given for found in _senseless(command, device, path, fixtures)]
    if senseless:
        return Line((), tuple(_moved(one) for one in senseless))
    book = nodes.Book(path, {path: nodes.Source(path, _BEFORE + text, parsed.script)}, {}, "")
    compiled = compile_show(book, fixtures, inventories)
    findings = tuple(_moved(one) for one in compiled.findings)
    pictures = tuple(one._replace(place=_shifted(one.place)) for one in compiled.pictures)
    if compiled.cues is None:
        return Line((), findings, pictures)
    sends = [
        step
        for segment in compiled.cues.segments
        for track in segment.tracks
        for cue in track.body.cues
        for step in cue.steps
        if isinstance(step, cues.Send)
    ]
    streamed = [found for send in sends for found in _streamed(send, path)]
    if streamed:
        return Line((), (*findings, *(_moved(one) for one in streamed)), pictures)
    return Line(tuple(sends), findings, pictures)


def _commands(node: nodes.Item) -> tuple[nodes.Command, ...]:
    return node.commands if isinstance(node, nodes.Cue) else ()


def _senseless(command: nodes.Command, device: str, path: str, fixtures: Mapping[str, Fixture]) -> list[Diagnostic]:
    """Find what is right in a script and has no sense here."""
    if not isinstance(command, nodes.DeviceCommand) or isinstance(command.device, nodes.Variable):
        message = sentence("panic sends commands to devices, at once and one after the other: this is for scripts")
        return [Diagnostic("E036", _place(command.span, path), message, _EXAMPLE)]
    found = []
    meant = speaker(fixtures, command.verb.text) if command.short else command.device.text
    if meant in fixtures and meant != device:
        message = sentence("this is a command for `{meant}`, in the `safe:` list of `{device}`", meant, device)
        advice = sentence("put it into the `safe:` list of `{meant}`", meant)
        found.append(Diagnostic("E036", _place(command.device.span, path), message, advice))
    for modifier in command.modifiers:
        if not isinstance(modifier, nodes.Within | nodes.Retry):
            message = sentence("nothing waits for a safe command, and nothing follows it")
            advice = sentence("take this out; a safe command takes `within` and `retry`")
            found.append(Diagnostic("E036", _place(modifier.span, path), message, advice))
    return found


def _streamed(send: cues.Send, path: str) -> list[Diagnostic]:
    if send.command.verb.stream is None:
        return []
    if send.command.verb.stream == "release":
        message, advice = sentence("panic lets go of all held values by itself"), sentence("take this line out")
    else:
        message = sentence("after a panic nothing moves and nothing is held any more")
        advice = sentence("give the command without `over`, if it has a form without")
    return [Diagnostic("E036", _place(send.span, path), message, advice)]


def _place(span: Span, path: str) -> Place:
    return span.place(path, 1)


def _moved(finding: Diagnostic) -> Diagnostic:
    """Count a finding's columns from the line's own beginning."""
    fix = None if finding.fix is None else replace(finding.fix, place=_shifted(finding.fix.place))
    return replace(finding, place=_shifted(finding.place), fix=fix, through=())


def _shifted(place: Place) -> Place:
    return replace(place, column=max(1, place.column - len(_BEFORE)))
