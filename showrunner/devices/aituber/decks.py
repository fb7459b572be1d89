"""A deck of slides: its manifest as it lies in the show's folder, what AITuberKit would refuse of it, its length.

Shapes only, no state. Source: ``PUT /api/v1/presentations/ID/`` of AITuberKit 2.74 (the device's README, "Decks"), with
the limits and refusals that were observed there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from showrunner.devices import speech
from showrunner.devices.vocabulary import Document, Entry, Frame
from showrunner.diagnostics.wording import listed
from showrunner.slotted import dataclass

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")

MOST_SECTIONS, MOST_SLIDES = 50, 200

LONGEST = {"markdown": 50_000, "narration": 10_000, "speechText": 10_000, "notes": 10_000}
"""The longest texts of a slide, in characters."""

LONGEST_BRIEF = 100_000

UNSAID = "1970-01-01T00:00:00Z"
"""When a deck was made that does not say it: AITuberKit wants a time, and shows it nowhere."""

_REFUSED = (
    (re.compile(r"<[A-Za-z/!](?!--)[^>]*>"), "has an HTML tag"),
    (re.compile(r"\bon[a-z]+=", re.IGNORECASE), "has letters like `onload=`, which it takes for a script"),
    (re.compile(r"\]\(\s*(javascript|data|file):", re.IGNORECASE), "links to `javascript:`, `data:` or `file:`"),
    (re.compile(r"^---\s*$", re.MULTILINE), "has a line `---`"),
)
"""What AITuberKit takes in no markdown."""

_TAG = re.compile(r"\[[^\[\]\n]*\]")
BETWEEN = 300_000
"""From the end of one narration to the next slide's, in microseconds (0.1 to 0.3 s were seen)."""


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: its section, what is ``spoken`` on it (empty: it is skipped at once), whether the deck stands then."""

    id: str
    section: str
    spoken: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck as the show has it; ``manifest`` is what AITuberKit is given, but for the revision."""

    id: str
    slides: tuple[Slide, ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def find(self, slide: str) -> Slide | None:
        """Find a slide by its id."""
        return next((one for one in self.slides if one.id == slide), None)

    def beside(self, slide: str, step: int) -> Slide | None:
        """Give the slide so many further on from another; None where there is none."""
        at = next((place for place, one in enumerate(self.slides) if one.id == slide), None)
        return self.slides[at + step] if at is not None and 0 <= at + step < len(self.slides) else None

    def frame(self, revision: int) -> Frame:
        """Give the manifest as it is put, as this revision."""
        return {**self.manifest, "revision": revision}


def document(text: str, settings: Mapping[str, Any]) -> Document | str:
    """Read a manifest; a ``str`` says what is wrong with it.

    The names that it brings along are those of the deck, its sections and slides. A slide is as long as `present from`
    it lasts, a section as `present` from its first one.
    """
    deck = read(text)
    if isinstance(deck, str):
        return deck
    rate = settings["speech-rate"]
    slides, sections, rest = [], {}, 0
    for one in reversed(deck.slides):
        own = speech.length(plain(one.spoken), rate) + BETWEEN if one.spoken else 0
        rest = own if one.stands else own + rest
        slides.append(Entry(one.id, owner=one.section, length=rest))
        sections[one.section] = Entry(one.section, length=rest)
    of = {"decks": (Entry(deck.id, length=rest),), "sections": tuple(sections.values())[::-1]}
    return Document(deck, {**of, "slides": tuple(slides[::-1])})


def plain(text: str) -> str:
    """Give a text without the tags that set faces and poses."""
    return _TAG.sub("", text)


def read(text: str) -> Deck | str:
    """Read a manifest; a ``str`` says what is wrong with it, in the words of its keys."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        return f"this is no JSON{where}"
    if not isinstance(found, dict):
        return "this is no deck: a JSON object with `presentationId`, `title` and `sections`"
    wrong = next(_wrong(found), None)
    if wrong is not None:
        return wrong
    manifest = {"schemaVersion": 1, "createdAt": UNSAID, **found}
    manifest.pop("revision", None)
    slides: list[Slide] = []
    for section in found["sections"]:
        last = section["slides"][-1]
        for one in section["slides"]:
            spoken = str(one.get("speechText") or one.get("narration") or "")
            stands = bool(one.get("pauseAfter", one is last))
            slides.append(Slide(one["id"], section["id"], spoken, stands))
    slides[-1] = Slide(slides[-1].id, slides[-1].section, slides[-1].spoken, stands=True)
    return Deck(found["presentationId"], tuple(slides), manifest)


def _wrong(found: Mapping[str, Any]) -> Iterator[str]:
    """Say what AITuberKit would refuse of a manifest."""
    if found.get("schemaVersion", 1) != 1:
        yield "`schemaVersion` is not 1"
    yield from _named(found, "presentationId", "`presentationId`")
    if not isinstance(found.get("title"), str) or not found["title"].strip():
        yield "`title` is missing, or no text"
    if not isinstance(found.get("createdAt", ""), str):
        yield "`createdAt` is no text"
    sections = found.get("sections")
    if not isinstance(sections, list) or not sections:
        yield "`sections` is missing, or has none"
        return
    if len(sections) > MOST_SECTIONS:
        yield f"there are more than {MOST_SECTIONS} sections"
    seen: dict[str, set[str]] = {"section": set(), "slide": set()}
    for number, section in enumerate(sections, 1):
        at = f"section {number}"
        if not isinstance(section, dict):
            yield f"{at} is no object"
            return
        yield from _named(section, "id", f"the `id` of {at}", seen["section"])
        if not isinstance(section.get("title"), str):
            yield f"{at} has no `title`"
        if len(str(section.get("qaBrief", ""))) > LONGEST_BRIEF:
            yield f"the `qaBrief` of {at} is longer than {LONGEST_BRIEF} characters"
        slides = section.get("slides")
        if not isinstance(slides, list) or not slides:
            yield f"{at} has no `slides`"
            return
        for slide in slides:
            yield from _slide(slide, f"{at}, slide", seen["slide"])
    if len(seen["slide"]) > MOST_SLIDES:
        yield f"there are more than {MOST_SLIDES} slides"


def _slide(slide: Any, at: str, seen: set[str]) -> Iterator[str]:
    if not isinstance(slide, dict):
        yield f"{at} {len(seen) + 1} of the deck is no object"
        return
    yield from _named(slide, "id", f"the `id` of {at} {len(seen) + 1} of the deck", seen)
    at = f"slide `{slide['id']}`"
    if not isinstance(slide.get("markdown"), str):
        yield f"{at} has no `markdown`"
        return
    for key, most in LONGEST.items():
        said = slide.get(key, "")
        if not isinstance(said, str):
            yield f"`{key}` of {at} is no text"
        elif len(said) > most:
            yield f"`{key}` of {at} is longer than {most} characters"
    wrong = [said for pattern, said in _REFUSED if pattern.search(slide["markdown"])]
    if wrong:
        yield f"`markdown` of {at} {listed(wrong, 'and')}"


def _named(holder: Mapping[str, Any], key: str, what: str, seen: set[str] | None = None) -> Iterator[str]:
    name = holder.get(key)
    if not isinstance(name, str) or ID.fullmatch(name) is None:
        yield f"{what} is missing, or not made of letters, digits, `-` and `_` (128 at most)"
    elif seen is not None:
        if name in seen:
            yield f"{what}, `{name}`, is there twice"
        seen.add(name)
