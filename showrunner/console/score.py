"""The score: a compiled show and its plan, as the JSON the page draws.

What does not change as long as a version of the show is in force is made once (``score``); what does is laid over it
by ``with_state``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from showrunner.console.rows import Numbered, Rows
from showrunner.console.written import Written, small, stretches
from showrunner.devices.vocabulary import Fixture
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.drawing.staged import alive
from showrunner.drawing.style import hue, shape
from showrunner.engine.messages import Entry
from showrunner.reports.curves import NumberCurve, numbers
from showrunner.reports.entries import speaking
from showrunner.reports.music import Music, music
from showrunner.reports.pads import Pad, pads
from showrunner.reports.timetable import (
    Moment,
    Plan,
    TimedCommand,
    TimedCue,
    TimedLog,
    TimedSegment,
    TimedWait,
    moments,
    said,
)
from showrunner.slotted import dataclass
from showrunner.syntax.keywords import COMMANDS, RESERVED, STATEMENTS
from showrunner.timeline.cues import Call, Choose, Cue, CueList, Repeat, Segment, Track, bodies, reads
from showrunner.timeline.labels import Key, Label, ListPlace, of_track, whens
from showrunner.timeline.revise import when_of
from showrunner.yielding import gently

DATAGRAMS = frozenset({"osc", "datagram"})
"""Ways by which a program is told something and does not answer."""

ROW = 300
"""So many characters of a saved line are shown."""


def score(
    cues: CueList,
    planned: Plan,
    texts: Mapping[str, str],
    fixtures: Mapping[str, Fixture],
    rows: Rows | None = None,
) -> dict[str, Any]:
    """Make the part that is the same as long as this version is in force; its long lists are written already.

    ``texts``: every file's text by its path; ``rows`` know the versions before. Takes a second for ten thousand cues,
    in which others may work.
    """
    numbered = (rows or Rows()).numbered(cues)
    starts = {segment.name: segment.start for segment in planned.segments}
    first: dict[Key, int] = {}
    for cue in gently(planned.cues):
        first.setdefault(cue.where, cue.at)
    begins = [starts.get(segment.name) for segment in cues.segments]
    ends = [next((at for at in begins[n + 1 :] if at is not None), planned.length) for n in range(len(begins))]
    bars = music(planned, cues, numbered.labels)
    outlines = [_Outline(numbered, segment, first, bars.get(segment.name)) for segment in cues.segments]
    segments = [
        outline.written(at, None if at is None else end)
        for outline, at, end in zip(outlines, begins, ends, strict=True)
    ]
    head = small({"end": planned.length, "whole": planned.whole})[:-1]
    listed_whens = [_when(place, numbered) for place in whens(cues)]
    # The stage file and the catalogue are no lines of the show, and the cast looks on too.
    # How their lines end is the disk's business.
    scripts = [
        (path, text.replace("\r\n", "\n")) for path, text in texts.items() if not path.endswith((".yaml", ".yml"))
    ]
    drawn = (_entry(moment, numbered, ended=ended) for moment, ended in moments(planned))
    return {
        "version": 1,
        "title": cues.title,
        "script": cues.main,
        "fingerprint": cues.fingerprint,
        "devices": [_device(fixtures[name]) for name in cues.devices],
        "buttons": list(cues.buttons),
        "whens": listed_whens,
        "pads": [_pad(one, listed_whens) for one in pads(cues)],
        "segments": Written(b"[" + b",".join(segments) + b"]"),
        "plan": Written(b'%b,"entries":%b}' % (head, b"".join(stretches(drawn)))),
        "holds": Written(b"".join(stretches(map(_hold, numbers(planned.curves))))),
        "words": [*STATEMENTS, *COMMANDS, *RESERVED],
        "files": Written(b"".join(stretches({"path": path, "text": text} for path, text in scripts))),
    }


def with_state(
    made: Mapping[str, Any],
    *,
    started: bool,
    findings: Sequence[Mapping[str, Any]] = (),
    refused: bool = False,
    undo: bool = False,
    redo: bool = False,
    speed: bool = False,
) -> dict[str, Any]:
    """Lay over a score what changes: whether time 0 has come, the findings (``listed``) of a ``refused`` save, else the
    warnings of the version in force, whether there is a version to go back to, or one that was undone, and whether the
    speed may be changed.
    """
    state = {"started": started, "findings": findings, "refused": refused, "undo": undo, "redo": redo, "speed": speed}
    return {**made, **state}


def listed(findings: Iterable[Diagnostic], saved: Mapping[str, str], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """List findings for the page, which has the ``texts`` in force, not those ``saved``.

    Beside the keys of `check --format json` each has ``source``, the line as it was saved (as much as fits a row), and
    ``near``, the line of the text in force (from 1) at which it is to be shown.
    """
    shown = []
    split: dict[str, tuple[list[str], list[str]]] = {}
    for finding in findings:
        found = render.as_data(finding)
        path, number = found["path"], found["line"] or 1
        if path not in split:
            split[path] = (saved.get(path, "").split("\n"), texts.get(path, "").split("\n"))
        lines, force = split[path]
        source = lines[number - 1][:ROW] if number <= len(lines) else ""
        shown.append({**found, "source": source, "near": _near(number, lines, force)})
    return shown


def _near(number: int, saved: list[str], force: list[str]) -> int:
    """Give the line of one text that stands where a line of the other does; what lies around an edit is the same."""
    shorter = min(len(saved), len(force))
    above = next((n for n in range(shorter) if saved[n] != force[n]), shorter)
    if number <= above:
        return number
    below = next((n for n in range(shorter - above) if saved[-1 - n] != force[-1 - n]), shorter - above)
    if number > len(saved) - below:
        return number - len(saved) + len(force)
    return max(1, min(number, len(force) - below))


@dataclass(frozen=True, slots=True)
class _Outline:
    """A segment on its way to the page: ``first`` is when a cue comes in the plan, ``music`` where its bars lie."""

    show: Numbered
    segment: Segment
    first: Mapping[Key, int]
    music: Music | None

    def written(self, at: int | None, end: int | None) -> bytes:
        segment = self.segment
        keys: dict[str, Any] = {
            "name": segment.name,
            "title": segment.title,
            "at": at,
            "end": end,
            "at_least": segment.at_least,
            "at_most": segment.at_most,
            "file": segment.file,
            "line": segment.line,
        }
        if self.music is not None:
            tempo = self.music.tempo
            keys["music"] = {"first": self.music.first, "beat": float(tempo.beat), "beats": tempo.beats}
        tracks = [
            b'{"name":%b,"cues":%b}' % (small(track.name), b"".join(stretches(self._cues(track))))
            for track in segment.tracks
        ]
        return b'%b,"tracks":[%b]}' % (small(keys)[:-1], b",".join(tracks))

    def _cues(self, track: Track) -> Iterator[dict[str, Any]]:
        for place in of_track(self.show.cues, self.segment, track).places():
            yield {
                "cue": place.label.text(),
                "named": place.cue.name is not None,
                **self.show.of(place),
                "file": track.file,
                "line": place.line,
                "lines": 1 + _last(place.cue),
                "at": self.first.get(place.key),
                "position": place.cue.written,
                "commands": [reads(step) for step in place.cue.steps],
                "endless": _endless(place.cue),
                **({"bar": True} if place.cue.position.bar else {}),
            }


def _last(cue: Cue) -> int:
    """Count the lines from a cue's first to its last, blocks below it included."""
    last = 0
    for step in cue.steps:
        last = max(last, step.span.line + step.text.count("\n"))
        for body in () if isinstance(step, Call) else bodies(step):
            last = max([last, *(inner.line + _last(inner) for inner in body.cues)])
    return last


def _endless(cue: Cue) -> bool:
    """Tell whether a cue begins what goes on to the end of its segment: a `repeat` without a number, in a `do` too."""
    owning = [step for step in cue.steps if isinstance(step, Call | Repeat | Choose)]
    return any(
        (isinstance(step, Repeat) and step.endless)
        or any(_endless(inner) for body in bodies(step) for inner in body.cues)
        for step in owning
    )


def _beside(label: Label) -> bool:
    """Tell whether a cue stands in a `meanwhile`, which its command may end before all of it was taken."""
    inside = label.inside
    return inside is not None and ((inside.call is None and inside.turn is None) or _beside(inside.cue))


def _entry(moment: Moment, show: Numbered, *, ended: bool) -> Entry:
    """Write what happens as the journal would, and which row it is; of a command that speaks also what is said."""
    keys: Entry
    match moment:
        case TimedSegment():
            keys = {"kind": "segment", "segment": moment.name, "title": moment.title, "at": moment.start}
        case TimedCue():
            place = show.labels.at(moment.where)
            keys = {"kind": "cue", **_where(moment.where, show), "due": moment.due, "late": moment.late}
            keys |= {} if place is None else {"own": place.label.own, "path": place.within.file, "line": place.line}
            keys |= {"meanwhile": True} if place is not None and _beside(place.label) else {}
            keys["at"] = moment.at
        case TimedCommand() if ended:
            keys = {"kind": "outcome", "id": moment.id, "result": moment.result, "reason": moment.reason}
            keys |= {"took": moment.took, "at": moment.end}
        case TimedCommand():
            keys = {"kind": "command", "id": moment.id, "device": moment.device, "verb": moment.verb}
            keys |= {**_where(moment.where, show), "line": moment.line, "text": moment.text}
            keys |= {"filled": moment.filled, "file": moment.file}
            keys |= {"through": moment.through or None, "at": moment.start, "said": said(moment)}
            keys |= {"draws": None if moment.command is None else moment.command.verb.draws}
        case TimedWait() if ended:
            keys = {"kind": "resume", **_where(moment.where, show), "for": moment.what, "why": moment.why}
            keys["at"] = moment.end
        case TimedWait():
            keys = {"kind": "wait", **_where(moment.where, show), "for": moment.what, "at": moment.start}
        case TimedLog():
            keys = {"kind": "log", **_where(moment.where, show), "message": moment.message, "at": moment.at}
    return {key: value for key, value in keys.items() if value is not None}


def _device(fixture: Fixture) -> dict[str, Any]:
    """Say what a device is, how it looks, and which of its verbs are heard: the page knows it from here alone."""
    spoken = sorted(verb for _, verb in speaking({fixture.name: fixture}))
    looks = {"hue": hue(fixture), "shape": shape(fixture)}
    named = {"name": fixture.name, "driver": fixture.device.name}
    answers = fixture.main.encoding not in DATAGRAMS
    return {**named, "speech": spoken, "looks": looks, "puppet": alive(fixture), "answers": answers}


def _where(key: Key, show: Numbered) -> dict[str, Any]:
    segment, track, cue = key
    if segment and not cue:  # what ends a segment belongs to no cue
        return {"segment": segment}
    place = show.labels.at(key)
    return {"segment": segment, "track": track, "cue": cue, **({} if place is None else show.of(place))}


def _when(place: ListPlace, show: Numbered) -> dict[str, Any]:
    """Give a `when` for the page: where it stands, by which buttons it is pressed, what it does with an event."""
    cue, step = place.place(0), when_of(place.body)
    return {
        "segment": place.segment or None,
        "cue": cue.label.text(),
        **show.of(cue),
        "file": place.file,
        "line": cue.line,
        "text": reads(step),
        "called": step.called,
        "buttons": [event.name for event in step.events if event.kind == "button"],
        "policy": step.habit,
        "every": step.every,
        "takes": step.takes,
    }


def _pad(pad: Pad, listed_whens: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = {(one["segment"], one["cue"]): one["row"] for one in listed_whens}
    ears = [
        {"segment": ear.segment, "cue": ear.cue, "row": rows[ear.segment, ear.cue], "every": ear.every}
        for ear in pad.ears
    ]
    return {"name": pad.name, "segment": pad.segment, "whens": ears, "keeps": pad.keeps, "brings": list(pad.brings)}


def _hold(curve: NumberCurve) -> dict[str, Any]:
    return {
        "id": curve.id,
        "device": curve.device,
        "property": curve.property,
        "from": curve.begin,
        "to": curve.to,
        "start": curve.start,
        "arrives": curve.arrives,
        "until": curve.until,
        "ease": curve.ease,
    }
