"""Naming: how the journal calls what plays, and where in the text it stands."""

from __future__ import annotations

from showrunner.engine.play import Doing, Play, Scope, Taken
from showrunner.timeline.labels import Label, seen_from


def label(play: Play, scope: Scope, taken: Taken) -> Label:
    """Say what a cue is called in the text that plays."""
    if taken.label is None:
        cue = taken.cue
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
        if isinstance(owner, Doing):
            caller = owner.taken.scope
            line = caller.base + owner.taken.cue.line + owner.step.span.line
            calls.append(Label(file_name(play, caller), line).text())
        inside_of = inside_of.parent
    return calls


def where(play: Play, scope: Scope, taken: Taken) -> dict[str, str | None]:
    """Give the three keys that say where something happened; what is `safe` stands in no segment."""
    segment, cue = scope.part.segment.name or None, label(play, scope, taken).text()
    return {"segment": segment, "track": scope.track or None, "cue": cue}
