"""A plugin of pytest: `*.showtest` files are collected, each of their tests is one. Loaded by pytest alone.

It is nothing to any other file, and imports nothing of showrunner before the first such file is met.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from showrunner.testing.trial import Loaded, Trial, Verdict


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the files that end so, and no others."""
    if file_path.suffix != ".showtest":
        return None
    return ShowTestFile.from_parent(parent, path=file_path)


class ShowTestFile(pytest.File):
    """A file of tests."""

    def collect(self) -> Iterator[pytest.Item]:
        """Read it; where it or its show has errors, that is one item that fails with all of them."""
        from showrunner.testing.trial import load

        loaded = load(_shown(self.path))
        if not loaded.trials:
            yield ShowTestItem.from_parent(self, name="reads", loaded=loaded, trial=None)
        for trial in loaded.trials:
            yield ShowTestItem.from_parent(self, name=trial.name, loaded=loaded, trial=trial)


class ShowTestItem(pytest.Item):
    """One test of a file."""

    def __init__(self, *, loaded: Loaded, trial: Trial | None, name: str, parent: pytest.Collector) -> None:
        super().__init__(name, parent)
        self._loaded = loaded
        self._trial = trial

    def runtest(self) -> None:
        """Play it."""
        from showrunner.testing.trial import play

        if self._trial is None:
            raise Unread
        verdict = play(self._trial)
        if not verdict.passed:
            raise Untrue(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: object) -> str:
        """Show the lines that are not true, and no lines of Python."""
        from showrunner.diagnostics import render
        from showrunner.testing.results import failure

        if isinstance(excinfo.value, Untrue):
            return failure(excinfo.value.verdict)
        if isinstance(excinfo.value, Unread):
            return render.text(self._loaded.findings, self._loaded.texts)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where it stands."""
        line = 0 if self._trial is None else self._trial.place.line - 1
        return self.path, line, self.name


class Unread(Exception):  # noqa: N818 - pytest has its own errors
    """The file, or its show, has errors."""


class Untrue(Exception):  # noqa: N818 - pytest has its own errors
    """A line of the test is not true."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.trial.name)
        self.verdict = verdict


def _shown(path: Path) -> str:
    """Give a path as seen from here, where it is below."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return os.fspath(path)
