"""Orders: words that say how something is to be played. What is no such word raises ``Refusal``.

``option`` is what the user wrote before it, for the sentence. Faults of doubles have a page of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from showrunner.devices.vocabulary import Event, Fixture, Inventory
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, quoted, there_are
from showrunner.engine.messages import Excerpt, Options, Planned
from showrunner.reports.plan import TIMES, plan
from showrunner.reports.points import Unknown, excerpt
from showrunner.timeline.cues import CueList, Policy
from showrunner.times import micros, moment, of_day
from showrunner.wires.tempo import FASTEST, SLOWEST

_SPEED = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")

_TIME_OF_DAY = re.compile(r"[0-9]{1,2}(?::[0-5][0-9]){1,2}")

_QUOTED = r'"(?:\\.|[^"\\])*"'
_FIELD = re.compile(rf"(?P<name>[^\W\d][\w.-]*)=(?P<value>{_QUOTED}|[^\s\"]+)")
_PRESS = re.compile(
    rf"(?P<name>{_QUOTED}|[^\s\"]+?)(?:@(?P<time>[^\s@\"]+))?(?:\s+(?P<text>{_QUOTED}))?"
    rf"(?P<fields>(?:\s+[^\W\d][\w.-]*=(?:{_QUOTED}|[^\s\"]+))*)"
)
_AT = re.compile(r"@([^\s@\"]+)\s*$")
_EVENT = re.compile(rf"[^\W\d][\w.-]*=(?:{_QUOTED}|[^\s\"]+)|{_QUOTED}|[^\s\"]+")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")

DONE = ("go", "pause", "resume", "stop", "panic")
"""What the operator may do in a dry run, besides buttons."""

POLICIES: tuple[Policy, ...] = ("continue", "stop", "hold")


def time(option: str, written: str) -> int:
    """Read a duration into microseconds."""
    found = micros(written)
    if found is None:
        raise Refusal(f"{option} is a time like `250ms` or `2s`, not `{written}`")
    return found


def interval(option: str, written: str) -> int:
    """Read a duration that is one, into microseconds."""
    found = time(option, written)
    if not found:
        raise Refusal(f"{option} is a time like `250ms` or `2s`, not `{written}`", "leave it away: then there is none")
    return found


def time_of_day(option: str, written: str | None) -> int | None:
    """Read what the wall clock is to show, into microseconds since midnight."""
    if written is None:
        return None
    found = of_day(written) if _TIME_OF_DAY.fullmatch(written) else None
    if found is None:
        raise Refusal(f"{option} is a time of the day like `19:55`, not `{written}`")
    return found


def policy(option: str, written: str | None) -> Policy | None:
    """Read what happens when a command fails."""
    for one in POLICIES:
        if one == written:
            return one
    if written is not None:
        raise Refusal(f"{option} is `continue`, `stop` or `hold`, not `{written}`")
    return None


def devices(option: str, written: str, known: Iterable[str]) -> frozenset[str]:
    """Read names of devices, parted by commas; `all` is every one that is ``known``."""
    names = tuple(known)
    if written == "all":
        return frozenset(names)
    chosen = [name for part in written.split(",") if (name := part.strip())]
    for name in chosen:
        if name not in names:
            way_out = did_you_mean(nearest(name, names), there_are(map(quoted, names)))
            raise Refusal(f"{option}: the stage has no device called `{name}`", way_out)
    return frozenset(chosen)


def chosen(option: str, written: Sequence[str] | None, fixtures: Mapping[str, Fixture]) -> dict[str, Fixture]:
    """Give the devices of these names, in stage order; all where none is named."""
    names = devices(option, ",".join(written) if written else "all", fixtures)
    return {name: one for name, one in fixtures.items() if name in names}


def tempo(option: str, written: str | None) -> Fraction:
    """Read how many times as fast a show is to be played; 1 where nothing is said."""
    if written is None:
        return Fraction(1)
    found = Fraction(written) if _SPEED.fullmatch(written) else Fraction(0)
    if not SLOWEST <= found <= FASTEST:
        raise Refusal(f"{option} is a number from {float(SLOWEST):g} to {float(FASTEST):g}, not `{written}`")
    return found


def doubles_only(option: str, given: object, used: Iterable[str], simulated: frozenset[str]) -> None:
    """Refuse ``option`` where it is given and a real program plays: it cannot be hurried."""
    real = [f"`{name}`" for name in used if name not in simulated]
    if given is not None and real:
        wrong = f"{option} is for doubles only, and {', '.join(real)} would be real"
        raise Refusal(wrong, "add `--doubles all`, or leave it away")


def whole(option: str, written: str, least: int = 1) -> int:
    """Read a whole number that is not less than ``least``."""
    if not (written.isascii() and written.isdigit() and len(written) < 10 and int(written) >= least):
        raise Refusal(f"{option} is a whole number from {least}, not `{written}`")
    return int(written)


def presses(option: str, written: Sequence[str]) -> tuple[Planned, ...]:
    """Read presses of buttons: `NAME@TIME ["TEXT"] [FIELD=VALUE]…`, at 0 without a time."""
    found = []
    for one in written:
        read = _PRESS.fullmatch(one.strip())
        if read is None:
            example = """as in `--press raid@10s` or `--press 'donate@12s "Hello!" user=Aki amount=500'`"""
            raise Refusal(f"{option} is a button's name, `@`, a time, and what came with it, not `{one}`", example)
        if read["name"].endswith("@"):
            raise Refusal(f"{option}: a time is missing behind the `@` of `{one}`", "write it like this: `raid@10s`")
        at = 0 if read["time"] is None else _moment(option, read["time"])
        fields = {field["name"]: _value(field["value"]) for field in _FIELD.finditer(read["fields"])}
        text = None if read["text"] is None else _plain(read["text"])
        found.append(Planned(at, "button", _plain(read["name"]), text, fields))
    return tuple(found)


def events(option: str, written: Sequence[str], fixtures: Mapping[str, Fixture]) -> tuple[Planned, ...]:
    """Read what devices tell: `DEVICE EVENT [VALUE]… [FIELD=VALUE]…@TIME`, at 0 without a time."""
    found = []
    for one in written:
        timed = _AT.search(one)
        words = _EVENT.findall(one if timed is None else one[: timed.start()])
        at = 0 if timed is None else _moment(option, timed[1])
        if len(words) < 2:
            example = """as in `--event 'DEVICE EVENT "Hello!"@20s'`"""
            raise Refusal(f"{option} is a device, its event, what that says, `@` and a time, not `{one}`", example)
        device, name = _plain(words[0]), _plain(words[1])
        fixture = fixtures.get(device)
        if fixture is None:
            way_out = did_you_mean(nearest(device, fixtures), there_are(fixtures))
            raise Refusal(f"{option}: there is no device `{device}`", way_out)
        rows = {event.name: event for event in fixture.device.events}
        known = [one for one in rows if one]
        said = words[2:] if name in rows else words[1:]
        row = rows.get(name, rows.get(""))  # one that needs no name, has its values there
        if row is None:
            way_out = did_you_mean(
                nearest(name, known), there_are(known) if known else sentence("it tells nothing unasked")
            )
            raise Refusal(f"{option}: `{device}` never tells `{name}`", way_out)
        found.append(Planned(at, "event", f"{device} {row.name}", None, _fields(option, row, said)))
    return tuple(found)


def _fields(option: str, row: Event, words: Sequence[str]) -> dict[str, str | int | float]:
    """Read what an event says: values in the order of its fields, or with their names."""
    said: dict[str, str | int | float] = {}
    left = [field.name for field in row.fields]
    if row.tells is not None:
        values = [word for word in words if _FIELD.fullmatch(word) is None]
        said |= row.tells([_plain(word) if word[:1] == '"' else _value(word) for word in values])
        words = [word for word in words if word not in values]
    for word in words:
        named = _FIELD.fullmatch(word)
        name = named["name"] if named is not None else next((one for one in left if one not in said), None)
        if name is None:
            raise Refusal(f"{option}: `{row.name}` says no more than {len(left)} things, and `{word}` is left over")
        if name not in left:
            way_out = did_you_mean(nearest(name, left), there_are(left) if left else sentence("it says nothing more"))
            raise Refusal(f"{option}: `{row.name}` has no field `{name}`", way_out)
        said[name] = _plain(word) if named is None and word[:1] == '"' else _value(named["value"] if named else word)
    return said


def done(option: str, written: Sequence[str]) -> tuple[Planned, ...]:
    """Read what the operator does besides: `ACTION@TIME`, at 0 without a time."""
    found = []
    for one in written:
        action, _, time = one.partition("@")
        if action not in DONE:
            way_out = f"there are {', '.join(DONE)}; a button is pressed with `--press NAME@TIME`"
            raise Refusal(f"{option} is an action and when, as in `pause@30s`, not `{one}`", way_out)
        found.append(Planned(_moment(option, time) if time else 0, action))
    ends = [one.at for one in found if one.action in {"resume", "stop", "panic"}]
    stands = next((one for one in found if one.action == "pause" and not any(at >= one.at for at in ends)), None)
    if stands is not None:
        raise Refusal(f"{option} pause: nothing lets this show go on", "add a `--do resume@TIME` that comes later")
    return tuple(found)


def _moment(option: str, written: str) -> int:
    found = moment(written)
    if found is None:
        raise Refusal(f"{option}: `{written}` is no time like `10s`, `1m30s` or `00:40`")
    return found


def _plain(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written[1:-1]) if written[:1] == '"' else written


def _value(written: str) -> str | int | float:
    if _NUMBER.fullmatch(written) is None:
        return _plain(written)
    return float(written) if "." in written else int(written)


def part(
    cues: CueList,
    fixtures: Mapping[str, Fixture],
    inventories: Mapping[str, Inventory],
    start: str | None,
    until: str | None,
    only: str | None,
    seed: str = "0",
) -> Excerpt:
    """Read which part of a show is to be played: `--from`, `--until`, `--only`. Its plan is what its ``seed`` picks."""
    if start is None and until is None and only is None:
        return Excerpt()
    planned = plan(cues, fixtures, inventories, TIMES, options=Options(seed=seed))
    found = excerpt(planned, cues, start, until, only)
    if isinstance(found, Unknown):
        raise Refusal(found.message)
    return found


def channel(name: str) -> str:
    """Take the name of a channel of a house; raises ``Refusal``."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
        raise Refusal(f"`{name}` is no name of a channel", "up to 40 letters, digits, `-` and `_`")
    return name
