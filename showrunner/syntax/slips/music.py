"""Music: a position in bars, and the tempo of a segment, where they are written in another way."""

from __future__ import annotations

import re

from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import Halt

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_BOTH = re.compile(r"([0-9]+)[:|/]([0-9]+(?:\.[0-9]+)?)")
_APART = re.compile(r"([0-9]+(?:\.[0-9]+)?)[ \t]+(bars?)(?!\w)")
_SIGNATURE = re.compile(r"([0-9]+)/[0-9]+")
_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)[ \t]*bpm\b", re.IGNORECASE)
_BARS = frozenset({"bars", "measure", "measures", "takt", "takte", "小節"})
_POSITION = sentence("as in `at bar 9` or `at bar 9 beat 3`")
_TEMPO = sentence("as in `segment song tempo 128 beats 4 offset 350ms`")


def position(halt: Halt) -> Slip | None:
    """`at bar 9:3`, `at beat 3`, `then bar 9`: a place in music."""
    lump, last = halt.lump, halt.last
    if halt.prior[-2:] == ("then", "bar") and _NUMBER.fullmatch(lump):
        start, better = halt.last_end - len(last), f"at bar {lump}"
        said = sentence("after `then` the place `bar {lump}` needs an `at`", lump)
        return halt.slip("E113", said, sentence("write `then {better}`", better), better, start, halt.at + len(lump))
    if last == "at" and (apart := _APART.match(halt.rest)):
        better = f"bar {apart[1]}"
        advice = sentence(
            "write `at {better}` for that bar, `at {apart}bars` for so long after the start", better, apart[1]
        )
        end = halt.at + len(apart[0])
        return halt.slip(
            "E104", sentence("`{one}` and `{other}` stand apart", apart[1], apart[2]), advice, better, halt.at, end
        )
    if last in {"at", "then"} and halt.head != "segment":
        if lump in _BARS:
            better = "bar" if last == "at" else "at bar"
            return halt.slip(
                "E110",
                sentence("a place in music is no `{lump}`", lump),
                sentence("write `{better}`, {position}", better, _POSITION),
                better,
            )
        if lump in {"beat", "beats"} and last == "at":
            advice = sentence("the first beats are those of bar 1: `at bar 1 beat …`")
            return halt.slip("E110", sentence("a beat is one of a bar"), advice, "bar 1 beat")
    if last == "bar" and "NUMBER" in halt.expected:
        if both := _BOTH.fullmatch(halt.glued[1]):
            better = f"{both[1]} beat {both[2]}"
            return halt.slip(
                "E110",
                sentence("`{both}` is no place in music", both[0]),
                sentence("write `bar {better}`", better),
                better,
                *_stretch(halt),
            )
        if lump.startswith("+"):
            advice = sentence("for so many bars later write `at {lump}bars`", lump)
            return halt.slip("E110", sentence("`bar {lump}` is no place in music", shortened(lump)), advice)
        said = sentence("a number is missing after `bar`")
        if not (halt.ends or halt.command_wanted):
            said = sentence("a number is missing after `bar`: `{lump}` is none", shortened(lump))
        return halt.slip("E110", said, _POSITION)
    if halt.prior[-2:-1] == ("bar",) and _NUMBER.fullmatch(last):
        if _NUMBER.fullmatch(lump):
            return halt.slip(
                "E110",
                sentence("`beat` is missing between bar and beat"),
                sentence("write `beat {lump}`", lump),
                f"beat {lump}",
            )
        if halt.text[halt.at : halt.at + 1] == "," and re.match(r",[ \t]*beat\b", halt.rest):
            return halt.slip(
                "E110",
                sentence("no `,` stands between bar and beat"),
                sentence("leave it out"),
                "",
                halt.at,
                halt.at + 1,
            )
    return None


def tempo(halt: Halt) -> Slip | None:
    """`segment song 120 bpm`, `tempo 120 4/4`: how fast a segment is, and what a bar of it has."""
    if halt.prior[:1] != ("segment",) or len(halt.prior) < 2:
        return None
    lump, before, last = halt.lump, halt.prior[-2], halt.last
    if lump == "=":
        return None
    if before == "beats" and lump.startswith("/"):
        advice = sentence("write `beats {last}`: so many beats are a bar", last)
        return halt.slip("E158", sentence("`{last}{lump}` is no number of beats", last, lump), advice, "")
    rate = _RATE.match(halt.text, halt.at, halt.end)
    if last == "tempo":
        if rate is not None:
            return halt.slip(
                "E158", sentence("a tempo is in beats a minute as it is"), _TEMPO, rate[1], halt.at, rate.end()
            )
        said = "" if halt.ends else sentence(": `{lump}` is no number", shortened(lump))
        return halt.slip("E158", sentence("`tempo` is not told how many beats a minute{said}", said), _TEMPO)
    if rate is not None:
        better = f"tempo {rate[1]}"
        return halt.slip(
            "E158",
            sentence("`{rate}` is a tempo", rate[0]),
            sentence("write `{code}`", better),
            better,
            halt.at,
            rate.end(),
        )
    if lump == "bpm" and before == "tempo":
        return halt.slip("E158", sentence("a tempo is in beats a minute as it is"), sentence("leave `bpm` out"), "")
    if lump == "bpm":
        return halt.slip("E158", sentence("how fast a segment is, says its `tempo`"), _TEMPO, "tempo")
    if before == "tempo" and (comma := re.match(r",([0-9]+)", halt.rest)) and halt.last_end == halt.at:
        better = f".{comma[1]}"
        said = sentence("`{last}{comma}` has a comma where a point belongs", last, comma[0])
        return halt.slip(
            "E103", said, sentence("write `{last}{better}`", last, better), better, halt.at, halt.at + len(comma[0])
        )
    if before == "tempo" and (signature := _SIGNATURE.match(halt.rest)):
        better = f"beats {signature[1]}"
        end = halt.at + len(signature[0])
        advice = sentence("write `{better}`: so many beats are a bar", better)
        return halt.slip(
            "E158", sentence("`{signature}` is no number of beats", signature[0]), advice, better, halt.at, end
        )
    if lump == "beat" and before == "tempo":
        return halt.slip("E158", sentence("`beat` says nothing of a segment"), sentence("write `beats`"), "beats")
    if lump in {"beats", "offset"}:
        if "tempo" not in halt.prior:
            return halt.slip("E158", sentence("`{lump}` belongs to a tempo, and this segment has none", lump), _TEMPO)
        return halt.slip(
            "E158", sentence("`{lump}` stands behind the tempo: first `beats`, then `offset`", lump), _TEMPO
        )
    return None


def _stretch(halt: Halt) -> tuple[int, int]:
    start, written = halt.glued
    return start, start + len(written)
