"""The texts that stand in an editor, and the shows they belong to: read from there first, and else from disk.

A file that another brings in is judged as a part of that show. Touches the disk; which thread asks is its own affair.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from showrunner.editing.known import Known
from showrunner.editing.pages import Page
from showrunner.reports.timetable import Plan
from showrunner.show import user_files
from showrunner.show.book import Library, shown
from showrunner.show.prepare import Prepared, prepare
from showrunner.slotted import dataclass

UP = 3
"""So many folders above a file a show is looked for that brings it in."""

MOST_FILES = 300
"""So many scripts of a folder are looked into for that, and offered where a file is named."""

LARGEST = 4_000_000
"""No larger script is looked into, in bytes."""

_INCLUDES = re.compile(r"""^[ \t]*include[ \t]+["']""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Edition:
    """A show as it was read: what is known of it, and the versions of the editor's texts that it was read from."""

    known: Known
    versions: Mapping[str, int]


class Shelf:
    """Every text that is open, by the path of its file. A text that is no file has the path it would be saved under."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.folders: tuple[str, ...] = ()
        self._real: dict[str, str] = {}
        self._roots: dict[str, str] = {}
        self._libraries: dict[str, Library] = {}
        self._before: dict[str, Prepared] = {}
        self._editions: dict[str, Edition] = {}

    # -- what is open

    def put(self, path: str, page: Page) -> None:
        """Take a text as it is now in the editor."""
        self._real.setdefault(path, _real(path))
        self.pages = {**self.pages, path: page}

    def take_away(self, path: str) -> None:
        """Forget a text: what is on disk counts again."""
        self.pages = {one: page for one, page in self.pages.items() if one != path}
        self._real.pop(path, None)
        self._roots.pop(path, None)

    def edition(self, path: str) -> Edition | None:
        """Give what is known of the show a file belongs to."""
        return self._editions.get(self.root(path))

    def settled(self, path: str) -> bool:
        """Tell whether all that was typed in a file and in the rest of its show so far is read."""
        edition, pages = self.edition(path), self.pages
        if edition is None or (path in pages and path not in edition.versions):
            return False
        return all(one not in pages or pages[one].version == version for one, version in edition.versions.items())

    def text(self, path: str) -> str | None:
        """Give the text of a file as the editor has it, else as it was read."""
        page = self.pages.get(path)
        if page is not None:
            return page.text
        edition = self.edition(path)
        texts = {} if edition is None else edition.known.prepared.texts
        return texts.get(shown(path))

    # -- which show it belongs to

    def root(self, path: str) -> str:
        """Give the script of the show that a file belongs to, as far as that is known."""
        return self._roots.get(path, path)

    def settle(self, path: str) -> str:
        """Find the show that a file belongs to: an open one that brings it in, one beside or above it, else itself."""
        for root, edition in self._editions.items():
            if root != path and shown(path) in edition.known.prepared.reading.texts:
                self._roots[path] = root
                return root
        self._roots[path] = next(self._including(path), path)
        return self._roots[path]

    def _including(self, path: str) -> Iterator[str]:
        name = Path(path).name
        for folder in self._around(path):
            for script in _scripts(folder):
                if script == path or _real(script) == _real(path):
                    continue
                text = self._glance(script)
                if name in text and _INCLUDES.search(text) is not None:
                    reading = Library(cache=user_files.grammar(), typed=self._typed(self.pages)).read(script)
                    if any(_real(one) == _real(path) for one in reading.texts):
                        yield script

    def _around(self, path: str) -> Iterator[str]:
        here = Path(path).parent
        limits = {_real(folder) for folder in self.folders}
        for folder in (here, *list(here.parents)[:UP]):
            yield str(folder)
            if _real(str(folder)) in limits:
                return

    def _glance(self, script: str) -> str:
        page = self.pages.get(script)
        if page is not None:
            return page.text
        try:
            if Path(script).stat().st_size > LARGEST:
                return ""
            return Path(script).read_bytes().decode("utf-8", "replace")
        except OSError:
            return ""

    # -- reading

    def read(self, root: str) -> Edition:
        """Read a show with all that has changed since the last time. In one thread at a time."""
        pages = self.pages
        library = self._libraries.get(root)
        if library is None:
            library = self._libraries[root] = Library(cache=user_files.grammar(), typed=self._opened)
        self._reading = self._typed(pages)
        before, old = self._before.get(root), self._editions.get(root)
        prepared = prepare(root, reading=library.read(root), before=before, once=False)
        self._before[root] = prepared
        plan, planned, kept = None, None, None
        if old is not None:
            plan, planned, kept = old.known.plan, old.known.planned, old.known.kept
        versions = {path: page.version for path, page in pages.items() if shown(path) in prepared.texts}
        edition = Edition(Known(prepared, plan, planned, kept), versions)
        self._editions = {**self._editions, root: edition}
        return edition

    def planned(self, root: str, edition: Edition, plan: Plan) -> Edition | None:
        """Take the plan of an edition; None where there is a newer one by now."""
        if self._editions.get(root) is not edition:
            return None
        known = Known(edition.known.prepared, plan, edition.known.prepared, edition.known.kept)
        made = Edition(known, edition.versions)
        self._editions = {**self._editions, root: made}
        return made

    def forget(self, root: str) -> None:
        """Let go of a show of which nothing is open any more."""
        for kept in (self._libraries, self._before):
            kept.pop(root, None)
        self._editions = {one: edition for one, edition in self._editions.items() if one != root}

    @property
    def editions(self) -> Mapping[str, Edition]:
        """What is known of each show, by its script."""
        return self._editions

    def strays(self) -> list[str]:
        """Name the open files that do not stand in the show they were counted to, or now stand in another."""
        found = []
        for path in self.pages:
            root = self.root(path)
            edition = self._editions.get(root)
            if (root != path and edition is not None and shown(path) not in edition.known.prepared.reading.texts) or (
                root == path
                and any(
                    one != path and shown(path) in other.known.prepared.reading.texts
                    for one, other in self._editions.items()
                )
            ):
                found.append(path)
        return found

    def _opened(self, disk: str) -> bytes | None:
        return self._reading(disk)

    def _typed(self, pages: Mapping[str, Page]) -> _Typed:
        return _Typed({self._real.get(path, path): page for path, page in pages.items()})

    # -- beside the show

    def listing(self, path: str, ending: str) -> Sequence[str]:
        """Name the files below the folder of a show, as an `include` in ``path`` writes them."""
        top = Path(self.root(path)).parent
        here = Path(path).parent
        found: list[str] = []
        for number, one in enumerate(_below(str(top))):
            if number >= MOST_FILES * 4 or len(found) >= MOST_FILES:
                break
            if one.endswith(ending) and Path(one) != Path(path):
                # A path counts from the file in which it stands, and a picture's from the folder of the show.
                start = here if ending else top
                found.append(Path(os.path.relpath(one, start)).as_posix())
        return sorted(found)


class _Typed:
    """What stands in the editor for a file on disk."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self._pages = pages

    def __call__(self, disk: str) -> bytes | None:
        page = self._pages.get(_real(disk))
        return None if page is None else page.text.encode("utf-8", "surrogatepass")


def _real(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))


def _scripts(folder: str) -> list[str]:
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(".show"))
    except OSError:
        return []
    return [str(Path(folder, name)) for name in names[:MOST_FILES]]


def _below(folder: str) -> Iterator[str]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith((".", "node_modules")))
        for name in sorted(files):
            if not name.startswith("."):
                yield str(Path(here, name))
