"""The documents that a simulated Editor has open: a model in each, one of them in front.

What a model shows is in ``model``; who may ask for it, and how, in ``double``.
"""

from __future__ import annotations

from collections.abc import Callable

from showrunner.devices.live2d.model import Model
from showrunner.devices.vocabulary import Frame, Inventory
from showrunner.slotted import dataclass

FOLDER = "C:/models/"
FIRST = "double"


@dataclass(slots=True, eq=False)
class Document:
    """One open document. Both UIDs are good for as long as it is open."""

    name: str
    model_uid: str
    uid: str
    model: Model

    def row(self) -> Frame:
        """Give it as a row of GetDocuments."""
        views = [{"ModelUID": self.model_uid}]
        return {"DocumentUID": self.uid, "DocumentFilePath": f"{FOLDER}{self.name}.cmo3", "Views": views}


class Documents:
    """All that is open. ``make`` makes UIDs; ``front`` is the document that a person looks at."""

    def __init__(self, inventory: Inventory | None, make: Callable[[str], str]) -> None:
        self._inventory = inventory
        self._make = make
        self._opened: list[Document] = []
        self._whole_buffer = False
        self.open(None)

    @property
    def front(self) -> Document | None:
        """The document in front, if any is open."""
        return self._opened[-1] if self._opened else None

    def open(self, name: str | None) -> None:
        """Open a document, or bring one to the front that is open already. Without a name: one more."""
        named = name or next(
            new
            for new in (FIRST, *(f"{FIRST}{number}" for number in range(2, len(self._opened) + 2)))
            if self._named(new) is None
        )
        found = self._named(named)
        if found is None:
            found = Document(named, self._make("model"), self._make("document"), Model(self._inventory))
            found.model.whole_buffer = self._whole_buffer
        else:
            self._opened.remove(found)
        self._opened.append(found)

    def close(self, name: str | None) -> str | None:
        """Close the document in front, or that of a name; give what is wrong, if anything."""
        found = self.front if name is None else self._named(name)
        if found is not None:
            self._opened.remove(found)
        elif name is not None:
            return f"no model called `{name}` is open"
        return None

    def rows(self) -> list[Frame]:
        """Give them all as GetDocuments does, the longest open first."""
        return [document.row() for document in self._opened]

    def about(self, data: Frame) -> Document | str:
        """Find the document that a request is about, by either UID, or give the error."""
        if data.get("ModelUID") is not None:
            return next((d for d in self._opened if d.model_uid == data["ModelUID"]), "InvalidModel")
        return next((d for d in self._opened if d.uid == data.get("DocumentUID")), "InvalidDocument")

    def share_the_half_second(self, whole: bool) -> None:
        """Let the time that values are shown run for the whole buffer, or for each parameter alone."""
        self._whole_buffer = whole
        for document in self._opened:
            document.model.whole_buffer = whole

    @property
    def deadline(self) -> int | None:
        """The instant at which the next value lapses."""
        times = [document.model.deadline for document in self._opened]
        return min((time for time in times if time is not None), default=None)

    def pass_time(self, now: int) -> None:
        """Throw away what was sent too long ago."""
        for document in self._opened:
            document.model.pass_time(now)

    def visible(self) -> list[str]:
        """Give what is laid over the models, for people: those behind by name."""
        if self.front is None:
            return []
        behind = [f"{d.name}: {shown}" for d in self._opened[:-1] for shown in d.model.visible()]
        called = [f"{self.front.name} in front"] if len(self._opened) > 1 else []
        return [*called, *self.front.model.visible(), *behind]

    def _named(self, name: str) -> Document | None:
        return next((document for document in self._opened if document.name.casefold() == name.casefold()), None)
