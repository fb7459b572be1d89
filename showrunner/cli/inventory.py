"""`showrunner inventory`: the catalogue, brought up to date by the devices themselves."""

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from showrunner.cli.options import Doubles, OneDevice, StageHere
from showrunner.cli.terminal import output
from showrunner.cli.terminal.speaking import spoken
from showrunner.diagnostics.refusal import Refusal, reason

if TYPE_CHECKING:
    from showrunner.devices.vocabulary import Fixture
    from showrunner.show.catalogue_update import CatalogueChange

EXAMPLE = """Examples:
  showrunner inventory -o catalogue.yaml
  showrunner inventory -o catalogue.yaml --device animaze --keep
  showrunner inventory -o trying.yaml --doubles all"""

UNREADY = 4

_FIRST = "# What the models have, as the programs say. `showrunner inventory` brings it up to date; comments stay.\n"

_SIGNS = {"new": "+", "gone": "-", "other": "~"}


def command(
    target: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="The catalogue (else the stage's own).")
    ] = None,
    stage: StageHere = None,
    device: OneDevice = None,
    doubles: Doubles = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave names in the file that the devices no longer have.")
    ] = False,
) -> None:
    """Ask the devices what they have and write it into the catalogue. Comments and order stay."""
    from showrunner.cli.arguments import standing
    from showrunner.cli.doctor import told
    from showrunner.diagnostics import render
    from showrunner.diagnostics.wording import visible
    from showrunner.running.orders import chosen, devices
    from showrunner.running.visit import reach
    from showrunner.show.catalogue import load
    from showrunner.show.catalogue_update import count
    from showrunner.show.outputs import apart
    from showrunner.show.stage import CATALOGUE, NAME

    standing_ = standing(stage, device)
    path = target or standing_.catalogue or CATALOGUE.default
    apart(path, (standing_.path or NAME,))
    fixtures = {
        name: one
        for name, one in chosen("--device", device, standing_.fixtures).items()
        if any(row.told for row in one.device.catalogue)
    }
    simulated = devices("--doubles", doubles or "", standing_.fixtures) & fixtures.keys()
    if not fixtures:
        raise Refusal("none of these devices has anything to list")
    there = Path(path).exists()
    known = load(path if there else None, standing_.fixtures)
    if known.findings:
        output.say(
            render.text(known.findings, known.texts, colour=output.coloured(sys.stderr), language=spoken()).rstrip("\n")
        )
        raise Refusal("the catalogue has mistakes: correct them first, or name another file with -o")
    before = text = next(iter(known.texts.values()), "") if there else _FIRST
    changes: list[CatalogueChange] = []
    found = reach(fixtures, standing_.connect_timeout, output.warn, output.say, simulated, known.inventories)
    for name, one in found.items():
        if one.inventory is not None:
            kind = fixtures[name].device
            counted = count(text, name, kind.name, kind.catalogue, one.inventory, keep=keep)
            text, changes = counted.text, [*changes, *counted.changes]
    if text != before:
        _write(path, text, standing_.fixtures)
    for name, one in found.items():
        mine = [change for change in changes if change.device == name]
        if one.right:
            output.out(f"{name}: {visible(summary(mine, keep=keep))}\n")
            for change in mine:
                now = f": {change.now}" if change.now else ""
                output.out(f"  {_SIGNS[change.what]} {change.list} {visible(change.name)}{now}\n")
        else:
            output.say(f"{name}: not ready, what the catalogue says of it stays")
            for label, said in told(fixtures[name], one):
                output.say(f"  {label + ':':<7}{visible(said)}")
    output.say(f"{visible(path)}: {'written' if text != before else 'nothing to change'}")
    raise typer.Exit(0 if all(one.right for one in found.values()) else UNREADY)


def summary(changes: "Iterable[CatalogueChange]", *, keep: bool = False) -> str:
    """Say in a line what is different: `3 emotes new, ParamMouthX gone`."""
    counted: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        counted.setdefault((change.list, change.what), []).append(change.name)
    words = {"new": "new", "gone": "gone, but kept" if keep else "gone", "other": "different"}
    said = [
        f"{names[0] if len(names) == 1 else f'{len(names)} {list_}'} {words[what]}"
        for (list_, what), names in counted.items()
    ]
    return ", ".join(said) or "as the catalogue says"


def _write(path: str, text: str, fixtures: "Mapping[str, Fixture]") -> None:
    """Put the text in the file's place, in one step. Leaves with 2 where that cannot be, and the file is as it was."""
    from showrunner.show.catalogue import load

    file = Path(path).resolve()
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with beside.open("x", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if load(str(beside), fixtures).findings:
            raise Refusal(
                f"`{path}` is written in a way that cannot be changed by a program; nothing was written",
                "name another file with -o, and take from it what you need",
            )
        if file.exists():
            shutil.copymode(file, beside)
        beside.replace(file)
    except (OSError, ValueError) as error:
        raise Refusal(f"`{path}` cannot be written: {reason(error)}") from error
    finally:
        beside.unlink(missing_ok=True)
