"""OBS' driver, joined to its double: every row with its end, and what becomes of it where OBS misbehaves."""

from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.obs.protocol import OURS
from tests.joined import Joined, check_recorded

FRAMES = sorted((Path(devices.__file__).parent / "obs" / "frames").glob("*.jsonl"))


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_the_recorded_frames_are_what_driver_and_double_say(path):
    check_recorded("obs", path)


def test_obs_is_asked_for_what_the_show_waits_for_and_for_more_where_a_later_text_does():
    stage = Joined("obs", events=("scene",)).connect()
    stage.call("listen", ("scene", "record"))
    stage.call("listen", ("scene", "record", "shown"))
    stage.call("listen", ("scene", "record", "shown"))
    asked = [(frame["op"], frame["d"]["eventSubscriptions"]) for _, frame in stage.frames if frame["op"] in {1, 3}]
    assert asked == [(1, OURS), (3, OURS | 128)]
    stage.lose()
    stage.connect()
    assert stage.frames[-4][1]["d"]["eventSubscriptions"] == OURS | 128
