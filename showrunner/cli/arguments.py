"""What several commands take as a word: a script, the stage, what the models have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from showrunner.cli.terminal import output
from showrunner.devices.vocabulary import Inventory
from showrunner.diagnostics.diagnostic import has_errors
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.wording import count
from showrunner.engine.messages import Planned
from showrunner.show.book import STDIN
from showrunner.show.catalogue import load
from showrunner.show.stage import Stage, called
from showrunner.show.stage_file import setup
from showrunner.timeline.cues import CueList
from showrunner.times import short


def script(path: str) -> str:
    """Take a script, or a folder that has exactly one directly in it."""
    if not path:
        raise nameless()
    if not Path(path).is_dir():
        return path
    found = sorted(entry.as_posix() for entry in Path(path).glob("*.show") if entry.is_file())
    if len(found) != 1:
        listed = f"name one of: {', '.join(found)}" if found else "name a script"
        counted = f"has {count(len(found), 'script')}" if found else "has no `.show` file"
        raise Refusal(f"the folder `{path}` {counted}", listed)
    return found[0]


def nameless() -> Refusal:
    """Give why an empty word is no script: to the system it would be the folder we are in."""
    return Refusal("an empty word is no script", "name a script, a folder (`.` is this one), or `-`")


def standing(path: str | None, named: Sequence[str] | None = None) -> Stage:
    """Read the stage at ``path``, else from `stage.yaml` here, else the usual one. What is wrong is shown.

    ``named``: devices as the user named them, several with commas between; a kind that the stage lacks comes to it.
    """
    made = setup(STDIN, path)
    output.findings(made.findings, made.texts)
    if has_errors(made.findings):
        raise Refusal("the stage file has mistakes")
    return called(made.stage, (name.strip() for one in named or () for name in one.split(",")))


def catalogued(stage: Stage, path: str | None) -> Mapping[str, Inventory]:
    """Read the catalogue at ``path``, else the stage's own: what the models have. What is wrong is shown."""
    known = load(path or stage.catalogue, stage.fixtures)
    output.findings(known.findings, known.texts)
    if known.findings:
        raise Refusal("the catalogue has mistakes")
    return known.inventories


def unheard(given: Sequence[Planned], cues: CueList, length: int) -> None:
    """Warn of orders that nobody heard: of buttons that the show does not have, and of what came when it was over."""
    for name in dict.fromkeys(one.name for one in given if one.action == "button" and one.name not in cues.buttons):
        output.warn(f"--press: nobody in this show waits for the button `{name}`")
    late = min((one.at for one in given if one.at > length), default=None)
    if late is not None:
        output.warn(
            f"the show was over at {short(length)}, before what is given for {short(late)}; `--stay` lets it play on"
        )
