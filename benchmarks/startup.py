"""How long `showrunner check` takes on a small file, from nothing, beside `python -c "import lark"`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measure import ratios, side_by_side, spread

LINE = "at 00:05 animaze emote Emote_Angry; live2d set ParamAngleY 10 for 2s; say happy 'hi'\n"


def main(runs: int = 25) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "small.show"
        script.write_text(LINE, "utf-8")
        command = [str(Path(sys.executable).with_name("showrunner")), "check", str(script)]

        def ours() -> None:
            subprocess.run(command, env=environment, check=True, capture_output=True)

        def peer() -> None:
            subprocess.run([sys.executable, "-c", "import lark"], env=environment, check=True)

        side_by_side(ours, peer, 3)
        mine, theirs = side_by_side(ours, peer, runs)
    print(f"showrunner check, one line: {spread(mine, 'ms', 1000)}")
    print(f'python -c "import lark":    {spread(theirs, "ms", 1000)}')
    print(f"ratio: {ratios(mine, theirs)} (aim: below 2.5)")


if __name__ == "__main__":
    main()
