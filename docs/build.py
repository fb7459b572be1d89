"""Makes the site: `python docs/build.py`, then open `build/docs/site/index.html` or serve that folder.

Pages that people wrote lie in `pages/`. All else is made of what is in the project: the reference, a page for each
finding and each device (of their tables), the commands (of their own help), the shows with their pictures, and
`llms.txt`. The page on which one tries the language is `try/`: the program itself, in the browser, by Pyodide (npm).
`--without-try` leaves that out, and so does a machine without npm, which is said. A link that leads nowhere is an
error.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
OUT = ROOT / "build" / "docs"

LIBRARIES = ("lark", "platformdirs", "ruamel.yaml")
"""What the program needs in the browser, beside Python's own library."""

MOVED = {
    "grammar/README.md": "reference.md",
    "examples/README.md": "examples.md",
    "showrunner/console/README.md": "console.md",
    "README.md": "index.md",
    "CHANGELOG.md": "project/changelog.md",
    "DESIGN.md": "project/design.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
}
"""The project's own papers, and where they stand on the site."""


def main() -> None:
    """Make the site."""
    asked = argparse.ArgumentParser(description="Makes the site of showrunner.")
    asked.add_argument("--out", type=Path, default=OUT, help="the folder for it (build/docs)")
    asked.add_argument("--without-try", action="store_true", help="leave out the page with Python in the browser")
    given = asked.parse_args()
    print(f"the site lies in {made(given.out.resolve(), tried=not given.without_try)}")


def made(out: Path, *, tried: bool = True) -> Path:
    """Make the pages and then the site below ``out``; give the site's folder. Raises where a link leads nowhere."""
    pages = out / "pages"
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(HERE / "pages", pages)
    for path, text in written():
        target = pages / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    pictures(pages)
    try_it(pages, whole=tried)
    build(pages, out / "site")
    (out / "site" / "llms.txt").write_text(listed_for_machines(pages), encoding="utf-8", newline="\n")
    return out / "site"


def build(pages: Path, site: Path) -> None:
    """Have MkDocs make the site of the pages."""
    sys.path.insert(0, str(HERE))
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    from mkdocs.commands.build import build as mkdocs
    from mkdocs.config import load_config

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    config = load_config(str(HERE / "mkdocs.yml"), docs_dir=str(pages), site_dir=str(site), strict=True)
    config.nav = filled(config.nav or [], pages)
    mkdocs(config)


def filled(nav: list[Any], pages: Path) -> list[Any]:
    """Give the navigation with the pages of a folder where it names one: its index first."""
    whole: list[Any] = []
    for one in nav:
        title, what = next(iter(one.items())) if isinstance(one, dict) else ("", one)
        if isinstance(what, list):
            whole.append({title: filled(what, pages)})
        elif title and (pages / what).is_dir():
            names = sorted(path.name for path in (pages / what).glob("*.md") if path.name != "index.md")
            whole.append({title: [f"{what}/index.md", *(f"{what}/{name}" for name in names)]})
        else:
            whole.append(one)
    return whole


# ------------------------------------------------------------------------------------------------- what is made of what


def written() -> Iterator[tuple[str, str]]:
    """Give all pages that are made: path below the pages, text."""
    for source, target in MOVED.items():
        if target != "index.md":
            yield target, moved(source, target) + (examples() if target == "examples.md" else "")
    yield from findings()
    yield from devices()
    yield from shows()
    yield "commands.md", commands()


def moved(source: str, target: str) -> str:
    """Give one of the project's papers with its links as the site has them; what is not on the site is no link."""
    text = (ROOT / source).read_text(encoding="utf-8")

    def link(found: re.Match[str]) -> str:
        words, to = found[1], found[2]
        if to.startswith(("http://", "https://", "#", "mailto:")):
            return found[0]
        path, _, anchor = to.partition("#")
        inside = os.path.normpath(os.path.join(os.path.dirname(source), path)).replace(os.sep, "/")
        there = placed(inside)
        if there is None:
            return words if not words.startswith("!") else ""
        way = os.path.relpath(there, os.path.dirname(target) or ".").replace(os.sep, "/")
        return f"{words[:1] if words.startswith('!') else ''}[{label(words)}]({way}{'#' + anchor if anchor else ''})"

    text = re.sub(r"(!?\[[^\]]*\])\(([^)\s]+)\)", link, text)
    text = re.sub(r'<img src="([^"]+)"', lambda one: image(one[1], source, target), text)
    return re.sub(r"^```(show|console|yaml)[^\n]*$", r"```\1", text, flags=re.MULTILINE)


def label(words: str) -> str:
    """Give the words of a link without their brackets."""
    return words.removeprefix("!")[1:-1]


def image(path: str, source: str, target: str) -> str:
    """Give the beginning of a picture's tag with its path on the site."""
    there = placed(os.path.normpath(os.path.join(os.path.dirname(source), path)).replace(os.sep, "/"))
    up = "../" * (target.removesuffix("index.md").count("/") + (0 if target.endswith("index.md") else 1))
    return f'<img src="{up}{there}"'


def placed(path: str) -> str | None:
    """Give where a file of the project stands on the site; None where it does not."""
    if path in MOVED:
        return MOVED[path]
    if (found := re.fullmatch(r"showrunner/devices/(\w+)(/README\.md)?", path)) is not None:
        return f"devices/{found[1]}.md"
    if (found := re.fullmatch(r"showrunner/diagnostics/codes/(\w+)\.md", path)) is not None:
        return f"findings/{found[1]}.md"
    if (found := re.fullmatch(r"shows/([\w-]+)/.*\.show", path)) is not None:
        return f"shows/{found[1]}.md"
    if re.fullmatch(r"examples/[\w-]+\.show", path) is not None:
        return f"examples.md#{Path(path).stem}"
    if re.fullmatch(r"(examples|shows/[\w-]+)/[\w-]+\.(png|svg|gif|webp)", path) is not None:
        return f"pictures/{Path(path).name}"
    return {"examples": "examples.md", "shows": "shows/index.md"}.get(path)


def examples() -> str:
    """Give every example with its text."""
    parts = []
    for path in sorted(ROOT.glob("examples/*.show")):
        parts += [f"## {path.stem}", "", "```show", path.read_text(encoding="utf-8").rstrip(), "```", ""]
    return "\n" + "\n".join(parts) + "\n"


def findings() -> Iterator[tuple[str, str]]:
    """Give a page for each finding, and one that lists them."""
    from showrunner.diagnostics import codes

    rows = ["# Findings", "", "What `showrunner check` can say, each with a wrong and a right example.", ""]
    for kind, title in (("E", "Errors: the show is not played"), ("W", "Warnings: it plays")):
        rows += [f"## {title}", "", "| code | what it is |", "| --- | --- |"]
        for code in codes.names():
            page = codes.page(code)
            if page is not None and code.startswith(kind):
                rows.append(f"| [`{code}`]({code}.md) | {page.title} |")
                wrong, right = (f"```show\n{text}```" for text in (page.wrong, page.right))
                yield (
                    f"findings/{code}.md",
                    f"# {code} · {page.title}\n\n{page.prose}\n\n## Wrong\n\n{wrong}\n\n## Right\n\n{right}\n",
                )
        rows.append("")
    yield "findings/index.md", "\n".join(rows)


def devices() -> Iterator[tuple[str, str]]:
    """Give a page for each device: its table as a reference, and behind it what its folder says of the program."""
    from showrunner.devices.vocabulary import COMMON, Finished
    from showrunner.show.stage import kinds

    rows = ["# Devices", "", "| device | program | what it is |", "| --- | --- | --- |"]
    for device in kinds():
        rows.append(f"| [`{device.name}`]({device.name}.md) | {program(device.title)} | {cell(device.first.about)} |")
        text = [f"# {device.name} · {program(device.title)}", "", "## What a show can ask of it", ""]
        for verb in device.verbs:
            text += [f"### `{f'{device.name} {verb.name} {verb.form}'.rstrip()}`", "", verb.says, ""]
            if verb.finished is Finished.SENT:
                text += ["Nothing answers: nobody will ever know what came of it.", ""]
            text += ["```show", f"at 1s  {verb.example}", "```", ""]
        if device.events:
            text += ["## What it tells", "", "| event | what happened | fields |", "| --- | --- | --- |"]
            text += [
                f"| `{cell(f'{event.name} {event.form}'.rstrip())}` | {cell(event.says)} | "
                f"{cell('; '.join(f'`{field.name}` {field.says}' for field in event.fields))} |"
                for event in device.events
            ]
        text += [
            "",
            "## Settings",
            "",
            "In the stage file, below its name.",
            "",
            "| setting | what it is |",
            "| --- | --- |",
        ]
        text += [f"| `{row.name}` | {cell(row.says)} |" for row in (*device.settings, *COMMON)]
        folder = ROOT / "showrunner" / "devices" / device.name / "README.md"
        if folder.exists():
            page = moved(f"showrunner/devices/{device.name}/README.md", f"devices/{device.name}.md")
            head, _, rest = page.partition("\n")
            text += [
                "",
                f"## The program: {head.removeprefix('# ')}",
                "",
                re.sub(r"^(#+) ", r"#\1 ", rest, flags=re.MULTILINE),
            ]
        yield f"devices/{device.name}.md", "\n".join(text) + "\n"
    yield "devices/index.md", "\n".join(rows) + "\n"


def program(title: str) -> str:
    """Give the name of a program at the beginning of a line."""
    return title.removeprefix("the ")


def cell(text: str) -> str:
    """Give a text as it may stand in a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ").replace("…", "…")


def shows() -> Iterator[tuple[str, str]]:
    """Give a page for each whole show: its text, its plan as a picture, and the page that plays it."""
    rows = ["# Whole shows", "", "To read, to play, to steal from.", ""]
    for script in sorted(ROOT.glob("shows/*/*.show")):
        name = script.parent.name
        if script.stem != name:
            continue
        text = script.read_text(encoding="utf-8")
        title = re.search(r'^show "([^"]+)"', text, re.MULTILINE)
        called = title[1] if title is not None else name
        rows.append(f"- [{called}]({name}.md) (`shows/{name}`)")
        typed = f"showrunner preview shows/{name}/{name}.show -o {name}.html"
        plays = f"[Play it: puppets, voices, scenes](../pictures/{name}.html){{target=_blank}} · `{typed}`"
        picture = f"![The plan of {called} as a picture](../pictures/{name}.plan.svg)"
        yield f"shows/{name}.md", f"# {called}\n\n{plays}\n\n{picture}\n\n```show\n{text}```\n"
    yield "shows/index.md", "\n".join(rows) + "\n"


def commands() -> str:
    """Give the page of the commands, of their own help."""
    from typer.main import get_command

    from showrunner.cli.app import COMMANDS, build

    rows = getattr(get_command(build(list(COMMANDS))), "commands", {})
    text = ["# Commands", "", "What each does, as `showrunner COMMAND --help` has it.", ""]
    for name in sorted(rows):
        command = rows[name]
        text += [f"## {name}", "", (command.help or "").strip(), "", "| option | what it does |", "| --- | --- |"]
        for row in command.params:
            spelled = (
                ", ".join((*row.opts, *row.secondary_opts))
                if row.opts[0].startswith("-")
                else str(row.metavar or row.name)
            )
            text.append(f"| `{cell(spelled)}` | {cell(getattr(row, 'help', '') or '')} |")
        lines = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  ")]
        text += ["", *(["```text", *lines, "```", ""] if lines else [])]
    return "\n".join(text) + "\n"


def pictures(pages: Path) -> None:
    """Make the pictures: those of the project, and of each whole show its plan and the page that plays it."""
    from showrunner.drawing.preview import preview
    from showrunner.drawing.score import score
    from showrunner.drawing.staged import staged
    from showrunner.drawing.svg import svg
    from showrunner.reports.plan import plan
    from showrunner.show.prepare import prepare

    folder = pages / "pictures"
    folder.mkdir()
    for picture in (*ROOT.glob("examples/*.png"), *ROOT.glob("shows/*/*.svg"), *ROOT.glob("examples/*.[gw]*")):
        shutil.copy(picture, folder / picture.name)
    for script in sorted(ROOT.glob("shows/*/*.show")):
        name = script.parent.name
        if script.stem != name:
            continue
        ready = prepare(str(script))
        if ready.cues is None:
            raise SystemExit(f"{script} does not check")
        planned = plan(ready.cues, ready.fixtures, ready.inventories)
        texts = {path: text for path, text in ready.texts.items() if path.endswith(".show")}
        (folder / f"{name}.plan.svg").write_text(
            svg(score(planned, ready.cues, ready.fixtures)), encoding="utf-8", newline="\n"
        )
        (folder / f"{name}.html").write_text(
            preview(staged(planned, ready.cues, ready.fixtures, texts)), encoding="utf-8", newline="\n"
        )


# ----------------------------------------------------------------------------------------------------------- try it out


def try_it(pages: Path, *, whole: bool) -> None:
    """Put the page on which one writes a show where the site has it, with the program and with Python beside it."""
    folder = pages / "try"
    folder.mkdir()
    for name in ("try.js", "worker.js", "in_page.py", "try.css"):
        shutil.copy(HERE / "try" / name, folder / name)
    shutil.copy(HERE / "try" / "try.md", pages / "try.md")
    if not whole:
        return
    npm = shutil.which("npm")
    installed = HERE / "try" / "node_modules" / "pyodide"
    if not installed.exists() and npm is not None:
        subprocess.run([npm, "ci", "--prefix", str(HERE / "try"), "--silent", "--no-fund", "--no-audit"], check=False)
    if not installed.exists():
        print(
            "there is no npm here, or it reaches nothing: the page to try the language on stays empty", file=sys.stderr
        )
        return
    (folder / "pyodide").mkdir()
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"):
        shutil.copy(installed / name, folder / "pyodide" / name)
    packed(folder / "showrunner.zip")


def packed(target: Path) -> None:
    """Pack the program and what it needs, as one archive that is unpacked in the browser."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((ROOT / "showrunner").rglob("*")):
            inside = path.relative_to(ROOT)
            if path.is_file() and "__pycache__" not in inside.parts and "page" not in inside.parts:
                archive.write(path, str(inside))
        for path in sorted((ROOT / "grammar").iterdir()):
            archive.write(path, f"showrunner/grammar/{path.name}")
        for library in LIBRARIES:
            for file in metadata.files(library) or ():
                if file.suffix == ".py":
                    archive.write(str(file.locate()), str(file))


def listed_for_machines(pages: Path) -> str:
    """Give `llms.txt`: what this is, and every page with its first sentence, for programs that read the site."""
    text = [
        "# showrunner",
        "",
        "> A text timeline for VTuber shows: `.show` scripts are checked offline, rehearsed with live reload and",
        "> played on Animaze, the Live2D Cubism Editor, AITuberKit, OBS, VTube Studio, OSC and VMC.",
        "",
    ]
    for folder, title in (
        ("start", "Learn"),
        ("recipes", "Recipes"),
        ("how", "Understand"),
        ("", "Look up"),
        ("devices", "Devices"),
        ("shows", "Shows"),
        ("findings", "Findings"),
    ):
        text += [f"## {title}", ""]
        for path in sorted((pages / folder).glob("*.md")):
            whole = re.sub(r"^---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            head, _, rest = whole.strip().partition("\n")
            said = next((one for one in rest.split("\n\n") if one.strip() and one.strip()[0] not in "#|`!<[-"), "")
            where = path.relative_to(pages).as_posix().removesuffix(".md").removesuffix("index").rstrip("/") + "/"
            first = " ".join(said.split()).split(". ")[0].rstrip(".:")
            text.append(f"- [{head.removeprefix('# ')}](./{where.lstrip('/')})" + (f": {first}" if first else ""))
        text.append("")
    return "\n".join(text)


if __name__ == "__main__":
    main()
