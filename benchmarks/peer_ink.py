"""Reading, checking and compiling a script, beside the compiler of ink (inkjs, in node) on as many lines.

ink is a language for written stories: another work, of the same kind. Each line here is a cue of one spoken line, there
a line of text with a choice now and then. inkjs is installed into a temporary folder, from npm; without node or npm
this says so and ends.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measure import Absent, Row, ratios, run, seconds, shown, spread

from showrunner.show.prepare import prepare

NODE = """
const fs = require('fs');
const { Compiler } = require('inkjs/full');
new Compiler('Hello.\\n').Compile();
const text = fs.readFileSync(process.argv[2], 'utf8');
for (let run = 0; run < Number(process.argv[3]); run++) {
  const start = process.hrtime.bigint();
  const story = new Compiler(text).Compile();
  story.ToJson();
  console.log(Number(process.hrtime.bigint() - start) / 1e9);
}
"""


def show(lines: int) -> str:
    said = (f'at {n * 2}s say happy "Line {n}, and how are you today?"' for n in range(lines))
    return "\n".join(said) + "\n"


def story(lines: int) -> str:
    said = (
        f"Line {n}, and how are you today?" if n % 50 else f"== part_{n}\nLine {n}. -> part_{n + 50}"
        for n in range(lines)
    )
    return "-> part_0\n" + "\n".join(said) + f"\n-> DONE\n== part_{lines}\n-> DONE\n"


def ink(quick: bool) -> Iterator[Row]:
    """Compile as many lines of both."""
    lines, runs = (1_000, 2) if quick else (10_000, 3)
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise Absent("there is no npm and node here")
    with tempfile.TemporaryDirectory() as folder:
        install = [npm, "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", "inkjs"]
        installed = subprocess.run(install, capture_output=True, text=True, check=False)
        if installed.returncode:
            raise Absent(f"npm could not install inkjs: {installed.stderr.strip()[-200:]}")
        ours, theirs = Path(folder, "a.show"), Path(folder, "a.ink")
        ours.write_text(show(lines), "utf-8")
        theirs.write_text(story(lines), "utf-8")
        Path(folder, "compile.js").write_text(NODE, "utf-8")
        words = [node, str(Path(folder, "compile.js")), str(theirs), str(runs)]
        ran = subprocess.run(words, capture_output=True, text=True, check=True)
        peer = [float(line) for line in ran.stdout.split()]
        prepare(str(ours))
        mine = [seconds(lambda: prepare(str(ours))) for _ in range(runs)]
    detail = (f"{lines:,} lines of a show: {spread(mine, 's')}", f"of ink, by inkjs: {spread(peer, 's')}")
    yield Row(
        "a line read and compiled", shown([one / lines for one in mine]), "inkjs", ratios(mine, peer), detail=detail
    )


PARTS = {"ink": ink}

if __name__ == "__main__":
    run(PARTS, __doc__)
