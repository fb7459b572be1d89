"""A target for the coverage-guided fuzzer atheris: `python -m tests.fuzz.atheris_target [FOLDER] [-max_len=4096 …]`.

atheris is not among the project's packages and has no wheel for every machine; without it, `fuzz.py` does the work.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    try:
        import atheris
    except ImportError:
        print(
            "atheris is not installed here (pip install atheris); `python -m tests.fuzz.fuzz` needs nothing",
            file=sys.stderr,
        )
        return 2
    with atheris.instrument_imports(include=["showrunner"]):
        from .inputs import Input
        from .judge import allowed, bounded, judge
    folder = tempfile.mkdtemp()
    os.chdir(folder)

    def one(data: bytes) -> None:
        with bounded(allowed(len(data))):
            judge(Input("atheris", data), Path(folder))

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
