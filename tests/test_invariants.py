"""Random programs in a random world keep what every journal must keep.

The generators are in ``programs``, the rules in ``invariants``.
"""

from __future__ import annotations

import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from showrunner.timeline import cues
from tests import invariants, toys
from tests.chance import examples
from tests.coherence import coherent
from tests.programs import shows, worlds
from tests.toys import World

ROWS = {("toy", v.name): v for v in toys.VERBS.values() if v.stream is None}


@examples(150)
@given(shows(), worlds())
def test_every_journal_keeps_the_rules(cue_list: cues.CueList, world: dict[str, object]) -> None:
    played = World(cue_list, **world, look=lambda caller: coherent(caller.play))  # type: ignore[arg-type]
    entries = played.run()
    invariants.replayed_the_same(played)
    invariants.time_never_runs_backwards(entries)
    invariants.one_outcome_each(entries)
    invariants.one_in_flight_per_lane(entries, ROWS)
    invariants.nothing_before_what_stands_above(entries)
    again = World(cue_list, **world).run()  # type: ignore[arg-type]
    assert json.dumps(entries) == json.dumps(again)


@examples(150)
@given(shows(), worlds())
def test_clocks_stand_only_where_the_language_says(cue_list: cues.CueList, world: dict[str, object]) -> None:
    world = {**world, "presses": ()}
    entries = World(cue_list, **world).run()  # type: ignore[arg-type]
    invariants.clocks_stand_and_are_set_back_only_where_the_language_says(entries, cue_list)


@examples(150)
@given(shows(), worlds(), st.randoms(use_true_random=False))
def test_the_journal_of_a_late_machine_replays(
    cue_list: cues.CueList, world: dict[str, object], chance: Random
) -> None:
    late = World(cue_list, **world, late=lambda: chance.choice([0, 1, 40_000, 300_000]))  # type: ignore[arg-type]
    late.run()
    invariants.replayed_the_same(late)
