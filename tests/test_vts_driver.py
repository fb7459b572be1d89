"""VTube Studio's driver: joined to its double, and against one that misbehaves."""

from pathlib import Path

import pytest

from showrunner import devices
from tests.joined import check_recorded

FRAMES = sorted((Path(devices.__file__).parent / "vts" / "frames").glob("*.jsonl"))


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_the_recorded_frames_are_what_driver_and_double_say(path):
    check_recorded("vts", path)
