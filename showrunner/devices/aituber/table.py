"""What a show can ask of AITuberKit: one verb, two events, and the settings of the stage file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices import speech
from showrunner.devices.strangers import without_tags
from showrunner.devices.switches import ON_OFF
from showrunner.devices.vocabulary import Class, Command, Event, Field, Kind, Setting, Switch, Utterance, Verb, Way

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


VERBS = (
    Verb(
        name="say",
        form="[EMOTION] TEXT [EMOTION TEXT]… [image PATH]",
        kinds={
            "EMOTION": Kind("choice", "an emotion", choices=EMOTIONS),
            "TEXT": Kind("text", "what is said, in quotes"),
            "PATH": Kind("name", "a picture's path, from the show's folder", picture=True),
        },
        class_=Class.SPEECH,
        lane="main",
        says="Speaks the text with that face, in one bubble; several parts one after the other. "
        "It is finished when the voice has ended.",
        example='say happy "Good morning!" relaxed "Did you sleep well?"',
        speaks=utterances,
        limit_of=_limit,
        plain=without_tags,
        draws="mouth",
    ),
)

EVENTS = (
    Event(
        "chat.message",
        "[TEXT]",
        {"TEXT": Kind("text", "what was typed")},
        (Field("text", "text", "what was typed", stranger=True),),
        "somebody typed into the page's input box",
        'wait for aituber chat.message -> message or "nothing" within 30s',
        switch=("type", "Hello!"),
    ),
    Event(
        "control.cancel",
        "",
        {},
        (),
        "somebody pressed Cancel in the page's AI settings",
        "wait for aituber control.cancel within 30s",
        switch=("cancel", None),
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
)

ORIGINS = ("http://localhost:3000", "http://127.0.0.1:3000")
"""Where the page comes from when nothing is changed."""

SETTINGS = (
    Setting(
        "mode",
        "choice",
        "serve",
        "serve: AITuberKit's page connects to us; connect: we connect to a relay that passes lines on to the page",
        choices=("serve", "connect"),
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
        "AITuberKit's HTTP control, for a stop that cuts the sound: url, client, key-env",
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
)

WAYS = (
    Way("page", "json", "server", "url", only=("mode", "serve")),
    Way("relay", "json", "client", "url", only=("mode", "connect")),
    Way("api", "http", "client", "api", "/api/v1/"),
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
    return (
        f"AITuberKit's page did not connect to {settings['url']}: is the page open, "
        "and is Settings > AI settings > External Linkage Mode on? Reload it: then it tries at once"
    )
