"""What holds for every test with random examples: each run has the same ones, so that none fails or passes by luck.

`SHOWRUNNER_EXAMPLES=N` asks for a long run instead: N examples of every random program (`tests/chance.py`), new ones
each time, and what failed is kept in `.hypothesis` and tried first the next time.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.register_profile("long", deadline=None)
settings.load_profile("long" if "SHOWRUNNER_EXAMPLES" in os.environ else "repeatable")
