"""The pages of a deck as a plan shows them: which slide is seen when, and what is said meanwhile. Estimates alone.

What AITuberKit really does is read off its events (``slides``); here it is what the manifest promises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from showrunner.devices import speech
from showrunner.devices.aituber.decks import BETWEEN, Deck, plain
from showrunner.devices.aituber.table import EMOTIONS
from showrunner.devices.presence import Page
from showrunner.devices.vocabulary import Command

_PART = re.compile(r"(?:\[([^\[\]\n]*)\])?([^\[\]]*)")
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_MARKS = re.compile(r"(\*\*|__|\*|`)(\S(?:.*?\S)?)\1")
LINES = 8
"""So many lines of a slide are shown."""


def pages(commands: Sequence[tuple[Command, int, int]], settings: Mapping[str, Any]) -> Iterable[Page]:
    """Give the pages that the deck commands of a plan show, in order."""
    return _Paging(settings).play(commands)


class _Paging:
    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._documents = settings.get("documents", {})
        self._rate = settings["speech-rate"]
        self._deck: Deck | None = None
        self._place = 0
        self._by = 0
        self._seen: Page | None = None

    def play(self, commands: Sequence[tuple[Command, int, int]]) -> Iterator[Page]:
        for self._by, (command, start, end) in enumerate(commands):
            verb = command.verb
            if verb.name == "deck":
                yield from self._hide(start)
                self._deck, self._place = self._documents.get(str(command.get("FILE"))), 0
            if self._deck is None:
                continue
            if verb.name == "present":
                yield from self._present(command, start, end, self._deck)
            elif verb.name in {"unload", "hide"}:
                yield from self._hide(start)
                self._deck = None if verb.name == "unload" else self._deck
            elif verb.name in {"slide", "next", "back", "show"}:
                self._place = self._goal(command, self._deck)
                yield from self._turn(start, self._deck)
        yield from self._hide(None)

    def _goal(self, command: Command, deck: Deck) -> int:
        """Give the place that a command goes to."""
        wanted, name = command.get("SLIDE"), command.verb.name
        if wanted is not None:
            return next((place for place, slide in enumerate(deck.slides) if slide.id == wanted), self._place)
        step = {"next": 1, "back": -1}.get(name, 0)
        return max(0, min(len(deck.slides) - 1, self._place + step))

    def _present(self, command: Command, at: int, end: int, deck: Deck) -> Iterator[Page]:
        place = self._goal(command, deck)
        if "section" in command.verb.form:
            here = deck.slides[place].section
            later = [n for n, slide in enumerate(deck.slides) if n > place and slide.section != here]
            if not later:
                return
            place = later[0]
        for self._place in range(place, len(deck.slides)):
            slide = deck.slides[self._place]
            if not slide.spoken:
                continue
            says = tuple(self._spoken(slide.spoken, at, end))
            yield from self._turn(at, deck, says)
            at = min(end, at + speech.length(plain(slide.spoken), self._rate) + BETWEEN)
            if slide.stands or at >= end:
                return

    def _spoken(self, text: str, at: int, end: int) -> Iterator[tuple[int, int, str, str | None]]:
        """Give the parts of a narration: each with the face that a tag before it sets."""
        whole, said, face = speech.length(plain(text), self._rate), 0, EMOTIONS[0]
        total = max(1, speech.weight(plain(text)))
        begins = at
        for tag, words in _PART.findall(text):
            face = tag if tag in EMOTIONS else face
            if not words.strip():
                continue
            said += speech.weight(words)
            until = min(end, begins + whole * said // total)
            if until > at:
                yield at, until, words.strip(), face
            at = until

    def _turn(self, at: int, deck: Deck, says: tuple[tuple[int, int, str, str | None], ...] = ()) -> Iterator[Page]:
        yield from self._hide(at)
        title, lines = read(_markdown(deck, deck.slides[self._place].id))
        self._seen = Page(self._by, at, None, self._place + 1, len(deck.slides), title, lines, says)

    def _hide(self, at: int | None) -> Iterator[Page]:
        if self._seen is not None and (at is None or at > self._seen.start):
            yield replace(self._seen, end=at)
        self._seen = None


def _markdown(deck: Deck, slide: str) -> str:
    rows = (row for section in deck.manifest["sections"] for row in section["slides"])
    return next((str(row["markdown"]) for row in rows if row["id"] == slide), slide)


def read(markdown: str) -> tuple[str, tuple[str, ...]]:
    """Give what can be read of a slide: its first heading, and the lines below, a picture by its words or address."""
    title, lines = "", list[str]()
    for line in markdown.splitlines():
        shown = _MARKS.sub(r"\2", _IMAGE.sub(lambda found: f"[{found[1] or found[2]}]", line)).strip()
        heading = _HEADING.fullmatch(shown)
        if heading is not None and not title:
            title = heading[1]
        elif shown:
            bullet = re.fullmatch(r"[-*+]\s+(.*)", shown)
            lines.append(f"\u2022 {bullet[1]}" if bullet else heading[1] if heading else shown)
    more = len(lines) - LINES
    return title, (*lines[:LINES], *([f"and {more} more lines"] if more > 0 else []))
