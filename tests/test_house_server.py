"""A house on a real server: a take-over by processes, counted; and what one machine pays for it, which is nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_who_plays_on_one_machine_loads_none_of_it(tmp_path):
    (tmp_path / "a.show").write_text('segment one\n  at 0s log "hello"\n', encoding="utf-8")
    code = (
        "import sys\nfrom showrunner.cli import app\n"
        "try:\n    app.run(['run', 'a.show', '--yes'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name == 'nats' or name.startswith('showrunner.house')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_a_take_over_by_processes_leaves_nothing_out_and_does_nothing_twice(tmp_path):
    pytest.importorskip("nats", reason="the client of the house's server is not installed")
    from showrunner.diagnostics.refusal import Refusal
    from showrunner.house.demonstration import Demonstration
    from showrunner.house.serving import program

    try:
        program()
    except Refusal as refusal:
        pytest.skip(refusal.message)
    demonstration = Demonstration(tmp_path, lambda _: None)
    try:
        demonstration.begin()
        seen = demonstration.take_over()
    finally:
        demonstration.close()
    assert (seen.twice, seen.missing) == (0, 0)
    assert seen.commands > 240
    assert seen.first is not None
