"""What viewers write comes through a `when` as data: kept, said and written down, never obeyed or read as a script."""

import json

import pytest

from showrunner.devices.strangers import without_tags
from showrunner.diagnostics.wording import tamed
from showrunner.engine.journal import line
from showrunner.engine.messages import Brought, Options, Planned
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import prepare
from showrunner.wires.wire import Pressed
from tests.rooms import SAID

ROOM = """\
when aituber chat.message -> message
  at 0s  log "{message}"; say "<{message}>"; animaze chat "<{message}>"; osc send "/chat" "{message}"
when button donate -> gift
  at 0s  log "{gift} {gift.amount}"; say "{gift}"
segment s at least 20s
  at 0s  wait 1s
"""


@pytest.fixture
def room(tmp_path):
    (tmp_path / "room.show").write_text(ROOM, "utf-8")
    prepared = prepare(str(tmp_path / "room.show"))
    assert prepared.cues is not None
    return prepared


def evening(room, happens):
    """Play the room while something happens to its world; give the journal, as it would stand on a disk."""
    entries = []
    options = Options(auto=True, presses=(Planned(0, "button", "nobody"),))
    dry_run(room.cues, room.stage.fixtures, entries.append, options=options, arrange=happens)
    return [json.loads(line(entry).encode("utf-8")) for entry in entries]


def frames_of(entries, verb):
    """Give the frames that were sent for the command with this verb, as JSON."""
    (id_,) = [entry["id"] for entry in entries if entry["kind"] == "command" and entry["verb"] == verb]
    frames = [entry["frame"] for entry in entries if entry["kind"] == "sent" and entry.get("id") == id_]
    return json.dumps(frames, ensure_ascii=False)


def results(entries):
    return [entry["result"] for entry in entries if entry["kind"] == "outcome"]


@pytest.mark.parametrize("text", SAID, ids=lambda text: ascii(text[:20]))
def test_what_is_typed_into_the_page_is_said_as_it_stands(room, text):
    entries = evening(room, lambda world: world.switch("aituber", world.now() + 1_000_000, "type", text))
    (heard,) = [entry["became"] for entry in entries if entry["kind"] == "heard"]
    (logged,) = [entry["message"] for entry in entries if entry["kind"] == "log"]
    assert (heard, logged) == ("begun", tamed(text))
    assert results(entries) == ["done"] * 3
    for verb, text_there in (("say", f"<{without_tags(logged)}>"), ("send", logged)):
        assert json.dumps(text_there, ensure_ascii=False) in frames_of(entries, verb)


@pytest.mark.parametrize("text", SAID, ids=lambda text: ascii(text[:20]))
def test_what_comes_with_a_press_is_logged_as_it_stands(room, text):
    came = Pressed("button", "donate", given=Brought(text, {"amount": 5, "user": text}))
    entries = evening(room, lambda world: world.press(world.now() + 1_000_000, came))
    (logged,) = [entry["message"] for entry in entries if entry["kind"] == "log"]
    assert logged == f"{tamed(text)} 5"
    assert results(entries) == ["done"]
