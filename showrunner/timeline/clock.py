"""When the cues of a list come and end, estimated: a small sum over the list, no simulation.

Real lengths are known of `wait`, `for` and `over` only. Speech is guessed from its text; a `hold`, a `wait for` and a
device's reply take no time here. So that no check compares guesses, every time belongs to an *anchor*: times of one
anchor are exactly as far apart as they say, times of different anchors are not comparable.
"""

from __future__ import annotations

from typing import NamedTuple

from showrunner.timeline.draft import Draft, Sounding

FARTHEST = 10**15
"""No estimate and no text goes further: three decades in microseconds."""


class Moment(NamedTuple):
    """When a cue is due: ``start`` after its list began, ``clock`` as its list's clock shows it.

    ``anchor`` holds up to the first wait of unknown length in the cue; ``later`` is the one after it, and so on.
    """

    anchor: int
    start: int
    clock: int
    later: int


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
    waited = exact = every = True  # nothing unknown gates this cue; is in the cue above; is in any
    for place, (line, draft) in enumerate(drafts):
        position = draft.made.position
        at, plus = position.at, position.plus or 0
        if position.then:
            ready = max(free, finish, *[end for _, end, _ in voices.values()])
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
        for gate, offset, device, length, spot, own in draft.speech:
            asked = start = due + offset
            said_in = unused + gate - 1 if gate else anchor
            after = None
            before = voices.get(device)
            if before is not None and before[1] > asked:
                start = before[1]
                if before[0] == said_in and before[2] != line:
                    after = before[2]
            end = start + length
            voices[device] = (said_in, end, line)
            sounding.append(Sounding(place, line, said_in, asked, start, end, device, spot, own, after))
            takes = max(takes, end)
        free, finish = due + draft.free, due + draft.finish
        takes = max(takes, finish)
        waited, exact = draft.gates == 0, draft.exact
        every = every and exact
        if not waited:
            anchor = unused + draft.gates - 1
            unused += draft.gates
    return Timing(moments, sounding, takes, every and anchor == 0)


def clock_text(micros: int) -> str:
    """Write a clock value as a script would: `00:06`, `1:02:03`, `00:06.500`."""
    seconds, rest = divmod(min(max(0, micros), FARTHEST), 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours:02}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"
    thousandths = rest // 1000
    return f"{text}.{thousandths:03}" if thousandths else text
