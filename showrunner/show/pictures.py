"""The pictures a show shows: looked for below its folder, looked at, and loaded for the devices that send them.

Which pictures there are is the compiler's finding, what is done with them a driver's business. Touches the disk.
"""

from __future__ import annotations

import base64
import posixpath
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path

from showrunner.devices.vocabulary import Fixture
from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.diagnostics.refusal import reason
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import did_you_mean, nearest
from showrunner.show.book import folder, leads_out
from showrunner.slotted import dataclass
from showrunner.timeline.compiler import NamedFile

LARGEST = 5 * 1024 * 1024
"""The largest picture, in bytes."""

MISSING = "W533"
"""What a picture that is not there is called until an audience would miss it."""

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True, slots=True)
class LoadedPictures:
    """What came of looking for pictures: by device what it shows (path as written -> data URL), and what is wrong.

    A picture that is not there yet is a warning, once. ``missing``: by device, the errors it is before an audience.
    """

    images: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    missing: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)

    def hung(self, fixtures: Mapping[str, Fixture]) -> dict[str, Fixture]:
        """Give the fixtures with their pictures, under the setting `images`."""
        return {
            name: replace(one, settings={**one.settings, "images": self.images[name]}) if name in self.images else one
            for name, one in fixtures.items()
        }


@dataclass(frozen=True, slots=True)
class _NotShown:
    code: str
    message: Sentence
    help: Sentence
    missing: bool = False


def load(script: str, pictures: Iterable[NamedFile]) -> LoadedPictures:
    """Load every picture of the show whose script is ``script``. Never raises for what a file is or holds."""
    images: dict[str, dict[str, str]] = {}
    findings: list[Diagnostic] = []
    known: dict[str, str | _NotShown] = {}
    missing: dict[str, dict[str, Diagnostic]] = {}
    for picture in pictures:
        found = known.get(picture.path)
        first = found is None
        if found is None:
            found = known[picture.path] = _load(folder(script), picture.path)
        if isinstance(found, str):
            images.setdefault(picture.device, {})[picture.path] = found
            continue
        finding = Diagnostic(found.code, picture.place, found.message, found.help, through=picture.through)
        if not found.missing:
            findings.append(finding)
            continue
        missing.setdefault(picture.device, {}).setdefault(picture.path, finding)
        if first:
            findings.append(replace(finding, code=MISSING))
    return LoadedPictures(images, tuple(findings), {name: tuple(each.values()) for name, each in missing.items()})


def kind(data: bytes) -> str | None:
    """Tell by its content what a picture is, as a media type; None where it is none that is shown."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def _load(root: str, path: str) -> str | _NotShown:
    """Give a picture as a data URL, or say why it cannot be shown."""
    if "\\" in path:
        slashes = path.replace("\\", "/")
        return _NotShown("E421", sentence("folders in a path are parted by `/`"), sentence("write `{code}`", slashes))
    below = posixpath.normpath(path)
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or below == ".." or below.startswith("../"):
        message = sentence("`{path}` is not a path within the show's folder", path)
        return _NotShown(
            "E421", message, sentence("put the picture below the show's folder and write the path from there")
        )
    if not path.strip() or not path.isprintable():
        return _NotShown(
            "E420", sentence("this names no picture"), sentence('write its path: `image "pictures/hello.png"`')
        )
    disk = Path(root, *below.split("/"))
    try:
        if leads_out(root, str(disk)):
            message = sentence("`{path}` is a link that leads out of the show's folder", path)
            return _NotShown("E421", message, sentence("copy the picture into the show's folder"))
        if not stat.S_ISREG(disk.stat().st_mode):
            return _NotShown(
                "E423", sentence("`{path}` is no file", path), sentence("name a picture: PNG, JPEG, GIF or WebP")
            )
        with disk.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return _NotShown("E420", sentence("there is no picture `{path}`", path), _near(disk, below), missing=True)
    except OSError as error:
        said = reason(error)
        message = sentence("the picture `{path}` cannot be read: {said}", path, said)
        return _NotShown("E423", message, sentence("is it open to you, and on a disk that is there?"))
    if len(data) > LARGEST:
        message = sentence("`{path}` is larger than {largest} MiB", path, LARGEST // 1024 // 1024)
        return _NotShown("E424", message, sentence("make the picture smaller: it is shown in a bubble"))
    media = kind(data)
    if media is None:
        return _NotShown(
            "E422",
            sentence("`{path}` is no picture that can be shown", path),
            sentence("save it as PNG, JPEG, GIF or WebP"),
        )
    return f"data:{media};base64,{base64.b64encode(data).decode('ascii')}"


def _near(disk: Path, below: str) -> Sentence:
    try:
        names = sorted(entry.name for entry in disk.parent.iterdir() if entry.suffix.lower() in ENDINGS)
    except (OSError, ValueError):
        return sentence("the path counts from the folder of the script")
    close = nearest(disk.name, names)
    if close is None:
        return sentence("is the name spelled as the file is? The path counts from the folder of the script")
    return did_you_mean(posixpath.join(posixpath.dirname(below), close))
