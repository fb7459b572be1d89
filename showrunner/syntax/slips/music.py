"""Music: a position in bars, and the tempo of a segment, where they are written in another way."""

from __future__ import annotations

import re

from showrunner.diagnostics.wording import shortened
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import Halt

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_BOTH = re.compile(r"([0-9]+)[:|/]([0-9]+(?:\.[0-9]+)?)")
_APART = re.compile(r"([0-9]+(?:\.[0-9]+)?)[ \t]+(bars?)(?!\w)")
_SIGNATURE = re.compile(r"([0-9]+)/[0-9]+")
_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)[ \t]*bpm\b", re.IGNORECASE)
_BARS = frozenset({"bars", "measure", "measures", "takt", "takte", "小節"})
_POSITION = "as in `at bar 9` or `at bar 9 beat 3`"
_TEMPO = "as in `segment song tempo 128 beats 4 offset 350ms`"


def position(halt: Halt) -> Slip | None:
    """`at bar 9:3`, `at beat 3`, `then bar 9`: a place in music."""
    lump, last = halt.lump, halt.last
    if halt.prior[-2:] == ("then", "bar") and _NUMBER.fullmatch(lump):
        start, better = halt.last_end - len(last), f"at bar {lump}"
        said = f"after `then` the place `bar {lump}` needs an `at`"
        return halt.slip("E113", said, f"write `then {better}`", better, start, halt.at + len(lump))
    if last == "at" and (apart := _APART.match(halt.rest)):
        better = f"bar {apart[1]}"
        advice = f"write `at {better}` for that bar, `at {apart[1]}bars` for so long after the start"
        end = halt.at + len(apart[0])
        return halt.slip("E104", f"`{apart[1]}` and `{apart[2]}` stand apart", advice, better, halt.at, end)
    if last in {"at", "then"} and halt.head != "segment":
        if lump in _BARS:
            better = "bar" if last == "at" else "at bar"
            return halt.slip("E110", f"a place in music is no `{lump}`", f"write `{better}`, {_POSITION}", better)
        if lump in {"beat", "beats"} and last == "at":
            advice = "the first beats are those of bar 1: `at bar 1 beat …`"
            return halt.slip("E110", "a beat is one of a bar", advice, "bar 1 beat")
    if last == "bar" and "NUMBER" in halt.expected:
        if both := _BOTH.fullmatch(halt.glued[1]):
            better = f"{both[1]} beat {both[2]}"
            return halt.slip(
                "E110", f"`{both[0]}` is no place in music", f"write `bar {better}`", better, *_stretch(halt)
            )
        if lump.startswith("+"):
            advice = f"for so many bars later write `at {lump}bars`"
            return halt.slip("E110", f"`bar {shortened(lump)}` is no place in music", advice)
        said = "" if halt.ends or halt.command_wanted else f": `{shortened(lump)}` is none"
        return halt.slip("E110", f"a number is missing after `bar`{said}", _POSITION)
    if halt.prior[-2:-1] == ("bar",) and _NUMBER.fullmatch(last):
        if _NUMBER.fullmatch(lump):
            return halt.slip("E110", "`beat` is missing between bar and beat", f"write `beat {lump}`", f"beat {lump}")
        if halt.text[halt.at : halt.at + 1] == "," and re.match(r",[ \t]*beat\b", halt.rest):
            return halt.slip("E110", "no `,` stands between bar and beat", "leave it out", "", halt.at, halt.at + 1)
    return None


def tempo(halt: Halt) -> Slip | None:
    """`segment song 120 bpm`, `tempo 120 4/4`: how fast a segment is, and what a bar of it has."""
    if halt.prior[:1] != ("segment",) or len(halt.prior) < 2:
        return None
    lump, before, last = halt.lump, halt.prior[-2], halt.last
    if lump == "=":
        return None
    if before == "beats" and lump.startswith("/"):
        advice = f"write `beats {last}`: so many beats are a bar"
        return halt.slip("E158", f"`{last}{lump}` is no number of beats", advice, "")
    rate = _RATE.match(halt.text, halt.at, halt.end)
    if last == "tempo":
        if rate is not None:
            return halt.slip("E158", "a tempo is in beats a minute as it is", _TEMPO, rate[1], halt.at, rate.end())
        said = "" if halt.ends else f": `{shortened(lump)}` is no number"
        return halt.slip("E158", f"`tempo` is not told how many beats a minute{said}", _TEMPO)
    if rate is not None:
        better = f"tempo {rate[1]}"
        return halt.slip("E158", f"`{rate[0]}` is a tempo", f"write `{better}`", better, halt.at, rate.end())
    if lump == "bpm" and before == "tempo":
        return halt.slip("E158", "a tempo is in beats a minute as it is", "leave `bpm` out", "")
    if lump == "bpm":
        return halt.slip("E158", "how fast a segment is, says its `tempo`", _TEMPO, "tempo")
    if before == "tempo" and (comma := re.match(r",([0-9]+)", halt.rest)) and halt.last_end == halt.at:
        better = f".{comma[1]}"
        said = f"`{last}{comma[0]}` has a comma where a point belongs"
        return halt.slip("E103", said, f"write `{last}{better}`", better, halt.at, halt.at + len(comma[0]))
    if before == "tempo" and (signature := _SIGNATURE.match(halt.rest)):
        better = f"beats {signature[1]}"
        end = halt.at + len(signature[0])
        advice = f"write `{better}`: so many beats are a bar"
        return halt.slip("E158", f"`{signature[0]}` is no number of beats", advice, better, halt.at, end)
    if lump == "beat" and before == "tempo":
        return halt.slip("E158", "`beat` says nothing of a segment", "write `beats`", "beats")
    if lump in {"beats", "offset"}:
        if "tempo" not in halt.prior:
            return halt.slip("E158", f"`{lump}` belongs to a tempo, and this segment has none", _TEMPO)
        return halt.slip("E158", f"`{lump}` stands behind the tempo: first `beats`, then `offset`", _TEMPO)
    return None


def _stretch(halt: Halt) -> tuple[int, int]:
    start, written = halt.glued
    return start, start + len(written)
