"""How findings look: as text with the script's line, as JSON, as GitHub annotations, as SARIF.

Pure: data in, text out. Nothing here opens a file or knows a terminal; whether to colour is the caller's decision.
What a user wrote may hold anything, so no control character and no bidirectional control is passed on as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from showrunner.diagnostics.diagnostic import Diagnostic, Fix, Place
from showrunner.diagnostics.sentence import ENGLISH, Language, plain, sentence
from showrunner.diagnostics.wording import beginning, cells, visible

WIDEST = 160
"""Cells of a source line that are shown; of a longer line, the part around the finding."""

TAB = "    "
"""A tab in a source line, as shown."""

_RED, _YELLOW, _BLUE, _BOLD, _PLAIN = "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"
_Lines: TypeAlias = Mapping[str, Sequence[str]]
_Paint: TypeAlias = Callable[[str], str]
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


# ----------------------------------------------------------------------------------------------------------------- text


def text(
    findings: Iterable[Diagnostic],
    sources: Mapping[str, str],
    *,
    colour: bool = False,
    paint: _Paint | None = None,
    language: Language = ENGLISH,
) -> str:
    """Render findings for people, one block each, a blank line between.

    ``sources`` is the text of each file by its path; a finding in a file that is not there is shown without its line.
    ``paint`` colours a line of a show, and changes nothing else of it.
    """
    found = _said(findings, language)
    paths = {place.path for finding in found for place in (finding.place, *finding.through)}
    lines = {path: sources[path].split("\n") for path in paths if path in sources}
    return "\n".join(_finding(finding, lines, colour, paint, language) for finding in found)


def failure(
    heading: str,
    message: str,
    place: Place,
    sources: Mapping[str, str],
    through: tuple[Place, ...] = (),
    *,
    colour: bool = False,
    paint: _Paint | None = None,
    language: Language = ENGLISH,
) -> str:
    """Render what went wrong while the show ran, with the same carets: `failed: there is no emote called …`."""
    paths = sorted({place.path, *(call.path for call in through)})
    lines = {path: sources[path].split("\n") for path in paths if path in sources}
    told = Diagnostic("", place, plain(language.said(message)), through=through)
    return _block(told, language.said(heading), lines, _RED if colour else "", paint, language)


def _said(findings: Iterable[Diagnostic], language: Language) -> tuple[Diagnostic, ...]:
    """Give the findings as they are said in a language."""
    if language is ENGLISH:
        return tuple(findings)
    return tuple(
        replace(one, message=plain(language.said(one.message)), help=one.help and plain(language.said(one.help)))
        for one in findings
    )


def _finding(finding: Diagnostic, lines: _Lines, colour: bool, paint: _Paint | None, language: Language) -> str:
    tint = _RED if finding.severity == "error" else _YELLOW
    heading = sentence("error[{code}]", finding.code)
    if finding.severity == "warning":
        heading = sentence("warning[{code}]", finding.code)
    return _block(finding, language.said(heading), lines, tint if colour else "", paint, language)


def _block(
    finding: Diagnostic, heading: str, lines: _Lines, tint: str, paint: _Paint | None, language: Language
) -> str:
    strong, frame, usual = (_BOLD, _BLUE, _PLAIN) if tint else ("", "", "")
    place = finding.place
    margin = " " * len(str(place.line))
    rows = [
        f"{tint}{heading}{usual}{strong}: {visible(finding.message)}{usual}",
        f"{frame}{margin}-->{usual} {visible(place.path)}:{place.line}:{place.column}",
    ]
    if place.path in lines:
        before, marked, after = _window(_line(lines, place), place)
        shown = f"{before}{marked}{after}".rstrip()
        if paint is not None and not place.path.endswith((".yaml", ".yml")):
            shown = paint(shown)
        carets = "^" * max(1, cells(marked))
        rows += [
            f"{frame}{margin} |{usual}",
            f"{frame}{place.line} |{usual} {shown}".rstrip(" "),
            f"{frame}{margin} |{usual} {' ' * cells(before)}{tint}{carets}{usual}",
        ]
    if finding.help is not None:
        first, *more = finding.help.split("\n")
        rows.append(f"{frame}{margin} ={usual} {language.said(sentence('help: {help}', visible(first)))}")
        rows += [f"{margin}   {visible(part)}" for part in more]
    for step in finding.through:
        written = _line(lines, step)[step.column - 1 :][: step.length] if step.path in lines else ""
        said = f": {_shown(written)}" if written else ""
        where = f"{visible(step.path)}:{step.line}:{step.column}"
        came = sentence("reached from {place}", where)
        rows.append(f"{frame}{margin} ={usual} {language.said(came)}{said}")
    return "\n".join(rows) + "\n"


def _shown(text: str) -> str:
    return visible(text.replace("\t", TAB))


def _line(lines: _Lines, place: Place) -> str:
    written = lines[place.path]
    return written[place.line - 1].removesuffix("\r") if place.line <= len(written) else ""


def _window(line: str, place: Place) -> tuple[str, str, str]:
    first = min(place.column - 1, len(line))
    last = min(first + place.length, len(line))
    if last - first > WIDEST // 2:
        last = first + WIDEST // 2
    before, marked = _shown(line[max(0, first - WIDEST) : first]), _shown(line[first:last])
    after = _shown(line[last : last + WIDEST])
    if first <= WIDEST and len(line) - last <= WIDEST and cells(before + marked + after) <= WIDEST:
        return before, marked, after
    room = WIDEST - cells(marked)
    if first > WIDEST or cells(before) > room // 2:
        before = "…" + beginning(before[::-1], room // 2)[::-1]
    room -= cells(before)
    if len(line) - last > WIDEST or cells(after) > room:
        after = beginning(after, max(0, room)) + "…"
    return before, marked, after


# ----------------------------------------------------------------------------------------------------------------- JSON


def as_json(findings: Iterable[Diagnostic], *, language: Language = ENGLISH) -> str:
    """Give the findings as one line of JSON, in the shape of `check --format json`.

    ``fix`` is null or ``{"path", "line", "column", "length", "text"}``: put ``text`` where that place is.
    """
    return dumps({"version": 1, "findings": [as_data(finding) for finding in _said(findings, language)]}) + "\n"


def as_data(finding: Diagnostic) -> dict[str, Any]:
    """Give one finding as the object that stands in the JSON list."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": finding.place.path,
        "line": finding.place.line,
        "column": finding.place.column,
        "length": finding.place.length,
        "message": finding.message,
        "help": finding.help,
        "fix": None if finding.fix is None else _fix(finding.fix),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    place = fix.place
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "length": place.length,
        "text": fix.text,
    }


def dumps(value: Any) -> str:
    r"""Give ``value`` as compact JSON: readable UTF-8, but unprintable characters (lone surrogates too) as `\uXXXX`."""
    import json

    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if written.isprintable():
        return written
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in written)


# --------------------------------------------------------------------------------------------------------------- GitHub


def github(findings: Iterable[Diagnostic], *, language: Language = ENGLISH) -> str:
    """Give one workflow command a finding, as GitHub Actions reads them from a job's output.

    Source: GitHub Docs, "Workflow commands for GitHub Actions", section "Setting an error message".
    """
    return "".join(map(_annotation, _said(findings, language)))


def _annotation(finding: Diagnostic) -> str:
    place = finding.place
    said = visible(finding.message)
    if finding.help:
        said += "\n" + "\n".join(map(visible, f"help: {finding.help}".split("\n")))
    properties = {
        "file": visible(place.path),
        "line": str(place.line),
        "endLine": str(place.line),
        "col": str(place.column),
        "endColumn": str(place.column + place.length),
        "title": finding.code,
    }
    inside = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    return f"::{finding.severity} {inside}::{_escaped(said, '')}\n"


def _escaped(value: str, also: str) -> str:
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + also else c for c in value)


# ---------------------------------------------------------------------------------------------------------------- SARIF


def sarif(
    findings: Iterable[Diagnostic], *, version: str, titles: Mapping[str, str], language: Language = ENGLISH
) -> str:
    """Give a SARIF log (OASIS, "Static Analysis Results Interchange Format", version 2.1.0) of one run.

    ``version`` is the program's own; ``titles`` explains each code in a few words.
    """
    found = _said(findings, language)
    codes = sorted({finding.code for finding in found})
    log = {
        "$schema": _SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "showrunner",
                        "version": version,
                        "rules": [_rule(code, titles.get(code, code)) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes.index(finding.code)) for finding in found],
            }
        ],
    }
    return dumps(log) + "\n"


def _rule(code: str, title: str) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": title},
        "help": {"text": f"`showrunner explain {code}` says more, with a wrong and a right example."},
        "defaultConfiguration": {"level": "error" if code.startswith("E") else "warning"},
    }


def _result(finding: Diagnostic, rule: int) -> dict[str, Any]:
    message = finding.message if finding.help is None else f"{finding.message}\nhelp: {finding.help}"
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": message},
        "locations": [_location(finding.place)],
    }
    if finding.through:
        result["relatedLocations"] = [
            {**_location(place), "message": {"text": "reached from here"}} for place in finding.through
        ]
    if finding.fix is not None:
        replacement = {"deletedRegion": _region(finding.fix.place), "insertedContent": {"text": finding.fix.text}}
        artifact = {"uri": _uri(finding.fix.place.path)}
        result["fixes"] = [
            {
                "description": {"text": finding.help or "the correction"},
                "artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}],
            }
        ]
    return result


def _location(place: Place) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(place.path)}, "region": _region(place)}}


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.line,
        "endColumn": place.column + place.length,
    }


def _uri(path: str) -> str:
    from urllib.parse import quote

    written = quote(path, safe="/~!$&'()*+,;=@", errors="surrogatepass")
    if path.startswith("/"):
        return f"file://{written}"
    if path[1:3] == ":/":
        return f"file:///{path[0]}:{quote(path[2:], errors='surrogatepass')}"
    return written
