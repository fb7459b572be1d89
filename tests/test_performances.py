"""Every file in performances/: a script, the plan of its world, and the exact journal that must come of it.

`SHOWRUNNER_UPDATE=1` writes the journals anew: read the difference before you believe it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import invariants
from tests.stagehand import perform

HERE = Path(__file__).parent / "performances"
CASES = sorted(path.stem for path in HERE.glob("*.show"))


@pytest.mark.parametrize("name", CASES)
def test_a_performance_leaves_exactly_this_journal(name: str) -> None:
    script, plan, journal = (HERE / f"{name}.{kind}" for kind in ("show", "plan", "journal"))
    played = perform(script, plan.read_text("utf-8") if plan.exists() else "")
    if os.environ.get("SHOWRUNNER_UPDATE"):
        journal.write_bytes(played.journal.encode())
    assert played.journal == journal.read_bytes().decode()
    invariants.one_outcome_each(played.entries)
    invariants.time_never_runs_backwards(played.entries)


def test_there_are_cases() -> None:
    assert len(CASES) >= 20
