r"""Exports: a show, as it was or as it is planned, in the formats of other programs. Text in, text out; no file.

Sources: SubRip as VLC and ffmpeg read it; WebVTT, W3C; Advanced SubStation Alpha v4.00+ as libass reads it;
OpenTimelineIO's file format (``Timeline.1``); chapters as YouTube takes them from a description.

What somebody said is text in every one of them: it never becomes a tag, an override or a line of its own.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from showrunner.diagnostics.wording import visible
from showrunner.reports.captions import Caption, apart
from showrunner.reports.timetable import Timetable
from showrunner.slotted import dataclass
from showrunner.times import clock_to_second, tenths

RATE = 1000
"""Units a second of an OTIO time: what happened is known to the millisecond, and a video's rate is not."""

FEWEST, SHORTEST = 3, 10_000_000
"""YouTube shows chapters where there are so many, each so long (microseconds)."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be written, and what whoever wants it must know: sentences."""

    text: str
    notes: tuple[str, ...] = ()


def srt(table: Timetable, captions: Sequence[Caption]) -> Export:
    """Write SubRip: numbers, times, text."""
    del table
    blocks = [
        f"{number}\n{_hours(one.start, ',')} --> {_hours(one.end, ',')}\n{_untagged(_lines(one.text))}\n"
        for number, one in enumerate(captions, 1)
    ]
    return Export("\n".join(blocks))


def vtt(table: Timetable, captions: Sequence[Caption]) -> Export:
    """Write WebVTT. Where several speak, each text stands in a voice tag that says who."""
    del table
    several = len(apart(captions)) > 1
    blocks = ["WEBVTT\n"]
    for one in captions:
        text = _lines(one.text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        told = f"<v {one.device}>{text}" if several else text
        blocks.append(f"{_hours(one.start, '.')} --> {_hours(one.end, '.')}\n{told}\n")
    return Export("\n".join(blocks))


def ass(table: Timetable, captions: Sequence[Caption]) -> Export:
    """Write Advanced SubStation Alpha; who speaks stands as the actor of each line.

    The format has no way to write a brace or a backslash that means itself: wide ones take their place.
    """
    head = (
        f"[Script Info]\nTitle: {_one_line(table.title)}\nScriptType: v4.00+\nWrapStyle: 0\n"
        "PlayResX: 1920\nPlayResY: 1080\n\n[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
        "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, "
        "MarginR, MarginV, Encoding\n"
        "Style: Default,Arial,64,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,60,60,50,1\n\n"
        "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
    wide = str.maketrans({"{": "\uff5b", "}": "\uff5d", "\\": "\uff3c"})
    rows = [
        f"Dialogue: 0,{_centis(one.start)},{_centis(one.end)},Default,{one.device.replace(',', ' ')},0,0,0,,"
        + _lines(one.text).translate(wide).replace("\n", "\\N")
        for one in captions
    ]
    return Export(head + "".join(f"{row}\n" for row in rows))


def chapters(table: Timetable, captions: Sequence[Caption]) -> Export:
    """Write the segments as chapters, to be put into a video's description; notes say what YouTube would not take."""
    del captions
    listed = list(table.segments)
    rows = [f"{_chapter(0 if not n else one.start)} {_one_line(one.title or one.name)}" for n, one in enumerate(listed)]
    notes = []
    if len(listed) < FEWEST:
        notes.append(f"YouTube shows chapters only where there are at least {FEWEST}; this has {len(listed)}")
    notes += [
        f"YouTube shows chapters only where each lasts at least 10 s: `{one.name}` lasts {tenths(one.end - one.start)}"
        for one in listed
        if one.end - one.start < SHORTEST
    ]
    return Export("".join(f"{row}\n" for row in rows), tuple(notes))


def table_of_cues(table: Timetable, captions: Sequence[Caption]) -> Export:
    """Write every cue as a row: `segment,track,cue,due,at,late`; the times are microseconds, as in a journal."""
    del captions
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("segment", "track", "cue", "due", "at", "late"))
    rows.writerows((*one.where, one.due, one.at, one.late) for one in table.cues)
    return Export(out.getvalue())


def otio(table: Timetable, captions: Sequence[Caption]) -> Export:
    """Write an OpenTimelineIO timeline: a track of the segments with the cues as markers, and one for every voice."""
    segments = [(one.start, one.end, one.title or one.name, {"segment": one.name}) for one in table.segments]
    children = [_track("segments", segments, table)]
    for device, said in apart(captions).items():
        clips = [(one.start, one.end, one.text, {"emotion": one.emotion} if one.emotion else {}) for one in said]
        children.append(_track(device, clips))
    made: dict[str, Any] = {
        "OTIO_SCHEMA": "Timeline.1",
        "name": table.title,
        "metadata": {"showrunner": {"version": 1}},
        "global_start_time": None,
        "tracks": {
            "OTIO_SCHEMA": "Stack.1",
            "name": "tracks",
            "metadata": {},
            "source_range": None,
            "effects": [],
            "markers": [],
            "enabled": True,
            "children": children,
        },
    }
    return Export(json.dumps(made, ensure_ascii=False, indent=1) + "\n")


FORMATS: Mapping[str, Callable[[Timetable, Sequence[Caption]], Export]] = {
    ".chapters.txt": chapters,
    ".srt": srt,
    ".vtt": vtt,
    ".ass": ass,
    ".otio": otio,
    ".csv": table_of_cues,
}
"""The end of a file's name -> what writes it."""


def _track(name: str, clips: Sequence[tuple[int, int, str, Mapping[str, Any]]], table: Timetable | None = None) -> Any:
    """Make a track: clips one behind the other with gaps between; one that begins too early is shortened in front."""
    children: list[Any] = []
    now = 0
    for start, end, called, metadata in clips:
        begin, over = max(now, start // 1000), end // 1000
        if over <= begin:
            continue
        if begin > now:
            children.append(_item("Gap.1", "", begin - now, {}))
        children.append(_item("Clip.2", called, over - begin, dict(metadata)))
        now = over
    markers = [] if table is None else [_marker(one.at, " ".join(one.where[1:])) for one in table.cues]
    return {
        "OTIO_SCHEMA": "Track.1",
        "name": name,
        "kind": "Video" if table is not None else "Audio",
        "metadata": {},
        "source_range": None,
        "effects": [],
        "markers": markers,
        "enabled": True,
        "children": children,
    }


def _item(schema: str, name: str, length: int, metadata: Mapping[str, Any]) -> Any:
    made: dict[str, Any] = {
        "OTIO_SCHEMA": schema,
        "name": name,
        "metadata": {"showrunner": metadata} if metadata else {},
        "source_range": _range(0, length),
        "effects": [],
        "markers": [],
        "enabled": True,
    }
    if schema == "Clip.2":
        missing: dict[str, Any] = {
            "OTIO_SCHEMA": "MissingReference.1",
            "name": "",
            "metadata": {},
            "available_range": None,
        }
        made |= {"media_references": {"DEFAULT_MEDIA": missing}, "active_media_reference_key": "DEFAULT_MEDIA"}
    return made


def _marker(at: int, name: str) -> Any:
    return {
        "OTIO_SCHEMA": "Marker.2",
        "name": name,
        "metadata": {},
        "color": "GREEN",
        "comment": "",
        "marked_range": _range(at // 1000, 0),
    }


def _range(start: int, length: int) -> Any:
    def time(value: int) -> Any:
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(RATE), "value": float(value)}

    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(length)}


def _hours(micros: int, point: str) -> str:
    seconds, milli = divmod(micros // 1000, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{milli:03}"


def _centis(micros: int) -> str:
    seconds, centis = divmod(micros // 10_000, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{centis:02}"


def _chapter(micros: int) -> str:
    spelled = clock_to_second(micros)
    return spelled.removeprefix("0")


_TAG = re.compile(r"<([^<>\n]*)>|\{([^{}\n]*)\}")


def _untagged(text: str) -> str:
    """Keep players from taking for a tag what somebody said: SubRip has no way to write one that is none."""
    return _TAG.sub(lambda found: f"\uff1c{found[1]}\uff1e" if found[2] is None else f"\uff5b{found[2]}\uff5d", text)


_ENDS = "\n\r\x85\u2028\u2029"


def _lines(text: str) -> str:
    """Give a text for a caption: an empty line would end it; what would move a cursor or turn the text is left out."""
    plain = "".join(c if visible(c) == c or c in _ENDS else " " for c in text)
    lines = (" ".join(line.split()) for line in re.split(f"[{_ENDS}]+", plain))
    return "\n".join(line.replace("-->", "\u2192") for line in lines if line) or "\u2026"


def _one_line(text: str) -> str:
    return " ".join(_lines(text).split("\n"))
