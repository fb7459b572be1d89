"""What a show wants pressed: GO and buttons. Read off its plan; who can press them is not known here."""

from __future__ import annotations

from collections.abc import Iterator

from showrunner.engine.messages import Excerpt
from showrunner.reports.timetable import Plan
from showrunner.timeline.cues import Await, Body, Call, Choose, CueList, Hold, Repeat, Send, reads
from showrunner.timeline.labels import of_track


def wanted(cues: CueList, excerpt: Excerpt, planned: Plan) -> list[tuple[str, bool]]:
    """List the holds and buttons of what is played, as written, and whether the show stands still for each.

    It does not for what is limited in time or ends with something else: `within`, a `meanwhile`, a `repeat` without
    end, a segment with `at most`.
    """
    found: list[tuple[str, bool]] = []
    out = {cue.where for cue in planned.cues if cue.at < excerpt.point} | excerpt.before
    end = None if excerpt.last is None else excerpt.last + 1
    for segment in cues.segments[excerpt.first : end]:
        if (segment.name, "", "") in excerpt.before:
            break
        for track in segment.tracks:
            for place in of_track(cues, segment, track).places():
                if place.key not in out:
                    found += _inside(Body((place.cue,)), segment.at_most is None)
    return found


def _inside(body: Body, stands: bool) -> Iterator[tuple[str, bool]]:
    for cue in body.cues:
        for step in cue.steps:
            match step:
                case Hold():
                    yield reads(step), stands and step.within is None
                case Await(events=events) if any(event.kind == "button" for event in events):
                    yield reads(step), stands and step.within is None
                case Call():
                    for track in step.tracks:
                        yield from _inside(track.body, stands)
                case Choose():
                    for choice in step.choices:
                        yield from _inside(choice.body, stands)
                case Repeat():
                    yield from _inside(step.body, stands and not step.endless)
                case _:
                    pass
            if isinstance(step, Hold | Await | Send) and step.meanwhile is not None:
                yield from _inside(step.meanwhile, False)
