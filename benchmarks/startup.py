"""How long `showrunner check` takes on a small file, from nothing, beside `python -c "import lark"`.

Both sides run as at a user's: with byte code kept, and without `interegular`, a package that only those have who work
on grammars, and that costs Lark a third of a second where it is installed: a folder before all others refuses it.
The grammar is kept in a cache folder, as at every start but the first, which is measured apart.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measure import Row, ratios, run, shown, side_by_side, spread

LINE = "at 00:05 animaze emote Emote_Angry; live2d set ParamAngleY 10 for 2s; say happy 'hi'\n"
REFUSED = "raise ImportError('not at a user\\'s')\n"


def starting(quick: bool) -> Iterator[Row]:
    """Check one line, with the grammar kept from the start before; then as at the very first start."""
    runs = 3 if quick else 25
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        script, cache, shadow = Path(folder, "small.show"), Path(folder, "cache"), Path(folder, "shadow")
        script.write_text(LINE, "utf-8")
        shadow.mkdir()
        (shadow / "interegular.py").write_text(REFUSED, "utf-8")
        environment |= {"PYTHONPATH": str(shadow), "SHOWRUNNER_CACHE": str(cache)}
        command = [str(Path(sys.executable).with_name("showrunner")), "check", str(script)]

        def ours() -> None:
            subprocess.run(command, env=environment, check=True, capture_output=True)

        def first() -> None:
            shutil.rmtree(cache, ignore_errors=True)
            ours()

        def peer() -> None:
            subprocess.run([sys.executable, "-c", "import lark"], env=environment, check=True)

        side_by_side(ours, peer, 3)
        for claim, work, aim, times in (
            ("check of one line", ours, 2.0, runs),
            ("the very first", first, None, runs // 3),
        ):
            mine, theirs = side_by_side(work, peer, times)
            detail = (f"ours: {spread(mine, 'ms', 1000)}", f"`import lark`: {spread(theirs, 'ms', 1000)}")
            yield Row(claim, shown(mine), "import lark", ratios(mine, theirs), aim, detail=detail)


PARTS = {"startup": starting}

if __name__ == "__main__":
    run(PARTS, __doc__)
