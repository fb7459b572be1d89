"""Whether a test fits its show: every name in it is one of the show's, the stage's or the journal's.

A test that speaks of something the show has not would fail for another reason than it says, or could never fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial

from showrunner.devices.vocabulary import Device, Fixture
from showrunner.diagnostics.diagnostic import Diagnostic, Fix, Place
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.sentence import Sentence, plain, sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, quoted, there_are
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.syntax.showtest.nodes import (
    Deed,
    InJournal,
    InOrder,
    Line,
    Never,
    See,
    Setting,
    Sight,
    Word,
)
from showrunner.testing.world import planned
from showrunner.timeline.cues import Body, CueList, bodies

KINDS = (
    "show", "segment", "cue", "command", "sent", "reply", "event", "outcome", "wait", "resume", "log", "reload",
    "operator", "device", "heard", "choice", "told", "gap", "lead", "source", "end",
)  # fmt: skip
"""The kinds of entries a journal has."""

_CLAIMS = (
    "at", "within", "before", "after", "once", "twice", "times", "during", "because", "done", "failed", "timed-out",
    "skipped", "cancelled",
)  # fmt: skip
"""What may stand behind a command, so that a slip in one of these is not taken for a word of it."""

_LINE = re.compile(r"(?:.*[:/])?L[0-9]+(?:#[0-9]+)?(?:/.*)?")
_TOKEN = re.compile(r""""((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|([^\s"';()]+)""")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the show has: of all its versions that the test plays."""

    shows: Sequence[CueList]
    fixtures: Mapping[str, Fixture]
    cues: frozenset[str]
    words: frozenset[str]
    texts: frozenset[str]

    @property
    def devices(self) -> list[str]:
        return list(dict.fromkeys(name for show in self.shows for name in show.devices))

    @property
    def segments(self) -> list[str]:
        return list(dict.fromkeys(segment.name for show in self.shows for segment in show.segments))

    @property
    def buttons(self) -> list[str]:
        return list(dict.fromkeys(name for show in self.shows for name in show.buttons))


def misfits(lines: Iterable[Line], editions: Sequence[Prepared]) -> Iterator[Diagnostic]:
    """Say which names are none of the show's; ``editions`` are its versions, the first the one that begins."""
    known = _known(editions)
    for line in lines:
        match line:
            case Deed():
                yield from _deed(line, known)
            case Setting(name="latency", words=[device]):
                yield from _unknown(device, known.devices, _no_device)
            case See(sight):
                yield from _sight(sight, known)
            case Never(sight):
                yield from _sight(sight, known)
                yield from _idle(sight, known)
            case InOrder(sights):
                for one in sights:
                    yield from _sight(one, known)
            case InJournal(kind=kind, claims=claims):
                yield from _unknown(kind, KINDS, _no_kind)
                if claims.during is not None:
                    yield from _unknown(claims.during, known.segments, _no_segment)
            case _:
                pass


def _known(editions: Sequence[Prepared]) -> _Known:
    shows = [one.cues for one in editions if one.cues is not None]
    words: set[str] = set()
    texts: set[str] = set()
    for text in (text for one in editions for text in one.texts.values()):
        for double, single, word in _TOKEN.findall(text):
            (words if word else texts).add(word or double or single)
    return _Known(
        shows,
        editions[0].fixtures,
        frozenset(name for show in shows for name in _names(show)),
        frozenset(words | texts),
        frozenset(texts | words),
    )


def _names(show: CueList) -> Iterator[str]:
    """Give the names of all cues that have one, in whatever block."""
    left: list[Body] = [track.body for track in show.whens]
    left += [track.body for segment in show.segments for track in (*segment.tracks, *segment.whens)]
    seen: set[int] = set()
    while left:
        body = left.pop()
        if id(body) in seen:
            continue
        seen.add(id(body))
        for cue in body.cues:
            if cue.name is not None:
                yield cue.name
            for step in cue.steps:
                left.extend(bodies(step))


def _unknown(word: Word, known: Iterable[str], what: Callable[[str], Sentence]) -> Iterator[Diagnostic]:
    """Say that a name is none of those that are ``known``: ``what`` says it of a name."""
    names = list(known)
    if word.text in names:
        return
    meant = nearest(word.text, names)
    fix = None if meant is None or word.quoted else Fix(word.place, meant)
    advice = did_you_mean(meant, there_are(map(quoted, names)) if names else sentence("there is none at all"))
    yield Diagnostic("E323", word.place, what(quoted(word.text)), advice, fix)


def _deed(deed: Deed, known: _Known) -> Iterator[Diagnostic]:
    if deed.action in {"lose", "restore", "slow", "switch", "connect"}:
        found = list(_unknown(deed.words[0], known.devices, _no_device))
        yield from found
        if deed.action == "switch" and not found:
            device = known.fixtures[deed.words[0].text].device
            yield from _unknown(deed.words[1], _switches(device), partial(_no_switch, quoted(device.name)))
    elif deed.action == "button" and deed.words[0].text not in known.buttons:
        meant = nearest(deed.words[0].text, known.buttons)
        there = there_are(map(quoted, known.buttons)) if known.buttons else sentence("it has no buttons")
        said = sentence("nobody in this show waits for the button {name}", quoted(deed.words[0].text))
        yield Diagnostic("W552", deed.words[0].place, said, did_you_mean(meant, there))
    elif deed.action == "event":
        try:
            planned(deed, known.fixtures)
        except Refusal as refusal:
            place = deed.words[0].place
            last = deed.place.column + len(deed.text)
            where = Place(place.path, place.line, place.column, max(1, last - place.column))
            yield Diagnostic(
                "E323", where, plain(refusal.message), None if refusal.way_out is None else plain(refusal.way_out)
            )


def _switches(device: Device) -> list[str]:
    return [*(row.name for row in (*device.switches, *device.faults)), "fault"]


def _sight(sight: Sight, known: _Known) -> Iterator[Diagnostic]:
    if sight.claims.during is not None:
        yield from _unknown(sight.claims.during, known.segments, _no_segment)
    match sight.kind:
        case "segment":
            yield from _unknown(sight.words[0], known.segments, _no_segment)
        case "cue":
            word = sight.words[0]
            own = word.text.rpartition("/")[2]
            if _LINE.fullmatch(word.text) is None and own not in known.cues and word.text not in known.cues:
                yield from _unknown(word, sorted(known.cues), _no_cue)
        case "command":
            yield from _command(sight.words, known)
        case _:
            pass


def _command(words: Sequence[Word], known: _Known) -> Iterator[Diagnostic]:
    device, *rest = words
    alone = [one.device.voice.alone for one in known.fixtures.values() if one.device.voice is not None]
    if device.text not in alone:
        fixture = known.fixtures.get(device.text)
        if fixture is None:
            names = [*known.fixtures, *(one for one in alone if one is not None)]
            yield from _unknown(device, names, lambda name: sentence("there is no device {name}", name))
            return
        verb = rest[0] if rest else None
        rest = rest[1:]
        if verb is not None:
            verbs = dict.fromkeys([*(one.name.split()[0] for one in fixture.device.verbs), "call"])
            yield from _unknown(verb, verbs, partial(_no_verb, quoted(device.text)))
    for word in rest:
        if word.quoted or word.text in known.words or _fitting(word.text, known.words):
            continue
        meant = nearest(word.text, _CLAIMS) or nearest(word.text, sorted(known.words))
        fix = None if meant is None else Fix(word.place, meant)
        said = sentence("the show says {word} nowhere", quoted(word.text))
        advice = did_you_mean(meant, sentence("write the words as they stand in the show; a text stands in quotes"))
        yield Diagnostic("E323", word.place, said, advice, fix)
        return


def _idle(sight: Sight, known: _Known) -> Iterator[Diagnostic]:
    """Warn of what the show says nowhere: it is never seen, whatever the show does."""
    for word in sight.words if sight.kind in {"command", "log", "hold"} else ():
        if word.quoted and "*" not in word.text and not any(_may_say(text, word.text) for text in known.texts):
            said = sentence("the show says {word} nowhere, so this can never fail", quoted(word.text))
            meant = nearest(word.text, sorted(known.texts))
            yield Diagnostic(
                "W551", word.place, said, did_you_mean(meant, sentence("write the text as it stands in the show"))
            )


def _fitting(pattern: str, known: Iterable[str]) -> bool:
    return "*" in pattern and any(fnmatchcase(one, re.sub(r"([\[?])", r"[\1]", pattern)) for one in known)


def _may_say(written: str, said: str) -> bool:
    """Tell whether a text of a show may be what is said, once its names are filled in."""
    return written == said or ("{" in written and _fitting(re.sub(r"\{[^{}]*\}", "*", written), [said]))


# ------------------------------------------------------------------------------------------- what is said of a name


def _no_device(name: str) -> Sentence:
    return sentence("this show uses no device {name}", name)


def _no_kind(name: str) -> Sentence:
    return sentence("a journal has no entry of the kind {name}", name)


def _no_segment(name: str) -> Sentence:
    return sentence("the show has no segment {name}", name)


def _no_cue(name: str) -> Sentence:
    return sentence("the show has no cue {name}", name)


def _no_switch(device: str, name: str) -> Sentence:
    return sentence("the double of {device} has no switch {name}", device, name)


def _no_verb(device: str, name: str) -> Sentence:
    return sentence("{device} has no verb {name}", device, name)
