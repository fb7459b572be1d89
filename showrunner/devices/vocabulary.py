"""The words between a show and a device: what a table row says, what a driver hears and answers, what a double is.

A device's table is a tuple of ``Verb`` rows; everything that wants to know a verb (checks, help, docs, driver, tests)
reads the row. A ``Driver`` turns commands into frames and frames into answers; a ``Double`` is the application,
simulated. Both are plain state machines: time is an integer of microseconds handed in, frames are handed in and out,
nothing here owns a clock, a socket, a thread or chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from enum import Enum
from functools import cache
from typing import Any, Literal, Protocol, TypeAlias

from showrunner.devices.motion import Shape
from showrunner.devices.presence import Beacon, Draws, First, Looks, Page, Saying, Trial, Voice
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import Sentence
from showrunner.slotted import dataclass

Frame: TypeAlias = dict[str, Any]
"""What goes over a wire at once, as the ``encoding`` of its way has it.

``json``: one JSON object, a text message of a WebSocket. ``http``: `{request, method, path, query, body, within}` asks,
`{request, status, date, body}` answers, exactly once; without an answer `status` is 0 and `wrong` says why, in words.
``sse``: first `{opened: {status, date}}`, then events, `{event, id, data}`. ``osc``: `{address, args: [[type, value]
…]}` or, outgoing, `{bundle: […]}` of such; ``datagram``: one JSON object; both have `from` when they come. Headers, and
the key that a way shows, stand in none.
"""

Number: TypeAlias = int | float
Quantity: TypeAlias = Number | tuple[Number, ...]
"""The value of a property: one number (a parameter, a field of view) or several (a position, a rotation)."""


# --- the table


class Class(Enum):
    """What a verb does to the stage; reload, seeking, retrying and the checks follow from it.

    Only STATE may be repeated unasked.
    """

    STATE = "state"
    MOVE = "move"
    IMPULSE = "impulse"
    SPEECH = "speech"
    QUERY = "query"


class Finished(Enum):
    """What ends a command's work, apart from its `for`."""

    REPLY = "reply"
    REPORTED = "reported"
    """``Answered`` says that it is accepted, ``Ended`` that it is over: see ``Verb.keeps``."""
    SENT = "sent"
    """Nobody will ever know more: ``Answered`` is in the list of its ``Send``."""
    STREAM = "stream"
    """The frames that carry its values: see rule 11 of the reference, "held values"."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What may stand for one placeholder of a form.

    ``accepts`` is one of: ``name`` (a word or a string), ``index`` (a whole number from 0), ``name or index``, ``text``
    (a string), ``number``, ``duration``, ``switch`` (`on`, `off`), ``choice`` (one of ``choices``; a word or a string,
    case ignored, the value is the choice as the table spells it), ``json``.
    ``catalogue`` names the list of the model's own names it is looked up in, where a catalogue is given.
    ``says`` is the placeholder in plain words, for messages: "an emote's name".
    ``picture``: the name is that of a file below the show's folder. ``Terms.settings`` have it in ``images``: path as
    written -> data URL. ``document``: so is this, and ``Device.document`` reads it; ``Terms.settings`` have what it
    gave in ``documents``: path as written -> value.
    """

    accepts: str
    says: str
    choices: tuple[str, ...] = ()
    minimum: Number | None = None
    maximum: Number | None = None
    catalogue: str | None = None
    picture: bool = False
    document: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A place in a text that is filled when it is sent: what a command kept with `-> name`, or a ``field`` of it."""

    name: str
    field: str | None = None

    @property
    def spelled(self) -> str:
        """Both, as between the braces of a text."""
        return self.name if self.field is None else f"{self.name}.{self.field}"


Text: TypeAlias = tuple[str | Answer, ...]
"""A string with places still open. A string without any is a plain ``str``."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One bound placeholder.

    ``value``: a ``str`` or ``Text`` (name, text), an int (index, duration in microseconds), a number as written, a bool
    (switch), or for ``json`` a Python value whose strings may be ``Text``.
    """

    name: str
    value: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Command:
    """One typed command for one device: ``device`` is its name on the stage (`guest`), ``verb`` its row.

    ``lasting`` is its `for` in microseconds. When a driver gets it, no ``Text`` is left in it.
    Of what plays a file: ``plays`` has the shapes of its properties, ``takes`` its length in microseconds, ``marks``
    what is written in it, with the microseconds from its beginning.
    """

    device: str
    verb: Verb
    arguments: tuple[Argument, ...]
    lasting: int | None = None
    plays: tuple[tuple[str, Shape], ...] = ()
    takes: int | None = None
    marks: tuple[tuple[int, str], ...] = ()

    def get(self, name: str, default: Any = None) -> Any:
        """Give the value of the first argument called ``name``."""
        return next((argument.value for argument in self.arguments if argument.name == name), default)

    def all(self, name: str) -> tuple[Any, ...]:
        """Give the values of all arguments called ``name``, in order."""
        return tuple(argument.value for argument in self.arguments if argument.name == name)

    @property
    def over(self) -> int:
        """How long its values take to where they go, in microseconds: what stands after `over`. 0: they are there."""
        return self.takes if self.takes is not None else int(self.get(_after(self.verb.form, "over"), 0))

    @property
    def ease(self) -> str:
        """How they go there: what stands after `ease`."""
        return str(self.get(_after(self.verb.form, "ease"), "linear"))


@cache
def _after(form: str, word: str) -> str:
    """Name the placeholder that stands behind a word of a form; empty where there is none."""
    found = re.search(rf"\b{word} ([A-Z]+)", form)
    return "" if found is None else found[1]


@dataclass(frozen=True, slots=True)
class Target:
    """Where one property is to go. ``start`` None: from where it is. ``path`` ``slerp``: a rotation (quaternion).

    ``shape``: it goes there as a motion has it, and rests where its device says.
    """

    property: str
    to: Quantity
    start: Quantity | None = None
    path: Literal["line", "slerp"] = "line"
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a voice says in one go, and the ``emotion`` it shows meanwhile, where the device has such."""

    text: str | Text
    emotion: str | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """What a row has against one argument of a command that fits its form: which argument, a sentence, help.

    ``place`` None: it is the whole command. ``warns``: it can be played all the same.
    """

    place: int | None
    message: Sentence
    help: Sentence | None = None
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """One row of a device's table: one verb in one of its forms. Several rows may share a name (`camera …`).

    ``form`` is what follows the verb, in the spelling of the reference: lower-case words stand for themselves, names in
    capitals are placeholders (explained by ``kinds``), ``[…]`` may be left out, ``(…)…`` may be repeated, ``[…]…``
    both, ``a|b`` is a choice of words. `for D`, if not in the form, is understood after every form.
    ``also`` are further spellings that bind the same placeholders.
    ``fixed`` are arguments that the row itself supplies (`quickscene load` and `quickscene save`).
    ``stream`` says that the engine drives it by frames: ``set`` (hold), ``move`` (over time) or ``release``.
    ``targets`` gives the properties and values of a ``set`` or ``move``; ``releases`` the properties a ``release``
    names, none for all. ``properties`` names what a STATE command without stream owns (`("scene",)`), for seeking;
    ``values`` what it sets of those that others move, where these then start.
    ``ends`` is false for what never reports its end (an emote): waiting for it needs a `for`.
    ``after``: what must have been done before its ``example``, where that stands for nothing alone.
    ``answers``: its reply holds something to keep with `-> name`. ``check`` looks at what no single argument tells,
    with what is known of the model (None: nothing);
    ``binds`` puts into it what is known there and counts for how long it takes.
    ``needs``: names that the catalogue's list `requests` must have, where there is one; ``since`` is the version of the
    program with which they came: `OBS 30.2`.
    ``causes``: the events that it brings about, as far as its row can tell; ``only_with`` names those that it does with
    one value among its arguments alone.
    ``speaks`` gives what a command will say, in order; every row of the class SPEECH has it, and no other.
    ``keeps``, of what is REPORTED: its lane stays taken until its end, not only until the reply. ``beside`` are further
    lanes that it takes: it is sent when it is first in all of them and all are free.
    ``lasts`` estimates, from the settings and what is known of the model, how many microseconds lie between reply and
    end of what is REPORTED, for plan and seeking.
    ``round``: a chase sends what is of round 0 first, and when that is over what is of round 1, and so on.
    ``rests`` gives where the value of a property goes while it is let go over a time, from what it shows now; where no
    row of its stream says so, it goes to the default of the catalogue.
    ``most`` are so many of this verb that the program takes in so many microseconds; what is more comes late.
    ``way`` names the way by which it goes, where the settings may leave that closed; ``only``: it is there only where
    that setting has one of these values. Of both check says what the stage file lacks.
    ``limit`` is its own time limit in microseconds, ``limit_of`` one that depends on the command and the device's
    settings.
    In a streamed row a time after `over` is how long the values take, a choice after `ease` how they go.
    ``draws`` says as what a picture of the show draws it; None: it is written. ``clears``, of what takes something off
    the stage again: beginnings of the properties of which nothing is seen any more, beside those it owns.
    ``plain`` takes out of what a stranger wrote, before it is put into a text of this verb, the signs that the program
    would obey there (`[happy]`).
    """

    name: str
    form: str
    kinds: Mapping[str, Kind]
    class_: Class
    lane: str
    says: str
    example: str
    finished: Finished = Finished.REPLY
    ends: bool = True
    way: str = ""
    only: tuple[str, tuple[Any, ...]] | None = None
    keeps: bool = False
    beside: tuple[str, ...] = ()
    round: int = 1
    needs: tuple[str, ...] = ()
    since: str = ""
    causes: tuple[str, ...] = ()
    only_with: tuple[tuple[str, Any], ...] = ()
    after: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    fixed: tuple[tuple[str, Any], ...] = ()
    stream: Literal["set", "move", "release"] | None = None
    targets: Callable[[Command], tuple[Target, ...]] | None = None
    releases: Callable[[Command], tuple[str, ...]] | None = None
    rests: Callable[[str, Quantity], Quantity] | None = None
    properties: Callable[[Command], tuple[str, ...]] | None = None
    values: Callable[[Command], Mapping[str, Quantity]] | None = None
    speaks: Callable[[Command], tuple[Utterance, ...]] | None = None
    most: tuple[int, int] | None = None
    limit: int | None = None
    limit_of: Callable[[Command, Mapping[str, Any]], int | None] | None = None
    lasts: Callable[[Command, Mapping[str, Any], Inventory | None], int | None] | None = None
    answers: bool = False
    binds: Callable[[Command, Inventory | None], Command] | None = None
    check: Callable[[Command, Inventory | None], tuple[Objection, ...]] | None = None
    draws: Draws | None = None
    clears: tuple[str, ...] | None = None
    plain: Callable[[str], str] | None = None


REQUESTS = "requests"
"""The list of a catalogue with what a program can be asked for: see ``Verb.needs``."""

HUSH = "hush"
"""What every device with a voice understands besides its own verbs: it cuts what the voice says."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something that an event says. Text that a ``stranger`` (a viewer) may have written has ``longest`` code points.

    ``accepts``: ``text``, ``number`` or ``switch`` (true or false).
    """

    name: str
    accepts: Literal["text", "number", "switch"]
    says: str
    stranger: bool = False
    longest: int = 500


@dataclass(frozen=True, slots=True)
class Event:
    """Something a device tells unasked, for `wait for DEVICE EVENT VALUE…`: a row, as a verb has one.

    ``form`` is what may follow its name, spelled as that of a verb: the values that it is matched by. The first of its
    placeholders is compared with the first of the ``fields``, and so on: texts to the letter, numbers by value; unless
    the row ``fits`` in a way of its own, from the values by placeholder and the fields by name. The first field is the
    main one: what `{name}` says after `-> name`.
    ``switch``: how its double is made to tell it, where that is not `event` and its name. ``check`` looks at the values
    that it is matched by, as a verb's at its arguments. ``tells`` gives what it says where somebody lets it happen with
    these values (`dry-run --event`); None: they are its fields, in order.
    """

    name: str
    form: str
    kinds: Mapping[str, Kind]
    fields: tuple[Field, ...]
    says: str
    example: str
    fits: Callable[[Mapping[str, Any], Mapping[str, Any]], bool] | None = None
    switch: tuple[str, str | None] | None = None
    check: Callable[[Sequence[Argument]], tuple[Objection, ...]] | None = None
    tells: Callable[[Sequence[str | Number]], Mapping[str, str | Number]] | None = None

    @property
    def order(self) -> tuple[str, str | None]:
        """The switch of the double, and its value."""
        return ("event", self.name) if self.switch is None else self.switch

    @property
    def row(self) -> Verb:
        """What is written behind its name, to be read as that behind a verb is."""
        return Verb(self.name, self.form, self.kinds, Class.QUERY, "", self.says, self.example)

    def met(self, values: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
        """Tell whether an event that ``said`` so much is one that was asked for with these ``values``."""
        if self.fits is not None:
            return self.fits(values, said)
        wanted = zip(values.values(), self.fields, strict=False)
        return all(said.get(field.name) == value for value, field in wanted)


@dataclass(frozen=True, slots=True)
class Lane:
    """What takes one command of a device at a time. One with a ``rate`` has a stream: frames of held and moving values.

    ``rate`` names the setting with the frames a second; where the device has no such setting, there are 30.
    ``again``: held values are sent again after so many microseconds, for the program drops or may lose them; None: it
    keeps what it was told. ``lapses``: so long after its last frame it drops a value; ``again`` is at most half of it.
    """

    name: str
    rate: str = ""
    again: int | None = None
    lapses: int | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a device's part of the stage file.

    ``accepts``: ``url`` (of a WebSocket), ``http``, ``duration`` (the value is microseconds), ``number``, ``choice``
    (one of ``choices``), ``text``, ``secret`` (the name of an environment variable, whose value goes to the address
    that stands beside it as ``url``: by the driver, see ``Terms.secrets``, or of a way by HTTP by its wire) or
    ``table`` (whose keys are its ``parts``). ``says`` is what it means, in plain words. ``example``: what it may look
    like, where the default does not show it. ``option``: what `simulate` says of the option by which its double gets
    another of the ``choices``; empty: it has none.
    """

    name: str
    accepts: str
    default: Any
    says: str
    choices: tuple[str, ...] = ()
    example: str = ""
    option: str = ""
    parts: tuple[Setting, ...] = ()


TOO_LATE = Setting("too-late", "duration", 5_000_000, "an impulse that waited longer than this for its turn is skipped")
RETURN_WITHIN = Setting(
    "return-within", "duration", 10_000_000, "how long speech and queries wait for it when it was just lost"
)
EVENTS = Setting("events", "rate", None, "how many of its events are heard in a second", example="at most 20 a second")
COMMON = (TOO_LATE, RETURN_WITHIN, EVENTS)
"""The settings that every device has beside its own."""


@dataclass(frozen=True, slots=True)
class Way:
    """One wire of a device.

    ``encoding`` is how its frames look (see ``Frame``), ``connects`` who opens it: ``client`` (we dial the program, or
    send to it) or ``server`` (the program, or its page, comes to us). ``setting`` names the ``Setting`` with its
    address; where that is a ``table``, the address is its part ``url``, and of a way by HTTP its part that is a
    ``secret`` is the key it shows (`Authorization: Bearer`). Without an address this way is not opened. ``at`` is added
    to the address: `/api/v1/events/`. ``only``: it is there only where that setting has this value. ``spoken``: what
    somebody who dials may ask for (the subprotocol of a WebSocket), and how its messages are written then; the double
    grants it. We ask for nothing, and a frame is the same in either. ``senders``, of datagrams that come to us: the
    setting with the hosts that may send them; where it says none, all that can.
    """

    name: str
    encoding: Literal["json", "http", "sse", "osc", "datagram"]
    connects: Literal["client", "server"]
    setting: str
    at: str = ""
    only: tuple[str, Any] | None = None
    spoken: tuple[tuple[str, Literal["json", "msgpack"]], ...] = ()
    senders: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueList:
    """One list of names that a device's part of the catalogue may have.

    ``of``: the list to whose entries it belongs; below these it stands in the file (an avatar's poses). ``told``: the
    program says what stands in it; else that is written by hand, or read off the show's own documents.
    """

    name: str
    says: str
    of: str | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a catalogue list: a name the real model has, and what is known of it.

    ``owner`` is the avatar an action, pose or idle belongs to. ``kind`` is what the program calls a thing of its sort
    (`ffmpeg_source`), ``id`` what it knows it by where its name is not enough, ``length`` how long it lasts, in
    microseconds, ``file`` what was read of it, where it is one of the show's own files.
    """

    name: str
    index: int | None = None
    owner: str | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    default: Number | None = None
    label: str | None = None
    kind: str | None = None
    id: str | None = None
    length: int | None = None
    file: Any = None


Inventory: TypeAlias = Mapping[str, tuple[Entry, ...]]
"""List name (``avatars``, ``parameters``, …) -> its entries. A list that is missing is unknown, not empty."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file of the show holds (see ``Kind``): a ``value`` for the driver, and the names that it brings along.

    An entry without a name has that of the file's path.
    """

    value: Any
    lists: Inventory = field(default_factory=dict)


# --- the driver


@dataclass(frozen=True, slots=True)
class Terms:
    """What a driver or double is made with.

    ``settings``: the device's part of the stage file, every ``Setting`` filled in, durations in microseconds.
    ``seed``: begins every wire id. ``stamp`` turns an instant into the milliseconds that frames carry.
    ``memory``: what was kept from earlier runs (a token). ``inventory``: the catalogue's part for this device.
    ``secrets``: what stands in the environment variable that a setting of the kind `secret` names, by that setting's
    name; missing where the variable is not set, or the user has not allowed it. It stands nowhere else.
    """

    name: str
    settings: Mapping[str, Any]
    seed: str
    stamp: Callable[[int], int]
    memory: Mapping[str, str] = field(default_factory=dict)
    inventory: Inventory | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Send:
    """Put this frame on the wire. ``connection`` None: the newest of ``way``; ``way`` empty: the first of the device.

    Of a command: ``id`` and ``attempt``. Of a stream: ``number`` of the frame. Neither: handshake, query, courtesy.
    ``secrets`` are strings inside the frame that must never be written down.
    """

    frame: Frame
    id: int | None = None
    attempt: int | None = None
    number: int | None = None
    connection: int | None = None
    secrets: tuple[str, ...] = ()
    way: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an incoming frame was: exactly one for each, first in the list.

    ``reply`` true: it answers a request of ours (``ok`` says how); else it is an event. ``id`` and ``number`` say which
    command or stream frame it is about, where it is about one, ``attempt`` which attempt of the command. An event that
    has a ``number`` tells no more than what that frame brought about, and is not told on. ``way`` is filled in by
    whoever carries it, where the device has several.
    """

    frame: Frame
    reply: bool
    id: int | None = None
    number: int | None = None
    ok: bool | None = None
    answer: str | None = None
    secrets: tuple[str, ...] = ()
    attempt: int | None = None
    way: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A command's attempt has its reply: its lane is free. ``reason`` in the device's words where not ``ok``.

    ``short``: it was cut short, since the operator ends the show (``Driver.panic``), or else for the ``reason``.
    """

    id: int
    attempt: int
    ok: bool
    reason: str | None = None
    answer: str | None = None
    short: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """What an attempt began is over; its row says ``Finished.REPORTED``. It may come before the ``Answered``.

    ``reason`` in the device's words where it is not ``done``; ``cancelled``: something else took its place.
    ``answer``: what it has come to, to be kept with `-> name`.
    """

    id: int
    attempt: int
    result: Literal["done", "failed", "cancelled"] = "done"
    reason: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class FrameAnswered:
    """Stream frame ``number`` has its reply. Refused: ``properties`` at fault where the device says which."""

    number: int
    ok: bool
    reason: str | None = None
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """The answer to ``Driver.read``: what the device shows. A property that is missing could not be read.

    ``lane``: the one that was read, where several have streams. Not ``asked``: the user has moved something there; it
    corrects where the next move starts, never what moves now.
    """

    values: Mapping[str, Quantity]
    lane: str = ""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the device's table, and what it says: the row's fields by name, as far as they came."""

    event: str
    fields: Mapping[str, str | Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """The device's state changed: ``connecting``, ``waiting`` (for a person), ``ready``, ``busy``, ``lost``,
    ``not answering`` (it is connected, and mute), or ``note``.

    ``busy``: not now. Nothing is sent, and what waits stands; the driver ends what is in flight itself, and says
    ``ready`` (it goes on) or, after 30 s, ``lost``. It says so in the list of its own request that brings it about.

    ``detail`` is for the user. ``ready`` is what the standby waits for. ``note`` changes nothing and is only written.
    ``why``: what a command is told that cannot be carried out because of it; None: the connection is lost.
    ``unheard``: command ``id`` was spoken, and probably nobody heard it. ``rests`` is filled in by whoever carries it:
    nothing is dialled before the operator says so.
    """

    state: Literal["connecting", "waiting", "ready", "busy", "lost", "not answering", "note"]
    detail: str | None = None
    id: int | None = None
    why: str | None = None
    unheard: bool = False
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep this for the next run, readable by this user alone (a token)."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The device said what it has."""

    inventory: Inventory


@dataclass(frozen=True, slots=True)
class Drop:
    """Close the connection: it is of no use (a frame no driver can live with, an Origin not allowed)."""

    connection: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Dial the way of this name again after ``pause`` microseconds, and not before; empty: the first of the device.

    None: not until the operator says `connect DEVICE`, which dials at once, whatever the pause; it stands in one list
    with the ``Condition`` that says why. To a connection that is open it does nothing; but a way by HTTP, which always
    is, is connected anew by then.
    """

    way: str
    pause: int | None


@dataclass(frozen=True, slots=True)
class Silent:
    """What was to be cut is cut, or goes on because that cannot be: nothing need wait for it any more.

    ``said``: what people are told of it.
    """

    said: str | None = None


News: TypeAlias = Answered | Ended | FrameAnswered | Values | Happened | Condition | Silent
"""What the show learns."""

Output: TypeAlias = Send | Heard | News | Remember | Listed | Drop | Rest


class Driver(Protocol):
    """Commands to frames, frames to answers, for one device of the stage. One state machine, no I/O, never raises.

    ``connection`` numbers count up from 1 for each connection that opens, over all ways of the device. A way on which
    we connect has one at a time; a page that connects to us may have several at once.
    """

    def connected(self, connection: int, now: int, way: str = "", origin: str | None = None) -> Sequence[Output]:
        """Begin the handshake on a connection that has just opened (``origin``: of a page that came to us).

        ``way`` is the name of its ``Way``; empty: the first.
        """
        ...

    def listen(self, events: Sequence[str], now: int) -> Sequence[Output]:
        """Have the program tell of these events of the table, and of what the driver needs itself; no more than that.

        Called before the first connection, and again, with all of them, where a new text brings others; not for a
        device that has no events.
        """
        ...

    def disconnected(self, connection: int, now: int, reason: str, code: int | None = None) -> Sequence[Output]:
        """Note that a connection has ended. If it was the one in use: ``Condition("lost", …)``.

        ``code``: with what the other side closed a WebSocket (RFC 6455, 7.4), if it said so.
        """
        ...

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        """Read one incoming frame; a ``str`` is text that is no JSON object."""
        ...

    def elapsed(self, now: int) -> Sequence[Output]:
        """Do what was due at ``deadline``."""
        ...

    @property
    def deadline(self) -> int | None:
        """The instant at which ``elapsed`` wants to be called, if any; it changes in calls only, and is kept."""
        ...

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        """Send an attempt of an ordinary command (no ``stream``)."""
        ...

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:
        """Send one frame of a lane's values, complete: a property that is not in it is held no longer.

        Numbers count over the device. ``FrameAnswered`` once, after the last request; in this list where none answers.
        """
        ...

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:
        """Send the frame that ends every held value of a lane at once; answered with ``FrameAnswered``."""
        ...

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:
        """Ask what properties of a lane show now; answered with ``Values``, at once where nothing can be asked."""
        ...

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        """Note that the engine has given this attempt up (time limit). A late answer is still ``Heard`` with its id."""
        ...

    def panic(self, now: int) -> Sequence[Output]:
        """Silence at once: cancel speech where the device can, end every held value.

        Called for a panic, when everything in flight has its outcome already; and, while a line sounds, when the
        operator stops the show: then that line is still answered when it is over. ``Silent`` ends what came of it, at
        once or later: what the show sends this device afterwards waits for that.
        """
        ...

    def hush(self, now: int) -> Sequence[Output]:
        """Have the voice cut, where the device can, and send no further part of what it says.

        What is cut is answered as ``short``; what cannot be cut ends by itself. ``Silent`` ends it, at once or later.
        """
        ...

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        """Nothing has come for a while, and no answer to pings (``wires.wire.Quiet``): ask something harmless.

        ``gone``: it has answered pings before. Called again as long as the silence lasts. ``Drop`` where an answer that
        should have come has not; never while something is in flight that may keep a living program busy.
        """
        ...

    def inventory(self, now: int) -> Sequence[Output]:
        """Ask for everything the device can list; ends with ``Listed``."""
        ...


# --- the double


@dataclass(frozen=True, slots=True)
class Flag:
    """An option of `simulate` that flips a switch to ``value`` before the double begins."""

    name: str
    value: str
    says: str


@dataclass(frozen=True, slots=True)
class Switch:
    """What can be flipped on a double, as a person at the program could: `showrunner double DEVICE NAME VALUE`.

    ``choices`` are what it can be set to. ``takes`` is what help says that it takes, where that is not one of a few
    choices: `NAME`, `TEXT`; neither: it takes nothing. ``says``: what it means, where its name does not say that.
    """

    name: str
    choices: tuple[str, ...] = ()
    takes: str = ""
    says: str = ""
    flag: Flag | None = None


FAULTS = (
    Switch("silent", takes="[N|all|none]", says="the n-th request gets no answer"),
    Switch("error", takes="[N] TEXT", says="the n-th request, else the next, gets this error"),
    Switch("garbage", says="nonsense comes at once"),
    Switch("drop", says="its connections break off"),
)
"""What goes wrong with a double on order: `showrunner double DEVICE fault NAME VALUE`; a device may have others."""


@dataclass(frozen=True, slots=True)
class Emit:
    """A frame of the double, at once. Text that is no JSON object (a fault on order) is a ``str``."""

    connection: int
    frame: Frame | str


@dataclass(frozen=True, slots=True)
class Hang:
    """The double closes this connection; ``why`` in words, where it is more than that."""

    connection: int
    code: int = 1000
    why: str = ""


Reaction: TypeAlias = Emit | Hang


class Double(Protocol):
    """The application, simulated: its side of the wire and the state an audience would see. No I/O, never raises."""

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:
        """A client has connected (or, for a page, has reached the server) by this way; empty: the first."""
        ...

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        """That connection has ended."""
        ...

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        """React to a frame."""
        ...

    def elapsed(self, now: int) -> Sequence[Reaction]:
        """Do what was due at ``deadline``: a speech ends, a held value lapses."""
        ...

    @property
    def deadline(self) -> int | None:
        """The instant of the next thing the double does by itself; it changes in calls only, and is kept."""
        ...

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        """Flip a switch (`allow off`, `model close`, `event X`); the second part is what was wrong with it, if any."""
        ...

    def visible(self, now: int) -> str:
        """Say in one line what the audience sees: "avatar Avatar03 · emote Angry · ParamAngleY 10.0"."""
        ...


@dataclass(frozen=True, slots=True)
class Device:
    """One kind of device: what its folder offers under the name ``device``.

    ``ways`` are its wires, the main one first (or several of which the settings leave one). ``doubled`` are settings
    that hold where the double plays: it is there at once, and nothing stands between. ``switches`` are the double's,
    besides `fault`, and ``faults`` what can be ordered by that. ``title`` is what people call the program.
    ``variables``: how the environment variables begin that hold its secrets; empty: it has none.
    ``driver`` and ``double`` are factories that import their modules when called, so that a check needs only the table.
    ``unreachable`` words the message for a device that is not there, from its settings: what to look at or switch;
    ``reminder``, of a page that dials us, what is told soon while it is waited for. ``voice``: how it speaks; None: it
    does not. ``looks``: how it is drawn; None: in a colour that its name gives. ``find``: how it calls that it is
    there. ``first``: what a beginner meets of it.
    ``lanes`` in order. ``said`` reads, off a frame that was sent, what a voice says because of it, or off one that
    came, what sounds now (None: nothing), ``heard``, off one that came, whether a voice begins or ends with
    it: so captions can be made of a journal alone. ``document`` reads a file that a command names, from its text and
    the settings; a ``str`` says what is wrong with it. ``trial`` says from the settings how a way by HTTP is tried, or
    why that leads nowhere; None where there is none. ``lacks``: verbs that people try, and what does it.
    ``rivals``: kinds of device that set values of the same thing, and why that ends badly. ``pages`` gives what is
    seen and said of its commands of a plan that are drawn as pages, from when to when each lasts, and the settings.
    """

    name: str
    verbs: tuple[Verb, ...]
    events: tuple[Event, ...]
    settings: tuple[Setting, ...]
    lanes: tuple[Lane, ...]
    ways: tuple[Way, ...]
    driver: Callable[[Terms], Driver]
    double: Callable[[Terms], Double]
    unreachable: Callable[[Mapping[str, Any]], str]
    catalogue: tuple[CatalogueList, ...] = ()
    doubled: Mapping[str, Any] = field(default_factory=dict)
    switches: tuple[Switch, ...] = ()
    faults: tuple[Switch, ...] = FAULTS
    title: str = ""
    variables: str = ""
    reminder: str = ""
    voice: Voice | None = None
    looks: Looks | None = None
    find: Beacon | None = None
    first: First = First()
    said: Callable[[Frame], Saying | None] | None = None
    heard: Callable[[Frame], Literal["begins", "ends"] | None] | None = None
    document: Callable[[str, Mapping[str, Any]], Document | str] | None = None
    trial: Callable[[Mapping[str, Any]], Trial | str | None] | None = None
    lacks: Mapping[str, str] = field(default_factory=dict)
    rivals: Mapping[str, str] = field(default_factory=dict)
    pages: Callable[[Sequence[tuple[Command, int, int]], Mapping[str, Any]], Iterable[Page]] | None = None


AWAITED, REACHED = 35_000_000, 10_000_000
"""How long a device that dials us is waited for (a page tries again every 30 s), and one that we dial."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """A device as it stands on the stage: its name there (`guest`), its kind, its settings filled in.

    ``staged``: there is a stage file, so that what it does not say is meant so.
    """

    name: str
    device: Device
    settings: Mapping[str, Any]
    staged: bool = False

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways that are opened with these settings, in the device's order."""
        said = self.settings
        there = (way for way in self.device.ways if way.only is None or said[way.only[0]] == way.only[1])
        return tuple(way for way in there if self.address(way))

    @property
    def main(self) -> Way:
        """The first of the ways that are opened; of none that has an address, the first there is."""
        return (self.ways or self.device.ways)[0]

    def address(self, way: Way) -> str:
        """Give the address of a way, as it is dialled or listened on; empty: it has none."""
        said = self.settings.get(way.setting)
        base = said.get("url") if isinstance(said, Mapping) else said
        return f"{str(base).removesuffix('/')}{way.at}" if base and way.at else str(base or "")

    def addressed(self, addresses: Mapping[Way, str]) -> Fixture:
        """Give the fixture with other addresses, without what the way adds to them."""
        settings = dict(self.settings)
        for way, address in addresses.items():
            base, said = address.removesuffix(way.at), settings.get(way.setting)
            settings[way.setting] = {**said, "url": base} if isinstance(said, Mapping) else base
        return replace(self, settings=settings)

    @property
    def awaited(self) -> bool:
        """Tell whether the device's page comes to us, so that we listen."""
        ways = self.ways
        return bool(ways) and ways[0].connects == "server"

    @property
    def patience(self) -> int:
        """How long it is waited for before a show, in microseconds, where the stage file says nothing."""
        return AWAITED if self.awaited else REACHED

    @property
    def origins(self) -> tuple[str, ...]:
        """The sites whose pages may come to us."""
        return tuple(str(self.settings.get("origins", "")).split())

    def senders(self, way: Way) -> tuple[str, ...]:
        """Give the hosts whose datagrams are taken by a way; none: all."""
        return tuple(str(self.settings.get(way.senders, "")).replace(",", " ").split())

    @property
    def played(self) -> Fixture:
        """The fixture as its double wants it."""
        return replace(self, settings={**self.settings, **self.device.doubled})
