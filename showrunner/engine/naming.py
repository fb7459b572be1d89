"""Naming: how the journal calls what plays, and where in the text it stands."""

from __future__ import annotations

from showrunner.engine.play import Doing, Play, Scope, Taken
from showrunner.timeline.cues import Await, Call, Choose, Log, Send
from showrunner.timeline.labels import Label, seen_from


def label(play: Play, taken: Taken) -> Label:
    """Say what a cue is called in the text that plays."""
    if taken.label is None:
        scope, cue = taken.scope, taken.cue
        taken.label = Label(file_name(play, scope), scope.base + cue.line, cue.name, scope.inside)
    return taken.label


def file_name(play: Play, scope: Scope) -> str | None:
    """Name the file a scope's cues stand in, as the journal does; None: the script."""
    return seen_from(play.cues.main, scope.file)


def through(play: Play, scope: Scope) -> list[str]:
    """List the `do`s a scope came through, the innermost first: `L20`, in another file `part.show:L20`."""
    calls: list[str] = []
    inside_of: Scope | None = scope
    while inside_of is not None:
        owner = inside_of.owner
        if isinstance(owner, Doing) and isinstance(owner.step, Call):
            caller = owner.taken.scope
            line = caller.base + owner.taken.cue.line + owner.step.span.line
            calls.append(Label(file_name(play, caller), line).text())
        inside_of = inside_of.parent
    return calls


def place(play: Play, taken: Taken, step: Send | Await | Log | Choose) -> tuple[int, str | None]:
    """Say where a command of a cue stands: its line, and its file if that is not the script."""
    return taken.scope.base + taken.cue.line + step.span.line, file_name(play, taken.scope)


def where(play: Play, taken: Taken) -> dict[str, str | None]:
    """Give the three keys that say where something happened; what is `safe` stands in no segment."""
    scope = taken.scope
    segment, cue = scope.part.segment.name or None, label(play, taken).text()
    return {"segment": segment, "track": scope.track or None, "cue": cue}
