"""The stage: which devices there are, where, and what holds for a run when nothing else is said.

What a stage file may say is a row for each key: the devices' own in their tables, all others here. How a file is read
is in ``stage_file``; no connection is made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from showrunner import devices
from showrunner.devices.strangers import NO_WORDS, Blocklist
from showrunner.devices.vocabulary import COMMON, Device, Fixture, Setting
from showrunner.diagnostics.diagnostic import Place
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.slotted import dataclass
from showrunner.syntax.keywords import COMMANDS, NO_DEVICE, POLICIES, RESERVED, STATEMENTS
from showrunner.timeline.cues import Policy

STANDARD = ("animaze", "live2d", "aituber")
"""The devices that are always on the stage, in stage order."""

NAME = "stage.yaml"

ANY_DEVICE = (
    Setting("driver", "driver", None, "what kind of device it is; if unsaid, its name says so"),
    Setting(
        "safe",
        "commands",
        None,
        "what panic sends it, a list of command lines",
        example="- 'animaze scene Stream'",
    ),
    *COMMON,
)
"""What the part of every device may say, beside its own settings."""

ON_FAILURE = Setting(
    "on-failure", "choice", "continue", "continue, stop or hold when a command ends badly", choices=POLICIES
)
CONNECT_TIMEOUT = Setting(
    "connect-timeout",
    "duration",
    None,
    "how long to wait for each device before the show; unsaid: 35 s for one that dials us, 10 s for others",
    example="10s",
)
HOST = Setting(
    "host",
    "host",
    "127.0.0.1",
    "where `rehearse` serves its page; `0.0.0.0` lets other machines in (who has the address may call the show)",
)
PORT = Setting("port", "port", 8765, "the port of that page")
OSC = Setting(
    "osc",
    "udp",
    None,
    "where presses come in by OSC, and the status is asked for; off unless it is said",
    example="udp://127.0.0.1:8765",
)
OSC_FROM = Setting(
    "osc-from",
    "text",
    "",
    "the machines that may press by OSC, as numbers; needed where `osc` is not of this machine alone",
    example="192.168.0.7 192.168.0.8",
)
OSC_LIKE = Setting(
    "osc-like",
    "choice",
    None,
    "another program whose OSC addresses count, too: its remotes work as they are",
    ("qlab",),
)
CATALOGUE = Setting("catalogue", "file", "catalogue.yaml", "the catalogue's file")
BLOCKED = Setting(
    "blocked",
    "file",
    None,
    "a file with words, one a line: an event or a press in which a viewer says one of them is dropped",
    example="words.txt",
)

TABLES: Mapping[str, tuple[Setting, ...]] = {
    "defaults": (ON_FAILURE, CONNECT_TIMEOUT),
    "console": (HOST, PORT, OSC, OSC_FROM, OSC_LIKE),
}
"""The parts of a stage file that are tables, with their keys. The part `devices` has one of these for each device."""


@dataclass(frozen=True, slots=True)
class SafeLine:
    """One command line of a device's `safe:` list, and where it stands.

    ``quote`` is the quotation mark around it, empty where there is none; None where the text is not in the file as it
    is read (escapes, several lines), so that nothing inside it can be pointed at.
    """

    text: str
    place: Place
    quote: str | None = None

    def at(self, place: Place) -> Place:
        """Give the place in the file of a place in the line (``column`` counts from the line's first character)."""
        if self.quote is None:
            return self.place
        before = self.text[: place.column - 1]
        # In single quotation marks YAML writes one of them as two.
        doubled = before.count("'") if self.quote == "'" else 0
        column = self.place.column + len(self.quote) + len(before) + doubled
        return replace(self.place, column=column, length=place.length)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a run stands on. ``fixtures`` are in stage order.

    ``connect_timeout`` is in microseconds; None: each is waited for as long as its ``Fixture`` says.

    ``osc`` is where presses come in by OSC, ``osc_from`` who may, ``osc_like`` which program's addresses count, too.
    ``path`` is the stage file's, ``catalogue`` the catalogue's, ``words`` that of the ``blocked`` words, each None
    where there is none.
    """

    fixtures: Mapping[str, Fixture]
    on_failure: Policy = ON_FAILURE.default
    connect_timeout: int | None = CONNECT_TIMEOUT.default
    host: str = HOST.default
    port: int = PORT.default
    osc: str | None = OSC.default
    osc_from: str = OSC_FROM.default
    osc_like: str | None = OSC_LIKE.default
    catalogue: str | None = None
    safe: Mapping[str, tuple[SafeLine, ...]] = field(default_factory=dict)
    path: str | None = None
    blocked: Blocklist = NO_WORDS
    words: str | None = None

    @property
    def pressers(self) -> tuple[str, ...]:
        """The hosts that may press by OSC; none: all that get through to the address."""
        return tuple(self.osc_from.replace(",", " ").split())


TAKEN = frozenset({*STATEMENTS, *COMMANDS, *RESERVED, *NO_DEVICE})
"""Words of the language that no device may be called."""


def kind_of(name: str) -> Device | None:
    """Load the kind of device called ``name``; None where there is none that is of any use."""
    return None if name in TAKEN else devices.find(name)


def kinds() -> tuple[Device, ...]:
    """Give every kind of device there is, those that always stand first."""
    others = (name for name in devices.names() if name not in STANDARD)
    return tuple(device for name in (*STANDARD, *others) if (device := kind_of(name)) is not None)


def useless(name: str) -> Sentence | None:
    """Say why a device that a package from outside offers is of no use; None: it is, or none does."""
    offered = devices.outside(name)
    if offered is None:
        return None
    wrong = offered.wrong or (sentence("that is a word of the language") if name in TAKEN else "")
    if not wrong:
        return None
    return sentence("the device `{name}` of {package} is of no use: {wrong}", name, offered.package, wrong)


def oddities() -> tuple[str, ...]:
    """Say of everything that packages from outside offer what is wrong with it."""
    return tuple(wrong for name in devices.offered() if (wrong := useless(name)) is not None)


def fixture(name: str, device: Device, *, staged: bool = False) -> Fixture:
    """Put ``device`` on the stage as ``name``, with every setting at its default."""
    return Fixture(name, device, {setting.name: setting.default for setting in (*device.settings, *COMMON)}, staged)


def called(stage: Stage, names: Iterable[str]) -> Stage:
    """Put devices on a stage that are named and not there: each as its kind is called, with every default."""
    found = {name: kind_of(name) for name in sorted(names) if name not in stage.fixtures}
    staged = stage.path is not None
    beside = {name: fixture(name, device, staged=staged) for name, device in found.items() if device is not None}
    return replace(stage, fixtures={**stage.fixtures, **beside}) if beside else stage


def standard() -> dict[str, Fixture]:
    """Give the devices that are always there, with their defaults."""
    found = ((name, devices.find(name)) for name in STANDARD)
    return {name: fixture(name, device) for name, device in found if device is not None}
