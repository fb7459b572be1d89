"""When the cues of a list come and end, estimated: a small sum over the list, no simulation.

Real lengths are known of `wait`, `for` and `over` only. Speech is guessed from its text; a `hold`, a `wait for` and a
device's reply take no time here. So that no check compares guesses, every time belongs to an *anchor*: times of one
anchor are exactly as far apart as they say, times of different anchors are not comparable.
"""

from __future__ import annotations

from showrunner.timeline.compile.draft import Drafts, Moment, Run, Timing
from showrunner.timeline.compile.facts import Sounding
from showrunner.times import rounded


def timing(drafts: Drafts, run: Run) -> Timing:
    """Estimate a stretch. An overrun sets the clock back as it does on stage: what follows keeps its gaps.

    From the first bar on nothing does: what is late comes at once.
    """
    moments: list[Moment] = []
    sounding: list[Sounding] = []
    voices = run.voices
    anchor, unused, due, back, free, finish = run.anchor, run.unused, run.due, run.back, run.free, run.finish
    readable = run.readable  # the clock can be told from the anchor
    waited, exact = run.waited, run.exact  # nothing unknown gates this cue; is in the cue above
    steady = run.steady
    takes, every = 0, True
    for place, (line, draft) in enumerate(drafts):
        position = draft.made.position
        at, plus = position.at, position.plus or 0
        overrun = 0
        steady = steady or position.bar
        if position.then:
            ready = max(free, finish, *[end for _, end, _ in voices.values()])
            known = waited and exact and not voices
            voices.clear()
            want = ready + plus if at is None else at + back if steady else max(ready, at + back)
            if want < ready:
                overrun = ready - rounded(want)
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
                overrun = free - rounded(want)
                if not steady:
                    back += overrun
                    want = free
            due = want
        start = rounded(due) + overrun if steady else rounded(due)
        moments.append(Moment(anchor, start, start - back, unused, overrun))
        for gate, offset, device, length, spot, own, cuts in draft.speech:
            asked = sounds = start + offset
            said_in = unused + gate - 1 if gate else anchor
            if cuts:
                voices.pop(device, None)
                sounding.append(Sounding(place, line, said_in, asked, sounds, sounds, device, spot, own, None, cuts))
                continue
            after = None
            before = voices.get(device)
            if before is not None and before[1] > asked:
                sounds = before[1]
                if before[0] == said_in and before[2] != line:
                    after = before[2]
            end = sounds + length
            voices[device] = (said_in, end, line)
            sounding.append(Sounding(place, line, said_in, asked, sounds, end, device, spot, own, after))
            takes = max(takes, end)
        free, finish = start + draft.free, start + draft.finish
        takes = max(takes, finish)
        waited, exact = draft.gates == 0, draft.exact
        every = every and exact
        if not waited:
            anchor = unused + draft.gates - 1
            unused += draft.gates
    run.anchor, run.unused, run.due, run.back, run.free, run.finish = anchor, unused, due, back, free, finish
    run.readable, run.waited, run.exact, run.steady = readable, waited, exact, steady
    return Timing(moments, sounding, takes, every)
