"""What a show can wait for of AITuberKit: what its page tells over the WebSocket, and what its HTTP control does."""

from __future__ import annotations

from showrunner.devices.vocabulary import Event, Field, Kind
from showrunner.diagnostics.sentence import sentence

SLIDE = Kind("name", sentence("a slide's id"), catalogue="slides")

_AT = (
    Field("slide", "text", "the slide's id"),
    Field("section", "text", "its section's"),
    Field("deck", "text", "the deck's"),
    Field("revision", "number", "which revision of the deck"),
    Field("state", "text", "what the deck does: `playing`, `paused`, `section_paused`, `completed`, `ready`"),
)

EVENTS = (
    Event(
        "chat.message",
        "[TEXT]",
        {"TEXT": Kind("text", sentence("what was typed"))},
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
    Event(
        "slide",
        "[SLIDE]",
        {"SLIDE": SLIDE},
        _AT,
        "the deck came to a slide",
        "wait for aituber slide w2 within 1m",
    ),
    Event(
        "section-end",
        "[SECTION]",
        {"SECTION": Kind("name", sentence("a section's id"), catalogue="sections")},
        (_AT[1], _AT[2], _AT[3], _AT[0], _AT[4]),
        "the deck stands at the end of a section",
        "wait for aituber section-end weather within 5m",
    ),
    Event(
        "deck-end",
        "[DECK]",
        {"DECK": Kind("name", sentence("a deck's id"), catalogue="decks")},
        (_AT[2], _AT[3], _AT[1], _AT[0], _AT[4]),
        "the deck is over",
        "wait for aituber deck-end within 10m",
    ),
    Event(
        "deck-error",
        "[DECK]",
        {"DECK": Kind("name", sentence("a deck's id"), catalogue="decks")},
        (_AT[2], _AT[3], _AT[1], _AT[0], _AT[4]),
        "the page could not do what was asked of the deck",
        "wait for aituber deck-error within 10m",
    ),
    *(
        Event(
            f"spoken-{which}",
            "[TEXT]",
            {"TEXT": Kind("text", sentence("the sentence"))},
            (Field("text", "text", "the sentence", stranger=True),),
            f"the sound of a sentence {what}",
            f"wait for aituber spoken-{which} within 30s",
        )
        for which, what in (("start", "begins"), ("end", "is over, or was cut"))
    ),
    Event(
        "page",
        "[WHAT]",
        {"WHAT": Kind("choice", sentence("what the page did"), choices=("came", "gone"))},
        (
            Field("what", "text", "`came` or `gone`"),
            Field("receiver", "text", "the tab's receiver id"),
            Field("kind", "text", "`browser` or `obs`"),
        ),
        "a page with our client id has come, or was not seen for six seconds",
        "wait for aituber page gone within 10m",
        switch=("tab", "close"),
    ),
    Event(
        "answer",
        "",
        {},
        (
            Field("text", "text", "what the AI answered", stranger=True),
            Field("status", "text", "`completed`, `empty` or `failed`"),
            Field("interaction", "text", "which question it was"),
        ),
        "the AI has answered a question",
        "wait for aituber answer within 1m",
        switch=("answers", "completed"),
    ),
)
