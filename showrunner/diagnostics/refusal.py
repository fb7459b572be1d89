"""A refusal: what was asked for cannot be done, in a sentence, with a way out. No fault of the program.

What is wrong with a text is a finding, for it has a place in a file; this is for all else: a word of the command line,
a port that is taken, a file that cannot be written. Whoever asked says it: only the command line prints, and leaves.
"""

from __future__ import annotations

WRONG_USAGE = 2
"""The exit code of a command line that makes no sense, or cannot be done here."""


class Refusal(Exception):  # noqa: N818 - it is no error of ours
    """Why something cannot be done. ``message`` is a sentence without its stop, ``way_out`` what to do instead.

    ``exit`` is the code with which a command leaves for it. Both texts may hold names of the user's as they are: what
    could move a cursor is made harmless where they are printed.
    """

    def __init__(self, message: str, way_out: str | None = None, *, exit: int = WRONG_USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out
        self.exit = exit


def lacking(what: str, extra: str, *, exit: int = WRONG_USAGE) -> Refusal:
    """Give the refusal of what needs an extra of this package that is not installed; ``what`` says what needs what."""
    return Refusal(what, f'install it: `pip install "showrunner[{extra}]"`', exit=exit)


_PLAIN = {
    32: "another program has it open",
    33: "another program has locked it",
    10013: "it is kept for something else, or another program holds it",
    10048: "address already in use",
    10049: "cannot assign requested address",
    10051: "network is unreachable",
    10065: "no route to host",
}
"""What Windows says in a whole paragraph, or as a number only: by its own numbers (`winerror.h`)."""


def reason(error: Exception) -> str:
    """Say what the system says: `no such file or directory`."""
    plain = _PLAIN.get(getattr(error, "winerror", None) or 0)
    return plain or (getattr(error, "strerror", None) or str(error)).lower()
