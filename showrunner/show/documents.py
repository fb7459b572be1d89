"""The documents a show names: files below its folder that a device reads, as a deck of slides.

Which there are is the compiler's finding, what stands in one its device's business. Touches the disk.
"""

from __future__ import annotations

import posixpath
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from showrunner.devices.vocabulary import Document, Entry, Fixture, Inventory
from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.diagnostics.refusal import reason
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import did_you_mean, nearest
from showrunner.show.book import folder, leads_out, shown
from showrunner.slotted import dataclass
from showrunner.timeline.compiler import NamedFile

LARGEST = 5 * 1024 * 1024
"""The largest document, in bytes."""


@dataclass(frozen=True, slots=True)
class LoadedDocuments:
    """What came of looking for documents: by device what it reads (path as written -> value), the names that they bring
    along, and what is wrong. ``texts`` of all that could be read, by their paths as the script's; ``files``: those, and
    what may come to be.
    """

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lists: Mapping[str, Inventory] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def known(self, inventories: Mapping[str, Inventory]) -> Mapping[str, Inventory]:
        """Give what is known of each device, with the names of its documents."""
        if not self.lists:
            return inventories
        return {**inventories, **{name: {**inventories.get(name, {}), **lists} for name, lists in self.lists.items()}}

    def laid_out(self, fixtures: Mapping[str, Fixture]) -> dict[str, Fixture]:
        """Give the fixtures with their documents, under the setting `documents`."""
        values = self.values
        return {
            name: replace(one, settings={**one.settings, "documents": values[name]}) if name in values else one
            for name, one in fixtures.items()
        }


@dataclass(frozen=True, slots=True)
class _Unread:
    message: Sentence
    help: Sentence


def load(script: str, named: Iterable[NamedFile], fixtures: Mapping[str, Fixture]) -> LoadedDocuments:
    """Read every document of the show whose script is ``script``. Never raises for what a file is or holds."""
    values: dict[str, dict[str, Any]] = {}
    lists: dict[str, dict[str, dict[str, Entry]]] = {}
    findings: list[Diagnostic] = []
    texts: dict[str, str] = {}
    files: dict[str, None] = {}
    read: dict[str, str | _Unread] = {}
    for one in named:
        fixture = fixtures[one.device]
        if one.path not in read:
            read[one.path] = _text(folder(script), one.path)
        text = read[one.path]
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(shown(script)), one.path))
        if isinstance(text, _Unread):
            found: Document | str | _Unread = text
            if not one.path.startswith("/") and not beside.startswith("../"):
                files[beside] = None
        else:
            texts[beside], files[beside] = text, None
            found = fixture.device.document(text, fixture.settings) if fixture.device.document else ""
        if isinstance(found, Document):
            values.setdefault(one.device, {})[one.path] = found.value
            of = lists.setdefault(one.device, {})
            for name, entries in found.lists.items():
                named_ = (entry if entry.name else replace(entry, name=one.path) for entry in entries)
                of.setdefault(name, {}).update({entry.name: entry for entry in named_})
            continue
        wrong = found if isinstance(found, _Unread) else None
        code, message = (
            ("E240", wrong.message) if wrong is not None else ("E241", sentence("`{path}`: {found}", one.path, found))
        )
        help_ = (
            wrong.help
            if wrong is not None
            else sentence("mend the file: `showrunner explain {code}` shows a right one", code)
        )
        findings.append(Diagnostic(code, one.place, message, help_, through=one.through))
    known = {device: {name: tuple(of.values()) for name, of in each.items()} for device, each in lists.items()}
    return LoadedDocuments(values, known, tuple(findings), texts, tuple(files))


def _text(root: str, path: str) -> str | _Unread:
    """Read a document, or say why that cannot be."""
    if "\\" in path:
        return _Unread(
            sentence("folders in a path are parted by `/`"), sentence("write `{code}`", path.replace(chr(92), "/"))
        )
    below = posixpath.normpath(path)
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or below == ".." or below.startswith("../"):
        message = sentence("`{path}` is not a path within the show's folder", path)
        return _Unread(message, sentence("put the file below the show's folder and write the path from there"))
    if not path.strip() or not path.isprintable():
        return _Unread(
            sentence("this names no file"), sentence("write its path from the folder of the script, in quotes")
        )
    disk = Path(root, *below.split("/"))
    try:
        if leads_out(root, str(disk)):
            message = sentence("`{path}` is a link that leads out of the show's folder", path)
            return _Unread(message, sentence("copy the file into the show's folder"))
        if not stat.S_ISREG(disk.stat().st_mode):
            return _Unread(sentence("`{path}` is no file", path), sentence("name a file below the show's folder"))
        with disk.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return _Unread(sentence("there is no file `{path}`", path), _near(disk, below))
    except OSError as error:
        return _Unread(
            sentence("`{path}` cannot be read: {error}", path, reason(error)),
            sentence("is it open to you, and on a disk that is there?"),
        )
    if len(data) > LARGEST:
        return _Unread(
            sentence("`{path}` is larger than {largest} MiB", path, LARGEST // 1024 // 1024),
            sentence("make it smaller"),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _Unread(sentence("`{path}` is no text in UTF-8", path), sentence("save it as UTF-8"))


def _near(disk: Path, below: str) -> Sentence:
    try:
        names = sorted(entry.name for entry in disk.parent.iterdir() if entry.suffix == disk.suffix)
    except (OSError, ValueError):
        return sentence("the path counts from the folder of the script")
    close = nearest(disk.name, names)
    if close is None:
        return sentence("is the name spelled as the file is? The path counts from the folder of the script")
    return did_you_mean(posixpath.join(posixpath.dirname(below), close))
