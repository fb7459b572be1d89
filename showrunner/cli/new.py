"""`showrunner new`: a first show to change, for the applications that somebody uses."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from showrunner.cli.terminal import lines, output
from showrunner.diagnostics.refusal import Refusal, reason

if TYPE_CHECKING:
    from showrunner.devices.vocabulary import Device

EXAMPLE = """Examples:
  showrunner new my-show
  showrunner new my-show --with animaze,aituber"""


def command(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder to make.")],
    used: Annotated[
        str | None,
        typer.Option("--with", metavar="NAMES|all", help="The applications that you use (a,b); else you are asked."),
    ] = None,
) -> None:
    """Begin with a first show. Makes a folder with it, a stage file and a catalogue, all explained by comments."""
    from showrunner.diagnostics.wording import visible
    from showrunner.show import first_show
    from showrunner.show.prepare import prepare
    from showrunner.show.stage import kinds, oddities

    where = Path(folder)
    name = f"{where.absolute().name or 'first'}.show"
    if not f"{folder}{name}".isprintable():
        raise Refusal(f"`{folder}` has a character in it that nobody can see", "name the folder without it")
    there = [entry for entry in (name, "stage.yaml", "catalogue.yaml") if os.path.lexists(where / entry)]
    if there:
        raise Refusal(f"`{where / there[0]}` is there already", "name a folder that is new or empty")
    for wrong in oddities():
        output.warn(wrong)
    chosen = _asked(kinds()) if used is None else _named(used, kinds())
    path = (where / name).as_posix()
    show, whole = _quoted(path), _quoted(where.as_posix())
    try:
        where.mkdir(parents=True, exist_ok=True)
        _write(where / name, first_show.script(chosen, show, whole))
        _write(where / "stage.yaml", first_show.stage(chosen))
        made = prepare(path).cues
        if made is not None:
            _write(where / "catalogue.yaml", first_show.catalogue(chosen, made))
    except OSError as error:
        raise Refusal(f"`{folder}` cannot be made: {reason(error)}") from error
    output.say(f"Look at it now: showrunner dry-run {visible(show)}")


def _write(path: Path, text: str) -> None:
    from showrunner.diagnostics.wording import visible

    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    output.out(f"{visible(path.as_posix())}\n")


def _asked(kinds: "Sequence[Device]") -> "list[Device]":
    """Ask somebody at a terminal which applications he uses; without an answer, and elsewhere: those always there."""
    from showrunner.show.stage import STANDARD

    usual = [kind for kind in kinds if kind.name in STANDARD]
    if not lines.terminal():
        return usual
    wide = max(len(kind.title.removeprefix("the ")) for kind in kinds)
    output.say("Which of these do you use?")
    for number, kind in enumerate(kinds, 1):
        title = kind.title.removeprefix("the ")
        output.say(f"  {number}  {title:{wide}}  {kind.first.about}".rstrip())
    output.say(f"Type their numbers or names, with blanks between (Enter: {', '.join(one.name for one in usual)}).")
    while line := sys.stdin.readline():
        try:
            return _named(line, kinds) if line.strip() else usual
        except Refusal as refusal:
            output.say(f"{refusal.message}; {refusal.way_out}")
    return usual


def _named(said: str, kinds: "Sequence[Device]") -> "list[Device]":
    """Read numbers or names, with commas or blanks between; in the order of the kinds."""
    from showrunner.diagnostics.wording import did_you_mean, nearest, there_are

    known = {kind.name: kind for kind in kinds}
    words = said.replace(",", " ").split()
    numbers = {str(number): name for number, name in enumerate(known, 1)}
    names = {numbers.get(word, word) for word in words}
    if names == {"all"}:
        return list(kinds)
    for name in names - known.keys():
        raise Refusal(f"there is no application `{name}` here", did_you_mean(nearest(name, known), there_are(known)))
    if not names:
        raise Refusal("no application is named", there_are(known))
    return [kind for name, kind in known.items() if name in names]


def _quoted(path: str) -> str:
    """Write a path as it is typed in a command line, in quotes where it needs them."""
    plain = all(character.isalnum() or character in "/\\._-:~+@" for character in path)
    return path if plain else f'"{path}"'
