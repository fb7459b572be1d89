"""What the disk of this machine has: tests that need more are skipped."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest


def _made() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder, "link")
        try:
            link.symlink_to("nowhere")
        except OSError:
            return False
        return link.is_symlink()


LINKS = pytest.mark.skipif(not _made(), reason="no link can be made here: Windows asks for a right, Wine makes none")

FULL = pytest.mark.skipif(
    sys.platform == "win32" or not Path("/dev/full").exists(),  # under Wine it exists as a name
    reason="only where there is a disk that is always full",
)
