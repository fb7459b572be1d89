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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measure import ratios, seconds, spread

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


def main(lines: int = 10_000, runs: int = 3) -> int:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        print("there is no npm and node here, so there is nothing to compare with")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        install = [npm, "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", "inkjs"]
        installed = subprocess.run(install, capture_output=True, text=True, check=False)
        if installed.returncode:
            print(
                f"npm could not install inkjs, so there is nothing to compare with: {installed.stderr.strip()[-200:]}"
            )
            return 1
        ours, theirs = Path(folder, "a.show"), Path(folder, "a.ink")
        ours.write_text(show(lines))
        theirs.write_text(story(lines))
        Path(folder, "compile.js").write_text(NODE)
        words = [node, str(Path(folder, "compile.js")), str(theirs), str(runs)]
        ran = subprocess.run(words, capture_output=True, text=True, check=True)
        peer = [float(line) for line in ran.stdout.split()]
        prepare(str(ours))
        mine = [seconds(lambda: prepare(str(ours))) for _ in range(runs)]
    print(f"{lines:,} lines of a show, read, checked and compiled:  {spread(mine, 's')}")
    print(f"as many lines of ink, compiled by inkjs ({_version(node)}): {spread(peer, 's')}")
    print(f"ratio per line: {ratios(mine, peer)}")
    return 0


def _version(node: str) -> str:
    return f"node {subprocess.run([node, '--version'], capture_output=True, text=True, check=True).stdout.strip()}"


if __name__ == "__main__":
    sys.exit(main())
