"""Names: what is kept under one, as a list knows it that asks for it or keeps it.

Not here: filling a text with it (``runs``), and what chooses by it (``waits``).
"""

from __future__ import annotations

from showrunner.engine.play import Hearing, Kept, Play, Repeating, Scope
from showrunner.timeline import cues


def kept(play: Play, scope: Scope | None, name: str) -> Kept | None:
    """Give what is kept under a name, as it is known in a list: in the turn of a `when` it stands in first.

    Where nothing is, `turn` and `left` count the turns of the innermost counted `repeat`.
    """
    return _own(play, scope, name) or (_counted(scope, name) if name in cues.COUNTED else None)


def now(play: Play, scope: Scope, name: str) -> Kept | None:
    """Give what counts the turns, if that is what a name means in a list: it is worked out when a command is taken."""
    return None if name not in cues.COUNTED or _own(play, scope, name) else _counted(scope, name)


def _own(play: Play, scope: Scope | None, name: str) -> Kept | None:
    """Give what the show itself keeps under a name."""
    names = None if scope is None else scope.names
    return names[name] if names is not None and name in names else play.answers.get(name)


def keep(play: Play, scope: Scope, name: str, kept: Kept | None) -> None:
    """Keep something under a name where a list stands: in its turn, or for the show. None: it has no value."""
    if scope.names is not None:
        scope.names[name] = kept
    elif kept is None:
        play.answers.pop(name, None)
    else:
        play.answers[name] = kept


def _counted(scope: Scope | None, name: str) -> Kept | None:
    """Give the number of the turn that a list stands in, or how many are left with it; None: it is in no such turn."""
    while scope is not None and not isinstance(scope.owner, Hearing):
        owner, turn = scope.owner, None if scope.inside is None else scope.inside.turn
        if isinstance(owner, Repeating) and owner.step.count is not None and turn is not None:
            return Kept(cues.counted(name, turn, owner.step.count))
        scope = scope.parent
    return None
