"""What is known of a show that is being written: its files as they were read last, its plan, its names, its stage."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from showrunner.editing import names
from showrunner.editing.schedule import NOTHING, Schedule, schedule
from showrunner.reports.timetable import Plan
from showrunner.show.prepare import Prepared
from showrunner.syntax import nodes
from showrunner.timeline.compile.posts import Post, posts, speaker


class Known:
    """A show, read. What is asked for again is worked out once; nothing of it ever changes.

    ``plan`` is that of ``planned``, an earlier reading where this one has errors or is not planned yet; None: there is
    none yet. ``before``: what was known of it before.
    """

    def __init__(
        self,
        prepared: Prepared,
        plan: Plan | None = None,
        planned: Prepared | None = None,
        before: names.Kept | None = None,
    ) -> None:
        self.prepared = prepared
        self.plan = plan
        self.planned = planned
        self._before = before

    @property
    def current(self) -> bool:
        """Whether the plan is that of the text as it was read last."""
        return self.plan is not None and self.planned is self.prepared

    @property
    def book(self) -> nodes.Book | None:
        """Its files, read; None where the script itself cannot be."""
        return self.prepared.reading.book

    @cached_property
    def _indexed(self) -> tuple[names.Index, names.Kept]:
        if self.book is None:
            return names.Index({}, {}, {}), {}
        return names.index(self.book, self._before)

    @property
    def index(self) -> names.Index:
        """Its names."""
        return self._indexed[0]

    @property
    def kept(self) -> names.Kept:
        """What the names of the next reading are found by; what this one was given, where nobody asked for names."""
        return self._indexed[1] if "_indexed" in self.__dict__ else self._before or {}

    @cached_property
    def schedule(self) -> Schedule:
        """When what stands on each line comes, as far as that is planned."""
        if self.plan is None or self.planned is None:
            return NOTHING
        return schedule(self.plan, self.planned, self.prepared.texts)

    @cached_property
    def posts(self) -> Mapping[str, Post]:
        """The devices of its stage."""
        return posts(self.prepared.fixtures, self.prepared.inventories)

    def post(self, device: str | None, verb: str) -> Post | None:
        """Give the device that is meant; None behind a verb that stands alone: the one whose voice takes it."""
        name = speaker(self.prepared.fixtures, verb) if device is None else device
        return None if name is None else self.posts.get(name)

    def defined(self, name: str) -> tuple[str, int, nodes.Define] | None:
        """Find a definition: its file, its line (from 1), its node."""
        for path, source in () if self.book is None else self.book.sources.items():
            for placed in source.script.items:
                if isinstance(placed.node, nodes.Define) and placed.node.name == name:
                    return path, placed.line, placed.node
        return None
