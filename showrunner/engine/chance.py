"""Chance: what the seed of a show picks. Pure: the same seed, the same words, the same times met, the same pick.

Each `choose` draws from a bag that is known by its words: a round has every choice once, in an order of its own, and no
round begins with what the one before ended with. Not here: what becomes of what was picked (``score``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from showrunner.devices.vocabulary import Command
from showrunner.engine.play import Play
from showrunner.timeline.cues import Send

MILLISECOND = 1_000
"""Gaps are drawn in so many microseconds."""


def pick(play: Play, words: str, count: int, shortest: int, longest: int) -> int:
    """Pick the next of ``count`` choices of these words, from 0."""
    if play.options.chance != "seed":
        return shortest if play.options.chance == "shortest" else longest
    met = _met(play, words)
    return order(play.options.seed, words, met // count, count)[met % count]


def gap(play: Play, words: str, least: int, most: int) -> int:
    """Draw the next time from ``least`` to ``most`` for a `repeat` of these words: in microseconds."""
    if play.options.chance != "seed":
        return least if play.options.chance == "shortest" else most
    drawn = sha256(f"{play.options.seed}\0{words}\0{_met(play, words)}".encode()).digest()
    return least + int.from_bytes(drawn[:8], "big") % ((most - least) // MILLISECOND + 1) * MILLISECOND


def order(seed: str, words: str, round_: int, count: int) -> list[int]:
    """Give the order of a round of ``count`` choices. Two alternate; of one there is no other."""
    if count <= 2:
        return _sorted(seed, words, 0, count)
    found = _sorted(seed, words, round_, count)
    if round_ and found[0] == _sorted(seed, words, round_ - 1, count)[-1]:
        found[0], found[1] = found[1], found[0]
    return found


def _sorted(seed: str, words: str, round_: int, count: int) -> list[int]:
    return sorted(range(count), key=lambda one: sha256(f"{seed}\0{words}\0{round_}\0{one}".encode()).digest())


def _met(play: Play, words: str) -> int:
    """Count how often words were met before, and this time with them."""
    met = play.met.get(words, 0)
    play.met[words] = met + 1
    return met


def drawn(step: Send, numbers: Sequence[int]) -> Send:
    """Give a command with what was picked: of each of its picks the choice of that number."""
    command, filled = step.command, step.filled
    for pick, number in zip(step.picks, numbers, strict=True):
        command = _merged(command, pick.commands[0], pick.commands[number])
        filled = (filled or step.text).replace(pick.hole, pick.reads[number], 1)
    return replace(step, command=command, filled=filled) if step.picks else step


def _merged(command: Command, first: Command, picked: Command) -> Command:
    """Put what one pick changes of the command as it is with the first of each into a command."""
    if command == first or first.verb is not picked.verb or len(first.arguments) != len(picked.arguments):
        return picked
    places = zip(command.arguments, first.arguments, picked.arguments, strict=True)
    return replace(command, arguments=tuple(so_far if same == now else now for so_far, same, now in places))
