"""The stage that a command without a script stands on (`doctor`, `inventory`, `simulate`), and visits to it."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import replace

from showrunner.cli.terminal import output
from showrunner.cli.wiring import wiring
from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import has_errors
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.wording import did_you_mean, nearest, quoted, there_are, visible
from showrunner.running.visit import Found, visit
from showrunner.show import user_files
from showrunner.show.book import STDIN
from showrunner.show.catalogue import load
from showrunner.show.stage import Stage, setup


def standing(path: str | None) -> Stage:
    """Read the stage at ``path``, else from `stage.yaml` here, else the usual one. Leaves with 2 where it is wrong."""
    made = setup(STDIN, path)
    if made.findings:
        output.say(render.text(made.findings, made.texts, colour=output.coloured(sys.stderr)).rstrip("\n"))
        if has_errors(made.findings):
            raise Refusal("the stage file has mistakes")
    return made.stage


def profiled(fixture: Fixture, profile: str | None) -> Fixture:
    """Give the device as another build of its program, where it has builds and one is named."""
    if profile is None or "profile" not in fixture.settings:
        return fixture
    return replace(fixture, settings={**fixture.settings, "profile": profile})


def catalogued(stage: Stage, path: str | None) -> Mapping[str, Inventory]:
    """Read the catalogue at ``path``, else the stage's own: what the models have. Leaves with 2 where it is wrong."""
    known = load(path or stage.catalogue, stage.fixtures)
    if known.findings:
        output.say(render.text(known.findings, known.texts, colour=output.coloured(sys.stderr)).rstrip("\n"))
        raise Refusal("the catalogue has mistakes")
    return known.inventories


def chosen(stage: Stage, names: Collection[str] | None) -> dict[str, Fixture]:
    """Give the devices of these names, in stage order; all where none is named. Leaves with 2 for an unknown one."""
    for name in names or ():
        if name not in stage.fixtures:
            way_out = did_you_mean(nearest(name, stage.fixtures), there_are(map(quoted, stage.fixtures)))
            raise Refusal(f"the stage has no device called `{name}`", way_out)
    return {name: one for name, one in stage.fixtures.items() if not names or name in names}


def visited(
    stage: Stage,
    fixtures: Mapping[str, Fixture],
    simulated: frozenset[str] = frozenset(),
    inventories: Mapping[str, Inventory] | None = None,
) -> dict[str, Found]:
    """Visit these devices; those in ``simulated`` are doubles, which have what ``inventories`` say."""
    epoch = time.time_ns() // 1_000_000

    def stamp(now: int) -> int:
        return epoch + now // 1_000

    wired = wiring(fixtures, simulated, inventories or {}, stamp)

    def remember(device: str, key: str, value: str) -> None:
        wrong = None if device in simulated else user_files.remember(wired.fixtures[device], key, value)
        if wrong is not None:
            output.say(f"warning: {visible(wrong)}")

    try:
        return visit(
            wired.fixtures,
            wired.wires,
            wired.inbox,
            stage.connect_timeout,
            stamp=stamp,
            seed=f"{epoch & 0xFFFFFFFF:08x}",
            memory=user_files.memory({name: one for name, one in fixtures.items() if name not in simulated}),
            remember=remember,
        )
    finally:
        wired.close()
