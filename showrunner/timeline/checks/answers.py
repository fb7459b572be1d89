"""Answers: whether what a text or a value needs is ever there, and there in time.

Answers are followed through the show in the order in which they are asked for and used. Where two tracks play side by
side, nobody knows, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from showrunner.devices.vocabulary import Answer
from showrunner.diagnostics.diagnostic import Place, Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, there_are
from showrunner.timeline import cues
from showrunner.timeline.compile.draft import Hearer, Part, Whole
from showrunner.timeline.compile.facts import Fact
from showrunner.timeline.compile.names import Names
from showrunner.timeline.compile.notes import Note, further
from showrunner.times import Exact

_THERE, _ASKED = "there", "asked"
_State = dict[str, str]

_OTHERS = frozenset({"default", "otherwise", "other", "others", "any", "rest", "sonst", "その他"})
_COUNTERS = frozenset({"i", "j", "n", "count", "counter", "index", "number", "remaining", "round", "loop"})


class _Scene(NamedTuple):
    """Where a list stands: its file, the line its cues count from, and the calls that led there."""

    path: str
    line: int
    through: tuple[Place, ...]


def unbound(show: Whole) -> Iterator[Note]:
    """E205, E221, E226: a name is neither constant nor parameter, and no command of the show keeps it with `->`; or one
    does, and it stands where only what is known beforehand can, or has no such field.
    """
    turns = {
        fact.name: hearer.spot for hearer in reversed(show.hearers) for fact in hearer.facts if fact.kind == "kept"
    }
    yield from _unbound(show.facts, show.facts, show.names, turns)
    for hearer in show.hearers:
        yield from _unbound(hearer.facts, (*hearer.facts, *show.facts), show.names, turns)


def _unbound(asking: Sequence[Fact], facts: Sequence[Fact], names: Names, turns: Mapping[str, Place]) -> Iterator[Note]:
    """Look through names that are asked for. ``turns``: what a `when` keeps, and where the first that does stands."""
    answers = {fact.name for fact in facts if fact.kind == "kept"}
    says = {fact.name for fact in facts if fact.kind == "says"}
    for named in asking:
        if named.kind not in ("asked", "bare"):
            continue
        name, dot, field = named.name.partition(".")
        if name in answers or (dot and name in names.constants):
            if dot and not {f"{name}.{field}", f"{name}.*"} & says:
                yield _no_field(named, name, field, sorted(says))
            elif named.kind == "bare":
                message = sentence(
                    "`{name}` is an answer: it is known only while the show plays, and cannot stand here", name
                )
                yield named.spot.note(
                    "E221", message, sentence('an answer can stand in what is said or sent: `"{{{name}}}"`', name)
                )
            continue
        if name in cues.COUNTED and not dot:
            yield _uncounted(named, name)
            continue
        close = nearest(name, (*names.constants, *answers))
        advice = did_you_mean(close, sentence("give it one, above all segments: `let {name} = …`", name))
        if close is None and name.lower() in _COUNTERS:
            advice = sentence(
                "in a counted `repeat` `{{turn}}` counts 1, 2, 3 and `{{left}}` 3, 2, 1; else `let {name} = …`", name
            )
        if name in turns:
            advice = sentence(
                "the `when` in line {line} keeps it for its own turn, and nothing else knows it", turns[name].line
            )
        yield named.spot.note("E205", sentence("nothing gives `{name}` a value", name), advice)


def _uncounted(named: Fact, name: str) -> Note:
    if named.kind == "bare":
        message = sentence("`{name}` is known only while the show plays, and cannot stand here", name)
        return named.spot.note("E221", message, sentence('it can stand in what is said or sent: `"{{{name}}}"`', name))
    message = sentence("`{name}` has a value only in the turns of a counted `repeat`", name)
    return named.spot.note("E205", message, sentence("as below `repeat 3 times every 2s`, indented"))


def _no_field(asked: Fact, name: str, field: str, fields: Sequence[str]) -> Note:
    known = [one.removeprefix(f"{name}.") for one in fields if one.startswith(f"{name}.")]
    message = sentence("`{name}` has no field `{field}`", name, field)
    if not known:
        return asked.spot.note(
            "E226", message, sentence("only what an event says has fields: write `{{{name}}}`", name)
        )
    close = nearest(field, known)
    return asked.spot.note("E226", message, did_you_mean(close and f"{{{name}.{close}}}", there_are(known)))


def labels(show: Whole) -> Iterator[Note]:
    """W515: a label that none of the events it is asked of can give."""
    yield from _labels(show.facts, show.facts)
    for hearer in show.hearers:
        yield from _labels(hearer.facts, (*hearer.facts, *show.facts))


def _labels(asking: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[Note]:
    for label in asking:
        if label.kind != "label":
            continue
        name = label.name.partition(".")[0]
        kept = [fact for fact in facts if fact.kind == "kept" and fact.name == name]
        gives = [fact for fact in facts if fact.kind == "gives" and fact.name == label.name]
        # A name that something else keeps, too, may be any text.
        if not gives or len(gives) < len(kept):
            continue
        texts = list(dict.fromkeys(text for fact in gives for text in fact.what))
        fit: cues.Fit = label.what
        if not (fit.otherwise or fit.empty or any(fit.fits(text) for text in texts)):
            message = sentence("this line is never taken: `{name}` is never `{source}`", label.name, fit.source)
            close = "else" if cues.folded(fit.source) in _OTHERS else nearest(fit.source, texts)
            yield label.spot.note("W515", message, did_you_mean(close, there_are(texts)))


def followed(show: Whole) -> Iterator[Note]:
    """E222, W507: an answer cannot be there where it is needed, or may not be there yet."""
    kept = _judged(show.facts)
    if kept:
        follower = _Follower(kept)
        state: _State = {}
        for part in show.parts:
            follower.segment(part, state)
        yield from follower.notes
    asked = {fact.spot for fact in show.facts if fact.kind == "otherwise"}
    open_ = frozenset(fact.name for fact in show.facts if fact.kind == "kept" and fact.spot not in asked)
    for hearer in show.hearers:
        yield from _turn(hearer, open_)


def _judged(facts: Iterable[Fact]) -> frozenset[str]:
    """Give the names that are kept, but for those of a command with a mistake: when they are there nobody can tell."""
    facts = tuple(facts)
    unkept = {fact.name for fact in facts if fact.kind == "unkept"}
    return frozenset(fact.name for fact in facts if fact.kind == "kept") - unkept


def _turn(hearer: Hearer, outside: frozenset[str]) -> Iterator[Note]:
    """Follow a turn of a `when`: what it keeps itself, and what nothing stands in for if the show has not kept it."""
    track = hearer.track
    own = _judged(hearer.facts)
    when = hearer.when
    if track is None or when is None or not own | outside:
        return
    follower = _Follower(own, outside - own)
    follower.turn(when, _Scene(track.file, track.line, ()))
    yield from follower.notes


class _Follower:
    """Walks the lists in playing order. ``kept`` are all names that some command keeps there, ``outside`` those that
    are kept elsewhere, at no time that could be known.
    """

    def __init__(self, kept: frozenset[str], outside: frozenset[str] = frozenset()) -> None:
        self.kept = kept | outside
        self.outside = outside
        self.notes: list[Note] = []
        self._walked: dict[tuple[int, frozenset[tuple[str, str]]], _State] = {}
        self._names: dict[int, frozenset[str]] = {}
        self._alive: list[cues.Body] = []

    def segment(self, part: Part, state: _State) -> None:
        """Walk the tracks of a segment, which play side by side; ``state`` is then what is there after it."""
        names = [{fact.name for fact in listed.block.facts if fact.kind == "kept"} for listed in part.lists]
        for index, (track, listed) in enumerate(zip(part.segment.tracks, part.lists, strict=True)):
            block = listed.block
            if any(fact.kind == "asked" for fact in block.facts):
                beside = set[str]().union(*(kept for other, kept in enumerate(names) if other != index))
                start = state | dict.fromkeys(beside, _THERE)
                quiet = [not any(f.kind in ("kept", "asked") for f in draft.facts) for _, draft in block.drafts]
                self._list(track.body.cues, start, _Scene(track.file, track.line, ()), quiet)
        state.update(dict.fromkeys(set[str]().union(*names), _THERE))

    def turn(self, when: cues.When, scene: _Scene) -> None:
        """Walk a turn of a `when`."""
        self._list(when.body.cues, {} if when.keep is None else {when.keep: _THERE}, scene)

    def _list(
        self, body: tuple[cues.Cue, ...], state: _State, scene: _Scene, quiet: list[bool] | None = None
    ) -> _State:
        """Walk one list; give the state at its end."""
        above: set[str] = set()
        ready: dict[str, Exact] = {}
        for index, cue in enumerate(body):
            position = cue.position
            if position.then:
                state.update(dict.fromkeys(above, _THERE))
            if position.at is not None and ready:
                for name in [name for name, at in ready.items() if at <= position.at]:
                    state[name] = _THERE
                    del ready[name]
            above = set()
            if quiet is not None and quiet[index]:
                continue
            at = position.at if not position.then else None
            for step in cue.steps:
                self._step(step, cue, state, scene, above)
                if isinstance(step, cues.Send) and step.keep and state.get(step.keep) == _ASKED and at is not None:
                    limit = step.within or step.command.verb.limit
                    if limit is not None:
                        ready[step.keep] = at + limit * (step.retry + 1)
        return state

    def _step(self, step: cues.Step, cue: cues.Cue, state: _State, scene: _Scene, above: set[str]) -> None:
        before = len(self.notes)
        for name, span in _needed(step):
            status = state.get(name)
            if status != _THERE and name in self.kept:
                self._missing(name, span, status, cue, scene)
        if isinstance(step, cues.Send | cues.Await | cues.Hold):
            if step.meanwhile is not None:
                inner = self._inside(step.meanwhile, state, _Scene(scene.path, scene.line + cue.line, scene.through))
                _merge(state, inner, above)
            if isinstance(step, cues.Send | cues.Await) and step.keep is not None:
                state[step.keep] = _THERE if isinstance(step, cues.Await) or step.wait else _ASKED
                above.add(step.keep)
        elif isinstance(step, cues.Call):
            by = further(step.span, cue.line).place(scene.path, scene.line)
            names = [self._names_in(track.body) for track in step.tracks]
            found: list[_State] = []
            for index, track in enumerate(step.tracks):
                beside = frozenset[str]().union(*(kept for other, kept in enumerate(names) if other != index))
                there = _Scene(track.file, track.line, (*scene.through, by))
                found.append(self._inside(track.body, state | dict.fromkeys(beside, _THERE), there))
            for inner in found:
                _merge(state, inner, above)
        elif isinstance(step, cues.Choose):
            # What is not there yet is what `else` is for.
            if step.by is not None and any(choice.fit is not None and choice.fit.otherwise for choice in step.choices):
                del self.notes[before:]
            inside = _Scene(scene.path, scene.line + cue.line, scene.through)
            for choice in step.choices:
                _merge(state, self._inside(choice.body, state, inside), above)
        elif isinstance(step, cues.Repeat):
            later = dict.fromkeys(self._names_in(step.body), _ASKED)
            inner = self._inside(step.body, later | state, _Scene(scene.path, scene.line + cue.line, scene.through))
            _merge(state, inner, set() if step.endless else above)

    def _inside(self, body: cues.Body, state: _State, scene: _Scene) -> _State:
        key = (id(body), frozenset(state.items()))
        known = self._walked.get(key)
        if known is None:
            self._alive.append(body)
            known = self._walked[key] = self._list(body.cues, dict(state), scene)
        return known

    def _names_in(self, body: cues.Body) -> frozenset[str]:
        """Give every name that is kept somewhere in a body."""
        known = self._names.get(id(body))
        if known is None:
            self._alive.append(body)
            found: set[str] = set()
            for step in (step for cue in body.cues for step in cue.steps):
                if isinstance(step, cues.Send | cues.Await) and step.keep is not None:
                    found.add(step.keep)
                for inner in cues.bodies(step):
                    found |= self._names_in(inner)
            known = self._names[id(body)] = frozenset(found)
        return known

    def _missing(self, name: str, span: Span, status: str | None, cue: cues.Cue, scene: _Scene) -> None:
        place = further(span, cue.line).place(scene.path, scene.line)
        through = tuple(reversed(scene.through))
        if name in self.outside:
            message = sentence("`{name}` may not be there yet: an event comes when it comes", name)
            advice = sentence('give it a text until then, where it is kept: `-> {name} or "…"`', name)
            self.notes.append(Note("W507", place, message, advice, None, through))
        elif status is None:
            message = sentence(
                "`{name}` cannot be there yet: it is asked for further down, or by this very command", name
            )
            advice = sentence("use it below the command that keeps it, with `then`")
            self.notes.append(Note("E222", place, message, advice, None, through))
        else:
            message = sentence("`{name}` may not be there yet: nothing here waits for the answer", name)
            advice = sentence("write `then`, or `and wait` where it is asked for")
            self.notes.append(Note("W507", place, message, advice, None, through))


def _merge(state: _State, inner: _State, above: set[str]) -> None:
    for name in inner:
        if name not in state:
            state[name] = _ASKED
            above.add(name)


def _needed(step: cues.Step) -> Iterator[tuple[str, Span]]:
    """Give the answers whose values a step's texts need, with the place of the text."""
    if isinstance(step, cues.Send):
        commands = [step.command, *(command for pick in step.picks for command in pick.commands)]
        for argument in [one for command in commands for one in command.arguments]:
            if not isinstance(argument.value, str | int | float):
                for name in _open(argument.value):
                    yield name, argument.span
    elif isinstance(step, cues.Choose) and step.by is not None and step.by.constant is None:
        yield step.by.name, step.span
    elif isinstance(step, cues.Log) and not isinstance(step.message, str):
        for name in _open(step.message):
            yield name, step.span


def _open(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Answer):
            yield part.name
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list | tuple):
            waiting.extend(part)
