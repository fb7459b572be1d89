"""What a show can ask of AITuberKit: its verbs and events, and the settings of the stage file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from showrunner.devices import speech
from showrunner.devices.aituber.events import EVENTS, SLIDE
from showrunner.devices.strangers import without_tags
from showrunner.devices.switches import ON_OFF
from showrunner.devices.vocabulary import (
    CatalogueList,
    Class,
    Command,
    Finished,
    Inventory,
    Kind,
    Setting,
    Switch,
    Utterance,
    Verb,
    Way,
)
from showrunner.diagnostics.sentence import sentence

EMOTIONS = ("neutral", "happy", "angry", "sad", "relaxed", "surprised")
"""The six the page knows; it takes others without a word and shows nothing."""

SECOND = 1_000_000


def utterances(command: Command) -> tuple[Utterance, ...]:
    """Give what a `say` speaks, in order. A text without an emotion before it is neutral."""
    found: list[Utterance] = []
    emotion = EMOTIONS[0]
    for argument in command.arguments:
        if argument.name == "EMOTION":
            emotion = str(argument.value)
        elif argument.name == "TEXT":
            found.append(Utterance(argument.value, emotion))
            emotion = EMOTIONS[0]
    return tuple(found)


def parts(command: Command) -> tuple[tuple[str, str], ...]:
    """Give the same of a command that is sent, as (emotion, text)."""
    return tuple((one.emotion or EMOTIONS[0], str(one.text)) for one in utterances(command))


def estimate(command: Command, settings: Mapping[str, Any]) -> int:
    """Estimate the microseconds a `say` takes: each part is an utterance of its own."""
    return sum(speech.length(text, settings["speech-rate"]) for _, text in parts(command))


def _limit(command: Command, settings: Mapping[str, Any]) -> int:
    # The voice must be made before it sounds, and nobody tells how long that takes.
    return 10 * SECOND + 2 * estimate(command, settings)


_TOLD = ("slide", "section-end", "deck-end", "spoken-start", "spoken-end")

FILE = Kind("name", sentence("a deck's manifest, a path from the show's folder"), document=True)

_LOADED = ('aituber deck "slides/news.json"',)

_DECK, _PICTURE, _SHOWN = "deck", "slide", "shown"
"""What a deck's commands set: which is there, at which slide it stands, whether it is seen."""


def _silent(_: Command) -> tuple[Utterance, ...]:
    """Give nothing: what is said stands in the deck, or nobody knows it yet."""
    return ()


def _owns(*names: str) -> Callable[[Command], tuple[str, ...]]:
    return lambda _: names


def _presenting(command: Command, _: Mapping[str, Any], known: Inventory | None) -> int | None:
    """Estimate how long a deck plays until it stands: from a slide, or from its beginning."""
    wanted = command.get("SLIDE")
    lists = known or {}
    rows = lists.get("slides", ()) if wanted is not None else lists.get("sections", ())
    return next((one.length for one in rows if wanted in (None, one.name)), None)


def _section(_: Command, __: Mapping[str, Any], known: Inventory | None) -> int | None:
    """Estimate how long a further section plays; which one is next is known only then."""
    return max((one.length or 0 for one in (known or {}).get("sections", ())[1:]), default=None)


VERBS = (
    Verb(
        name="say",
        form="[EMOTION] TEXT [EMOTION TEXT]… [image PATH]",
        kinds={
            "EMOTION": Kind("choice", sentence("an emotion"), choices=EMOTIONS),
            "TEXT": Kind("text", sentence("what is said, in quotes")),
            "PATH": Kind("name", sentence("a picture's path, from the show's folder"), picture=True),
        },
        class_=Class.SPEECH,
        lane="speech",
        says="Speaks the text with that face, in one bubble; several parts one after the other. "
        "It is finished when the voice has ended.",
        example='say happy "Good morning!" relaxed "Did you sleep well?"',
        only=("mode", ("serve", "connect")),
        causes=("spoken-start", "spoken-end"),
        speaks=utterances,
        limit_of=_limit,
        plain=without_tags,
        draws="mouth",
    ),
    Verb(
        name="speak",
        form="[EMOTION] TEXT [EMOTION TEXT]… [motion POSE]",
        kinds={
            "EMOTION": Kind("choice", sentence("an emotion"), choices=EMOTIONS),
            "TEXT": Kind("text", sentence("what is said, in quotes")),
            "POSE": Kind("name", sentence("a pose of the page's VRM character"), catalogue="poses"),
        },
        class_=Class.SPEECH,
        lane="speech",
        says="Speaks the text over the HTTP control, for a page without External Linkage. "
        "It is finished when the voice has ended, as far as the page's events tell.",
        example='aituber speak happy "Good morning!" motion cheer',
        plain=without_tags,
        finished=Finished.REPORTED,
        keeps=True,
        way="api",
        only=("mode", ("http",)),
        causes=("spoken-start", "spoken-end"),
        speaks=utterances,
        draws="mouth",
    ),
    Verb(
        name="deck",
        form="FILE",
        kinds={"FILE": FILE},
        class_=Class.STATE,
        lane="slides",
        says="Gives AITuberKit a deck of slides and has the page load it; the slides are hidden until one is asked "
        "for. It is finished when the page has loaded it.",
        example='aituber deck "slides/news.json"',
        finished=Finished.REPORTED,
        keeps=True,
        way="api",
        round=0,
        causes=("slide",),
        properties=_owns(_DECK, _PICTURE, _SHOWN),
        draws="page",
    ),
    Verb(
        name="present",
        form="[from SLIDE]",
        kinds={"SLIDE": SLIDE},
        class_=Class.SPEECH,
        lane="speech",
        says="Shows the slides and speaks what belongs to them, from where the deck stands or from a slide, up to "
        "where it stands again: at the end of the section, unless a slide says otherwise.",
        example="aituber present from w2",
        after=_LOADED,
        finished=Finished.REPORTED,
        keeps=True,
        beside=("slides",),
        way="api",
        causes=_TOLD,
        speaks=_silent,
        lasts=_presenting,
        draws="page",
    ),
    Verb(
        name="present",
        form="next section",
        kinds={},
        class_=Class.SPEECH,
        lane="speech",
        says="Goes on with the next section, as `present`. Behind the last one the deck is over at once.",
        example="aituber present next section",
        after=_LOADED,
        finished=Finished.REPORTED,
        keeps=True,
        beside=("slides",),
        way="api",
        causes=_TOLD,
        speaks=_silent,
        lasts=_section,
        draws="page",
    ),
    Verb(
        name="slide",
        form="SLIDE",
        kinds={"SLIDE": SLIDE},
        class_=Class.STATE,
        lane="slides",
        says="Shows a slide, without a word. It is finished when it is there.",
        example="aituber slide w2",
        after=_LOADED,
        finished=Finished.REPORTED,
        keeps=True,
        way="api",
        causes=("slide",),
        properties=_owns(_PICTURE, _SHOWN),
        draws="page",
    ),
    *(
        Verb(
            name=name,
            form="",
            kinds={},
            class_=Class.IMPULSE,
            lane="slides",
            says=f"Shows the {which} slide, without a word.",
            example=f"aituber {name}",
            after=_LOADED,
            finished=Finished.REPORTED,
            keeps=True,
            way="api",
            causes=("slide",),
            draws="page",
        )
        for name, which in (("next", "next"), ("back", "slide before, the last"))
    ),
    Verb(
        name="pause",
        form="deck",
        kinds={},
        class_=Class.IMPULSE,
        lane="pause",
        says="Has a deck that plays stand when the narration of its slide is over; then the `present` is over, too.",
        example="aituber pause deck",
        after=_LOADED,
        way="api",
    ),
    *(
        Verb(
            name=name,
            form="deck",
            kinds={},
            class_=Class.STATE,
            lane="slides",
            says=says,
            example=f"aituber {name} deck",
            after=_LOADED,
            way="api",
            round=2,
            causes=causes,
            properties=_owns(_SHOWN),
            draws="page",
        )
        for name, says, causes in (
            ("hide", "Hides the slides behind the deck's title picture, if it has one.", ()),
            ("show", "Shows the slide again at which the deck stands.", ("slide",)),
        )
    ),
    Verb(
        name="unload",
        form="deck",
        kinds={},
        class_=Class.STATE,
        lane="slides",
        says="Takes the deck off the page. Without this it is back whenever the page is loaded.",
        example="aituber unload deck",
        after=_LOADED,
        finished=Finished.REPORTED,
        keeps=True,
        way="api",
        round=0,
        properties=_owns(_DECK, _PICTURE, _SHOWN),
        draws="page",
        clears=(),
    ),
    Verb(
        name="ask",
        form="TEXT",
        kinds={"TEXT": Kind("text", sentence("what the AI is asked, in quotes"))},
        class_=Class.SPEECH,
        lane="speech",
        says="Has AITuberKit's own AI answer, aloud. It is finished when the voice has ended; "
        "the answer can be kept with `-> name`.",
        example='aituber ask "What did you have for breakfast?"',
        finished=Finished.REPORTED,
        keeps=True,
        answers=True,
        way="answers",
        causes=("answer", "spoken-start", "spoken-end"),
        speaks=_silent,
        limit=10 * SECOND,
        draws="mouth",
    ),
)

SWITCHES = (
    Switch("type", takes="TEXT"),
    Switch("cancel"),
    Switch("stop", says="somebody presses Stop in the page"),
    Switch("cut", says="it is asked to stop over its HTTP control"),
    Switch("control", ON_OFF, says="it hears of what it is asked over HTTP"),
    Switch("reload"),
    Switch("gesture", ON_OFF, says="the page was clicked"),
    Switch("voice", ON_OFF),
    Switch("failing", takes="TIME", says="its voice engine fails after so long; 0ms: no more"),
    Switch("legacy", ON_OFF, says="a page that knows no v2"),
    Switch(
        "events",
        (*ON_OFF, "break", "refused"),
        says="what happens is told over HTTP; the stream of it ends, or is refused",
    ),
    Switch("twins", ON_OFF, says="and twice, under both of the page's ids"),
    Switch("fetches", takes="TIME", says="how long its page takes to fetch what is asked over HTTP"),
    Switch("tab", ("open", "close"), says="its page, as far as HTTP goes"),
    Switch("receiver", ON_OFF, says="its message receiver"),
    Switch("restricted", ON_OFF, says="it refuses all that is asked over HTTP"),
    Switch("answer", takes="TEXT", says="what its AI answers"),
    Switch("answers", ("completed", "empty", "failed"), says="how its AI does"),
    Switch("goto", takes="SLIDE", says="somebody moves the deck"),
    Switch("event", tuple(event.name for event in EVENTS if event.switch is None), "NAME"),
)

ORIGINS = ("http://localhost:3000", "http://127.0.0.1:3000")
"""Where the page comes from when nothing is changed."""

SETTINGS = (
    Setting(
        "mode",
        "choice",
        "serve",
        "serve: AITuberKit's page connects to us; connect: we connect to a relay that passes lines on to the page; "
        "http: all goes over its HTTP control, for a page without External Linkage",
        choices=("serve", "connect", "http"),
    ),
    Setting("url", "url", "ws://localhost:8000/ws", "the address set in AITuberKit as its external linkage server"),
    Setting(
        "protocol",
        "choice",
        "auto",
        "v2: the page reports when a line was spoken; legacy: we estimate it; auto: v2 where the page knows it",
        choices=("auto", "v2", "legacy"),
    ),
    Setting(
        "speak-to",
        "choice",
        "newest",
        "which page speaks where several are open: the one that came last, or the one that came first",
        choices=("newest", "first"),
    ),
    Setting("settle", "duration", SECOND, "how long a page just loaded is left alone, so that its character is there"),
    Setting("speech-rate", "number", 12, "characters a second, for estimates (wide ones count twice)"),
    Setting("timeout", "duration", 10 * SECOND, "how long to wait for an answer where a verb says nothing else"),
    Setting(
        "origins",
        "text",
        " ".join(ORIGINS),
        "the sites whose pages may connect, with blanks between them",
    ),
    Setting(
        "api",
        "table",
        None,
        "AITuberKit's HTTP control, for slides and for a stop that cuts the sound: url, client, key-env",
        parts=(
            Setting("url", "http", None, "the address of AITuberKit's page", example="http://localhost:3000"),
            Setting("client", "text", None, "the client id that the page shows"),
            Setting(
                "key-env",
                "secret",
                None,
                "the environment variable in which the key stands",
                example="AITUBERKIT_API_KEY",
            ),
        ),
        example="{url: http://localhost:3000, client: studio, key-env: AITUBERKIT_API_KEY}",
    ),
    Setting(
        "answers",
        "http",
        None,
        "where AITuberKit's server tells us on this machine what its AI has answered, for `ask`",
        example="http://127.0.0.1:8766/answers",
    ),
)

LISTS = (
    CatalogueList("poses", "the poses of the page's VRM character", told=False),
    CatalogueList("decks", "the decks of slides", told=False),
    CatalogueList("sections", "the sections of the decks", told=False),
    CatalogueList("slides", "the slides of the sections", of="sections", told=False),
)
"""Decks, sections and slides are read off the manifests that a show names; AITuberKit lists none."""

WAYS = (
    Way("page", "json", "server", "url", only=("mode", "serve")),
    Way("relay", "json", "client", "url", only=("mode", "connect")),
    Way("api", "http", "client", "api", "/api/v1/"),
    Way("events", "sse", "client", "api", "/api/v1/events/"),
    Way("answers", "http", "server", "answers"),
)


def dials(settings: Mapping[str, Any]) -> bool:
    """Tell whether we connect to a relay instead of being connected to."""
    return bool(settings["mode"] == "connect")


RELOAD = "waits for AITuberKit's page: reload it, for by itself it may try again only every 30 s"
"""Said while a page is waited for: its pauses between two tries grow (README, "Switching it on")."""


def unreachable(settings: Mapping[str, Any]) -> str:
    """Say what to look at when nobody came."""
    if dials(settings):
        return (
            f"no relay was reached at {settings['url']}: is it running? "
            "Without a relay, set `mode: serve` and AITuberKit's page connects to showrunner"
        )
    if settings["mode"] == "http":
        api = settings["api"] or {}
        return (
            f"no page of AITuberKit was found at {api.get('url') or 'no `api: url`'} (`url` of the WebSocket, "
            f"{settings['url']}, is not used): is its page open, with the client id `{api.get('client') or ''}`?"
        )
    return (
        f"AITuberKit's page did not connect to {settings['url']}: is the page open, "
        "and is Settings > AI settings > External Linkage Mode on? Reload it: then it tries at once"
    )
