"""A first show for those who begin: script, stage file and catalogue for some kinds of device, made of their rows.

Only the texts. Who is asked what he uses, and where they are written, is the command's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from showrunner.devices.presence import First
from showrunner.devices.vocabulary import Class, Command, Device, Entry, Setting
from showrunner.show.catalogue_update import count
from showrunner.show.stage import fixture
from showrunner.slotted import dataclass
from showrunner.timeline.cues import Body, CueList, Send
from showrunner.timeline.cues import bodies as owned
from showrunner.times import as_duration

HEAD = """\
# A first show. Look at it:   showrunner dry-run {show}
# Check it:                   showrunner check {folder}
# Play it without programs:   showrunner run {show} --doubles all
# Play it for real:           showrunner run {show}

show "My first show"

"""

NAMED = """\
# A name for something that is used more than once: $host, or {host} inside quotes.
let host = "Mika"

"""

CATALOGUE = """\
# What your models really have. With it, a misspelled name is found before the show.
# Write your own names here, or let `showrunner inventory` do it; what has no list is not checked.
"""


@dataclass(frozen=True, slots=True)
class _Voice:
    """How somebody speaks first: what stands before a text, with a face where there is one, and without."""

    warmly: str
    plainly: str


def script(kinds: Sequence[Device], show: str, folder: str) -> str:
    """Write the script; ``show`` and ``folder`` are its own path and its folder's, as they are typed."""
    voice = _voice(kinds)
    lines = [*_opening(kinds, voice), "", *_song(kinds, voice)]
    return HEAD.format(show=show, folder=folder) + (NAMED if voice is not None else "") + "\n".join(lines) + "\n"


def stage(kinds: Sequence[Device]) -> str:
    """Write the stage file."""
    lines = ["# Where the programs are. What is not written here is as shown; delete what you do not need.", "devices:"]
    for kind in kinds:
        about = kind.first.switched or kind.first.about
        title = kind.title[:1].upper() + kind.title[1:]
        lines.append(f"  # {title}{f': {about}' if about else ''}.")
        lines.append(f"  {kind.name}: {{{', '.join(_settings(kind))}}}")
        lines += [
            f"  # {row.name}: {row.example}   {row.says}"
            for row in kind.settings
            if row.accepts == "secret" and row.default is None and row.example
        ]
    second = next((kind for kind in kinds if kind.ways[0].connects == "client"), None)
    if second is not None:
        lines.append(f"  # A second one on another computer; in the show it is `guest` instead of `{second.name}`.")
        address = _address(second).replace("localhost", "192.168.0.7")
        lines.append(f"  # guest: {{driver: {second.name}, {second.ways[0].setting}: '{address}'}}")
    lines += ["", "# What happens when a command fails: continue, stop or hold.", "defaults: {on-failure: continue}"]
    return "\n".join(lines) + "\n"


def catalogue(kinds: Sequence[Device], cues: CueList) -> str:
    """Write the catalogue: the names that the script uses."""
    found: dict[str, dict[str, dict[str, Entry]]] = {}
    for command in _sent(track.body for segment in cues.segments for track in segment.tracks):
        for argument in command.arguments:
            of = command.verb.kinds.get(argument.name)
            if of is not None and of.catalogue is not None and isinstance(argument.value, str):
                lists = found.setdefault(command.device, {})
                lists.setdefault(of.catalogue, {})[argument.value] = Entry(argument.value)
    text = CATALOGUE
    for kind in kinds:
        inventory = {name: tuple(entries.values()) for name, entries in found.get(kind.name, {}).items()}
        text = count(text, kind.name, kind.name, kind.catalogue, inventory).text
    return text


# ----------------------------------------------------------------------------------------------------------- the script


def _opening(kinds: Sequence[Device], voice: _Voice | None) -> Iterator[str]:
    begins, joins, later = (_all(kinds, what) for what in ("begins", "joins", "later"))
    yield "segment opening"
    yield "  # `at` is a time on the clock of this segment. A `;` means: together."
    if begins:
        yield f"  at 00:00  {'; '.join(begins)}"
    if joins:
        yield f"  at 00:02  {'; '.join(joins)}"
    if voice is not None:
        yield f'  at 00:03  {voice.warmly} "Good morning, I am {{host}}!"'
    yield ""
    yield "  # `then` means: when all that stands above is finished, the speech too."
    if voice is not None:
        yield f'  then      {voice.plainly} "Today we try out a show that is written as text."'
    if later:
        yield f"  then +1s  {'; '.join(later)}"
    yield ""
    yield "  # `hold` waits until you press GO (Enter)."
    yield '  then  hold "ready for the song?"'


def _song(kinds: Sequence[Device], voice: _Voice | None) -> Iterator[str]:
    turns = {kind.name: _lines(kind, "turns") for kind in kinds}
    yield "# The next segment begins when the one before is over."
    yield 'segment song "Our song" at least 12s'
    yield "  # Tracks run side by side, each with a clock of its own."
    for name, there in turns.items():
        if there:
            yield f"  track {name}"
            yield f"    at 0s  repeat every {len(there)}s"
            yield from (f"      at {second}s  {line}" for second, line in enumerate(there))
    yield "  track voice"
    if voice is None:
        yield '    at 1s  log "Here she sings."'
    else:
        yield f'    at 1s     {voice.warmly} "La la la, this is my song."'
        yield f'    then +1s  {voice.plainly} "Thank you for listening!"'


def _all(kinds: Iterable[Device], what: str) -> list[str]:
    return [line for kind in kinds for line in _lines(kind, what)]


def _lines(kind: Device, what: str) -> tuple[str, ...]:
    """Give what a kind of device does at one point of a first show, as commands."""
    first = kind.first
    if not (first.begins or first.joins or first.later or first.turns):
        first = _examples(kind)
    lines: tuple[str, ...] = getattr(first, what)
    return tuple(f"{kind.name} {line}" for line in lines)


def _examples(kind: Device) -> First:
    """Choose, of a table that says nothing to beginners, examples of what changes what people see."""
    shown: dict[str, str] = {}
    for row in kind.verbs:
        if row.class_ in (Class.STATE, Class.MOVE) and row.stream != "release" and not (row.after or row.way):
            shown.setdefault(row.name, row.example.removeprefix(f"{kind.name} "))
    begins, joins, *_ = [*shown.values(), "", ""]
    return First(begins=(begins,) if begins else (), joins=(joins,) if joins else ())


def _voice(kinds: Iterable[Device]) -> _Voice | None:
    """Find who speaks: a voice that needs no name before it, else the first there is."""
    voices = [(kind.name, kind.voice) for kind in kinds if kind.voice is not None and kind.voice.sample]
    alone = next((one for one in voices if one[1].alone), None) or next(iter(voices), None)
    if alone is None:
        return None
    name, voice = alone
    before = "" if voice.alone else f"{name} "
    warmly = voice.sample.partition('"')[0].strip()
    return _Voice(f"{before}{warmly}", f"{before}{warmly.split()[0]}")


def _sent(bodies: Iterable[Body]) -> Iterator[Command]:
    for body in bodies:
        for cue in body.cues:
            for step in cue.steps:
                if isinstance(step, Send):
                    yield step.command
                yield from _sent(owned(step))


# ------------------------------------------------------------------------------------------------------- the stage file


def _address(kind: Device) -> str:
    standing = fixture(kind.name, kind)
    return standing.address(standing.main)


def _settings(kind: Device) -> Iterator[str]:
    """Write what the stage file says of a device: its address, and what its row names beside it."""
    main = fixture(kind.name, kind).main
    named = dict.fromkeys((*([main.only[0]] if main.only is not None else []), main.setting, *kind.first.settings))
    rows: Mapping[str, Setting] = {row.name: row for row in kind.settings}
    for name in named:
        value = rows[name].default
        written = as_duration(value) if rows[name].accepts == "duration" else str(value)
        plain = rows[name].accepts in ("duration", "number", "choice")
        yield f"{name}: {written}" if plain else f"{name}: '{written}'"
