"""What stands in the small box beside a word: a verb, an event, a constant, a definition, described in Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from showrunner.devices.reference import UNKNOWN
from showrunner.devices.vocabulary import Device, Entry, Event, Finished, Kind, Verb
from showrunner.diagnostics.wording import listed, visible
from showrunner.syntax import nodes
from showrunner.syntax.lines import cut
from showrunner.times import as_duration

MOST_CHOICES = 40
_CLASSES = {
    "state": "a state: sent again whenever that is useful",
    "move": "a move: a state reached over time",
    "impulse": "an impulse: never repeated unasked",
    "speech": "speech: never cut, never repeated unasked",
    "query": "a question: never repeated unasked",
}
LONGEST_BODY = 12
"""So many lines of a definition are shown."""


def form(label: str, row: Verb) -> str:
    """Give a row as the reference prints it, behind what it is called with."""
    return f"{label} {row.form}".rstrip()


def code(text: str, language: str = "show") -> str:
    """Set a piece of script apart."""
    return f"```{language}\n{text}\n```"


def verb(label: str, rows: Sequence[Verb]) -> str:
    """Describe a verb in all its forms; ``label`` is what it is called with, device and all."""
    parts = [code("\n".join(dict.fromkeys(form(label, row) for row in rows)))]
    parts += dict.fromkeys(row.says for row in rows)
    first = rows[0]
    parts.append(f"*{_CLASSES[first.class_.value]}*")
    notes = []
    if first.finished is Finished.SENT:
        notes.append(UNKNOWN)
    if not first.ends and "`for " not in first.says:
        notes.append("Nobody tells when it is over: with `for 3s` it counts as running that long.")
    if first.answers:
        notes.append("Its answer is kept with `-> name`.")
    if first.since:
        notes.append(f"Since {first.since}.")
    parts += notes
    parts.append("For example: " + ", ".join(f"`{one}`" for one in dict.fromkeys(row.example for row in rows)))
    return "\n\n".join(parts)


def event(device: str, row: Event) -> str:
    """Describe an event and what it says."""
    parts = [code(" ".join(f"{device} {row.name} {row.form}".split())), f"{row.says[:1].upper()}{row.says[1:]}."]
    parts += ["\n".join(f"- `{field.name}`: {field.says}" for field in row.fields)] if row.fields else []
    parts.append(f"For example: `{row.example}`")
    return "\n\n".join(parts)


def device(name: str, kind: Device) -> str:
    """Describe a device of the stage."""
    title = kind.title or kind.name
    verbs = listed((f"`{one.name}`" for one in kind.verbs), most=MOST_CHOICES)
    told = listed((f"`{one.name}`" for one in kind.events), most=MOST_CHOICES)
    parts = [f"**{visible(name)}** · {title}", f"Understands {verbs}."]
    return "\n\n".join([*parts, f"Tells of {told}."] if told else parts)


def kind(row: Kind) -> str:
    """Describe what may stand for a placeholder."""
    says = row.says[:1].upper() + row.says[1:]
    if row.choices:
        says += ": " + listed((f"`{choice}`" for choice in row.choices), "or", most=MOST_CHOICES)
    if row.minimum is not None and row.maximum is not None:
        says += f", from {row.minimum} to {row.maximum}"
    return says


def entry(one: Entry) -> str:
    """Describe a name of the catalogue: what it is called by people, its range, its owner."""
    said = [one.label] if one.label else []
    if one.minimum is not None and one.maximum is not None:
        said.append(f"{one.minimum} to {one.maximum}")
    if one.default is not None:
        said.append(f"default {one.default}")
    if one.owner:
        said.append(f"of {one.owner}")
    if one.index is not None:
        said.append(f"index {one.index}")
    if one.length is not None:
        said.append(f"lasts {as_duration(one.length)}")
    return " · ".join(said)


def define(node: nodes.Define, text: str, line: int) -> str:
    """Describe a definition: what it takes, and its first lines."""
    lines = cut(text)[line - 1 :]
    width = len(lines[0]) - len(lines[0].lstrip())
    body = [lines[0]]
    for one in lines[1:]:
        if one.strip() and len(one) - len(one.lstrip()) <= width:
            break
        body.append(one)
    while body and not body[-1].strip():
        body.pop()
    shown = body[:LONGEST_BODY] + (["  …"] if len(body) > LONGEST_BODY else [])
    takes = f"Takes {listed((f'`{one.text}`' for one in node.parameters), 'and')}." if node.parameters else ""
    return "\n\n".join(filter(None, [code(textwrap.dedent("\n".join(shown))), takes]))
