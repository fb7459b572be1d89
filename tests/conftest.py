"""What holds for every test: random examples are the same in each run, so that none fails or passes by luck.

`SHOWRUNNER_EXAMPLES=N` asks for a long run instead: N examples of every random program (`tests/chance.py`), new ones
each time, and what failed is kept in `.hypothesis` and tried first the next time.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.register_profile("long", deadline=None)
settings.load_profile("long" if "SHOWRUNNER_EXAMPLES" in os.environ else "repeatable")

os.environ["SHOWRUNNER_LANG"] = "en"  # whatever the system of whoever runs the tests speaks

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What a script starts with `… &` Ctrl-C does not reach; it would hand that on to the programs that tests end so.
    signal.signal(signal.SIGINT, signal.default_int_handler)

OURS = ("wire ", "double ", "raw ")
"""How the threads of wires, of hosted doubles and of tests that speak for themselves are called."""


@pytest.fixture
def closing() -> Iterator[Callable[[Any], Any]]:
    """Close in the end what a test opened, and see that no thread of it is left; what a test before left is not its."""
    opened: list[Any] = []
    before = set(threading.enumerate())
    yield lambda thing: opened.append(thing) or thing
    for thing in reversed(opened):
        thing.close()
    assert [one.name for one in set(threading.enumerate()) - before if one.name.startswith(OURS)] == []
