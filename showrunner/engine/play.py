"""The state of a show that is being played: everything the engine remembers, on one page.

Two rules. Whatever the engine decides by stands here: no module of it has a memory of its own. And the records below do
nothing but keep their own fields together; what happens is functions, floor upon floor: ``commands``, ``score``,
``seeking``, ``reload``, ``caller``.


The words
---------

A *part* is a segment that is being played; the *edge* is one around all of them, for what stands at the left edge. A
*scope* is a list of cues with its clock: a track, the body of a `do`, a turn of a `repeat` or of a `when`, a
`meanwhile`. A track and a `meanwhile` are *homes*: they can be closed, and close what is inside them; a `do` or a turn
leaves what it began to the home it stands in. A `when` is a home too, and a list that is done before it begins; while
it is open it is a *hearing*. A *taken* is a cue that was taken. A *run* is a command that was taken, from then to its
one outcome: a *sending* goes to a device, an *awaiting* is a `wait for …`. A *wait* is what a list stands at. A *port*
is a device, with its *lanes* (a queue, and what is in flight) and its *streams*, one a lane that has values (those that
are *held* or move, and the frames that carry them).

Where a command is says its ``State``, and ``states`` has the table of what may befall it. All else that is so or not so
is a flag; here they are, with what each means, who sets it, and what goes with what.


A list
------

``done``      its last cue was taken and its last wait is over (``lists.proceed``). An `else hold` that comes then takes
              it back, and so does a reload that puts cues behind the last.
``closed``    it is ended where it is (``closing``), for good.
``waiting_then``  its next cue is a `then`, and what that waits for is not over (``lists``). With it go ``then_wait``,
              if that is written down, and ``speech``, once it is known which voices count.
``held_up``   it wanted to go on, and an `else hold` in ``barred`` forbids it (``lists``, ``waits``).
``stands``    is a number: how many of its waits stop its clock.

A list that is neither done nor closed goes on for exactly one reason: its ``alarm`` is set, or it is ``waiting_then``,
or a wait that it stands at ends, or it is ``held_up`` and the bar falls. So what comes next is never kept as a
function: ``lists.go_on`` finds it from these and from ``current``, the cue taken last. That one is ``complete`` when
its steps have begun and its waits are over; what it began may go on (``unfinished``). A list stands at a wait only
inside a cue that is not complete, and at a `then` only behind one that is.

A `repeat` has a turn that is ``running``, or an ``alarm`` for the next, or ``last_done``: one of the three. An endless
one is in nobody's ``unfinished``; one that an `until` ends has an end.


An `until`
----------

``came``      which event it was, if it has come: its segment is over as soon as it may be, its `repeat` has its last
              turn (``until``). What came stays so.
``over``      it stands no longer: it has come, or what it would end has ended otherwise. Only those that stand are in
              ``Play.untils``.
``silent``    it began in a silent playing; where that ends it begins to stand (``until.stand_again``).
``due``       in a dry run its time is up, and it comes when the lists of its segment are done.


A wait
------

``stops``     the clock of its list stands as long as it does: it waits for the operator or the world, and no bar has
              come in its list (``waits``).
``bars``      it is an `else hold`, not a step of a cue (``waits``); with a ``device`` it stands until that is back.
``silent``    it began in a silent playing and was never written down (``seeking``): its end is not, either.
``gone``      its text is gone (``waits.let_go``): what the list does next is decided by the reload.
``over``      it has ended; between two steps no such wait is in ``Play.waits``.

A `wait for` is two records, the wait and its run, which end together; the wait behind `and wait` has no run, but its
run has it. A command that waits for its device (``away``) shares the bar with all others of its list.


A command
---------

``orphan``    nobody counts on it any more: its scope was closed while it was on its way, or it is a state that is sent
              again (``closing``, ``seeking``). It is not tried again, its failure is nobody's, and no `for` keeps it.
``silent``    it was taken before the point at which the show began (``seeking``): it ends in the plan, is not written
              down, and its number is negative. It counts for who waits for it.
``answered``  its attempt has a good reply; of one that frames carry: the first of them. Of the others those are that
              are LASTING, and those that are queued again because no end was reported behind the reply.
``reported``  what its device told of its end, if it has: may come before the reply.
``passed``    its `for` is over.
``arrived``   a frame with its last value was answered: for what moves, and for a `release`.
``kept``      its answer was kept, so the text after `or` is not needed.
``hushed``    a `hush` cuts it, and says why; what cannot be cut ends by itself (``voices``).
``staying``   its device was lost just now, and it waits for it in its lane (``lanes``); its list does not stand, unlike
              that of one that is ``away``.

SENT is in flight in its lanes, QUEUED is in the queues of its lanes, and nothing else is, but for what is LASTING and
keeps them; and what is silent may be in flight beside what really is. One that is ENDED may go on holding: that is an
effect, not a command.


A stream
--------

Of a value: ``carried`` by a frame once; ``settled``, when one had its last value; ``over``, when its `for` has passed
and it only waits to be settled. What is settled was carried, and ``start`` is known of what was carried.

``holds``     the device drops or loses what is not sent again (from its table, never changes).
``dirty``     there is something new to send: set by whatever changes a value, taken away by the frame.
``returning`` the next frame brings a device back to what the show holds (``frames.returned``), and is written down.
``cleared``   the last frame was an end of holding, so the rest has the next turn.

``Lane.queued_last``  what went last came from the queue, so a frame that is wanted has the next turn.


The show
--------

``Port.ready``       its commands are sent. If not, nothing is in flight there, and what is queued waits for it (away or
                     staying; the latter only while its ``returning`` is set).
``Port.busy``        it is ready, and nothing is sent to it at this moment: what is queued, held or moves stands.
``Port.chase``       it is ready, and brought to its state: what is of a later round waits (``chasing``).
``Port.broken``      the program that played this is gone, and another has not gone on yet: nothing is sent, and what
                     was on its way stands (``caller``).
``Part.at_least``    its shortest time has passed, or it has none (``segments``).
``Part.over``        it is closed. ``Play.part`` may be one that is over until the next begins, or the show has ended.
``Play.panicked``    all is silenced, and only a seek or a stop is obeyed (``segments.stop`` to ``seeking.seek``).
``Play.dismissed``   the operator has ended it, so it does not linger (``operating`` to ``seeking.seek``).
``Play.ending``      is no flag but the result it will have: nothing is taken any more, what is in flight ends.
``Play.ended``       the last entry is written: nothing follows.
``Play.bad``         some command ended badly.
``Play.remembers``   its text may change, so lists keep their ``history`` (from the options, never changes).
``Play.fresh``       what hears has changed since the last snapshot, which need not be made of it again if not.
``Play.silent``      a part of the plan is being played silently, in an imaginary world.

Dismissed, panicked and ended presuppose ``ending``; with ``ending`` no part is open. A pause is no flag: score time
stands (``agenda``). Four more are set and taken back within one step, which leaves to ``segments.settle`` what the
lists do not decide: ``Part.stirred`` (something in it has ended: it may be over), ``Play.moved`` (the curtain must be
hung anew), ``Play.turned`` (the whens of which a turn is over) and ``Play.intent`` (the show is to be stopped, to be
concluded, or to go on at another point).

All of this is looked at after every input of random shows in random worlds: ``tests/coherence``.


What is not pretty
------------------

A silent playing works on this very state, so ``seeking/set_aside`` has to know which of it belongs to the real world; a
new field of ``Play``, ``Lane`` or ``Stream`` wants a thought there. Alarms are functions, so a state can be neither
copied nor written down. The floors below talk to those above through ``Hooks``: six calls that no reader finds by
following imports.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from showrunner.devices.vocabulary import Command, Ended, Finished, Fixture, Inventory, Quantity
from showrunner.engine.agenda import Agenda, Alarm, Key
from showrunner.engine.curves import Course
from showrunner.engine.messages import Brought, Effect, Excerpt, Options, Told, Write
from showrunner.engine.states import RESULTS, Incident, State, after
from showrunner.slotted import dataclass
from showrunner.timeline import cues
from showrunner.timeline.cues import Await, Awaited, Body, Call, Cue, CueList, Policy, Repeat, Segment, Send
from showrunner.timeline.labels import Inside, Label
from showrunner.times import Exact

ScopeKind: TypeAlias = Literal["track", "do", "turn", "meanwhile", "when"]


@dataclass(slots=True, eq=False, repr=False)
class Scope:
    """A list of cues being taken, and its clock.

    ``zero`` is the score time at which the clock showed 0; while ``stands`` is above 0 it shows ``stopped``.
    ``index`` is the next cue to be taken. ``base`` and ``file`` say where its cues stand, ``inside`` begins a label.
    ``within`` is the cue whose command owns a `meanwhile`. ``unfinished`` are the commands, `do`s and counted `repeat`s
    begun here that keep it from being over. ``free`` is the score time since which the list is free for its next cue.
    ``names``: what is kept in the turn of a `when` that it is, or stands in; None: what is kept is the show's.
    For a reload: ``history`` has (index, due) of the cues that were taken, ``missed`` the indexes of those that came
    into the text too late. ``steady``: it has come to its first bar, so its clock stands in a pause only, and nothing
    sets it back.
    """

    kind: ScopeKind
    part: Part
    track: str
    body: Body
    key: Key
    file: str
    base: int
    inside: Inside | None
    zero: int
    parent: Scope | None = None
    home: Home = field(init=False)
    owner: Doing | Repeating | Hearing | None = None
    within: Taken | None = None
    index: int = 0
    due: Exact = 0
    free: int = 0
    steady: bool = False
    stands: int = 0
    stopped: int = 0
    current: Taken | None = None
    alarm: Alarm | None = None
    waiting_then: bool = False
    then_wait: Wait | None = None
    speech: dict[Sending, None] | None = None
    barred: list[Wait] = field(default_factory=list)
    held_up: bool = False
    done: bool = False
    closed: bool = False
    unfinished: dict[Run | Doing | Repeating, None] = field(default_factory=dict)
    names: dict[str, Kept | None] | None = None
    history: list[tuple[int, Exact]] = field(default_factory=list)
    missed: set[int] = field(default_factory=set)

    @property
    def beside(self) -> bool:
        """Tell whether it is a track, of its segment or of a `do`: lists in those beside it may wait for its cues."""
        return self.parent is None or (isinstance(self.owner, Doing) and self.owner.cues is not None)

    @property
    def cues(self) -> dict[str, None]:
        """Give the cues that have come of what it may wait for: of the tracks of its segment, or of a `do`."""
        scope = self
        while not scope.beside and scope.parent is not None:
            scope = scope.parent
        mine = scope.owner.cues if isinstance(scope.owner, Doing) else scope.part.cues
        return scope.part.cues if mine is None else mine

    @property
    def endless(self) -> bool:
        """Tell whether it stands inside an endless `repeat`."""
        scope: Scope | None = self
        while scope is not None:
            if isinstance(scope.owner, Repeating) and scope.owner.step.endless:
                return True
            scope = scope.parent
        return False

    def lies_in(self, outer: Scope) -> bool:
        """Tell whether it is ``outer``, or stands somewhere in it."""
        return self is outer or (self.parent is not None and self.parent.lies_in(outer))

    def clock(self, score: int) -> int:
        """Tell what the scope's clock shows."""
        return self.stopped if self.stands else score - self.zero

    def stand(self, score: int) -> None:
        """Let the clock stand at what it shows."""
        if not self.stands:
            self.stopped = score - self.zero
        self.stands += 1

    def go_on(self, score: int) -> None:
        """Take one reason for standing away; with the last the clock goes on from what it shows."""
        self.stands -= 1
        if not self.stands:
            self.zero = score - self.stopped


@dataclass(slots=True, eq=False, repr=False)
class Home:
    """What can be closed: a track or a `meanwhile`, with all that was begun in it or in a `do` or turn inside it."""

    scope: Scope
    scopes: dict[Scope, None] = field(default_factory=dict)
    runs: dict[Run, None] = field(default_factory=dict)
    repeats: dict[Repeating, None] = field(default_factory=dict)
    inner: dict[Home, None] = field(default_factory=dict)
    parent: Home | None = None


@dataclass(slots=True, eq=False, repr=False)
class Taken:
    """A cue that was taken: which step comes next, and what of it is unfinished.

    ``late``: so much later than it was due, where that sets no clock back.
    """

    scope: Scope
    cue: Cue
    index: int
    late: int = 0
    step: int = 0
    complete: bool = False
    unfinished: dict[Run | Doing | Repeating, None] = field(default_factory=dict)
    label: Label | None = None

    def begin(self, thing: Run | Doing | Repeating) -> None:
        """Count something as unfinished, for the cue and for its list."""
        self.unfinished[thing] = None
        self.scope.unfinished[thing] = None

    @property
    def finished(self) -> bool:
        """Tell whether all its waits are over and all it began is finished."""
        return self.complete and not self.unfinished


@dataclass(slots=True, eq=False, repr=False)
class Doing:
    """A list of a `do` in progress, of which ``number`` is the track, or a choice (``number``, from 1) of a `choose`.

    ``cues``: those with a name that have come, of all tracks of the `do`; None where it has no tracks. ``due``: the
    clock value at which its cue was due.
    """

    taken: Taken
    step: Call | cues.Choose
    scope: Scope
    number: int = 0
    cues: dict[str, None] | None = None
    due: Exact = 0


@dataclass(slots=True, eq=False, repr=False)
class Withdrawn:
    """A `do`, a `choose` (its choice ``number``) or, of a ``run``, a `meanwhile`, that a reload closed.

    ``began``: since which score time its furthest list would have gone on. ``due``: the clock value at which its cue
    was due. ``place``: which command of its cue it is.
    """

    taken: Taken
    step: cues.Step
    began: int
    due: Exact
    place: int
    number: int = 0
    run: Sending | None = None


@dataclass(slots=True, eq=False, repr=False)
class Repeating:
    """A `repeat` in progress: ``turn`` counts from 0, ``start`` is the score time the running turn began.

    ``due``: the clock value at which its cue was due. ``first``: the score time from which its beats are counted.
    ``gap``: what was drawn for the running turn.
    """

    taken: Taken
    step: Repeat
    key: Key
    start: int
    due: Exact
    first: int
    turn: int = 0
    running: Scope | None = None
    turns: dict[Scope, None] = field(default_factory=dict)
    alarm: Alarm | None = None
    last_done: bool = False
    gap: int | None = None
    until: Until | None = None

    @property
    def came(self) -> Awaited | None:
        """What has come that ends it."""
        return None if self.until is None else self.until.came

    @property
    def enough(self) -> bool:
        """Whether no turn is to follow: it has had all, or what ends it has come."""
        count = self.step.count
        return (count is not None and self.turn >= count) or self.came is not None


@dataclass(slots=True, eq=False, repr=False)
class Until:
    """What ends a segment, or a ``repeating``, from outside: ``step`` by the text in force.

    ``since`` and ``key`` say which press it takes, and before whom it hears. ``segment``, ``track`` and ``label`` are
    as the entry says that began it. ``came``: what came of it.
    """

    part: Part
    repeating: Repeating | None
    step: cues.Until
    key: Key
    since: int
    segment: str
    track: str | None
    label: str | None
    silent: bool
    alarm: Alarm | None = None
    came: Awaited | None = None
    over: bool = False
    due: bool = False
    what: str = field(init=False)

    def __post_init__(self) -> None:
        self.what = f"until {self.step.called}"


@dataclass(frozen=True, slots=True)
class Turned:
    """An event that a `when` has heard: its ``number``, what was ``kept`` of it, and the habit it waits by."""

    number: int
    kept: Kept | None
    habit: cues.Habit


@dataclass(slots=True, eq=False, repr=False)
class Hearing:
    """A `when` that is open. ``taken`` is the cue it stands in, of a list that has nothing else, ``label`` what the
    journal calls that.

    ``words``: its segment, the words of its events, and how many of the same stand above it. ``heard``: the number of
    the last event. ``turns`` are those that play, ``waiting`` the events that are still to be played. ``last``: when
    one was begun, restarted or queued (score time); ``begun``: how many turns have begun at that instant. ``gone``: it
    is in the text no more, and only plays to its end.
    """

    taken: Taken
    label: str
    step: cues.When
    words: tuple[str, str, int]
    heard: int = 0
    turns: dict[Scope, None] = field(default_factory=dict)
    waiting: deque[Turned] = field(default_factory=deque)
    last: int | None = None
    begun: tuple[int, int] = (-1, 0)
    alarm: Alarm | None = None
    gone: bool = False

    @property
    def part(self) -> Part:
        """The segment it stands in."""
        return self.taken.scope.part


@dataclass(frozen=True, slots=True)
class Kept:
    """What `-> name` kept: an answer, or of an event the ``text`` of its main field and all ``fields`` by name.

    ``otherwise``: the text behind `or`, for fields that nobody sent. ``strange``: those that a stranger wrote, None for
    the main one.
    """

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    strange: frozenset[str | None] = frozenset()

    def says(self, named: str | None) -> str:
        """Give a field, or the main one."""
        return self.text if named is None else self.fields.get(named, self.otherwise)


WaitKind: TypeAlias = Literal["command", "time", "event", "cue", "button", "go", "then"]


@dataclass(slots=True, eq=False, repr=False)
class Wait:
    """Something a list stands at. ``what`` is the journal's `for`; ``since`` and ``key`` say which GO frees first.

    ``segment`` and ``label`` are as the entry says that began it: the one that ends it calls it so, too. ``called`` is
    what it waits for by the text in force.
    ``began`` and ``real``: its start in score and in clock time. ``run``: a `wait for`'s own. ``device``: whose return
    it waits for.
    """

    scope: Scope
    what: str
    kind: WaitKind
    since: int
    key: Key
    label: str
    began: int
    real: int
    segment: str
    called: str
    bars: bool = False
    run: Awaiting | None = None
    device: str | None = None
    alarm: Alarm | None = None
    meanwhile: Scope | None = None
    over: bool = False
    silent: bool = False
    gone: bool = False
    stops: bool = False

    def hears(self, kind: str, name: str | None) -> Awaited | None:
        """Give that of what it waits for which is of this kind and name; None: it waits for something else."""
        events = () if self.run is None else self.run.step.events
        return next((one for one in events if one.kind == kind and one.name == name), None)


@dataclass(slots=True, eq=False, repr=False)
class Begun:
    """What a command has that was taken, from then to its one outcome: ``Sending``, or ``Awaiting``.

    ``line`` and ``file``: where it stands, as the journal has it. ``meanwhile``: the list that closes with it.
    ``wait``: what its list stands at until it has ended. ``result``, ``reason``: its outcome.
    """

    taken: Taken
    step: Send | Await
    key: Key
    line: int
    file: str | None
    id: int = 0
    meanwhile: Scope | None = None
    wait: Wait | None = None
    result: str | None = None
    reason: str | None = None
    orphan: bool = False
    silent: bool = False
    kept: bool = False

    @property
    def scope(self) -> Scope:
        """The list it was taken from."""
        return self.taken.scope


@dataclass(slots=True, eq=False, repr=False)
class Sending(Begun):
    """A device's command on its way: in the queue of its lane, in flight, lasting, or carried by frames.

    ``command`` is what is sent of ``step``. ``due``: the score time since which only its lane keeps it waiting.
    ``sent_at``: instant of the first sending (real), ``began``: the instant its `for` counts from. ``limit`` and
    ``lasting``: when its `within` and its `for` run out. ``picked``: the numbers of what was left to chance in it.
    ``away``: what its list stands at until its device is back.
    """

    step: Send
    command: Command = field(kw_only=True)
    state: State = State.QUEUED
    attempt: int = 0
    retries: int = 0
    due: int = 0
    sent_at: int | None = None
    began: int = 0
    frames: int = 0
    limit: Alarm | None = None
    lasting: Alarm | None = None
    away: Wait | None = None
    answered: bool = False
    reported: Ended | None = None
    passed: bool = False
    arrived: bool = False
    hushed: str | None = None
    picked: tuple[int, ...] = ()
    staying: bool = False

    def meets(self, incident: Incident) -> bool:
        """Take it to the state that follows; tell whether what befell it comes in time to mean anything."""
        found = after(self.state, incident)
        if found is not None:
            self.state = found
        return found is not None

    @property
    def device(self) -> str:
        """The device's name on the stage."""
        return self.command.device

    @property
    def verb(self) -> str:
        """The name of its verb."""
        return self.command.verb.name

    @property
    def streamed(self) -> bool:
        """Whether frames carry it."""
        return self.command.verb.stream is not None

    @property
    def releases(self) -> bool:
        """Whether it is a `release`: its end is the frame that ends the holding."""
        return self.command.verb.stream == "release"

    @property
    def under_way(self) -> bool:
        """Whether its end is still to be reported: a voice speaks, a scene changes."""
        return self.command.verb.finished is Finished.REPORTED and self.reported is None


@dataclass(slots=True, eq=False, repr=False)
class Awaiting(Begun):
    """A `wait for …`: it has a number and an outcome as every command, and is sent to nobody.

    ``since``: instant of its start (real).
    """

    step: Await
    since: int = 0

    @property
    def device(self) -> str | None:
        """The device whose event it waits for."""
        devices = {event.device for event in self.step.events}
        return devices.pop() if len(devices) == 1 else None

    @property
    def verb(self) -> str:
        """What stands for a verb in the journal."""
        return "wait for"


Run: TypeAlias = Sending | Awaiting


@dataclass(slots=True, eq=False, repr=False)
class Lane:
    """One lane of a device: what waits, and what is in flight (a command, a frame's number, or a reading)."""

    device: str
    name: str
    queue: deque[Sending] = field(default_factory=deque)
    flight: Sending | int | Literal["reading"] | None = None
    limit: Alarm | None = None
    queued_last: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Held:
    """A property held or moving, dropped at ``until``."""

    run: Sending
    course: Course
    until: int | None
    carried: bool = False
    settled: bool = False
    over: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Stream:
    """The held and moving values of one lane, and the frames that carry them.

    ``round`` and ``rests`` are those of its rows. ``known`` is what a property was left at, ``dropped`` what no frame
    has let go of yet, ``releasing`` the `release`s that the next end of holding carries out, ``waiting`` the frames
    without an answer. ``interval``: so many seconds, and how many frames go in them. ``last``: when the last went.
    ``again`` and ``lapses`` are the lane's.
    """

    device: str
    lane: Lane
    interval: tuple[int, int]
    again: int | None
    lapses: int | None
    round: int
    rests: Callable[[str, Quantity], Quantity] | None
    values: dict[str, Held] = field(default_factory=dict)
    known: dict[str, Quantity] = field(default_factory=dict)
    dropped: dict[str, Quantity | None] = field(default_factory=dict)
    releasing: dict[Sending, None] = field(default_factory=dict)
    waiting: dict[int, Inflight] = field(default_factory=dict)
    dirty: bool = False
    returning: bool = False
    cleared: bool = False
    moving_since: int | None = None
    last: int | None = None
    alarm: Alarm | None = None

    @property
    def holds(self) -> bool:
        """Whether what is held is sent again and again."""
        return self.again is not None


@dataclass(slots=True, eq=False, repr=False)
class Inflight:
    """What a frame carried: the values with their runs, those carried for the first time, those that ended with it."""

    first: tuple[Sending, ...]
    ends: tuple[Sending, ...]
    all: tuple[Sending, ...]
    limit: Alarm


@dataclass(slots=True, eq=False, repr=False)
class Part:
    """A segment being played. ``hearings``: its whens, in order. ``cues``: those with a name that have come, of its
    tracks. ``follow``: the index of the next one, where it is in no text any more itself.

    ``asked``: the track that kept it open when last looked at. ``withdrawn``: the `repeat`s that a reload closed, for
    their text was gone; put back, they go on in phase.
    """

    segment: Segment
    index: int
    began: int
    tracks: list[Scope] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    hearings: list[Hearing] = field(default_factory=list)
    cues: dict[str, None] = field(default_factory=dict)
    at_least: bool = True
    over: bool = False
    stirred: bool = False
    leaving: Alarm | None = None
    alarms: list[Alarm] = field(default_factory=list)
    follow: int | None = None
    asked: int = 0
    until: Until | None = None
    withdrawn: list[Repeating | Withdrawn] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class Chase:
    """A device being brought to its state. ``left`` are the states of rounds to come, ``sent`` what is on its way.

    ``round``: what is of a later one waits. Behind its ``alarm`` the ends of the round are waited for no longer.
    """

    left: list[Sending]
    round: int = -1
    sent: list[Sending] = field(default_factory=list)
    alarm: Alarm | None = None
    overdue: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Port:
    """A device as the engine sees it. ``trouble``: what is wrong with it, where it is not the connection.

    ``mute``: it is connected and answers nothing. ``returning``: until when speech and queries wait for it, where it
    was just lost or has just fallen mute. ``streams`` by their lanes; ``number`` of the last frame of any.
    """

    fixture: Fixture
    lanes: dict[str, Lane]
    streams: dict[str, Stream]
    inventory: Inventory | None
    ready: bool = False
    busy: bool = False
    broken: bool = False
    number: int = 0
    trouble: str | None = None
    mute: bool = False
    returning: Alarm | None = None
    owners: dict[str, Sending] = field(default_factory=dict)
    states: dict[str, Sending] = field(default_factory=dict)
    chase: Chase | None = None

    def reaches(self, round_: int) -> bool:
        """Tell whether what is of a round may be sent: while it is brought to its state, later ones wait."""
        return self.chase is None or round_ <= self.chase.round

    @property
    def why_away(self) -> str:
        """Why it takes no commands, as far as its driver knows."""
        return self.trouble or "not connected"

    @property
    def why_lost(self) -> str:
        """Why what was on its way to it has failed."""
        return self.trouble or "connection lost"


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a floor of the engine tells the one above it, which it does not know. ``score/hooks`` puts them together.

    ``on_free``: something may go in a lane. ``on_sent``: a command went for the first time. ``on_ended``: a command has
    its outcome; ``why`` is what a wait for it is told instead of that. ``hold_for``: let the list of a command stand
    until its device is back. ``go_on``: what a list stood at is over, and it may do what comes next. ``ended_by``: what
    ends a `repeat` has come.
    """

    on_free: Callable[[Play, Lane], None]
    on_sent: Callable[[Play, Sending], None]
    on_ended: Callable[[Play, Run, str | None], None]
    hold_for: Callable[[Play, Sending], Wait]
    go_on: Callable[[Play, Scope], None]
    ended_by: Callable[[Play, Repeating], None]


LATELY = 64
"""So many of the commands that went last are remembered: whoever looks on looks only now and then."""


@dataclass(slots=True, eq=False, repr=False)
class Play:
    """A show being played. ``instant`` is the logical time of the present step, ``real`` what the clock said; it was
    ``zero`` at show time 0.

    ``shadows`` counts the commands that were played silently. ``round``: where it begins again when it has come to its
    end, ``rounded`` when it last did. ``curtain``: its end, if that is a time. ``presses``: buttons that nobody waited
    for yet; ``pressed``: when which key was last pressed. ``edge``: what hears for the whole show; ``heard``: how many
    events each `when` has heard, by its words. ``met``: how often the words of what is left to chance were. ``lately``:
    the numbers of the commands that went last, with every value filled in, for whoever looks on.
    """

    cues: CueList
    options: Options
    ports: dict[str, Port]
    hooks: Hooks
    agenda: Agenda = field(default_factory=Agenda)
    effects: list[Effect] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    instant: int = 0
    real: int = 0
    zero: int = 0
    ids: int = 0
    part: Part | None = None
    edge: Part | None = None
    heard: dict[tuple[str, str, int], int] = field(default_factory=dict)
    turned: dict[Hearing, None] = field(default_factory=dict)
    fresh: bool = True
    waits: dict[Wait, None] = field(default_factory=dict)
    untils: dict[Until, None] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    speaking: dict[Sending, None] = field(default_factory=dict)
    answers: dict[str, Kept] = field(default_factory=dict)
    defaults: dict[str, Kept | None] = field(default_factory=dict)
    presses: dict[str, list[Brought]] = field(default_factory=dict)
    intent: Literal["stop", "conclude"] | Excerpt | None = None
    moved: bool = False
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RESULTS, 0))
    bad: bool = False
    ending: str | None = None
    ended: bool = False
    panicked: bool = False
    silencing: dict[str, Alarm] = field(default_factory=dict)
    silent: bool = False
    listening: dict[Scope, None] = field(default_factory=dict)
    remembers: bool = True
    shadows: int = 0
    round: Excerpt | None = None
    rounded: int | None = None
    curtain: Alarm | None = None
    dismissed: bool = False
    pressed: dict[tuple[str, str | None, str | None], int] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)
    lately: deque[tuple[int, Command]] = field(default_factory=lambda: deque(maxlen=LATELY))

    @property
    def score(self) -> int:
        """Tell the score time of the present step."""
        return self.agenda.score(self.instant)

    def wants(self, kind: str) -> bool:
        """Tell whether entries of this kind are written, for whoever would have to work them out first."""
        return not self.silent and (self.options.kinds is None or kind in self.options.kinds)

    def write(self, kind: str, command: Command | None = None, label: Label | None = None, /, **keys: object) -> None:
        """Add a journal entry to what is to be done; ``command`` or ``label`` is what it is about."""
        if self.wants(kind):
            self.effects.append(Write({"kind": kind, **keys}, command, label))

    def lanes(self, run: Sending) -> tuple[Lane, ...]:
        """Give the lanes that a command takes, its own first."""
        lanes, verb = self.ports[run.device].lanes, run.command.verb
        return (lanes[verb.lane], *(lanes[name] for name in verb.beside))

    def stream(self, run: Sending) -> Stream:
        """Give the stream whose frames carry a command."""
        return self.ports[run.device].streams[run.command.verb.lane]

    def policy(self, policy: Policy | None) -> Policy:
        """Give what holds when a command ends badly."""
        return policy or self.options.on_failure
