"""Reads a show's files: the script, what it includes, and what that includes; to a ``Book`` or to findings.

Touches the disk and standard input, nothing else. What the files say is the parser's business; whether it makes sense
is the compiler's.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import posixpath
import re
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from showrunner.diagnostics.diagnostic import Diagnostic, Place, in_reading_order
from showrunner.diagnostics.refusal import reason
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.slotted import dataclass
from showrunner.syntax.nodes import Book, Include, Source
from showrunner.syntax.parser import Parsed, ScriptReader

LIMIT = 32 * 1024 * 1024
"""The largest file that is read, in bytes."""

_OF_THE_SHELL = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")
"""Where a shell hands over what a program writes."""

_TEXT_FILE = sentence("include a text file")

STDIN = "-"
"""The path that means standard input."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a show.

    ``book`` is None where the script itself cannot be read. ``findings`` are those of the files and of their syntax.
    ``whole`` is false where a part is missing, so that unknown names may be no mistakes. ``texts`` gives every file's
    text by its path, for showing lines. ``files`` are the paths on disk of all that was read or looked for. ``marked``
    are the paths of those that begin with a byte order mark, which is in no text.
    """

    book: Book | None
    findings: tuple[Diagnostic, ...]
    whole: bool
    texts: dict[str, str]
    files: tuple[str, ...]
    marked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _NotRead:
    """Why a file is not read. ``at`` is the place in the file itself, where there is one."""

    code: str
    message: Sentence
    help: Sentence | None = None
    at: Place | None = None
    text: str | None = None

    def finding(self, place: Place) -> Diagnostic:
        if self.at is None:
            return Diagnostic(self.code, place, self.message, self.help)
        return Diagnostic(
            self.code, self.at, self.message, self.help, through=() if self.at.path == place.path else (place,)
        )


@dataclass(frozen=True, slots=True)
class _FileRead:
    data: bytes
    text: str
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class _Open:
    """A file whose includes are being followed. ``below`` is its path from the show's folder."""

    path: str
    below: str
    real: str
    includes: Iterator[tuple[int, Include]]


class Library:
    """Reads one show again and again; what has not changed in between is not read anew."""

    def __init__(
        self,
        stdin: Callable[[int], bytes] | None = None,
        limit: int = LIMIT,
        cache: str | None = None,
        typed: Callable[[str], bytes | None] = lambda _: None,
    ) -> None:
        """``stdin`` gives at most so many bytes of standard input; ``limit`` is the largest file in bytes.

        ``cache`` names a file in which the built grammar is kept for the next time; it need not be writable.
        ``typed`` gives what stands in an editor for a file on disk, which is read in its place; None: nothing does.
        """
        self._cache = cache
        self._open = typed
        self._stdin = sys.stdin.buffer.read if stdin is None else stdin
        self._limit = limit
        self._typed: bytes | None = None
        self._readers: dict[str, ScriptReader] = {}
        self._pages: dict[str, _FileRead] = {}

    def read(self, path: str, within: str | None = None) -> Reading:
        """Read the script at ``path`` (`-`: standard input) and all it includes. Never raises for what a file holds.

        ``within``: the folder in which it was found; nobody named it, and it may be a link that leads out of there.
        """
        walk = _Walk(self, shown(path))
        walk.follow(path, within)
        self._pages = {name: page for name, page in self._pages.items() if name in walk.pages}
        self._readers = {name: reader for name, reader in self._readers.items() if name in walk.pages}
        return walk.reading()

    def page(self, path: str, disk: str, besides: frozenset[str] = frozenset(), *, given: bool) -> _FileRead | _NotRead:
        """Load one file. ``given`` by the user himself, it may be something else than a regular file (a pipe).

        ``besides``: files (as they really lie) that it cannot be, to suggest another where it is not there.
        """
        data: bytes | _NotRead | None = self._open(disk)
        if data is None:
            data = self._input() if path == STDIN and given else _load(path, disk, self._limit, besides, given=given)
        if isinstance(data, _NotRead):
            return data
        if len(data) > self._limit:
            most = f"{self._limit // (1024 * 1024)} MiB" if self._limit >= 1024 * 1024 else f"{self._limit} bytes"
            return _NotRead(
                "E005",
                sentence("`{path}` is larger than {most}", path, most),
                sentence("split the show into parts and `include` them"),
            )
        kept = self._pages.get(path)
        if kept is not None and kept.data == data:
            return kept
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return _not_utf8(path, data, error.start)
        if "\0" in text and _encoding(data) == "UTF-16":
            return _not_utf8(path, data, data.removeprefix(codecs.BOM_UTF8).index(0))
        reader = self._readers.setdefault(path, ScriptReader(cache=self._cache))
        page = self._pages[path] = _FileRead(data, text, reader.read(text, path))
        return page

    def _input(self) -> bytes:
        # Standard input can be read only once; whoever reads the show again gets the same text.
        if self._typed is None:
            self._typed = self._stdin(self._limit + 1)
        return self._typed


def read(path: str, cache: str | None = None, within: str | None = None) -> Reading:
    """Read a show once; ``cache`` as for a ``Library``, ``within`` as for its ``read``."""
    return Library(cache=cache).read(path, within)


def shown(path: str) -> str:
    """Give ``path`` as it is shown to the user: as given, with `/` between its parts."""
    return path.replace("\\", "/") if os.sep == "\\" else path


def folder(path: str) -> str:
    """Give the show's folder on disk: where the script lies (for standard input: where the user is)."""
    return "." if path == STDIN else str(Path(path).parent)


def leads_out(top: str, disk: str) -> bool:
    """Tell whether a path, all links followed, is not in the folder ``top``. Raises OSError and ValueError."""
    real, within = (os.path.normcase(os.path.realpath(one)) for one in (disk, top))
    return real != within and not real.startswith(within if within.endswith(os.sep) else within + os.sep)


# -------------------------------------------------------------------------------------------------------- following


class _Walk:
    """One reading: follows the includes depth first, in the order in which they are written."""

    def __init__(self, library: Library, main: str) -> None:
        self.pages: dict[str, _FileRead] = {}
        self._library = library
        self._main = main
        self._root = ""
        self._below: dict[str, str] = {}
        self._seen: set[str] = set()
        self._open: list[_Open] = []
        self._includes: dict[tuple[str, int], str] = {}
        self._findings: list[Diagnostic] = []
        self._texts: dict[str, str] = {}
        self._files: list[str] = []
        self._whole = True

    def follow(self, path: str, within: str | None) -> None:
        self._root = folder(path)
        below = STDIN if path == STDIN else posixpath.basename(self._main)
        if within is not None and leads_out(within, path):
            message = sentence("`{main}` is a link that leads out of `{within}`", self._main, shown(within))
            self._refuse(
                _NotRead("E013", message, sentence("copy the file, or name it yourself")), Place(self._main, 1, 1)
            )
            return
        self._enter(self._main, below, path, Place(self._main, 1, 1))
        while self._open:
            including = self._open[-1]
            step = next(including.includes, None)
            if step is None:
                self._open.pop()
            else:
                self._include(including, *step)

    def reading(self) -> Reading:
        findings = [*self._findings, *(found for page in self.pages.values() for found in page.parsed.findings)]
        book = None
        if self._main in self.pages:
            sources = {path: Source(path, page.text, page.parsed.script) for path, page in self.pages.items()}
            book = Book(self._main, sources, self._includes, self._fingerprint())
        marked = frozenset(path for path, page in self.pages.items() if page.data.startswith(codecs.BOM_UTF8))
        return Reading(book, in_reading_order(findings), self._whole, self._texts, tuple(self._files), marked)

    def _include(self, including: _Open, line: int, node: Include) -> None:
        place = node.path.span.place(including.path, line)
        below = _below(including.below, node)
        if isinstance(below, _NotRead):
            self._refuse(below, place)
            return
        disk = str(Path(self._root, *below.split("/")))
        real = os.path.normcase(os.path.realpath(disk))
        if leads_out(self._root, disk):
            message = sentence("`{below}` is a link that leads out of the show's folder", below)
            self._refuse(_NotRead("E013", message, sentence("copy the file into the show's folder")), place)
            return
        path = posixpath.join(posixpath.dirname(self._main), below)
        chain = [one.path for one in self._open]
        at = next((number for number, one in enumerate(self._open) if one.real == real), None)
        if at is not None:
            round_ = " -> ".join([*chain[at:], chain[at]])
            message = sentence("this include goes round in a circle: {round}", round_)
            self._refuse(_NotRead("E014", message, sentence("take one of these `include` lines out")), place)
        elif real not in self._seen and self._enter(path, below, disk, place):
            self._includes[including.path, line] = path

    def _enter(self, path: str, below: str, disk: str, place: Place) -> bool:
        if path != STDIN or below != STDIN:
            self._files.append(str(Path(disk).absolute()))
        page = self._library.page(path, disk, frozenset(one.real for one in self._open), given=path == self._main)
        if isinstance(page, _NotRead):
            self._refuse(page, place)
            return False
        real = os.path.normcase(os.path.realpath(disk)) if disk != STDIN else STDIN
        self._seen.add(real)
        self.pages[path] = page
        self._below[path] = below
        self._texts[path] = page.text
        statements = page.parsed.script.items
        includes = [(placed.line, placed.node) for placed in statements if isinstance(placed.node, Include)]
        self._open.append(_Open(path, below, real, iter(includes)))
        return True

    def _refuse(self, refusal: _NotRead, place: Place) -> None:
        self._whole = False
        self._findings.append(refusal.finding(place))
        if refusal.at is not None and refusal.text is not None:
            self._texts[refusal.at.path] = refusal.text

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for path, page in self.pages.items():
            digest.update(self._below[path].encode("utf-8", "surrogatepass"))
            digest.update(b"\0%d\0" % len(page.data))
            digest.update(page.data)
        return digest.hexdigest()


def _below(including: str, node: Include) -> str | _NotRead:
    """Give the included file's path from the show's folder, or say why it may not be included."""
    written = "".join(part for part in node.path.parts if isinstance(part, str))
    if not all(isinstance(part, str) for part in node.path.parts):
        return _NotRead(
            "E015",
            sentence("the path of an include is fixed: it takes no `{{…}}`"),
            sentence("write the file's name out"),
        )
    if "\\" in written:
        slashes = written.replace("\\", "/")
        return _NotRead(
            "E015", sentence("folders in a path are parted by `/`"), sentence('write `include "{slashes}"`', slashes)
        )
    if not written.strip() or not written.isprintable() or written == STDIN:
        return _NotRead(
            "E015", sentence("this include names no file"), sentence('write it like this: `include "part.show"`')
        )
    if written.startswith("/") or re.match(r"[A-Za-z]:", written):
        message = sentence("`{written}` is not a path within the show's folder", written)
        return _NotRead("E011", message, sentence("put the file below the show's folder and write the path from here"))
    below = posixpath.normpath(posixpath.join(posixpath.dirname(including), written))
    if below == ".." or below.startswith("../"):
        message = sentence("`{written}` leads out of the show's folder", written)
        return _NotRead("E012", message, sentence("put the file below the show's folder, beside or under the script"))
    return below


# ---------------------------------------------------------------------------------------------------------- one file


def _load(path: str, disk: str, limit: int, besides: frozenset[str], *, given: bool) -> bytes | _NotRead:
    try:
        mode = Path(disk).stat().st_mode
        if stat.S_ISDIR(mode):
            return _NotRead(
                "E002", sentence("`{path}` is a folder, not a `.show` file", path), sentence("name a file inside it")
            )
        if not stat.S_ISREG(mode) and not (given and disk.startswith(_OF_THE_SHELL)):
            # Reading a pipe or a device could wait for ever.
            way_out = (
                sentence("to read what comes from it, give it as standard input: `- < {path}`", path)
                if given
                else _TEXT_FILE
            )
            return _NotRead("E003", sentence("`{path}` is no ordinary file", path), way_out)
        with Path(disk).open("rb") as file:
            return file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError):
        return _NotRead("E001", sentence("there is no file `{path}`", path), _beside(disk, besides))
    except ValueError:
        return _NotRead("E001", sentence("there is no file `{path}`", path))
    except OSError as error:
        said = reason(error)
        return _NotRead(
            "E003",
            sentence("`{path}` cannot be read: {said}", path, said),
            sentence("is it open to you, and on a disk that is there?"),
        )


def _beside(disk: str, besides: frozenset[str]) -> Sentence:
    from showrunner.diagnostics.wording import did_you_mean, nearest

    parent = Path(disk).parent
    try:
        files = [entry for entry in parent.iterdir() if entry.suffix == ".show"]
        names = sorted(one.name for one in files if os.path.normcase(os.path.realpath(one)) not in besides)
    except OSError:
        return sentence("there is no folder `{parent}` either", shown(str(parent)))
    near = nearest(Path(disk).name, names)
    return did_you_mean(near, sentence("is the name spelled as the file is, and the folder the right one?"))


def _not_utf8(path: str, data: bytes, start: int) -> _NotRead:
    # ``start`` counts from behind a byte order mark.
    before = data.removeprefix(codecs.BOM_UTF8)[:start].decode("utf-8")
    line_start = before.rfind("\n") + 1
    place = Place(path, before.count("\n") + 1, len(before) - line_start + 1)
    looks = _encoding(data)
    way_out = sentence("save the file as UTF-8 in your editor") + (
        sentence(" (now it looks like {looks})", looks) if looks else ""
    )
    message = sentence("this file is not UTF-8 text: it cannot be read from here on")
    return _NotRead("E004", message, way_out, place, data.decode("utf-8", "replace").removeprefix("\ufeff"))


def _every_other(data: bytes) -> bool:
    """Tell whether many bytes are 0, and all of them first or all of them second ones: UTF-16 without a mark."""
    zeros = sorted((data[::2].count(0), data[1::2].count(0)))
    return zeros[0] == 0 and zeros[1] * 16 > len(data)


def _encoding(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _every_other(data[:65536]):
        return "UTF-16"
    japanese = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{2}")
    for encoding, name in (("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")):
        try:
            if japanese.search(data[:65536].decode(encoding)):
                return name
        except UnicodeDecodeError:
            continue
    return None
