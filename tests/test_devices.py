"""Every device folder, walked: what each table row promises holds in the check, the driver and the double."""

from dataclasses import replace
from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.soundness import unsound
from showrunner.devices.vocabulary import Silent, Terms
from showrunner.diagnostics.wording import nearest
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show.book import read
from showrunner.show.stage import fixture
from showrunner.wires.loopback import World
from tests.documented import with_documents
from tests.joined import everybody

NAMES = devices.names()
ROWS = [(name, verb) for name in NAMES for verb in devices.find(name).verbs]
IDS = [f"{name} {verb.name} {verb.form}" for name, verb in ROWS]


def stage_for(name, verb):
    """Give the stage with all in its file that a row wants."""
    stage = everybody()
    one, settings = stage[name], dict(stage[name].settings)
    kind = one.device
    if verb.only is not None:
        settings[verb.only[0]] = verb.only[1][0]
    for row in kind.settings if verb.way else ():
        if row.name in {way.setting for way in kind.ways} and settings[row.name] is None:
            settings[row.name] = {part.name: part.example or "studio" for part in row.parts} or row.example
    return {**stage, name: replace(one, settings=settings)}


def compiled(tmp_path, name, verb):
    path = tmp_path / "a.show"
    path.write_text(f"at 0s {verb.example}\n", encoding="utf-8")
    reading = read(str(path))
    made, _ = with_documents(path, reading.book, stage_for(name, verb))
    return reading, made


@pytest.mark.parametrize("name", NAMES)
def test_a_device_folder_has_all_its_parts(name):
    folder = Path(devices.__file__).parent / name
    assert {entry.name for entry in folder.iterdir()} >= {"table.py", "driver.py", "double.py", "README.md", "frames"}
    assert list((folder / "frames").glob("*.jsonl"))


@pytest.mark.parametrize("name", NAMES)
def test_a_device_is_described_whole(name):
    device = devices.find(name)
    assert unsound(device, name) is None
    settings = fixture(name, device).settings
    assert str(settings[device.ways[0].setting]) in device.unreachable(settings)
    assert device.voice is None or {verb.name for verb in device.verbs} >= {device.voice.alone} - {""}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_panic_begins_ends_with_silence(name):
    driver = devices.find(name).driver(Terms(name, fixture(name, devices.find(name)).settings, "0", lambda now: now))
    assert driver.panic(0)[-1] == Silent()
    assert driver.hush(0)[-1] == Silent()


SWITCHES = [
    (name, switch.name, value)
    for name in NAMES
    for switch in devices.find(name).switches
    for value in switch.choices or ([] if switch.takes else [None])
]


@pytest.mark.parametrize(("name", "switch", "value"), SWITCHES)
def test_a_double_has_the_switches_that_its_device_says(name, switch, value):
    device = devices.find(name)
    double = device.double(Terms(name, fixture(name, device).played.settings, "0", lambda now: now // 1000))
    wrong = double.switch(switch, value, 0)[1] or ""
    assert f"`{switch}`" not in wrong, "it is another thing than the switch or its value that is wrong, if anything"
    assert f"`{switch}`" in double.switch(switch, "no such thing", 0)[1]
    assert f"has no switch `{switch}x`" in double.switch(f"{switch}x", value, 0)[1]


@pytest.mark.parametrize(("name", "event"), [(name, event) for name in NAMES for event in devices.find(name).events])
def test_a_double_can_be_made_to_tell_each_event(name, event):
    device = devices.find(name)
    double = device.double(Terms(name, fixture(name, device).played.settings, "0", lambda now: now // 1000))
    switch, value = event.order
    assert f"`{switch}`" not in (double.switch(switch, value, 0)[1] or ""), "there is such a switch, and it takes that"


def test_a_driver_nobody_wrote_is_not_found():
    assert devices.find("nobody") is None
    assert nearest("animase", NAMES) == "animaze"


@pytest.mark.parametrize(("name", "verb"), ROWS, ids=IDS)
def test_the_example_of_a_row_checks_clean_and_is_that_row(name, verb, tmp_path):
    reading, made = compiled(tmp_path, name, verb)
    assert (reading.findings, made.findings) == ((), ())
    (step,) = made.cues.segments[0].tracks[0].body.cues[0].steps
    assert (step.command.device, step.command.verb) == (name, verb)


@pytest.mark.parametrize(("name", "verb"), ROWS, ids=IDS)
def test_the_example_of_a_row_is_carried_out_by_driver_and_double(name, verb, tmp_path):
    told = [*verb.after, verb.example]
    text = "".join(f"at {second}s {line}\n" for second, line in enumerate(told))
    (tmp_path / "a.show").write_text(text, encoding="utf-8")
    made, stage = with_documents(tmp_path / "a.show", read(str(tmp_path / "a.show")).book, stage_for(name, verb))
    stage = {used: one.played if used == name else one for used, one in stage.items()}
    world = World()
    entries = []
    wires = {}
    for used in made.cues.devices:
        terms = Terms(used, stage[used].settings, "0", lambda now: now // 1000)
        wires[used] = world.join(used, stage[used].device.double(terms), stage[used].ways)
    played = Performance(made.cues, stage, wires, world, Journal(entries.append), Options(auto=True))
    assert played.standby(10_000_000) == {}
    result = played.play()
    assert (result.result, result.bad) == ("done", False), [e for e in entries if e["kind"] == "outcome"]
    assert result.counts["done"] == len(told)
    assert any(entry["kind"] == "sent" for entry in entries), name
