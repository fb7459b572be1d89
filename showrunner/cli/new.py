"""`showrunner new`: a first show to change."""

import os
from pathlib import Path
from typing import Annotated

import typer

from showrunner.cli.terminal import output
from showrunner.diagnostics.refusal import Refusal, reason

EXAMPLE = """Example:
  showrunner new my-show"""

SHOW = """\
# A first show. Look at it:   showrunner dry-run {show}
# Check it:                   showrunner check {folder}
# Play it without programs:   showrunner run {show} --doubles all
# Play it for real:           showrunner run {show}

show "My first show"

# A name for something that is used more than once: $host, or {host} inside quotes.
let host = "Mika"

segment opening
  # `at` is a time on the clock of this segment. A `;` means: together.
  at 00:00  animaze scene Spaceship; animaze avatar Avatar03
  at 00:02  animaze emote Emote_Wave for 3s; live2d set ParamAngleY 10 for 2s
  at 00:03  say happy "Good morning, I am {host}!"

  # `then` means: when all that stands above is finished, the speech too.
  then      say "Today we try out a show that is written as text."
  then +1s  live2d move ParamAngleX to 20 over 1s ease in-out

  # `hold` waits until you press GO (Enter).
  then  hold "ready for the song?"

# The next segment begins when the one before is over.
segment song "Our song" at least 12s
  # Tracks run side by side: she sways while she sings.
  track body
    at 0s  repeat every 2s
      at 0s  live2d move ParamBodyAngleX to 8 over 1s ease in-out
      at 1s  live2d move ParamBodyAngleX to -8 over 1s ease in-out
  track voice
    at 1s     say happy "La la la, this is my song."
    then +1s  say relaxed "Thank you for listening!"
"""

STAGE = """\
# Where the programs are. What is not written here is as shown; delete what you do not need.
devices:
  # Animaze: Settings > Animaze API > Enabled.
  animaze: {url: 'ws://localhost:9000', timeout: 5s}
  # Live2D Cubism Editor: File > External application integration settings.
  live2d: {url: 'ws://localhost:22033', timeout: 2s, rate: 30}
  # AITuberKit: Settings > AI settings > External Linkage Mode. Its page connects to this address.
  aituber: {mode: serve, url: 'ws://localhost:8000/ws', speech-rate: 12}
  # A second Animaze on another computer; then write `guest emote Emote_Wave` in the show.
  # guest: {driver: animaze, url: 'ws://192.168.0.7:9000'}

# What happens when a command fails: continue, stop or hold.
defaults: {on-failure: continue}
"""

CATALOGUE = """\
# What your models really have. With it, a misspelled name is found before the show.
# Write your own names here; what has no list is not checked.
animaze:
  avatars: [Avatar03]
  scenes: [Spaceship, Stream]
  emotes: [Emote_Angry, Emote_Wave]
live2d:
  parameters:
    ParamAngleX: {min: -30, max: 30, default: 0}
    ParamAngleY: {min: -30, max: 30, default: 0}
    ParamBodyAngleX: {min: -10, max: 10, default: 0}
"""


def command(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder to make.")],
) -> None:
    """Begin with a first show. Makes a folder with it, a stage file and a catalogue, all explained by comments."""
    from showrunner.diagnostics.wording import visible

    where = Path(folder)
    name = f"{where.absolute().name or 'first'}.show"
    if not f"{folder}{name}".isprintable():
        raise Refusal(f"`{folder}` has a character in it that nobody can see", "name the folder without it")
    show, whole = _quoted((where / name).as_posix()), _quoted(where.as_posix())
    head, begins, rest = SHOW.partition("\n\n")
    head = head.format(show=show, folder=whole)
    texts = {name: f"{head}{begins}{rest}", "stage.yaml": STAGE, "catalogue.yaml": CATALOGUE}
    there = [entry for entry in texts if os.path.lexists(where / entry)]
    if there:
        raise Refusal(f"`{where / there[0]}` is there already", "name a folder that is new or empty")
    try:
        where.mkdir(parents=True, exist_ok=True)
        for entry, text in texts.items():
            with (where / entry).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            output.out(f"{visible((where / entry).as_posix())}\n")
    except OSError as error:
        raise Refusal(f"`{folder}` cannot be made: {reason(error)}") from error
    output.say(f"Look at it now: showrunner dry-run {visible(show)}")


def _quoted(path: str) -> str:
    """Write a path as it is typed in a command line, in quotes where it needs them."""
    plain = all(character.isalnum() or character in "/\\._-:~+@" for character in path)
    return path if plain else f'"{path}"'
