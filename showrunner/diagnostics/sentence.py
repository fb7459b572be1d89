"""A sentence for people: its English text, and what it is made of, so that it can be said in another language.

Not here: other languages. Whoever shows something translates it (``said`` with a catalogue of sentences); whoever finds
something only says ``sentence("there is a cue `{name}` already", name=name)``, and needs no word for a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any, Self

from showrunner.slotted import dataclass

_LETTER = re.compile(r"[^\W\d_]")
_SAME = re.compile(r"\{\{|\}\}|`[^`]*`|\{[^{}]*\}")
"""What is the same in every language: code between backticks, and what is put in."""


class Sentence(str):
    """A text that is English, and knows its ``template`` and what was put into it (``fields``, by name).

    A field may be a sentence itself. It is the text wherever a text is wanted: it compares, sorts, and is written so.
    """

    __slots__ = ("fields", "template")

    template: str
    fields: Mapping[str, object]

    def __new__(cls, template: str, fields: Mapping[str, object]) -> Self:
        """Put ``fields`` into ``template``, as `str.format` does."""
        made = super().__new__(cls, template.format_map(fields))
        made.template = template
        made.fields = fields
        return made

    def __add__(self, more: str) -> Sentence:
        """Give both, one behind the other; each is still said in its own words."""
        return Sentence("{first}{second}", {"first": self, "second": more}) if more else self

    def __reduce__(self) -> tuple[Any, ...]:
        """Be kept (pickled, copied) with all that it is made of."""
        return Sentence, (self.template, self.fields)

    def put(self, mark: str, value: str) -> Sentence:
        """Give the sentence with ``value`` in place of the first ``mark`` that stands in one of its fields."""
        for name in names(self.template):
            field = self.fields[name]
            if isinstance(field, Sentence) and mark in field:
                return Sentence(self.template, {**self.fields, name: field.put(mark, value)})
            if isinstance(field, str) and mark in field:
                return Sentence(self.template, {**self.fields, name: field.replace(mark, value, 1)})
        return self


def sentence(template: str, *values: object) -> Sentence:
    """Make a sentence: ``template`` is English, with `{name}` where a value stands and `{{` for a brace.

    ``values`` are given once each, in the order in which their names come first. The template is what a translation is
    looked up by, so it stands there in one piece, as a text and nothing else. Raises ValueError where a value is
    missing or too much: our mistake, not a user's.
    """
    return Sentence(template, dict(zip(dict.fromkeys(names(template)), values, strict=True)))


def plain(text: str) -> Sentence:
    """Give a text that is the same in every language: a name, or what a program or a package of others says."""
    return text if isinstance(text, Sentence) else Sentence("{text}", {"text": text})


def names(template: str) -> tuple[str, ...]:
    """Give the names of a template's fields, in the order in which they stand; what stands twice is twice there."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def wordless(template: str) -> bool:
    """Tell whether a template has no words of its own, so that there is nothing in it to translate."""
    return _LETTER.search(_SAME.sub("", template)) is None


def joined(parts: Iterable[str], between: str) -> Sentence:
    """Put texts together as `str.join` does; those that are sentences are each said in their own words."""
    fields = {f"_{number}": part for number, part in enumerate(parts)}
    written = between.replace("{", "{{").replace("}", "}}")
    return Sentence(written.join(f"{{{name}}}" for name in fields), fields)


@dataclass(frozen=True, slots=True)
class Language:
    """A language: ``name`` as in `ja`, and its ``sentences``, each by the English template."""

    name: str
    sentences: Mapping[str, str]

    def said(self, text: str) -> str:
        """Say a text in this language; whole in English where a part of it is not translated, or it is no sentence."""
        if not self.sentences:
            return str(text)
        told = self._told(text)
        return str(text) if told is None else told

    def _told(self, text: str) -> str | None:
        if not isinstance(text, Sentence):
            return self.sentences.get(text, text)
        template = self.sentences.get(text.template)
        if template is None:
            if not wordless(text.template):
                return None
            template = text.template
        fields: dict[str, object] = {}
        for name, field in text.fields.items():
            told = self._told(field) if isinstance(field, Sentence) else field
            if told is None:
                return None
            fields[name] = told
        return template.format_map(fields)


ENGLISH = Language("en", {})
"""What every sentence is written in."""
