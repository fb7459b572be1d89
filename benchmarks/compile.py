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
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from lark import Lark

sys.path.insert(0, str(Path(__file__).parent))
from measure import Row, ratios, run, shown, side_by_side, spread

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


def bare(text: str) -> Callable[[], None]:
    """Have Lark read the lines, and nothing else."""
    grammar = files("showrunner.grammar").joinpath("show.lark").read_text("utf-8")
    lark = Lark(grammar, parser="lalr", lexer="contextual", start="line", propagate_positions=True)
    lines = text.splitlines()

    def read() -> None:
        for line in lines:
            lark.parse(line)

    return read


def compiling(quick: bool) -> Iterator[Row]:
    """Read and compile."""
    cues, runs = (1_000, 2) if quick else (10_000, 5)
    text, fixtures = script(cues), stage.standard()

    def ours() -> None:
        parsed = parse(text, "bench.show")
        book = Book("bench.show", {"bench.show": Source("bench.show", text, parsed.script)}, {}, "")
        made = compile_show(book, fixtures)
        assert not parsed.findings
        assert made.cues is not None

    with uncollected():
        mine, theirs = side_by_side(ours, bare(text), runs)
    detail = (f"read, checked and compiled: {spread(mine, 's')}", f"bare Lark on the same lines: {spread(theirs, 's')}")
    yield Row(f"{cues:,} cues compiled", shown(mine), "bare Lark", ratios(mine, theirs), 1.3, detail=detail)


def checking(quick: bool) -> Iterator[Row]:
    """All that `check` does, its plan included."""
    cues, runs = (1_000, 2) if quick else (10_000, 5)
    text = script(cues)
    with tempfile.TemporaryDirectory() as folder, uncollected():
        path = Path(folder, "bench.show")
        path.write_text(text, "utf-8")

        def ours() -> None:
            with contextlib.redirect_stderr(io.StringIO()):
                assert check([str(path)]) == 0

        mine, theirs = side_by_side(ours, bare(text), runs)
    detail = (f"`check`: {spread(mine, 's')}", f"bare Lark on the same lines: {spread(theirs, 's')}")
    yield Row(f"{cues:,} cues checked, planned", shown(mine), "bare Lark", ratios(mine, theirs), 1.3, detail=detail)


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


PARTS = {"compile": compiling, "check": checking}

if __name__ == "__main__":
    run(PARTS, __doc__)
