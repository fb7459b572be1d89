"""What may be written at a place: words of the language, devices and their verbs, names of the model and of the show.

The grammar says which words may follow, the device's table which arguments; nothing here knows either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeAlias

from showrunner.devices.forms import ANY, JSON, NUMBER, STRING, TIME, WORD, Atom, hush
from showrunner.devices.vocabulary import HUSH, Kind, Verb
from showrunner.diagnostics import codes
from showrunner.diagnostics.diagnostic import Span
from showrunner.editing import cards
from showrunner.editing.known import Known
from showrunner.editing.names import Name
from showrunner.editing.pages import Position, Range, stretch
from showrunner.editing.spelling import quoted
from showrunner.editing.surroundings import Block, Surroundings, Token, Typing, Written, surroundings, typing, written
from showrunner.editing.words import SNIPPETS, TERMINALS, WORDS
from showrunner.slotted import dataclass
from showrunner.syntax.keywords import COMMANDS, STATEMENTS
from showrunner.syntax.parser import tokens, upcoming
from showrunner.timeline.compile.posts import Post
from showrunner.timeline.cues import COUNTED

What: TypeAlias = Literal["word", "device", "verb", "event", "choice", "name", "value", "define", "file", "code"]

Listing: TypeAlias = Callable[[str], Sequence[str]]
"""Names the files below a folder of the show, by their endings (`.show`), as a script writes them."""

MOST = 2_000
"""So many names of one list are offered."""

_NOWHERE = Span(0, 1, 1)
_NAME = re.compile(r"(?:[^\W\d]|@(?=\w))(?:[\w.@]|-(?!>))*")
_INSERT = re.compile(r"\{([\w.-]*)\Z")
_FINE = re.compile(r"#\s*fine(?:\s+[EW]\d{3})*\s+(\w*)\Z")

_BELOW: dict[Block, frozenset[str]] = {
    "file": frozenset({"show", "let", "include", "define", "segment", "when", "at", "then", "cue"}),
    "segment": frozenset({"at", "then", "cue", "track", "when"}),
    "track": frozenset({"at", "then", "cue"}),
    "line": frozenset(),
    "choose": frozenset(),
    "choose by": frozenset(),
    "cue": frozenset(),
    "define": frozenset({"at", "then", "cue"}),
    "when": frozenset({"at", "then", "cue"}),
    "repeat": frozenset({"at", "then", "cue"}),
    "meanwhile": frozenset({"at", "then", "cue"}),
}
"""Which statements may stand in a block; where it holds commands, these may, too."""

_COMMANDS_IN = frozenset({"cue", "define", "when", "repeat", "meanwhile", "choose", "choose by"})


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be written. ``range`` is what it takes the place of; ``snippet``: ``text`` has places to fill.

    ``detail`` is short and stands beside it, ``says`` is Markdown. ``rank``: those of a smaller one come first.
    """

    label: str
    what: What
    text: str
    range: Range
    detail: str = ""
    says: str = ""
    snippet: bool = False
    rank: int = 5


def offers(known: Known, lines: Sequence[str], place: Position, listing: Listing = lambda _: ()) -> list[Offer]:
    """Say what may be written at a place of a file with these lines."""
    if place.line >= len(lines):
        return []
    around = surroundings(lines, place)
    typed = typing(around.before)
    here = stretch(place.line, typed.column, place.column)
    if typed.remark:
        return list(_silenced(typed, place))
    writing = _Writing(known, around, typed, here, listing)
    found = writing.in_a_text() if typed.quote else writing.anything()
    dollar = typed.word.startswith("$")
    fitting = (one for one in found if one.label.startswith("$") or not dollar)
    return list({(one.label, one.what): one for one in fitting}.values())


def _silenced(typed: Typing, place: Position) -> Iterator[Offer]:
    """Offer the warnings that a comment may silence."""
    found = _FINE.search(typed.word)
    if found is None:
        return
    here = stretch(place.line, typed.column + found.start(1), place.column)
    for code in codes.names():
        page = codes.page(code)
        if code.startswith("W") and page is not None:
            yield Offer(code, "code", code, here, page.title, page.prose)


class _Writing:
    """One place, and what may stand there."""

    def __init__(self, known: Known, around: Surroundings, typed: Typing, here: Range, listing: Listing) -> None:
        self._known = known
        self._around = around
        self._typed = typed
        self._here = here
        self._listing = listing
        self._read: tuple[Token, ...] = tokens(typed.ahead, around.start)
        self._next = upcoming(typed.ahead, around.start)

    # -- what follows

    def anything(self) -> Iterator[Offer]:
        """Offer what the grammar lets follow."""
        if not self._read:
            yield from self._beginning()
            return
        last = self._read[-1][0]
        command = written(self._read)
        if command is not None and not command.over and command.verb is None:
            yield from self._verbs(command)
            return
        if command is not None and not command.over and last != "SEMICOLON":
            yield from self._arguments(command)
            if not self._may_end(command):
                return
        if last in ("DO", "BUTTON", "KEPT", "BY", "ARROW") or self._callee():
            yield from self._names_behind(last)
        yield from self._words(after_arguments=command is not None and not command.over)
        if "DEVICE" in self._next:
            yield from self._devices()
        if "VARIABLE" in self._next and command is None:
            yield from self._variables(dollar=True)

    def _beginning(self) -> Iterator[Offer]:
        """Offer what a line may begin with, by what it stands below."""
        block = self._around.block
        statements = _BELOW[block]
        if block == "file" and self._segmented():
            statements -= {"at", "then", "cue"}
        for word in STATEMENTS:
            if word in statements:
                yield self._word(word, rank=1)
        if block == "choose by":
            yield from self._labels()
        if block in _COMMANDS_IN:
            for word in COMMANDS:
                if word != "nothing" or block in ("choose", "choose by"):
                    yield self._word(word, rank=2)
            yield from self._devices()
            yield from self._variables(dollar=True)

    def _segmented(self) -> bool:
        book = self._known.book
        return book is not None and any(name.kind == "segment" for name in self._known.index.by_name)

    def _words(self, *, after_arguments: bool) -> Iterator[Offer]:
        """Offer the words of the language that may follow."""
        for terminal in sorted(self._next):
            word = TERMINALS.get(terminal)
            if word is None or (terminal == "SAY" and "WORD" in self._next):
                continue
            if word == "nothing" and self._around.block not in ("choose", "choose by"):
                continue
            if word == "choose" and after_arguments and "DEVICE" not in self._next:
                yield Offer("choose", "word", "choose ", self._here, "one of several", WORDS["choose"], rank=8)
                continue
            yield self._word(word, rank=7 if after_arguments else 3)

    def _word(self, word: str, rank: int) -> Offer:
        snippet = None if word in STATEMENTS and self._read else SNIPPETS.get(word)
        if word == "->":
            return Offer(
                word, "word", "-> ", self._here, "keep the answer", "Keeps the answer under a name.", rank=rank
            )
        if snippet is None:
            return Offer(word, "word", word, self._here, "", WORDS[word], rank=rank)
        return Offer(word, "word", snippet, self._here, "", WORDS[word], snippet=True, rank=rank)

    def _devices(self) -> Iterator[Offer]:
        for name, post in self._known.posts.items():
            if self._waits() and not post.device.events:
                continue
            says = cards.device(name, post.device)
            yield Offer(name, "device", name, self._here, post.device.title, says, rank=4)

    def _waits(self) -> bool:
        return "BUTTON" in self._next

    # -- commands and events

    def _verbs(self, command: Written) -> Iterator[Offer]:
        """Offer the verbs of a device, or what it tells."""
        for name, post in self._meant(command):
            if command.event:
                for event in post.device.events:
                    yield Offer(
                        event.name, "event", event.name, self._here, event.form, cards.event(name, event), rank=1
                    )
                continue
            rows: dict[str, list[Verb]] = {}
            for row in post.device.verbs:
                rows.setdefault(row.name, []).append(row)
            if (cut := hush(post.device.verbs)) is not None:
                rows.setdefault(HUSH, [cut])
            for verb, forms in rows.items():
                says = cards.verb(f"{name} {verb}", forms)
                yield Offer(verb, "verb", verb, self._here, forms[0].form, says, rank=1)

    def _meant(self, command: Written) -> list[tuple[str, Post]]:
        """Give the device that is meant; behind a `$who` it may be any."""
        if command.device is not None and command.device[0] == "VARIABLE":
            return list(self._known.posts.items())
        post = self._known.post(
            None if command.device is None else command.device[1], "" if command.verb is None else command.verb[1]
        )
        return [] if post is None else [(post.name, post)]

    def _arguments(self, command: Written) -> Iterator[Offer]:
        """Offer what may follow the arguments that are there."""
        for _, post in self._meant(command):
            verb = "" if command.verb is None else command.verb[1]
            matcher = (post.events if command.event else post.matchers).get(verb)
            if matcher is None:
                continue
            found = matcher.upcoming(atoms(command.arguments))
            if found.atom < len(atoms(command.arguments)):
                continue
            for word in found.words:
                yield Offer(word, "word", word, self._here, f"of `{verb}`", WORDS.get(word, ""), rank=2)
            for kind in found.kinds:
                yield from self._of_kind(post, kind)
            yield from self._variables(dollar=True)

    def _may_end(self, command: Written) -> bool:
        """Tell whether a command or event may be over here; one that nobody knows may."""
        given, verb = atoms(command.arguments), "" if command.verb is None else command.verb[1]
        for _, post in self._meant(command):
            matcher = (post.events if command.event else post.matchers).get(verb)
            if matcher is None or matcher.upcoming(given).complete:
                return True
        return not self._meant(command)

    def _of_kind(self, post: Post, kind: Kind) -> Iterator[Offer]:
        if kind.picture or kind.document:
            yield from self._files("")
        for choice in kind.choices:
            yield Offer(choice, "choice", quoted(choice), self._here, kind.says, cards.kind(kind), rank=1)
        if kind.accepts == "switch":
            for choice in ("on", "off"):
                yield Offer(choice, "choice", choice, self._here, kind.says, rank=1)
        yield from self._of_catalogue(post, kind, bare=True)
        if kind.accepts == "text":
            yield Offer('"…"', "value", '"$1"$0', self._here, kind.says, snippet=True, rank=2)

    def _of_catalogue(self, post: Post, kind: Kind, *, bare: bool) -> Iterator[Offer]:
        entries = post.lists.get(kind.catalogue or "")
        for one in list(entries.values())[:MOST] if entries is not None else ():
            text = quoted(one.name) if bare else one.name
            yield Offer(one.name, "value", text, self._here, cards.entry(one) or kind.says, rank=1)

    # -- names of the show

    def _callee(self) -> bool:
        """Tell whether the name of a button or cue is awaited: behind the word, or behind an `or` after one."""
        if self._read[-1][0] == "_OR":
            return any(token[0] in ("BUTTON", "CUE") for token in self._read)
        return self._read[-1][0] == "CUE"

    def _names_behind(self, last: str) -> Iterator[Offer]:
        index = self._known.index
        if last == "DO":
            for name in index.named("define"):
                yield from self._define(name)
        elif last in ("BUTTON", "_OR") and any(token[0] == "BUTTON" for token in self._read):
            for name in index.named("button"):
                yield Offer(name.text, "name", quoted(name.text), self._here, "a button", rank=1)
        elif last in ("CUE", "_OR"):
            segment = self._around.within("segment")
            for name in index.named("cue"):
                if segment is None or segment.text.split()[1:2] == [name.within]:
                    yield Offer(name.text, "name", quoted(name.text), self._here, "a cue", rank=1)
        elif last == "BY":
            yield from self._answers()
        elif last == "ARROW":
            for name in index.named("kept"):
                yield Offer(name.text, "name", name.text, self._here, "kept elsewhere, too", rank=4)

    def _define(self, name: Name) -> Iterator[Offer]:
        found = self._known.defined(name.text)
        if found is None:
            return
        path, line, node = found
        says = cards.define(node, self._known.prepared.texts[path], line)
        holes = ", ".join(f"${{{n}:{one.text}}}" for n, one in enumerate(node.parameters, 1))
        text = f"{quoted(name.text)}({holes})$0" if holes else quoted(name.text)
        takes = f"({', '.join(one.text for one in node.parameters)})" if node.parameters else ""
        yield Offer(name.text, "define", text, self._here, takes, says, snippet=bool(holes), rank=1)

    def _variables(self, *, dollar: bool) -> Iterator[Offer]:
        """Offer constants and the parameters of the definition around."""
        mark = "$" if dollar else ""
        index = self._known.index
        inside = self._around.within("define")
        own = _NAME.search(inside.text.lstrip()[len("define") :]) if inside is not None else None
        for name in index.named("constant", "parameter"):
            if name.kind == "parameter" and (own is None or own[0] != name.within):
                continue
            detail = "a parameter" if name.kind == "parameter" else self._constant(name)
            yield Offer(f"{mark}{name.text}", "name", f"{mark}{name.text}", self._here, detail, rank=6 if dollar else 1)

    def _constant(self, name: Name) -> str:
        bound = self._known.index.bound(name)
        if not bound:
            return "a constant"
        place = bound[0].place
        lines = self._known.prepared.texts.get(place.path, "").split("\n")
        row = lines[place.line - 1] if place.line <= len(lines) else ""
        return row.partition("=")[2].strip().removesuffix("\r")

    def _answers(self) -> Iterator[Offer]:
        """Offer what was kept, and the fields it has."""
        index = self._known.index
        for name in index.named("kept"):
            yield Offer(name.text, "name", name.text, self._here, "an answer that is kept", rank=1)
            for device, event in sorted(index.fields.get(name.text, ())):
                post = self._known.posts.get(device)
                row = None if post is None else next((one for one in post.device.events if one.name == event), None)
                for field in () if row is None else row.fields:
                    label = f"{name.text}.{field.name}"
                    yield Offer(label, "name", label, self._here, field.says, rank=2)

    def _labels(self) -> Iterator[Offer]:
        """Offer the answers that a `choose by` may find."""
        by = self._around.owners[-1].text.split()[-1].partition(".")[0]
        index = self._known.index
        for name in index.named("button"):
            if any(one.name.kind == "button" for one in index.by_name[name]) and self._answered(name.text, by):
                yield Offer(name.text, "name", quoted(name.text), self._here, f"an answer of `{by}`", rank=1)
        yield self._word("else", rank=2)

    def _answered(self, button: str, kept: str) -> bool:
        said = self._known.index.fields.get(kept, frozenset())
        return any(device == "button" and button in events.split("\n") for device, events in said)

    # -- in quotes

    def in_a_text(self) -> Iterator[Offer]:
        """Offer what may stand in quotes: names that are put in, files, names of the model."""
        insert = _INSERT.search(self._typed.word)
        end = self._here.end
        if insert is not None and not self._typed.word[: insert.start()].endswith("{"):
            self._here = stretch(end.line, end.column - len(insert[1]), end.column)
            yield from self._variables(dollar=False)
            yield from self._answers()
            for word in COUNTED:
                yield Offer(word, "name", word, self._here, "of a counted `repeat`", rank=3)
            return
        if self._read and self._read[-1][0] == "_INCLUDE":
            yield from self._files(".show")
            return
        command = written(self._read)
        if command is None:
            if self._read and self._read[-1][0] in ("BUTTON", "CUE", "DO"):
                yield from (one for one in self._names_behind(self._read[-1][0]) if not one.snippet)
            return
        for _, post in self._meant(command):
            verb = "" if command.verb is None else command.verb[1]
            matcher = (post.events if command.event else post.matchers).get(verb)
            for kind in () if matcher is None else matcher.upcoming(atoms(command.arguments)).kinds:
                if kind.picture or kind.document:
                    yield from self._files("")
                yield from self._of_catalogue(post, kind, bare=False)

    def _files(self, ending: str) -> Iterator[Offer]:
        for name in self._listing(ending):
            text = name if self._typed.quote else f'"{name}"'
            yield Offer(name, "file", text, self._here, rank=1)


_SHAPES = {"STRING": STRING, "NUMBER": NUMBER, "DURATION": TIME, "CLOCK": TIME, "VARIABLE": ANY}
_OF_JSON = frozenset(
    {
        "OPEN_OBJECT",
        "CLOSE_OBJECT",
        "OPEN_ARRAY",
        "CLOSE_ARRAY",
        "JSON_STRING",
        "JSON_NUMBER",
        "JSON_WORD",
        "COMMA",
        "COLON",
    }
)


def atoms(read: Sequence[Token]) -> list[Atom]:
    """Make of the words behind a verb what a form is matched with; what stands in braces is one of them."""
    found: list[Atom] = []
    depth = 0
    skipping = False
    for terminal, text, _ in read:
        if terminal in ("OPEN_OBJECT", "OPEN_ARRAY"):
            if not depth:
                found.append(Atom(JSON, None, text, _NOWHERE))
            depth += 1
        elif terminal in ("CLOSE_OBJECT", "CLOSE_ARRAY"):
            depth -= 1
        elif depth or terminal in _OF_JSON:
            continue
        elif terminal == "CHOOSE":
            found.append(Atom(ANY, None, text, _NOWHERE))
            skipping = True
        elif skipping or terminal == "_OR":
            # The words of a choice are one argument.
            skipping = terminal == "_OR"
        else:
            found.append(Atom(_SHAPES.get(terminal, WORD), text, text, _NOWHERE))
    return found
