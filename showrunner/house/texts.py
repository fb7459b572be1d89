"""The texts of a show on their way to other machines: one parcel, known by its hash, and the show that it makes there.

A machine that plays along takes nothing of the show from its own disk.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from showrunner.devices.vocabulary import Fixture
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import has_errors
from showrunner.house.forms import Malformed, packed, plain, read, unpacked
from showrunner.running.recording import lay
from showrunner.show.prepare import Prepared, prepare
from showrunner.show.stage import kind_of
from showrunner.slotted import dataclass

MOST = 64 * 1024 * 1024
"""So many bytes the texts and pictures of a show may have."""

FILES = ("images", "documents")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A show to be sent. ``script``: its path; ``texts`` of its files by their paths, with their ``roles``.

    ``held``: the devices as they stand where they are, ``images``: what each is to show.
    """

    script: str
    texts: Mapping[str, str]
    roles: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    images: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """Give it as bytes."""
        return packed(plain(self))


def digest(data: bytes) -> str:
    """Give the hash by which it is known."""
    return hashlib.sha256(data).hexdigest()


def opened(data: bytes) -> Parcel:
    """Read a parcel; raises ``Malformed``."""
    made: Parcel = read(Parcel, unpacked(data, MOST))
    return made


def parcel(prepared: Prepared, held: Mapping[str, Fixture]) -> Parcel:
    """Pack a show."""
    texts, words = dict(prepared.whole_texts), prepared.stage.words
    if words is not None and words not in texts:
        texts[words] = Path(words).read_text(encoding="utf-8-sig")
    shown = {name: dict(one.settings.get("images") or {}) for name, one in prepared.fixtures.items()}
    stands = {name: device_said(one) for name, one in held.items()}
    images = {name: one for name, one in shown.items() if one}
    return Parcel(prepared.path, texts, prepared.roles, stands, images)


def device_said(fixture: Fixture) -> dict[str, Any]:
    """Give a device as another machine has to know it; what is secret stands in no setting."""
    settings = {key: plain(one) for key, one in fixture.settings.items() if key not in FILES}
    return {"driver": fixture.device.name, "settings": settings, "staged": fixture.staged}


def device_read(name: str, said: Mapping[str, Any]) -> Fixture:
    """Read it back; raises ``Malformed``, also where there is no such kind of device here."""
    driver, settings = said.get("driver"), said.get("settings")
    device = kind_of(driver) if isinstance(driver, str) else None
    if device is None or not isinstance(settings, dict):
        raise Malformed(f"`{name}` is a device that is not installed here: {driver}")
    return Fixture(name, device, settings, staged=bool(said.get("staged")))


def made(sent: Parcel) -> Prepared:
    """Make the show of a parcel ready; raises ``Malformed`` where it cannot be played here."""
    held = {name: device_read(name, said) for name, said in sent.held.items()}
    sources = [
        {"path": path, "text": text, **({"role": sent.roles[path]} if path in sent.roles else {})}
        for path, text in sent.texts.items()
    ]
    named = [sent.script, *sent.texts]
    try:
        with tempfile.TemporaryDirectory(prefix="showrunner-") as folder:
            up = max(Path(path).parts.count("..") for path in named)
            kept = lay(Path(folder, "show").joinpath(*["up"] * up), sent.script, sources)
            prepared = prepare(kept.script, kept.stage, kept.catalogue, seen=False, held=held)
            safe = tuple(replace(one, file=kept.names.get(one.file, one.file)) for one in prepared.safe)
    except (OSError, ValueError) as error:
        raise Malformed(f"the texts of the show cannot be laid out: {error}") from error
    if prepared.cues is None or has_errors(prepared.findings):
        raise Malformed("the show does not check here: " + render.text(prepared.findings[:1], prepared.texts))
    hung = {
        name: replace(one, settings={**one.settings, "images": dict(sent.images[name])}) if name in sent.images else one
        for name, one in prepared.fixtures.items()
    }
    return replace(prepared, stage=replace(prepared.stage, fixtures=hung), safe=safe)
