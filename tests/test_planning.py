"""Long work beside a show: the plan of the newest text alone is made, and what is urgent goes first."""

from __future__ import annotations

import threading

import pytest

from showrunner import yielding
from showrunner.console.rows import Rows
from showrunner.engine.messages import Options
from showrunner.running.dry_run import dry_run
from showrunner.running.planner import Planner
from showrunner.show.prepare import prepare

PATIENCE = 20


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "a.show"
    made = []
    for word in ("old", "new"):
        path.write_text(
            f"segment one\n  at 0s log '{word}'\n  cue last at 3s log 'x'\nsegment two\n  at 1s log 'y'", "utf-8"
        )
        made.append(prepare(str(path)))
    return made


def test_a_plan_that_is_outdated_before_it_is_made_is_given_up(texts):
    old, new = texts
    made, newer = [], threading.Event()
    planner = Planner(made.append, lambda _: newer.wait(PATIENCE), Rows(), "0")
    try:
        planner.ask(old, old.cues)
        planner.ask(new, new.cues)
        newer.set()
        known = planner.of(new.cues)
    finally:
        planner.close()
    assert [one.cues for one in made] == [new.cues]
    assert known is made[0]
    assert [(segment.name, segment.start) for segment in known.plan.segments] == [("one", 0), ("two", 3_000_000)]
    assert [(cue.where, cue.at) for cue in known.plan.cues] == [
        (("one", "main", "L2"), 0),
        (("one", "main", "last"), 3_000_000),
        (("two", "main", "L5"), 4_000_000),
    ]
    assert not known.plan.commands


def test_who_waits_for_a_plan_is_let_go_when_no_more_are_made(texts):
    planner = Planner(pytest.fail, lambda _: True, Rows(), "0")
    planner.close()
    assert planner.of(texts[0].cues) is None


CHANCE = """\
segment one
  at 0s  repeat 9 times every 1s to 9s
    at 0s  log "turn"
"""


def test_a_plan_draws_what_its_show_draws(tmp_path):
    (tmp_path / "a.show").write_text(CHANCE, "utf-8")
    show = prepare(str(tmp_path / "a.show"))
    lengths = {}
    for seed in ("7", "1a2b3c4d"):
        played = []
        dry_run(show.cues, show.fixtures, played.append, options=Options(seed=seed, auto=True))
        planner = Planner(lambda _: None, lambda _: True, Rows(), seed)
        try:
            planner.ask(show, show.cues)
            lengths[seed] = planner.of(show.cues).plan.length, played[-1]["at"]
        finally:
            planner.close()
    assert all(planned == lasted for planned, lasted in lengths.values())
    assert len(set(lengths.values())) == len(lengths)


def test_what_is_urgent_goes_before_long_work(monkeypatch):
    monkeypatch.setattr(yielding, "LONGEST", PATIENCE)
    monkeypatch.setattr(yielding, "BREATH", -1.0)
    monkeypatch.setattr(yielding, "_breath", yielding._Breath())
    done, begun = [], threading.Event()

    def long_work():
        begun.set()
        done.extend(yielding.gently(["long"]))

    worker = threading.Thread(target=long_work)
    with yielding.first():
        worker.start()
        assert begun.wait(PATIENCE)
        with yielding.first():
            done.append("urgent")
        assert done == ["urgent"]
        done.append("urgent still")
    worker.join(PATIENCE)
    assert done == ["urgent", "urgent still", "long"]


def test_many_things_are_let_go_bit_by_bit():
    items = list(range(1_000))
    yielding.forget(items)
    assert items == []
