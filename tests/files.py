"""A process that may open no more files, or only few: for tests of what stands at a port then."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

POSIX = pytest.mark.skipif(os.name == "nt", reason="no limit of files to reach there")


@contextlib.contextmanager
def few_files(more: int) -> Iterator[None]:
    """Let this process open so many more files than it has open, and then none."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(file.name) for file in Path("/dev/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + more, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextlib.contextmanager
def no_more_files() -> Iterator[None]:
    """Take every file that this process may open, so that none is left."""
    taken: list[int] = []
    with few_files(8):
        try:
            with contextlib.suppress(OSError):
                while True:
                    taken.append(os.open(os.devnull, os.O_RDONLY))
            yield
        finally:
            for one in taken:
                os.close(one)


def refusals(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Note each time that the system lets nobody in, wherever it is tried."""
    tried: list[int | None] = []
    accept = asyncio.SelectorEventLoop.sock_accept

    async def counting(loop, listening):
        try:
            return await accept(loop, listening)
        except OSError as error:
            tried.append(error.errno)
            raise

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_accept", counting)
    return tried
