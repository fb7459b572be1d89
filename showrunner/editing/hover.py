"""What is told of the word that somebody points at: what it means, when it comes, what goes over the wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from showrunner.devices.vocabulary import Command
from showrunner.diagnostics.wording import count, visible
from showrunner.editing import cards
from showrunner.editing.completion import atoms
from showrunner.editing.known import Known
from showrunner.editing.names import Occurrence
from showrunner.editing.pages import Position, Range, range_of, stretch
from showrunner.editing.surroundings import Token, Written, surroundings, written
from showrunner.editing.words import TERMINALS, WORDS
from showrunner.reports.timetable import TimedCommand
from showrunner.slotted import dataclass
from showrunner.syntax.lines import comment, cut
from showrunner.syntax.parser import tokens
from showrunner.times import clock, short

Wire: TypeAlias = Callable[[Command], str | None]
"""Gives the first frame that a command sends, as text; None where none is known."""

MOST_TIMES = 3


@dataclass(frozen=True, slots=True)
class Told:
    """Markdown, and the stretch of the text that it is about."""

    text: str
    range: Range


def hover(known: Known, path: str, lines: Sequence[str], place: Position, wire: Wire = lambda _: None) -> Told | None:
    """Say what is known of the word at a place of a file with these lines."""
    if place.line >= len(lines):
        return None
    begun = comment(lines[place.line])
    if begun is not None and place.column > begun:
        return None
    around = surroundings(lines, place)
    read = tokens(around.text, around.start)
    offset = sum(len(line) + 1 for line in lines[around.line : place.line]) + place.column
    number = next((n for n, token in enumerate(read) if token[2] <= offset <= token[2] + len(token[1])), None)
    name = known.index.at(path, place.line, place.column)
    if number is None:
        return None
    token = read[number]
    parts = _name(known, name) if name is not None and name.name.kind != "device" else []
    if not parts:
        parts = _of_device(known, read, number)
    if not parts and (word := TERMINALS.get(token[0])) in WORDS and word is not None:
        parts = [f"**{word}**", WORDS[word]]
    timed = _planned(known, path, place, lines, token, wire)
    if not parts and not timed:
        return None
    if name is not None and name.name.kind != "device":
        return Told("\n\n".join([*parts, *timed]), range_of(name.place))
    here = around.text[: token[2]]
    line = around.line + here.count("\n")
    column = token[2] - (here.rfind("\n") + 1)
    end = column + len(token[1].partition("\n")[0])
    return Told("\n\n".join([*parts, *timed]), stretch(line, column, end))


def _of_device(known: Known, read: Sequence[Token], number: int) -> list[str]:
    """Describe a device, its verb, or what an argument of it is."""
    command = _command_at(read, number)
    if command is None or command.verb is None:
        return []
    token, verb = read[number], command.verb[1]
    post = known.post(None if command.device is None else command.device[1], verb)
    if post is None or (command.device is not None and command.device[0] == "VARIABLE"):
        return []
    if command.device is not None and token == command.device:
        return [cards.device(post.name, post.device)]
    label = verb if command.device is None else f"{post.name} {verb}"
    if token == command.verb:
        if command.event:
            event = next((row for row in post.device.events if row.name == verb), None)
            return [] if event is None else [cards.event(post.name, event)]
        matcher = post.matchers.get(verb)
        return [] if matcher is None else [cards.verb(label, matcher.rows)]
    if token not in command.arguments:
        return []
    matcher = (post.events if command.event else post.matchers).get(verb)
    if matcher is None:
        return []
    place = command.arguments.index(token)
    found = matcher.upcoming(atoms(command.arguments[:place]))
    if token[1] in found.words:
        return [f"**{token[1]}** of `{label}`", WORDS.get(token[1], "")]
    said = []
    for kind in found.kinds:
        said.append(cards.kind(kind))
        entry = post.lists.get(kind.catalogue or "", {}).get(token[1].strip("\"'").casefold())
        if entry is not None and (told := cards.entry(entry)):
            said.append(f"`{visible(entry.name)}`: {told}")
    return [*dict.fromkeys(said), cards.code(cards.form(label, found.row))] if said else []


def _command_at(read: Sequence[Token], number: int) -> Written | None:
    """Find the command or event that a word belongs to: the last one of the row up to the words that follow it."""
    end = next((n for n in range(number, len(read)) if read[n][0] in ("SEMICOLON", "_OR")), len(read))
    if end < len(read) and read[end][0] == "_OR" and any(token[0] == "CHOOSE" for token in read[:end]):
        end = next((n for n in range(number, len(read)) if read[n][0] == "SEMICOLON"), len(read))
    return written(read[:end])


def _name(known: Known, one: Occurrence) -> list[str]:
    """Describe a name of the show."""
    name, index = one.name, known.index
    bound = index.bound(name)
    if name.kind == "define":
        found = known.defined(name.text)
        if found is None:
            return []
        path, line, node = found
        return [cards.define(node, known.prepared.texts[path], line)]
    if not bound:
        return []
    place = bound[0].place
    lines = cut(known.prepared.texts.get(place.path, ""))
    row = lines[place.line - 1].strip() if place.line <= len(lines) else ""
    used = count(sum(not each.binds for each in index.by_name[name]), "time")
    said = {
        "constant": f"A constant, used {used}.",
        "parameter": f"A parameter of `{name.within}`.",
        "kept": "What is kept of an answer; known once it has come.",
        "cue": f"A cue of `{name.within}`.",
        "button": f"A button, which stands {count(len(index.by_name[name]), 'time')} in this show.",
        "segment": "A part of the show.",
        "track": f"A track of `{name.within}`.",
        "device": "",
    }[name.kind]
    starts = known.schedule.starts.get(name.text) if name.kind == "segment" else None
    when = [] if starts is None else [f"From {clock(starts)} to {clock(known.schedule.ends[name.text])}."]
    return [cards.code(row), said, *when]


def _planned(known: Known, path: str, place: Position, lines: Sequence[str], token: Token, wire: Wire) -> list[str]:
    """Say when the command at a place comes, how long it takes, and what it sends."""
    key = (path, place.line + 1)
    commands = known.schedule.commands.get(key, ())
    here = [one for one in commands if _covers(one, lines[place.line], place.column)]
    if not here:
        if token[0] not in ("AT", "THEN", "CLOCK", "DURATION", "PLUS"):
            return []
        cues = known.schedule.cues.get(key, ())
        return [f"Comes at {_times([cue.at for cue in cues])}."] if cues else []
    first = here[0]
    said = [f"Planned at {_times([one.start for one in here])}"]
    if first.end is not None and first.end > first.start:
        said.append(f"takes {short(first.end - first.start)}")
    parts = [", ".join(said) + "."]
    frame = None if first.command is None else wire(first.command)
    if frame is not None:
        parts += [f"Goes to {first.command.device if first.command else ''} as", cards.code(frame, "json")]
    return parts


def _covers(one: TimedCommand, line: str, column: int) -> bool:
    """Tell whether a command stands at a column of its line."""
    begin = line.find(one.text.partition("\n")[0])
    while begin >= 0:
        if begin <= column <= begin + len(one.text):
            return True
        begin = line.find(one.text.partition("\n")[0], begin + 1)
    return False


def _times(instants: Sequence[int]) -> str:
    shown = ", ".join(f"**{clock(at)}**" for at in instants[:MOST_TIMES])
    more = len(instants) - MOST_TIMES
    return f"{shown} and {count(more, 'more time')}" if more > 0 else shown
