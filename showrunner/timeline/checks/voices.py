"""Voices: who still speaks when something comes, and who speaks at the same time.

Spans are half open: what ends at 2 s does not meet what begins at 2 s. Where a time is only guessed, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from showrunner.devices.vocabulary import Class
from showrunner.diagnostics.sentence import sentence
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.compile.draft import Beside, Block, Passage, Whole
from showrunner.timeline.compile.facts import Sounding, Spot
from showrunner.timeline.compile.notes import LINE, Note
from showrunner.times import as_clock


def still_speaking(seen: Passage) -> Iterator[Note]:
    """W509: what stands beside a `say` comes at once, the `say` only when the voice has finished."""
    said: set[int] = set()
    for sounding in seen.timing.sounding:
        if sounding.after is None or not sounding.own or sounding.line in said:
            continue
        (_, draft), moment = seen.drafts[sounding.place], seen.timing.moments[sounding.place]
        if not draft.beside or sounding.anchor != moment.anchor:
            continue
        said.add(sounding.line)
        until = as_clock(sounding.start - moment.start + moment.clock)
        position = draft.node.position
        written = None if position.at is None or isinstance(position.at, nodes.Variable) else position.at.source
        keep = f"`then at {written}`" if written else "`then`"
        message = sentence(
            "the voice will still be speaking (line {line}, till about {until}), "
            "and the rest of this line comes at once",
            LINE,
            until,
        )
        note = sounding.spot.further(sounding.line).note("W509", message, sentence("{keep} keeps them together", keep))
        yield note._replace(lines=(sounding.after,))


def two_in_a_list(block: Block) -> Iterator[Note]:
    """W510: two devices speak at the same time, in one list."""
    if len(block.voices) > 1:
        yield from _two_voices((one, one.spot.further(one.line + lower)) for lower, said in block.said for one in said)


def two_beside(beside: Beside) -> Iterator[Note]:
    """W510: two devices speak at the same time, in lists that play side by side."""
    if len(beside.lists) < 2:
        return
    said = [(one, listed.base) for listed in beside.lists for one in listed.block.speeches()]
    if len({one.device for one, _ in said}) > 1:
        yield from _two_voices((one, one.spot.further(base + one.line)) for one, base in said)


def _two_voices(spoken: Iterable[tuple[Sounding, Spot]]) -> Iterator[Note]:
    last: dict[tuple[int, str], int] = {}
    for one, spot in sorted(spoken, key=lambda s: (s[0].anchor, s[0].start, not s[0].cuts)):
        anchor, start, device = one.anchor, one.start, one.device
        if one.cuts:
            last.pop((anchor, device), None)
            continue
        other = next((d for (a, d), until in last.items() if a == anchor and d != device and until > start), None)
        if other is not None:
            message = sentence("`{other}` is still speaking when `{device}` begins: two voices at once", other, device)
            yield spot.note("W510", message, sentence("let one speak after the other, with `then`"))
        last[anchor, device] = max(one.end, last.get((anchor, device), 0))


def never_cut(show: Whole) -> Iterator[Note]:
    """W519: a voice of the show goes on to its end, whatever `hush` says."""
    uncut = [fact for fact in show.facts if fact.kind == "uncut"]
    if not uncut:
        return
    speaking = set[str]()
    seen = set[int]()
    for part in show.parts:
        for track in part.segment.tracks:
            _speakers(track.body, speaking, seen)
    for fact in uncut:
        device, _, setting = fact.name.partition(" ")
        if device in speaking:
            message = sentence("`hush` does not cut what `{device}` says: it ends its sentence", device)
            advice = (
                sentence("give it `{setting}` in the stage file", setting)
                if setting
                else sentence("say less in one go")
            )
            yield fact.spot.note("W519", message, advice)


def _speakers(body: cues.Body, found: set[str], seen: set[int]) -> None:
    """Add who speaks in a list, and in the lists inside it; each list is looked through once."""
    if id(body) in seen:
        return
    seen.add(id(body))
    for step in (step for cue in body.cues for step in cue.steps):
        if isinstance(step, cues.Send) and step.command.verb.class_ is Class.SPEECH:
            found.add(step.command.device)
        for inner in cues.bodies(step):
            _speakers(inner, found, seen)
