"""Secrets that a driver gets: from the variable that the stage file names, if the user allows it, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.vocabulary import Terms
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Options
from showrunner.running import permits
from showrunner.running.dry_run import double
from showrunner.running.performance import Performance
from showrunner.running.wiring import wiring
from showrunner.show import allowed, stage_file
from showrunner.show.prepare import prepare
from showrunner.wires.inbox import RealInbox
from showrunner.wires.loopback import World
from showrunner.wires.reach import Permit
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Unreachable
from tests.vault import VAULT

SECRET = "sesame"  # noqa: S105 - that of the double
STAGE = "devices:\n  vault: {{url: '{url}', key-env: {variable}}}\n"
NEAR, FAR = "ws://localhost:4455", "ws://203.0.113.9:4455"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    monkeypatch.setenv("VAULT_PASSWORD", f" {SECRET} \n")
    monkeypatch.setenv("HOME_KEY", "of somebody else")
    known = devices.find
    monkeypatch.setattr(devices, "find", lambda name: VAULT if name == "vault" else known(name))
    return tmp_path


def staged(url=NEAR, variable="VAULT_PASSWORD", text=STAGE):
    Path("stage.yaml").write_text(text.format(url=url, variable=variable), encoding="utf-8")
    return stage_file.setup("a.show")


@pytest.mark.parametrize(
    ("url", "variable", "allow", "finding", "given"),
    [
        (NEAR, "VAULT_PASSWORD", "", [], {"key-env": SECRET}),
        (NEAR, "VAULT_UNSET", "", [], {}),
        (NEAR, "HOME_KEY", "", ["W530"], {}),
        (NEAR, "HOME_KEY", "variables: [HOME_KEY]", [], {"key-env": "of somebody else"}),
        (FAR, "VAULT_PASSWORD", "", ["W531"], {}),
        (FAR, "VAULT_PASSWORD", "addresses: ['203.0.113.9:4455']", [], {"key-env": SECRET}),
        (FAR, "VAULT_PASSWORD", "addresses: ['203.0.113.9:1']", ["W531"], {}),
    ],
)
def test_a_driver_gets_what_the_user_allows(url, variable, allow, finding, given):
    allowed.file().write_text(allow, encoding="utf-8")
    stage = staged(url, variable)
    assert [one.code for one in stage.findings] == finding
    assert permits.secrets(stage.stage.fixtures["vault"]) == given


def test_of_a_variable_that_is_not_written_out_the_address_is_judged_too():
    stage = staged(FAR, text="devices:\n  vault: {{url: '{url}'}}\n")
    assert [one.code for one in stage.findings] == ["W531"]
    assert permits.secrets(stage.stage.fixtures["vault"]) == {}


def test_the_wires_of_a_run_have_it_for_real_programs_and_for_no_double():
    fixtures = {"vault": staged().stage.fixtures["vault"]}
    for simulated, expected in (frozenset(), {"vault": {"key-env": SECRET}}), (frozenset({"vault"}), {}):
        made = wiring(fixtures, simulated, {}, lambda now: now)
        try:
            assert made.secrets == expected
        finally:
            made.close()


def test_a_name_that_turns_out_to_be_far_is_not_dialled(monkeypatch):
    found = [(2, ("203.0.113.9", 4455))]
    monkeypatch.setattr("showrunner.wires.websocket._look_up", lambda *_: found)
    inbox = RealInbox()
    wire = ClientWire("vault", "ws://studio:4455", inbox, permit=Permit("allow it"))
    wire.open()
    try:
        arrival = inbox.next(inbox.now() + 10_000_000)
    finally:
        wire.close()
    assert arrival is not None
    assert arrival.what == Unreachable(
        "nothing is sent to studio:4455 (203.0.113.9), which is not of this machine or its local network; allow it",
        "forbidden",
    )


def test_it_stands_in_no_journal_and_in_no_words():
    Path("a.show").write_text("at 0s vault open left\n", encoding="utf-8")
    staged()
    show, world, entries = prepare("a.show"), World(), []
    fixture = show.fixtures["vault"]  # its double wants the password, unlike that of a dry run
    world.join("vault", double(fixture, None, lambda now: now), fixture.ways)
    secrets = {"vault": {"key-env": SECRET}}
    journal = Journal(entries.append)
    performance = Performance(
        show.cues, {"vault": fixture}, world.wires, world, journal, Options(auto=True), secrets=secrets
    )
    assert performance.standby(10_000_000) == {}
    assert performance.play().counts["done"] == 1
    performance.close()
    sent = [entry["frame"] for entry in entries if entry["kind"] == "sent"]
    assert sent[0].keys() == {"password", "says"}
    assert SECRET not in json.dumps(entries)
    assert SECRET not in repr(Terms("vault", {}, "0", lambda now: now, secrets=secrets["vault"]))
