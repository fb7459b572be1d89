"""When the cues of a list come and end, estimated: a small sum over the list, no simulation.

Real lengths are known of `wait`, `for` and `over` only. Speech is guessed from its text; a `hold`, a `wait for` and a
device's reply take no time here. So that no check compares guesses, every time belongs to an *anchor*: times of one
anchor are exactly as far apart as they say, times of different anchors are not comparable.
"""

from __future__ import annotations

from typing import NamedTuple

from showrunner.timeline.draft import Draft, Spot


class Moment(NamedTuple):
    """When a cue is due: ``start`` after its list began, ``clock`` as its list's clock shows it.

    ``anchor`` holds up to the first wait of unknown length in the cue; ``later`` is the anchor after that one.
    """

    anchor: int
    start: int
    clock: int
    later: int

    def anchor_at(self, gate: int) -> int:
        """Give the anchor of what stands behind so many waits of unknown length."""
        return self.anchor if gate == 0 else self.later + gate - 1


class Sounding(NamedTuple):
    """Something said in the list: ``asked`` when it was sent, ``start`` to ``end`` when it sounds.

    ``place`` counts the cues; ``spot`` counts from the cue at ``line``. ``after`` is the line of the cue
    whose speech it queues behind, if it does.
    """

    place: int
    line: int
    anchor: int
    asked: int
    start: int
    end: int
    device: str
    spot: Spot
    own: bool
    after: int | None


class Timing(NamedTuple):
    """A list, timed: one moment a cue, what is said, how long all of it takes and whether that is exact."""

    moments: list[Moment]
    sounding: list[Sounding]
    takes: int
    exact: bool


def timing(drafts: list[tuple[int, Draft]]) -> Timing:
    """Estimate a list. An overrun sets the clock back as it does on stage: what follows keeps its gaps."""
    moments: list[Moment] = []
    sounding: list[Sounding] = []
    voices: dict[str, tuple[int, int, int]] = {}
    anchor, unused, due, back, free, finish, takes = 0, 1, 0, 0, 0, 0, 0
    readable = True  # the clock can be told from the anchor
    waited = exact = True  # nothing unknown lies between this cue and the one above; nor inside the one above
    for index, (line, draft) in enumerate(drafts):
        position = draft.made.position
        then, at, plus = position.then, position.at, position.plus or 0
        if then:
            ready = max(free, finish, max((end for _, end, _ in voices.values()), default=0))
            known = waited and exact and not voices
            voices.clear()
            want = ready + plus if at is None else max(ready, at + back)
            if not known:
                anchor, unused = unused, unused + 1
                readable = at is not None
            due = want
        else:
            want = at + back if at is not None else due + plus
            if not waited or (at is not None and not readable):
                anchor, unused = unused, unused + 1
                readable = at is not None
            if want < free:
                back += free - want
                want = free
            due = want
        moments.append(Moment(anchor, due, due - back, unused))
        for speech in draft.speech:
            asked = due + speech.start
            said_in = moments[-1].anchor_at(speech.gate)
            before = voices.get(speech.device)
            start = asked if before is None else max(asked, before[1])
            queued = before is not None and before[0] == said_in and before[1] > asked
            after = before[2] if before is not None and queued and before[2] != line else None
            end = start + speech.length
            voices[speech.device] = (said_in, end, line)
            sounding.append(
                Sounding(index, line, said_in, asked, start, end, speech.device, speech.spot, speech.own, after)
            )
            takes = max(takes, end)
        free, finish = due + draft.free, due + draft.finish
        takes = max(takes, finish)
        waited, exact = draft.gates == 0, draft.exact
        if draft.gates:
            anchor = unused + draft.gates - 1
            unused += draft.gates
    whole = all(draft.exact for _, draft in drafts) and anchor == 0
    return Timing(moments, sounding, takes, whole)


def clock_text(micros: int) -> str:
    """Write a clock value as a script would: `00:06`, `1:02:03`, `00:06.500`."""
    seconds, rest = divmod(max(0, micros), 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours:02}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"
    thousandths = rest // 1000
    return f"{text}.{thousandths:03}" if thousandths else text
