"""From text to cue list, and all that `check` does, cold, beside bare Lark.

Bare Lark has the same grammar and the same lines, and makes trees with positions and nothing else. No side collects
garbage meanwhile: `check` itself does not.
"""

from __future__ import annotations

import contextlib
import gc
import io
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from lark import Lark

sys.path.insert(0, str(Path(__file__).parent))
from measure import ratios, side_by_side, spread

from showrunner.cli.scripts import check
from showrunner.show import stage
from showrunner.syntax.nodes import Book, Source
from showrunner.syntax.parser import parse
from showrunner.timeline.compiler import compile_show


def script(cues: int) -> str:
    lines = [
        f"at {n * 800}ms animaze emote Emote_{n % 40}; live2d set ParamAngleY {n % 30} for {n % 6 + 1}00ms; "
        f'say happy "{n}"'
        for n in range(cues)
    ]
    return "\n".join(lines) + "\n"


def main(cues: int = 10_000, runs: int = 5) -> None:
    text = script(cues)
    lines = text.splitlines()
    fixtures = stage.standard()
    grammar = files("showrunner.grammar").joinpath("show.lark").read_text("utf-8")
    lark = Lark(grammar, parser="lalr", lexer="contextual", start="line", propagate_positions=True)

    def ours() -> None:
        parsed = parse(text, "bench.show")
        book = Book("bench.show", {"bench.show": Source("bench.show", text, parsed.script)}, {}, "")
        made = compile_show(book, fixtures)
        assert not parsed.findings
        assert made.cues is not None

    def whole() -> None:
        with contextlib.redirect_stderr(io.StringIO()):
            assert check([path]) == 0

    def bare() -> None:
        for line in lines:
            lark.parse(line)

    gc.disable()
    mine, theirs = side_by_side(ours, bare, runs)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "bench.show"))
        Path(path).write_text(text, "utf-8")
        checked, beside = side_by_side(whole, bare, runs)
    print(f"{cues:,} three-command cues, read, checked and compiled: {spread(mine, 's')}")
    print(f"bare Lark on the same lines:                            {spread(theirs, 's')}")
    print(f"ratio: {ratios(mine, theirs)}")
    print(f"`check` with its plan: {spread(checked, 's')}, ratio {ratios(checked, beside)} (aim: 2)")


if __name__ == "__main__":
    main()
