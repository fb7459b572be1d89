"""A dry run as a picture: python examples/picture.py shows/hello/hello.show shows/hello/hello.svg

The table is the real one, with its colours. No font is fetched from anywhere: the picture takes what is there.
"""

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from showrunner import cli
from showrunner.cli.terminal import output
from showrunner.cli.terminal.colours import painted

FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def table(script: str) -> str:
    """Run `showrunner dry-run` as a terminal would see it; give what it prints."""
    out = io.StringIO()
    output.out, output.painter = out.write, lambda _: painted  # as on a terminal that shows colours
    sys.argv = ["showrunner", "dry-run", script]
    try:
        cli.main()
    except SystemExit as left:
        if left.code:
            raise
    return out.getvalue()


def picture(text: str, title: str) -> str:
    """Draw text with colours as a terminal's window (SVG)."""
    shown = Text.from_ansi(f"$ {title}\n{text.rstrip()}")
    width = max(line.cell_len for line in shown.split())
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(shown, no_wrap=True, crop=False, overflow="ignore")
    drawn = console.export_svg(title="showrunner", unique_id="show")
    without = re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL)
    return re.sub(r"font-family: Fira Code[^;]*;", f"font-family: {FONTS};", without)


if __name__ == "__main__":
    script, target = sys.argv[1:]
    if not target.endswith(".svg"):
        sys.exit("the picture's name ends with .svg")
    made = picture(table(script), f"showrunner dry-run {script}")
    Path(target).write_text(made, encoding="utf-8", newline="\n")
