"""The desk: what the console needs of whoever plays the show. Only the shape; `rehearse` implements it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from showrunner.console.scene import Standing
from showrunner.engine.messages import Brought
from showrunner.reports.status import Status


class Desk(Protocol):
    """The show as the console sees it. Called from the server's threads, never from the show's."""

    def score(self) -> Mapping[str, Any]:
        """Give the show as it is in force: the shape of `GET /api/score`, without ``readonly``.

        Called in a thread of its own; it may take its time. Parts that have not changed since the last call should be
        the same objects: they are not written again.
        """
        ...

    def now(self) -> Mapping[str, Any]:
        """Give the `now` event: ``at`` (microseconds of show time, None before time 0), ``paused``, ``speed``,
        ``over`` (nothing plays, but a seek would), ``ended``. Answers at once.
        """
        ...

    def stage(self) -> Standing:
        """Give how the show stands, for whoever draws its stage. Answers at once."""
        ...

    def status(self) -> Status:
        """Give where the show is, for `GET /api/status` and OSC. Answers at once."""
        ...

    def do(
        self, action: str, name: str | None, to: str | None, until: str | None, origin: str, brought: Brought
    ) -> str | None:
        """Do what the operator asks, one of the ``actions`` over HTTP; give None, or in one sentence why not.

        ``origin`` is ``console`` or ``api``, for the journal; ``brought`` came with a button. Presses come one after
        the other in the order in which they were made; `stop` and `panic` do not wait for an earlier press that is
        still being worked on. Raises TimeoutError where the show has not taken it within a second (it may still
        take it).
        """
        ...
