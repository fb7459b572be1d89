"""Musical time, compiled: the tempo of a segment, and where its bars and beats lie.

How beats are played is the engine's: only what a line says of them is worked out here, as exact fractions.
"""

from __future__ import annotations

from fractions import Fraction

from showrunner.devices.forms import NUMBER
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.compile.constants import atom_of, to_come
from showrunner.timeline.compile.draft import UNHEARD, Draft
from showrunner.timeline.compile.misfits import described
from showrunner.timeline.compile.modifiers import in_beats, time_of

FASTEST = 1000
"""Beats a minute; and the slowest tempo is one of one."""

MOST_BEATS = 64
"""No bar has more."""

_FINEST = 1000
"""Beats, and beats a minute, are counted to thousandths."""


def tempo_of(draft: Draft, node: nodes.Tempo | None) -> cues.Tempo | None:
    """Read the tempo of a segment. What is wrong with it is noted, and its beats are then unheard of."""
    if node is None:
        return None
    rate = _counted(draft, node.rate, "`tempo`")
    beats = Fraction(4) if node.beats is None else _counted(draft, node.beats, "`beats`")
    offset: int | None = 0
    if node.offset is not None:
        offset = _offset(draft, node.offset)
    if rate is not None and not (1 <= rate <= FASTEST and _fine(rate)):
        message = sentence(
            "a tempo is a number of beats a minute, from 1 to {fastest}, not {rate}", FASTEST, _written(node.rate)
        )
        draft.say("E402", node.rate.span, message, _finer(rate, sentence("`tempo 174.614`, for example")))
        rate = None
    if node.beats is not None and beats is not None and not (1 <= beats <= MOST_BEATS and beats.denominator == 1):
        message = sentence(
            "a bar has a whole number of beats, from 1 to {most_beats}, not {beats}", MOST_BEATS, _written(node.beats)
        )
        draft.say("E402", node.beats.span, message, sentence("`beats 3`, for example"))
        beats = None
    return UNHEARD if rate is None or beats is None or offset is None else cues.Tempo(rate, int(beats), offset)


def _offset(draft: Draft, node: nodes.Time) -> int | None:
    if in_beats(draft, node):
        advice = sentence("write it in seconds: `offset 350ms`, for example")
        draft.say(
            "E401", node.span, sentence("`offset` says where the beats begin, so it is not counted in them"), advice
        )
        return None
    return time_of(draft, node, "`offset`")


def bound_of(draft: Draft, node: nodes.Time, where: str, least: int = 0) -> int | None:
    """Read a bound of a segment: one that is counted in beats begins at bar 1. None as of ``time_of``."""
    found = time_of(draft, node, where, least)
    if found is None or draft.tempo is None or not in_beats(draft, node):
        return found
    return found + draft.tempo.offset


def bar_of(draft: Draft, node: nodes.Bar) -> Fraction | int | None:
    """Give the clock value of a position in bars, exactly; None if there is none, which is noted."""
    number = _counted(draft, node.number, "`bar`")
    beat = Fraction(1) if node.beat is None else _counted(draft, node.beat, "`beat`")
    tempo = draft.tempo
    if tempo is None:
        advice = sentence("say how fast it is behind the name of the segment: `segment song tempo 120`")
        draft.say(
            "E225", node.span, sentence("`{node}` is a place in music, and here is no tempo", node.source), advice
        )
    if number is None or beat is None or tempo is None or tempo is UNHEARD:
        return None
    bars, beats = number, beat
    if number < 1:
        _none(draft, node.number.span, sentence("`{node}`: bars are counted from 1", node.source), "bar 1")
        return None
    if number.denominator != 1:
        whole = int(number)
        bars, beats = Fraction(whole), (number - whole) * tempo.beats + beat
        _none(
            draft,
            node.number.span,
            sentence("`{node}`: a bar is a whole number", node.source),
            _spelled(tempo, bars, beats),
        )
        return None
    if node.beat is not None and not 1 <= beat < tempo.beats + 1:
        message = sentence("`{node}`: the beats of a bar are counted from 1", node.source)
        if beat >= 1:
            message = sentence("`{node}`: a bar has {beats} here", node.source, _beats(tempo.beats))
        _none(draft, node.beat.span, message, _spelled(tempo, bars, max(beat, Fraction(1))))
        return None
    if node.beat is not None and not _fine(beat):
        message = sentence("`{node}` is finer than a thousandth of a beat", node.source)
        _none(draft, node.beat.span, message, _spelled(tempo, bars, beat))
        return None
    return tempo.at(int(number), beat) + (tempo.offset if draft.depth == 0 else 0)


def _none(draft: Draft, span: Span, message: Sentence, better: str) -> None:
    draft.say("E402", span, message, sentence("write `{code}`", better))


def _spelled(tempo: cues.Tempo, bar: Fraction, beat: Fraction) -> str:
    """Write a place in music as a script does, where its beats may be more than a bar has."""
    thousandths = Fraction(round(beat * _FINEST), _FINEST)
    over, beats = divmod(thousandths - 1, tempo.beats)
    return f"bar {int(bar) + over}" + (f" beat {float(beats + 1):g}" if beats else "")


def _beats(count: int) -> str:
    return "one beat" if count == 1 else f"{count} beats"


def _counted(draft: Draft, node: nodes.Count, where: str) -> Fraction | None:
    """Give a number as it is written; None if it is none, which is noted."""
    if isinstance(node, nodes.Number):
        return Fraction(node.source)
    atom = atom_of(node, draft)
    if atom.shape == NUMBER:
        return Fraction(str(atom.value))
    if atom.value is not None:
        message = sentence("{where} wants a number, and {atom} is none", where, described(atom))
        draft.say("E401", node.span, message, sentence("for example `4`"), given=to_come(atom))
    return None


def _fine(number: Fraction) -> bool:
    return (number * _FINEST).denominator == 1


def _finer(number: Fraction, otherwise: Sentence) -> Sentence:
    if 1 <= number <= FASTEST and not _fine(number):
        return sentence(
            "a tempo has at most three decimals: `{number:g}`", float(Fraction(round(number * _FINEST), _FINEST))
        )
    return otherwise


def _written(node: nodes.Count) -> str:
    return node.source if isinstance(node, nodes.Number) else f"${node.name}"
