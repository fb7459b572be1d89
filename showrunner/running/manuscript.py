"""The manuscript: a script on disk with all that belongs to it, read anew whenever it was saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.diagnostics.sentence import sentence
from showrunner.show import user_files
from showrunner.show.book import Library
from showrunner.show.prepare import Prepared, prepare


class Manuscript:
    """One script, read again and again; what has not changed is not read anew. In one thread at a time.

    ``stage`` and ``catalogue`` are the files that the user named, if any.
    """

    def __init__(self, path: str, stage: str | None = None, catalogue: str | None = None) -> None:
        self.path = path
        self._stage = stage
        self._catalogue = catalogue
        self._library = Library(cache=user_files.grammar())
        self._before: Prepared | None = None
        self._news: list[str] = []

    def read(self) -> Prepared:
        """Read it, with all that has changed since the last time."""
        before = self._before
        self._before = prepare(
            self.path,
            self._stage,
            self._catalogue,
            self._library.read(self.path),
            before=before,
            once=False,
        )
        if before is not None:
            self._news += _news(before, self._before)
            return _with_cues(self._before)
        return self._before

    def news(self) -> list[str]:
        """Give what is to be said of the stage file and the catalogue since this was asked last."""
        news, self._news = self._news, []
        return news

    @property
    def files(self) -> list[Path]:
        """The files whose content matters, also those that may come to be."""
        named = [*(self._before.files if self._before is not None else ()), self.path]
        return [Path(one).absolute() for one in named]


def _news(before: Prepared, now: Prepared) -> list[str]:
    """Say what it means that the stage file or the catalogue was saved: devices that are connected stay as they are."""
    if before.ground is None or now.ground is None:
        return []
    stood, stands = dict(before.ground.stood), dict(now.ground.stood)
    said = []
    for path in dict.fromkeys([*stood, *stands]):
        if stood.get(path) == stands.get(path):
            continue
        name = Path(path).name
        if path in {before.stage.path, now.stage.path}:
            said.append(f"note: {name} has changed: devices that play keep what they have until the next start")
        else:
            said.append(f"note: {name} has changed: the script is checked against it from now on")
    return said


def _with_cues(edition: Prepared) -> Prepared:
    """Refuse a text in which nothing is left to play: it is an accident more often than not."""
    cues = edition.cues
    if cues is None or any(track.body.cues for segment in cues.segments for track in segment.tracks):
        return edition
    told = Diagnostic(
        "E230",
        Place(edition.path, 1, 1),
        sentence("nothing is left in it to play"),
        sentence('write a cue, as `at 00:05 log "hello"`; to end the show press s'),
    )
    return replace(edition, cues=None, findings=(told, *edition.findings))
