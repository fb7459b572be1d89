"""The scripts that a command line names, checked: which they are, what is found in them, how it is printed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from pathlib import Path

from showrunner import __version__
from showrunner.cli.arguments import nameless
from showrunner.cli.terminal import output
from showrunner.cli.terminal.speaking import spoken
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Diagnostic, in_reading_order
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.sentence import Sentence, joined, plain, sentence
from showrunner.diagnostics.wording import count, visible
from showrunner.show import user_files
from showrunner.show.book import STDIN, Reading, read
from showrunner.show.prepare import Prepared, prepare, undisturbed


@undisturbed()
def check(
    paths: list[str],
    form: str = "text",
    *,
    catalogue: str | None = None,
    stage: str | None = None,
    strict: bool = False,
) -> int:
    """Check every script named and print what is found; give the exit code."""
    prepared = [prepare(path, stage, catalogue, reading) for path, reading in find(paths).items()]
    findings = in_reading_order([finding for one in prepared for finding in one.findings])
    texts = {path: text for one in prepared for path, text in one.texts.items()}
    output.out(printed(form, findings, texts))
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    files = len({path for one in prepared for path in one.reading.texts} | {one.path for one in prepared})
    said = [count(errors, "error") if errors else sentence("no errors")]
    said += [count(warnings, "warning")] if warnings else []
    fine = sum(one.fine for one in prepared)
    said += [sentence("{number:,} silenced", fine)] if fine else []
    summary = sentence("{found} in {files}", joined(said, ", "), count(files, "file"))
    if len(prepared) == 1 and prepared[0].cues is not None:
        summary += ": " + _planned(prepared[0])
    output.say(summary)
    return 1 if errors or (strict and warnings) else 0


def _planned(prepared: Prepared) -> Sentence:
    from showrunner.engine.messages import Options
    from showrunner.reports.plan import ENDS, VOICES, chancy, plan, summary

    if prepared.cues is None:
        return plain("")
    # What was read stays, and is not looked through again; what the imagined world leaves behind may go.
    gc.freeze()
    gc.enable()
    show, fixtures, inventories = prepared.cues, prepared.stage.fixtures, prepared.inventories
    between = None
    if chancy(show):
        least, most = (plan(show, fixtures, inventories, VOICES, options=Options(chance=end)).length for end in ENDS)
        between = (min(least, most), max(least, most))
    return summary(plan(show, fixtures, inventories, VOICES), show, between)


def below(folder: str) -> list[str]:
    """Name every script in a folder and the folders in it, sorted. Leaves with 2 where there is none."""
    found = sorted(entry.as_posix() for entry in Path(folder).rglob("*.show") if entry.is_file())
    if not found:
        way_out = "name a script, or a folder with scripts in it"
        raise Refusal(f"there is no `.show` file below `{folder}`", way_out)
    return found


BESIDE = {
    ".yaml": "a YAML file",
    ".yml": "a YAML file",
    ".journal": "a journal",
    ".jsonl": "a journal",
    ".md": "a text",
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"), "a picture"),
}
"""What lies beside a script and is none, by its ending; `my-show/*` names all of it."""

_KNOWN = {"stage.yaml": "the stage file", "catalogue.yaml": "the catalogue"}


def only_scripts(paths: list[str]) -> list[str]:
    """Leave away what is no script, and say what it is. Leaves with 2 where nothing else is named."""
    found = []
    for path in paths:
        what = _KNOWN.get(Path(path).name) or BESIDE.get(Path(path).suffix.lower())
        if what is None or Path(path).is_dir():
            found.append(path)
            continue
        read = "; it is read with the script beside it" if Path(path).name in _KNOWN else ""
        said = f"`{path}` is {what}, no script{read}"
        if len(paths) == 1:
            raise Refusal(said, "name a `.show` file, or the folder it lies in")
        output.say(f"note: {visible(said)}")
    return found


def find(paths: list[str]) -> Mapping[str, Reading]:
    """Read every script named; of a folder those that are not a part of another script in it."""
    readings: dict[str, Reading] = {}
    cache = user_files.grammar()
    for path in only_scripts(paths):
        if not path:
            raise nameless()
        if path != STDIN and Path(path).is_dir():
            readings.update(_whole({one: read(one, cache, path) for one in below(path)}))
        else:
            readings[path] = read(path, cache)
    return readings


def _whole(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    included = {file for path, reading in readings.items() for file in reading.texts if file != path}
    kept = {path: reading for path, reading in readings.items() if path not in included}
    covered = {file for reading in kept.values() for file in reading.texts}
    for path, reading in readings.items():
        # What is left goes round in a circle; one of them shows it.
        if path not in covered and path not in kept:
            kept[path] = reading
            covered |= set(reading.texts)
    return kept


def printed(form: str, findings: tuple[Diagnostic, ...], texts: Mapping[str, str]) -> str:
    """Give the findings as ``form`` wants them: `text`, `json`, `github`, `sarif`."""
    match form:
        case "json":
            return render.as_json(findings, language=spoken())
        case "github":
            return render.github(findings, language=spoken())
        case "sarif":
            from showrunner.diagnostics import codes

            return render.sarif(findings, version=__version__, titles=codes.titles(spoken().name), language=spoken())
        case _:
            return render.text(
                findings,
                texts,
                colour=output.coloured(sys.stdout),
                paint=output.painter(sys.stdout) if findings else None,
                language=spoken(),
            )
