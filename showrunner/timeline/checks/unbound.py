"""Names that nothing gives a value, and answers where only what is known beforehand can stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from showrunner.diagnostics.wording import did_you_mean, nearest
from showrunner.timeline.compile.draft import Fact
from showrunner.timeline.compile.names import Names
from showrunner.timeline.compile.notes import Note


def unbound(facts: Sequence[Fact], names: Names) -> Iterator[Note]:
    """Check every name that is neither constant nor parameter: some command of the show must keep it with `->`."""
    answers = {fact.name for fact in facts if fact.kind == "kept"}
    for named in facts:
        name = named.name
        if named.kind not in ("asked", "bare"):
            continue
        if name in answers:
            if named.kind == "bare":
                message = f"`{name}` is an answer: it is known only while the show plays, and cannot stand here"
                yield named.spot.note("E221", message, f'an answer can stand in what is said or sent: `"{{{name}}}"`')
            continue
        close = nearest(name, (*names.constants, *answers))
        advice = did_you_mean(close, f"give it one, above all segments: `let {name} = …`")
        yield named.spot.note("E205", f"nothing gives `{name}` a value", advice)
