"""What must not be lost, whatever went wrong: each loss is a sentence.

A loss is a command without an outcome or with two, a journal that is not replayed the same, a hang, a traceback, an
exit code that the journal does not account for, and a thing that a program was told twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

from showrunner.diagnostics.refusal import Refusal
from showrunner.engine.messages import Entry
from showrunner.engine.states import badly
from showrunner.running.recording import opened, read
from tests.chaos.evening import Ended

ENDS = {"interrupted": 130, "lost": 4}
"""The exit codes of shows that ended so."""

TRACES = ("Traceback (most recent call last)", "Exception in thread", "Exception ignored", "Fatal Python error")


def of_process(ended: Ended, codes: Collection[int]) -> list[str]:
    """Look at how a process ended, and at what it said."""
    if ended.code is None:
        return [f"a hang:\n{ended.said[-6000:]}"]
    lost = [f"`{trace}`:\n{ended.said[-3000:]}" for trace in TRACES if trace in ended.said]
    if ended.code not in codes:
        lost.append(f"exit code {ended.code}:\n{ended.said[-1000:]}")
    return lost


def of_journal(path: Path, code: int | None) -> list[str]:
    """Look at the journal of a show that has ended, with all that went before it, and at its exit code if known."""
    try:
        whole = read(str(path))
    except Refusal as refusal:
        return [f"no journal: {refusal}"]
    entries = whole.entries
    lost = [*of_commands(entries)]
    bad = any(badly(one["result"], one.get("reason")) for one in entries if one["kind"] == "outcome")
    if entries[-1]["kind"] != "end":
        lost.append(f"the journal has no end, but {entries[-1]}")
    elif code not in {None, said := ENDS.get(entries[-1]["result"], 3 if bad else 0)}:
        lost.append(f"exit code {code}, where the journal says {said}")
    if [one["seq"] for one in entries] != list(range(len(entries))):
        lost.append("the numbers of the entries are not in order")
    if [one["at"] for one in entries] != sorted(one["at"] for one in entries):
        lost.append("time runs backwards in the journal")
    return lost + of_replay(path)


def of_commands(entries: Collection[Entry]) -> list[str]:
    taken = [one["id"] for one in entries if one["kind"] == "command"]
    ended = Counter(one["id"] for one in entries if one["kind"] == "outcome")
    lost = [f"command {one} has no outcome" for one in taken if one not in ended]
    lost += [f"command {one} has {times} outcomes" for one, times in ended.items() if times > 1]
    if taken != list(range(1, len(taken) + 1)):
        lost.append("a command is taken twice, or its number is left out")
    return lost


def of_replay(path: Path) -> list[str]:
    with opened(str(path)) as recording:
        prepared = recording.prepared()
        if prepared.cues is None:
            return ["the text of the journal cannot be compiled"]
        found = recording.replay(prepared, prepared.cues).run()
        return [] if found is None else [f"it is not replayed the same: {found}"]


def of_programs(seen: Counter[str]) -> list[str]:
    """Look at what Animaze was told: no emote is tried again, so none comes twice."""
    return [f"the emote {name} was told {times} times" for name, times in seen.items() if times > 1]
