"""An evening of each kind on which something goes wrong: nothing is lost. The long form is `python -m tests.chaos`.

`SHOWRUNNER_SEED` says which evening; what the show is and what goes wrong come of it, when it does of the machine.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.attacks import ATTACKS, Unavailable, attack


@pytest.mark.parametrize("kind", ATTACKS)
def test_nothing_is_lost(kind: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("SHOWRUNNER_SEED", "0"))
    print(f"seed {seed}: python -m tests.chaos --only {kind!r} --seed {seed}")
    try:
        lost = attack(kind, seed, tmp_path)
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert lost == [], "\n".join(lost)
