"""Scripts as cases: what stands in `accepted` checks without a word, what stands in `refused` with exactly these words.

`SHOWRUNNER_UPDATE=1` writes the expected texts anew. Each file is named as the rule it shows; `NAME.yaml` is the
catalogue of a refused script that needs one.
"""

import os
from pathlib import Path

import pytest

from showrunner.diagnostics import render
from showrunner.show.prepare import prepare

CASES = Path(__file__).parent / "language"
ACCEPTED = sorted(path.stem for path in (CASES / "accepted").glob("*.show"))
REFUSED = sorted(path.stem for path in (CASES / "refused").glob("*.show"))


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_accepted_script_checks_without_a_word(name, monkeypatch):
    monkeypatch.chdir(CASES / "accepted")
    prepared = prepare(f"{name}.show")
    assert render.text(prepared.findings, prepared.texts) == ""
    assert prepared.cues is not None


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_script_gets_exactly_these_words(name, monkeypatch):
    monkeypatch.chdir(CASES / "refused")
    catalogue = f"{name}.yaml"
    prepared = prepare(f"{name}.show", None, catalogue if Path(catalogue).exists() else None)
    shown = render.text(prepared.findings, prepared.texts)
    expected = CASES / "refused" / f"{name}.txt"
    if os.environ.get("SHOWRUNNER_UPDATE"):
        expected.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == expected.read_text(encoding="utf-8")
    assert shown, "a refused script has findings"


def test_no_expected_text_is_left_behind_without_its_script():
    assert {path.stem for path in (CASES / "refused").glob("*.txt")} == set(REFUSED)
    assert ACCEPTED
    assert len(REFUSED) >= 60
