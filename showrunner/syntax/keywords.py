"""The words the language keeps for itself, as sets. ``show.lark`` decides; a test holds the two together.

Not here: what a device understands, which its own table says.
"""

from __future__ import annotations

STATEMENTS = ("at", "then", "cue", "track", "segment", "when", "define", "include", "let", "show")
"""Words that begin a line of their own; a line that begins otherwise holds commands."""

POSITIONS = ("at", "then", "cue")
"""Words that begin a cue."""

COMMANDS = ("do", "repeat", "choose", "wait", "hold", "log", "stop", "say", "hush", "nothing")
"""Words that begin a command that is no device's."""

RESERVED = ("and", "within", "retry", "else", "or")
"""Words that end the arguments of a command; as names they stand in quotes."""

INNER = (
    "every", "times", "least", "most", "until", "once", "release", "over", "tempo", "beats", "offset", "bar", "beat",
    "meanwhile", "for", "button", "time", "call", "continue", "queue", "ignore", "restart", "together", "to", "more",
    "by",
)  # fmt: skip
"""Words that mean something in one place only, and are ordinary words elsewhere."""

NO_DEVICE = ("button", "time", "choose", "nothing")
"""Words besides those that begin a line or a command which no device may be called: they stand where one may."""

WORDS = frozenset({*STATEMENTS, *COMMANDS, *RESERVED, *INNER})
"""All of them."""

ALONE = ""
"""The name of a device that is not written: `say "hi"` is for the one on the stage whose voice takes that."""

POLICIES = ("continue", "stop", "hold")
"""What may stand after `else`."""

HABITS = ("queue", "ignore", "restart", "together")
"""What a `when` may do with an event while its block plays."""
