"""What must be seen, held against the journal of a show that was played. The journal is all that is looked at.

Times are microseconds of show time. What is seen of a command is when it was first sent, for that is what an audience
notices; of one that never was, when it was taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from showrunner.devices.vocabulary import Device, Fixture
from showrunner.diagnostics.diagnostic import Place
from showrunner.diagnostics.wording import count, listed, quoted, shortened
from showrunner.reports.entries import read
from showrunner.reports.failures import place
from showrunner.reports.timetable import TimedCommand, Timetable
from showrunner.reports.voices import silence, together
from showrunner.slotted import dataclass
from showrunner.syntax.showtest.nodes import (
    Claims,
    Ends,
    Expectation,
    Field,
    InJournal,
    InOrder,
    Late,
    Never,
    Outcomes,
    Over,
    Reloads,
    See,
    Sight,
    Silent,
    Together,
    Word,
)
from showrunner.times import clock, short

Entry: TypeAlias = Mapping[str, Any]

MOST = 3
"""So many things are told of that were seen instead."""

_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"';]+""")


@dataclass(frozen=True, slots=True)
class Miss:
    """What was expected and not seen: in words, what was seen instead, and where in the show that stands."""

    expected: str
    seen: str
    shown: Place | None = None


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something that was seen: when, its ``own`` time, how it reads, how it ended; ``words`` is it in pieces."""

    seq: int
    at: int
    own: int
    reads: str
    segment: str
    words: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    result: str | None = None
    reason: str | None = None
    entry: Entry | None = None


class Evening:
    """A show that was played, as its journal tells it. ``main`` and ``texts`` are its script's path and its files."""

    def __init__(
        self, entries: Sequence[Entry], fixtures: Mapping[str, Fixture], main: str, texts: Mapping[str, str]
    ) -> None:
        self.entries = entries
        self.table: Timetable = read(entries, fixtures)
        self._main = main
        self._texts = texts
        self._commands = {entry["id"]: entry for entry in entries if entry["kind"] == "command"}
        self._said = _said(entries, {name: one.device for name, one in fixtures.items()})
        self._own = _own(entries)
        segments = iter([entry for entry in entries if entry["kind"] == "segment"])
        self._segments = list(segments)

    def judge(self, expectation: Expectation) -> Miss | None:
        """Tell what was expected and not seen; None: it was."""
        match expectation:
            case See(sight):
                return self._see(sight)
            case Never(sight):
                return self._never(sight)
            case InOrder(sights):
                return self._in_order(sights)
            case Together():
                return self._together()
            case Silent(most):
                start, end = silence(self.table)
                if end - start <= most:
                    return None
                return Miss(f"no silence of more than {short(most)}", f"nobody speaks {_from(start, end)}")
            case Over(claims):
                return self._over(claims)
            case Ends(result):
                seen = self.table.result or "no end"
                return None if seen == result else Miss(f"it ends {quoted(result)}", quoted(seen))
            case Outcomes(results):
                return self._outcomes(results)
            case Late(most):
                late = [one for one in self.table.cues if one.late > most]
                if not late:
                    return None
                worst = max(late, key=lambda one: one.late)
                told = f"{'/'.join(worst.where)} came {short(worst.late)} late at {clock(worst.at)}"
                return Miss(f"no cue late by more than {short(most)}", f"{told}, {_others(len(late) - 1, 'other')}")
            case Reloads():
                return self._reloads(expectation)
            case InJournal():
                return self._journal(expectation)

    # --- things that are seen

    def _things(self, sight: Sight) -> list[_Thing]:
        """Give all of the kind, in the order in which they came."""
        match sight.kind:
            case "command":
                return sorted(map(self._command, self.table.commands), key=lambda one: (one.at, one.seq))
            case "cue":
                return [
                    _Thing(one.seq, one.at, one.at - one.late, f"cue {one.where[2]}", one.where[0], one.where)
                    for one in self.table.cues
                ]
            case "segment":
                return [
                    _Thing(one.seq, one.start, one.start, f"segment {one.name}", one.name, (one.name,))
                    for one in self.table.segments
                ]
            case "log":
                return [
                    _Thing(one.seq, one.at, one.at, f'log "{one.message}"', one.where[0], (one.message,))
                    for one in self.table.logs
                ]
            case "hold":
                return [
                    _Thing(
                        one.seq, one.start, one.start, f'hold "{label}"' if label else "hold", one.where[0], (label,)
                    )
                    for one in self.table.waits
                    for kind, _, label in [one.what.partition(" ")]
                    if kind == "go"
                ]

    def _command(self, one: TimedCommand) -> _Thing:
        at = one.start if one.sent is None else one.sent
        words = tuple(_plain(piece) for piece in _TOKEN.findall(one.reads))
        if one.device is not None and words[:1] != (one.device,):
            words = (one.device, *words)  # short for the device that speaks
        entry, spoken = self._commands.get(one.id), self._said.get(one.id, ())
        own = self._own.get(one.id, one.start)
        return _Thing(one.seq, at, own, one.reads, one.where[0], words, spoken, one.result, one.reason, entry)

    def _matching(self, sight: Sight) -> list[_Thing]:
        segment = sight.claims.during
        return [
            one for one in self._things(sight) if (segment is None or one.segment == segment.text) and _is(sight, one)
        ]

    def _shown(self, thing: _Thing) -> Place | None:
        if thing.entry is not None:
            return place(thing.entry, self._main, self._texts)
        return None

    # --- judging

    def _see(self, sight: Sight) -> Miss | None:
        found = self._matching(sight)
        claims, expected = sight.claims, _claimed(sight.claims)
        if not found:
            during = "" if claims.during is None else f" during {quoted(claims.during.text)}"
            return Miss(f"{_named(sight)}{during}", self._instead(sight), self._line_of(sight))
        if claims.times is not None:
            fitting = [one for one in found if not _faults(claims, one)]
            if len(fitting) == claims.times:
                return None
            seen = _list([_seen(one) for one in fitting]) if fitting else _list([_seen(one) for one in found])
            told = f"{_times(len(fitting))}: {seen}" if fitting else f"not like that, but {seen}"
            return Miss(expected, told, self._shown((fitting or found)[0]))
        if any(not _faults(claims, one) for one in found):
            return None
        near = min(found, key=lambda one: (len(_faults(claims, one)), _off(claims, one)))
        rest = f"; {_others(len(found) - 1, 'other')} not either" if len(found) > 1 else ""
        return Miss(expected, f"{', '.join(_faults(claims, near))}{rest}", self._shown(near))

    def _never(self, sight: Sight) -> Miss | None:
        found = [one for one in self._matching(sight) if not _faults(sight.claims, one)]
        if not found:
            return None
        expected = f"never {_named(sight)}"
        return Miss(expected, _list([_seen(one) for one in found]), self._shown(found[0]))

    def _in_order(self, sights: Sequence[Sight]) -> Miss | None:
        before: _Thing | None = None
        for sight in sights:
            fitting = [one for one in self._matching(sight) if not _faults(sight.claims, one)]
            later = [one for one in fitting if before is None or (one.at, one.seq) > (before.at, before.seq)]
            if later:
                before = later[0]
                continue
            behind = "" if before is None else f" behind {_seen(before)}"
            seen = f"only {_list([_seen(one) for one in fitting])}" if fitting else self._instead(sight)
            return Miss(f"{_named(sight)}{behind}", seen, self._shown(fitting[0]) if fitting else None)
        return None

    def _together(self) -> Miss | None:
        found = together(self.table.voices)
        if not found:
            return None
        start, end, one, other = found[0]
        more = f" and {_others(len(found) - 1, 'more time')}" if len(found) > 1 else ""
        said = next(v for v in self.table.voices if v.device == other and v.start == start)
        entry = self._commands.get(said.id)
        shown = None if entry is None else place(entry, self._main, self._texts)
        return Miss("one voice at a time", f"{quoted(one)} and {quoted(other)} {_from(start, end)}{more}", shown)

    def _over(self, claims: Claims) -> Miss | None:
        end = _Thing(0, self.table.length, self.table.length, "the end", "")
        faults = _faults(claims, end)
        return Miss(f"over {_claimed(claims)}", ", ".join(faults)) if faults else None

    def _outcomes(self, results: Sequence[str]) -> Miss | None:
        found = [one for one in self.table.commands if (one.result or "no outcome") not in results]
        if not found:
            return None
        things = [self._command(one) for one in found]
        seen = _list([f"{_seen(one)} {_ended(one)}" for one in things])
        return Miss(f"every outcome is {listed(map(quoted, results), 'or')}", seen, self._shown(things[0]))

    def _reloads(self, asked: Reloads) -> Miss | None:
        saves = [one for one in self.entries if one["kind"] == "reload"]
        chosen = [one for one in saves if asked.at is None or one["at"] // 1000 == asked.at // 1000]
        when = "" if asked.at is None else f" at {clock(asked.at)}"
        if not chosen:
            others = f": there are some at {listed(clock(one['at']) for one in saves)}" if saves else ""
            return Miss(f"a reload{when}", f"none{others}")
        for save in chosen:
            if asked.names is None:
                if save["ok"] != (asked.what == "taken"):
                    seen = "it is taken" if save["ok"] else f"it is refused: {_why(save)}"
                    return Miss(f"the reload{when} is {asked.what}", seen)
                continue
            if not save["ok"]:
                return Miss(f"the reload{when} {asked.what} …", f"it is refused: {_why(save)}")
            had = list(save[_KEYS[asked.what]])
            wanted = [name.text for name in asked.names]
            lacking = [name for name in wanted if not any(_called(name, one) for one in had)]
            over = [] if wanted else had
            if lacking or over:
                expected = f"the reload at {clock(save['at'])} {asked.what} {listed(map(quoted, wanted)) or 'nothing'}"
                return Miss(expected, listed(map(quoted, had)) or "nothing")
        return None

    def _journal(self, asked: InJournal) -> Miss | None:
        claims = asked.claims
        found = [
            _Thing(one["seq"], one["at"], one["at"], _entry(one, asked.fields), one.get("segment", ""), entry=None)
            for one in self.entries
            if one["kind"] == asked.kind.text and all(_has(one, field) for field in asked.fields)
        ]
        fitting = [one for one in found if not _faults(claims, one)]
        said = " ".join([asked.kind.text, *(f"{one.name}={one.value}" for one in asked.fields)])
        if asked.lacks:
            return Miss(f"no entry {quoted(said)}", _list([_seen(one) for one in fitting])) if fitting else None
        wanted = len(fitting) > 0 if claims.times is None else len(fitting) == claims.times
        if wanted:
            return None
        kind = [one for one in self.entries if one["kind"] == asked.kind.text]
        seen = (
            _list([_seen(one) for one in found])
            if found
            else f"none among {count(len(kind), 'such entry', 'such entries')}"
        )
        return Miss(f"an entry {quoted(said)} {_claimed(claims)}".strip(), seen)

    # --- what was seen instead

    def _instead(self, sight: Sight) -> str:
        things = self._things(sight)
        if sight.kind == "command":
            head = sight.words[:2] if len(sight.words) > 1 and not sight.words[1].quoted else sight.words[:1]
            near = [one for one in things if _command_is(head, one)]
            near = near or [one for one in things if _command_is(sight.words[:1], one)]
            said = " ".join(word.text for word in head)
        else:
            near, said = things, f"{sight.kind}"
        if not near:
            return f"no {quoted(said)} at all"
        return f"not that, but {_list([_seen(one) for one in near])}"

    def _line_of(self, sight: Sight) -> Place | None:
        """Find where the show says what never came."""
        if sight.kind != "command":
            return None
        wanted = [word.text for word in sight.words if not word.quoted or "*" not in word.text]
        for path, text in self._texts.items():
            for number, line in enumerate(text.split("\n"), 1):
                pieces = [_plain(piece) for piece in _TOKEN.findall(line)]
                if wanted and all(word in pieces for word in wanted):
                    start = len(line) - len(line.lstrip())
                    return Place(path, number, start + 1, max(1, len(line.strip())))
        return None


_KEYS = {"misses": "missed", "adds": "added", "removes": "removed", "changes": "changed", "repeats": "again"}
"""What a test says a reload does -> the journal's key."""


# ------------------------------------------------------------------------------------------------------------ matching


def _said(entries: Sequence[Entry], kinds: Mapping[str, Device]) -> dict[int, tuple[str, ...]]:
    """Give the words that each command sent to be spoken, answers filled in."""
    found: dict[int, tuple[str, ...]] = {}
    for entry in entries:
        if entry["kind"] != "sent" or "id" not in entry:
            continue
        device, frame = kinds.get(entry.get("device", "")), entry.get("frame")
        saying = device.said(dict(frame)) if device is not None and device.said and isinstance(frame, Mapping) else None
        if saying is not None:
            found[entry["id"]] = (*found.get(entry["id"], ()), saying.text)
    return found


def _own(entries: Sequence[Entry]) -> dict[int, int]:
    """Give the time of each command that comes with its cue: when that was due. Behind a wait it has none."""
    found: dict[int, int] = {}
    due: dict[tuple[str, str, str], tuple[int, int]] = {}
    for entry in entries:
        key = (entry.get("segment", ""), entry.get("track", ""), entry.get("cue", ""))
        if entry["kind"] == "cue":
            due[key] = (entry["at"], entry["at"] - entry["late"])
        elif entry["kind"] == "command" and key in due and due[key][0] == entry["at"]:
            found[entry["id"]] = due[key][1]
    return found


def _plain(piece: str) -> str:
    return re.sub(r"\\(.)", r"\1", piece[1:-1]) if piece[:1] in "\"'" else piece


def _is(sight: Sight, thing: _Thing) -> bool:
    """Tell whether a thing is what is meant."""
    words = sight.words
    match sight.kind:
        case "command":
            return _command_is(words, thing)
        case "cue":
            return _called(words[0].text, "/".join(thing.words)) or _called(words[0].text, thing.words[2])
        case "hold":
            return not words or _fits(words[0].text, thing.words[0])
        case _:
            return _fits(words[0].text, thing.words[0])


def _command_is(words: Sequence[Word], thing: _Thing) -> bool:
    """Device and verb first, then these words, one behind the other, somewhere behind them."""
    written = list(thing.words)
    head, rest = [word.text for word in words[:2]], words[2:]
    if written[1:2] == [words[0].text] and written[:1] != [words[0].text]:
        written, head, rest = written[1:], [words[0].text], words[1:]  # `say …` without its device
    if written[: len(head)] != head:
        return False
    behind, wanted = written[len(head) :], [word.text for word in rest]
    if not wanted:
        return True
    starts = range(len(behind) - len(wanted) + 1)
    if any(all(_fits(one, behind[start + n]) for n, one in enumerate(wanted)) for start in starts):
        return True
    return len(wanted) == 1 and rest[0].quoted and any(_fits(wanted[0], said) for said in thing.spoken)


def _fits(pattern: str, text: str) -> bool:
    """Tell whether a text is the one meant; `*` in it stands for anything."""
    if "*" not in pattern:
        return pattern == text
    return fnmatchcase(text, re.sub(r"([\[?])", r"[\1]", pattern))


def _called(name: str, key: str) -> bool:
    """Tell whether a cue (`song/body/kick`) is called so: by all of it or by its end."""
    return key == name or key.endswith(f"/{name}")


def _has(entry: Entry, field: Field) -> bool:
    value = entry.get(field.name)
    if isinstance(value, str):
        return _fits(str(field.value), value)
    if isinstance(value, bool) or value is None:
        return str(field.value) == {True: "true", False: "false", None: "null"}[value]
    return bool(value == field.value) or str(value) == str(field.value)


# ------------------------------------------------------------------------------------------------------------- claims


def _faults(claims: Claims, one: _Thing) -> list[str]:
    """Say what of the claims is not true of a thing; empty: all of them are."""
    found: list[str] = []
    at, near = one.at, claims.near
    if claims.at is not None and at // 1000 != claims.at // 1000:
        found.append(f"{clock(at)}, {_apart(at - claims.at)} {clock(claims.at)}")
    if near is not None:
        about = one.own if near.about is None else near.about
        if abs(at - about) > near.by:
            found.append(f"{clock(at)}, {_apart(at - about)} {'its time ' if near.about is None else ''}{clock(about)}")
    if claims.before is not None and at >= claims.before:
        found.append(f"{clock(at)}, not before {clock(claims.before)}")
    if claims.after is not None and at < claims.after:
        found.append(f"{clock(at)}, before {clock(claims.after)}")
    if claims.result is not None and (one.result != claims.result or not _because(claims, one)):
        found.append(f"{_ended(one)} at {clock(at)}")
    return found


def _because(claims: Claims, one: _Thing) -> bool:
    return claims.because is None or _fits(claims.because, one.reason or "")


def _off(claims: Claims, one: _Thing) -> int:
    about = claims.at if claims.at is not None else None if claims.near is None else claims.near.about
    for limit in (about, claims.before, claims.after, one.own):
        if limit is not None:
            return abs(one.at - limit)
    return 0


def _claimed(claims: Claims) -> str:
    """Say what was claimed, as it is said."""
    said: list[str] = []
    if claims.at is not None:
        said.append(f"at {clock(claims.at)}")
    if claims.near is not None:
        about = "its time" if claims.near.about is None else clock(claims.near.about)
        said.append(f"within {short(claims.near.by)} of {about}")
    if claims.before is not None:
        said.append(f"before {clock(claims.before)}")
    if claims.after is not None:
        said.append(f"after {clock(claims.after)}")
    if claims.result is not None:
        said.append(claims.result if claims.because is None else f'{claims.result} because "{claims.because}"')
    if claims.during is not None:
        said.append(f"during {claims.during.text}")
    if claims.times is not None:
        said.append(_times(claims.times))
    return " ".join(said)


# ------------------------------------------------------------------------------------------------------------- wording


def _named(sight: Sight) -> str:
    written = [f'"{word.text}"' if word.quoted else word.text for word in sight.words]
    kind = () if sight.kind == "command" else (sight.kind,)
    return " ".join([*kind, *written])


def _seen(one: _Thing) -> str:
    return f"`{shortened(one.reads.split(chr(10))[0], 60)}` at {clock(one.at)}"


def _ended(one: _Thing) -> str:
    reason = f" ({one.reason})" if one.reason else ""
    return f"{one.result or 'without an outcome'}{reason}"


def _list(told: Sequence[str]) -> str:
    return listed(told, most=MOST)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number) or f"{number:,} times"


def _others(number: int, noun: str) -> str:
    return count(number, noun)


def _apart(micros: int) -> str:
    return f"{short(abs(micros))} {'after' if micros > 0 else 'before'}"


def _from(start: int, end: int) -> str:
    return f"from {clock(start)} to {clock(end)}"


def _why(save: Entry) -> str:
    found = [str(one.get("message", "")) for one in save.get("findings", ())]
    return listed(found, most=1) or "it has errors"


def _entry(entry: Entry, fields: Iterable[Field]) -> str:
    keys = [*dict.fromkeys(field.name for field in fields if field.name in entry)]
    return " ".join([str(entry["kind"]), *(f"{key}={entry[key]}" for key in keys)])
