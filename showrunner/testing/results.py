"""What came of tests, written: for people, as JSON, and as JUnit's XML. Text out, no file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.diagnostics.wording import count, visible
from showrunner.slotted import dataclass
from showrunner.testing.trial import Failed, Loaded, Verdict


@dataclass(frozen=True, slots=True)
class Ran:
    """A file and what came of its tests, each with the seconds it took. A file with errors has no verdicts."""

    loaded: Loaded
    verdicts: tuple[tuple[Verdict, float], ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings for which it was not played."""
        return tuple(one for one in self.loaded.findings if one.severity == "error")


def failure(verdict: Verdict) -> str:
    """Lay out why a test failed, for people: each line that is not true, what was seen, and where the show says it."""
    trial = verdict.trial
    rows = [f"FAILED {trial.path}: {trial.name}"]
    for one in verdict.failed:
        rows += [
            f"  {one.place.path}:{one.place.line}: {one.text}",
            f"    expected  {one.miss.expected}",
            f"    seen      {one.miss.seen}",
        ]
        if one.miss.shown is not None:
            rows.append(f"    {one.miss.shown.path}:{one.miss.shown.line}: {_line(one.miss.shown, verdict.texts)}")
    return "".join(f"{visible(row)}\n" for row in rows)


def text(ran: Sequence[Ran]) -> str:
    """Lay out all that failed, for people, a blank line between. Findings are shown apart from it."""
    blocks = [failure(verdict) for one in ran for verdict, _ in one.verdicts if not verdict.passed]
    return "\n".join(blocks)


def summary(ran: Sequence[Ran]) -> str:
    """Say in one line how it went: `2 of 5 tests failed, 1 file with errors`."""
    verdicts = [verdict for one in ran for verdict, _ in one.verdicts]
    failed = sum(not verdict.passed for verdict in verdicts)
    broken = sum(bool(one.errors) for one in ran)
    said = (
        f"{failed:,} of {count(len(verdicts), 'test')} failed" if failed else f"{count(len(verdicts), 'test')} passed"
    )
    return f"{said}, {count(broken, 'file')} with errors" if broken else said


def as_json(ran: Sequence[Ran]) -> str:
    """Give all of it for a program: `{"version": 1, "tests": […], "findings": […]}`; times are microseconds."""
    tests = [_test(verdict) for one in ran for verdict, _ in one.verdicts]
    findings = [render.as_data(finding) for one in ran for finding in one.loaded.findings]
    whole = {"version": 1, "tests": tests, "findings": findings}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _test(verdict: Verdict) -> dict[str, Any]:
    trial = verdict.trial
    return {
        "path": trial.path,
        "line": trial.place.line,
        "name": trial.name,
        "show": trial.prepared.path,
        "result": "passed" if verdict.passed else "failed",
        "length": verdict.length,
        "failures": [_failed(one, verdict.texts) for one in verdict.failed],
    }


def _failed(one: Failed, texts: Mapping[str, str]) -> dict[str, Any]:
    shown = one.miss.shown
    where = None if shown is None else {"path": shown.path, "line": shown.line, "text": _line(shown, texts)}
    said = {"line": one.place.line, "text": one.text, "expected": one.miss.expected, "seen": one.miss.seen}
    return {**said, "show": where}


def junit(ran: Sequence[Ran]) -> str:
    """Write JUnit's XML: a suite for each file, a case for each test; a file with errors is a case with an error."""
    suites = "".join(_suite(one) for one in ran)
    verdicts = [verdict for one in ran for verdict, _ in one.verdicts]
    broken = sum(bool(one.errors) for one in ran)
    head = _attributes(
        name="showrunner",
        tests=len(verdicts) + broken,
        failures=sum(not verdict.passed for verdict in verdicts),
        errors=broken,
        time=_seconds(took for one in ran for _, took in one.verdicts),
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites{head}>\n{suites}</testsuites>\n'


def _suite(one: Ran) -> str:
    cases = "".join(_case(verdict, took) for verdict, took in one.verdicts)
    if one.errors:
        said = render.text(one.errors, one.loaded.texts)
        head = _attributes(classname=one.loaded.path, name="the file", time="0.000")
        first = _attributes(message=one.errors[0].message, type=one.errors[0].code)
        cases += f"  <testcase{head}>\n    <error{first}>{_xml(said)}</error>\n  </testcase>\n"
    failed = sum(not verdict.passed for verdict, _ in one.verdicts)
    head = _attributes(
        name=one.loaded.path,
        tests=len(one.verdicts) + bool(one.errors),
        failures=failed,
        errors=int(bool(one.errors)),
        time=_seconds(took for _, took in one.verdicts),
    )
    return f" <testsuite{head}>\n{cases} </testsuite>\n"


def _case(verdict: Verdict, took: float) -> str:
    trial = verdict.trial
    head = _attributes(
        classname=trial.path, name=trial.name, file=trial.path, line=trial.place.line, time=_seconds([took])
    )
    if verdict.passed:
        return f"  <testcase{head} />\n"
    first = verdict.failed[0]
    why = _attributes(message=f"{first.text}: {first.miss.seen}", type="expectation")
    return f"  <testcase{head}>\n    <failure{why}>{_xml(failure(verdict))}</failure>\n  </testcase>\n"


def _attributes(**said: object) -> str:
    return "".join(f" {key}={quoteattr(visible(str(value)))}" for key, value in said.items())


def _xml(said: str) -> str:
    return escape("\n".join(map(visible, said.split("\n"))))


def _seconds(took: Iterable[float]) -> str:
    return f"{sum(took):.3f}"


def _line(place: Place, texts: Mapping[str, str]) -> str:
    lines = texts.get(place.path, "").split("\n", place.line)[: place.line]
    return lines[place.line - 1].strip() if len(lines) == place.line else ""
