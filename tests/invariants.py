"""What must hold of every journal, whatever the show and the world did. Each function raises AssertionError."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import zip_longest
from typing import Any

from showrunner.devices.vocabulary import Verb
from showrunner.engine.caller import Caller
from showrunner.engine.messages import Excerpt
from showrunner.reports.entries import key
from showrunner.running.replay import Replay
from showrunner.timeline import cues
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import Labels
from tests.toys import World, fixture

Entry = dict[str, Any]

STOPPERS = ("event ", "cue ", "button ", "go")


def same(left: list[Entry], right: list[Entry]) -> None:
    """Two journals are the same; where they part, say so with what stands before."""
    for number, (one, other) in enumerate(zip_longest(left, right)):
        above = "".join(f"        {entry}\n" for entry in left[max(0, number - 8) : number])
        assert one == other, f"they part here:\n{above}  left  {one}\n  right {other}"


def scope_of(entry: Entry) -> tuple[str, str, str]:
    label = entry["cue"]
    return entry.get("segment"), entry.get("track"), label.rpartition("/")[0]


def one_outcome_each(entries: list[Entry]) -> None:
    taken = [e["id"] for e in entries if e["kind"] == "command"]
    ended = Counter(e["id"] for e in entries if e["kind"] == "outcome")
    assert taken == list(range(1, len(taken) + 1))
    assert dict(ended) == dict.fromkeys(taken, 1)
    end = entries[-1]
    assert end["kind"] == "end"
    assert sum(end["counts"].values()) == len(taken)


def one_in_flight_per_lane(entries: list[Entry], rows: dict[tuple[str, str], Verb]) -> None:
    """Between a sending and its reply (or outcome) nothing else goes out in its lanes; where it keeps them, its end."""
    taken: dict[tuple[str, str], int] = {}
    row: dict[int, tuple[str, Verb]] = {}
    heard: dict[int, set[str]] = {}
    for entry in entries:
        kind, id_ = entry["kind"], entry.get("id", 0)
        if kind == "command" and (found := rows.get((entry.get("device", ""), entry["verb"]))) is not None:
            row[id_] = (entry["device"], found)
        if id_ not in row:
            continue
        device, verb = row[id_]
        lanes = [(device, name) for name in (verb.lane, *verb.beside)]
        if kind == "sent":
            for lane in lanes:
                assert taken.get(lane) in {None, id_}, f"{entry} while {taken[lane]} is in flight"
                taken[lane] = id_
            heard[id_] = set()
        elif kind in {"reply", "ended", "outcome"}:
            heard.setdefault(id_, set()).add(kind)
            over = kind == "outcome" or entry["ok"] is False or heard[id_] >= {"reply", "ended"}
            if over or (kind == "reply" and not verb.keeps):
                for lane in lanes:
                    if taken.get(lane) == id_:
                        del taken[lane]


def nothing_before_what_stands_above(entries: list[Entry]) -> None:
    """In one list the cues are taken in the order of their lines, each once (a new text and a seek begin it anew)."""
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    names: set[tuple[str, ...]] = set()
    for entry in entries:
        if entry["kind"] == "reload" or entry.get("action") == "seek":
            seen.clear()
            names.clear()
        elif entry["kind"] == "cue":
            scope, label = scope_of(entry), entry["cue"].rpartition("/")[2]
            if not label[1:].isdigit():
                assert (*scope, label) not in names, f"{entry} for the second time"
                names.add((*scope, label))
                continue
            number = int(label.lstrip("L"))
            assert number > seen[scope], f"{entry} after line {seen[scope]}"
            seen[scope] = number


def clocks_stand_and_are_set_back_only_where_the_language_says(entries: list[Entry], show: CueList) -> None:
    """On a machine that is never late: from cue to cue a clock moves with show time, less holds and pauses.

    What it showed when the next cue was taken (due + late) is what it was set to at the last (due), plus the time
    between, less the time it stood; and it is set back (late) only where what stands above let the cue go too late.
    From its first bar on it neither stands nor is set back; when a list comes to that no entry says.
    """
    labels, steady = Labels(show), set[tuple[str, str, str]]()
    last: dict[tuple[str, str, str], Entry] = {}
    stood: dict[tuple[str, str, str], int] = defaultdict(int)
    standing: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    freed: dict[tuple[str, str, str], int] = {}
    for entry in entries:
        if entry["kind"] == "cue":
            scope = scope_of(entry)
            before, place = last.get(scope), labels.at(key(entry))
            first = scope not in steady and place is not None and place.cue.position.bar
            if before is not None and not first:
                shown = before["due"] + entry["at"] - before["at"]
                shown += before["late"] if scope in steady else -stood[scope]
                assert entry["due"] + entry["late"] == shown, entry
                if entry["late"]:
                    free = {freed.get(scope), before["at"]}
                    assert entry["at"] in free, f"late, though the list was free before: {entry}"
            if first:
                steady.add(scope)
            last[scope] = entry
            stood[scope] = 0
        elif entry["kind"] in {"wait", "resume"}:
            scope = scope_of(entry)
            stops = entry["for"].startswith(STOPPERS)
            if entry["kind"] == "wait":
                if stops:
                    standing[scope].append(entry["at"])
            else:
                freed[scope] = entry["at"]
                if stops:
                    since = standing[scope].pop(0)
                    if not standing[scope]:
                        stood[scope] += entry["at"] - since
                    else:
                        standing[scope][0] = since
        elif entry["kind"] == "end":
            break


def replayed_the_same(world: World, *texts: cues.CueList) -> None:
    """What the journal of a world says, told to a caller again, makes it decide the same; ``texts`` as they came."""
    left = iter(texts)
    caller = Caller(world.cues, {name: fixture(name, world.device) for name in world.cues.devices}, world.options)
    fixtures = {name: fixture(name, world.device) for text in texts for name in text.devices}
    entries = json.loads(json.dumps(world.journal))
    replay = Replay(caller, fixtures, entries, lambda _, to: excerpt(to), lambda _: next(left))
    outcome = replay.run()
    assert outcome is None, f"{outcome}\n" + "".join(f"    {entry}\n" for entry in entries)
    assert replay.compared > 1


def excerpt(to: str) -> Excerpt | None:
    return None if to == "None" else Excerpt(int(to))


def time_never_runs_backwards(entries: list[Entry]) -> None:
    times = [e["at"] for e in entries]
    assert times == sorted(times)
