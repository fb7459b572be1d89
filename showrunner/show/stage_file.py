"""The stage file: which one a script has, and what it says over the defaults, key by key; and what is wrong with it.

Not the stage itself (``stage``), nor what a value may be (``settings``); the YAML underneath is ``yaml_marks``.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from showrunner import devices
from showrunner.devices import addresses
from showrunner.devices.strangers import blocklist
from showrunner.devices.vocabulary import COMMON, Device, Fixture, Setting
from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.diagnostics.refusal import reason
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import listed, quoted
from showrunner.show import allowed
from showrunner.show.book import folder, leads_out, shown
from showrunner.show.settings import value_of
from showrunner.show.stage import (
    ANY_DEVICE,
    BLOCKED,
    CATALOGUE,
    NAME,
    TABLES,
    TAKEN,
    SafeLine,
    Stage,
    fixture,
    kind_of,
    standard,
    useless,
)
from showrunner.show.yaml_marks import LIMIT, Marked, Pair, cut, read, said, unknown
from showrunner.slotted import dataclass

_LOOKED_AT = 10_000
"""So many files of a folder are looked at for one that is nearly there."""

_WORDS = sentence("it is a text with a word on each line")
_WORD = re.compile(r"(?:[^\W\d]|@)[\w.@-]*")


def _no_part(part: str) -> Sentence:
    return sentence("a stage file has no part called `{part}`", part)


def _no_setting(device: str, setting: str) -> Sentence:
    return sentence("`{device}` has no setting called `{setting}`", device, setting)


def _no_driver(driver: str) -> Sentence:
    return sentence("there is no driver called `{driver}`", driver)


def _has_no(part: str, key: str) -> Sentence:
    return sentence("`{part}:` has no `{key}`", part, key)


@dataclass(frozen=True, slots=True)
class Setup:
    """What came of reading a stage file: a stage in any case, what is wrong with the file, its text by its path."""

    stage: Stage
    findings: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def setup(script: str, path: str | None = None, catalogue: str | None = None) -> Setup:
    """Make the stage for ``script``: from the file at ``path``, else from `stage.yaml` beside it, else the defaults.

    ``catalogue`` named by the user goes before the stage file's own and `catalogue.yaml` beside the script.
    """
    chosen, findings = (path, ()) if path is not None else _beside(script, NAME, "--stage", "E031")
    made = Setup(Stage(standard())) if chosen is None else load(chosen)
    stage = made.stage
    if catalogue is not None:
        stage = replace(stage, catalogue=shown(catalogue))
    elif stage.catalogue is None:
        lying, odd = _beside(script, CATALOGUE.default, "--catalogue", "E041")
        stage, findings = replace(stage, catalogue=lying), (*findings, *odd)
    return Setup(stage, (*findings, *made.findings), made.texts)


def _beside(script: str, name: str, option: str, code: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Find a file that lies beside a script and is taken by itself; and what is wrong with it, or nearly it."""
    top = folder(script)
    disk = Path(top, name)
    path = posixpath.join(posixpath.dirname(shown(script)), name)
    place = Place(path, 1, 1)
    if disk.is_file():
        if not leads_out(top, str(disk)):
            return path, ()
        message = sentence("`{path}` is a link that leads out of the show's folder", path)
        return None, (
            Diagnostic(code, place, message, sentence("copy the file, or name it yourself: `{option} FILE`", option)),
        )
    if disk.is_symlink() or disk.exists():
        what = (
            "a folder"
            if disk.is_dir()
            else sentence("no ordinary file")
            if disk.exists()
            else sentence("a link to nothing")
        )
        return None, (Diagnostic(code, place, sentence("`{path}` is {what}, and is not read", path, what)),)
    near = _nearly(top, name)
    if near is None:
        return None, ()
    found = posixpath.join(posixpath.dirname(shown(script)), near)
    message = sentence("`{found}` is not read: that file is called `{name}`", found, name)
    return None, (
        Diagnostic(
            "W532", Place(found, 1, 1), message, sentence("rename it, or name it: `{option} {found}`", option, found)
        ),
    )


def _nearly(top: str, name: str) -> str | None:
    """Find a file that was meant to be called ``name``: with another ending, or in other letters."""
    stem = name.partition(".")[0]
    meant = {f"{stem}{ending}" for ending in (".yaml", ".yml", ".yaml.txt", ".yml.txt", ".yaml.yaml")}
    try:
        with os.scandir(top) as entries:
            found = [one.name for one in islice(entries, _LOOKED_AT) if one.name.lower() in meant and one.is_file()]
    except OSError:
        return None
    return min(found, default=None)


def load(path: str) -> Setup:
    """Read the stage file at ``path`` over the defaults."""
    path = shown(path)
    file = read(path, path, "E031")
    reader = _StageReader(path, file.text or "")
    if file.root is not None:
        reader.read(file.root)
    texts = {} if file.text is None else {path: file.text}
    return Setup(reader.stage(), (*file.findings, *reader.findings), texts)


class _StageReader:
    """Reads one stage file; collects what is wrong with it."""

    def __init__(self, path: str, text: str) -> None:
        self.findings: list[Diagnostic] = []
        self._lines = text.split("\n")
        self._path = path
        self._fixtures = standard()
        self._safe: dict[str, tuple[SafeLine, ...]] = {}
        self._allowed: allowed.Allowed | None = None
        self._stage = Stage({}, path=path)

    def stage(self) -> Stage:
        fixtures = {name: replace(one, staged=True) for name, one in self._fixtures.items()}
        return replace(self._stage, fixtures=fixtures, safe=self._safe)

    def read(self, root: Marked) -> None:
        parts = {"devices": self._devices, **dict.fromkeys(TABLES, None), CATALOGUE.name: self._catalogue}
        parts[BLOCKED.name] = self._blocked
        for key, pair in self._table(root, sentence("a stage file is a table: `devices:`, `defaults:`, …")).items():
            if key in TABLES:
                self._defaults(key, pair.value)
            elif (part := parts.get(key)) is not None:
                part(pair.value)
            else:
                self.findings.append(unknown("E032", pair.key, _no_part, key, parts))

    def _table(self, mark: Marked, otherwise: Sentence) -> Mapping[str, Pair]:
        if isinstance(mark.value, dict):
            return mark.value
        if mark.value is not None:
            self.findings.append(Diagnostic("E033", mark.place, otherwise))
        return {}

    def _said(
        self, pairs: Mapping[str, Pair], rows: Iterable[Setting], what: Callable[[str], Sentence]
    ) -> dict[str, Pair]:
        """Give what is said for keys that have a row; the others are findings, made by ``what``."""
        names = tuple(row.name for row in rows)
        for key, pair in pairs.items():
            if key not in names:
                self.findings.append(unknown("E032", pair.key, what, key, names))
        return {key: pair for key, pair in pairs.items() if key in names}

    def _values(self, pairs: Mapping[str, Pair], rows: Iterable[Setting]) -> dict[str, Any]:
        """Read the settings that are said, and said well."""
        found: dict[str, Any] = {}
        known = {row.name: row for row in rows}
        for key, pair in pairs.items():
            if key in known:
                value, findings = value_of(known[key], pair.value)
                self.findings += findings
                if value is not None:
                    found[key] = value
        return found

    # ----------------------------------------------------------------------------------------------------- devices

    def _devices(self, mark: Marked) -> None:
        for name, pair in self._table(mark, sentence("`devices:` is a table: a name, then its settings")).items():
            pairs = self._table(
                pair.value, sentence("the settings of `{name}` are a table like `{{url: ws://localhost:9000}}`", name)
            )
            device = self._device(name, pair, pairs)
            if device is not None and self._named(name, pair.key):
                pairs = self._said(pairs, (*device.settings, *ANY_DEVICE), partial(_no_setting, device.name))
                said = self._values(pairs, (*device.settings, *COMMON))
                settings = {**fixture(name, device).settings, **said}
                self._secrets(device, device.settings, pairs)
                self._datagrams(device, pairs)
                self._fixtures[name] = Fixture(name, device, settings)
                if "safe" in pairs:
                    self._safe[name] = self._commands(pairs["safe"].value)

    def _secrets(self, device: Device, rows: Iterable[Setting], pairs: Mapping[str, Pair]) -> None:
        """Find what the user has not allowed: a secret of somebody else's, or one for an address that is not near."""
        for row in rows:
            pair = pairs.get(row.name)
            if pair is not None and row.parts and isinstance(pair.value.value, dict):
                self._secrets(device, row.parts, pair.value.value)
            elif row.accepts == "secret" and (pair is not None or row.default):
                name = None if pair is None else value_of(row, pair.value)[0]
                if pair is not None and name is not None:
                    self._refused(pair.value, allowed.variable_refused(self._allows(), name, device))
                beside = pairs.get("url") if name or pair is None else None
                if beside is not None and isinstance(beside.value.value, str):
                    self._refused(beside.value, allowed.address_refused(self._allows(), beside.value.value))

    def _datagrams(self, device: Device, pairs: Mapping[str, Pair]) -> None:
        """Find where datagrams would go that are not let out: nobody there has asked for them."""
        for way in device.ways:
            pair = pairs.get(way.setting)
            if way.connects == "client" and pair is not None and str(pair.value.value).startswith("udp://"):
                self._refused(pair.value, allowed.address_refused(self._allows(), str(pair.value.value)))

    def _allows(self) -> allowed.Allowed:
        """Give what the user allows; his file is read for a stage that has a secret."""
        if self._allowed is None:
            self._allowed, findings = allowed.load()
            self.findings += findings
        return self._allowed

    def _refused(self, mark: Marked, refused: allowed.Refused | None) -> None:
        if refused is not None:
            self.findings.append(Diagnostic(refused.code, mark.place, refused.message, refused.help))

    def _named(self, name: str, place: Place) -> bool:
        if _WORD.fullmatch(name) and name not in TAKEN and "->" not in name:
            return True
        why = sentence("is a word of the language") if name in TAKEN else sentence("is no word that a script can say")
        way_out = sentence("letters, digits, `_ - . @`, a letter first; for example `guest`")
        self.findings.append(
            Diagnostic("E035", place, sentence("a device cannot be called `{name}`: it {why}", name, why), way_out)
        )
        return False

    def _device(self, name: str, pair: Pair, pairs: Mapping[str, Pair]) -> Device | None:
        driver = pairs.get("driver")
        if driver is not None:
            kind = driver.value.value
            found = kind_of(kind) if isinstance(kind, str) else None
            if found is None and isinstance(kind, str) and self._useless(kind, driver.value.place):
                return None
            if found is None:
                self.findings.append(unknown("E034", driver.value.place, _no_driver, said(kind), devices.names()))
            return found
        found = kind_of(name)
        if found is None and not self._useless(name, pair.key):
            way_out = sentence("add `driver:` with one of {drivers}", listed(map(quoted, devices.names())))
            self.findings.append(
                Diagnostic("E034", pair.key, sentence("`{name}` does not say which driver it has", name), way_out)
            )
        return found

    def _useless(self, kind: str, place: Place) -> bool:
        """Warn of a kind that a package offers and that is of no use. Whoever needs it is told so in the script."""
        wrong = useless(kind)
        if wrong is not None:
            way_out = sentence("put its package right, or ask who made it; what does not need this device is played")
            self.findings.append(Diagnostic("W541", place, wrong, way_out))
        return wrong is not None

    def _commands(self, mark: Marked) -> tuple[SafeLine, ...]:
        lines = mark.value if isinstance(mark.value, list) else [mark]
        (example,) = (row.example for row in ANY_DEVICE if row.accepts == "commands")
        for line in lines:
            if not isinstance(line.value, str):
                message = sentence("`safe:` is a list of command lines, each in quotes")
                self.findings.append(
                    Diagnostic("E033", line.place, message, sentence("for example `{example}`", example))
                )
        return tuple(self._command(line.value, line.place) for line in lines if isinstance(line.value, str))

    def _command(self, text: str, place: Place) -> SafeLine:
        """Find out how the line is written, so that what is wrong in it can be pointed at."""
        raw = self._lines[place.line - 1][place.column - 1 :] if place.line <= len(self._lines) else ""
        for quote, written in (("", text), ("'", text.replace("'", "''")), ('"', text)):
            if text and raw.startswith(f"{quote}{written}{quote}"):
                return SafeLine(text, place, quote)
        return SafeLine(text, place)

    # --------------------------------------------------------------------------------------------------- all the rest

    def _defaults(self, part: str, mark: Marked) -> None:
        """Read a part whose keys are fields of the stage."""
        pairs = self._said(
            self._table(mark, sentence("`{part}:` is a table", part)), TABLES[part], partial(_has_no, part)
        )
        found = self._values(pairs, TABLES[part])
        self._stage = replace(self._stage, **{key.replace("-", "_"): value for key, value in found.items()})
        if "osc-from" in found:
            for one in self._stage.pressers:
                if addresses.near(one) is None:
                    message = sentence("`osc-from` names machines by their numbers, and `{one}` is none", cut(one))
                    self.findings.append(
                        Diagnostic("E033", pairs["osc-from"].value.place, message, sentence("as in `192.168.0.7`"))
                    )
        if "osc" in found and not self._stage.pressers and not _alone(found["osc"]):
            message = sentence("there is no password in OSC: whoever is in the network could press")
            way_out = sentence("say which machines may, as in `osc-from: 192.168.0.7`, or listen on 127.0.0.1 alone")
            self.findings.append(Diagnostic("E033", pairs["osc"].value.place, message, way_out))

    def _catalogue(self, mark: Marked) -> None:
        path = self._beside(CATALOGUE, mark, sentence("put it there, or name it yourself: `--catalogue FILE`"))
        # The default name may be written out without the file being there yet.
        if path is not None and (mark.value != CATALOGUE.default or Path(path).is_file()):
            self._stage = replace(self._stage, catalogue=path)

    def _blocked(self, mark: Marked) -> None:
        path = self._beside(BLOCKED, mark, sentence("put it there"))
        if path is None:
            return
        try:
            with Path(path).open("rb") as file:
                data = file.read(LIMIT + 1)
            text = data.decode("utf-8-sig")
        except (OSError, ValueError) as error:
            why = sentence("it is no UTF-8 text") if isinstance(error, UnicodeDecodeError) else reason(error)
            self.findings.append(
                Diagnostic("E231", mark.place, sentence("`{path}` cannot be read: {why}", cut(path), why), _WORDS)
            )
            return
        if len(data) > LIMIT:
            message = sentence("`{path}` is larger than {limit} MiB", cut(path), LIMIT // 1024 // 1024)
            self.findings.append(Diagnostic("E231", mark.place, message, _WORDS))
            return
        self._stage = replace(self._stage, blocked=blocklist(text), words=path)

    def _beside(self, row: Setting, mark: Marked, way_out: Sentence) -> str | None:
        """Give the path of a file that is named; it lies in the folder of the stage file."""
        name, findings = value_of(row, mark)
        self.findings += findings
        if name is None:
            return None
        path = posixpath.join(posixpath.dirname(self._path), shown(name))
        if leads_out(folder(self._path), path):
            message = sentence(
                "`{row}` is a file in the folder of the stage file, and `{name}` is none", row.name, cut(name)
            )
            self.findings.append(Diagnostic("E033", mark.place, message, way_out))
            return None
        return path


def _alone(url: str) -> bool:
    """Tell whether only this machine gets through to an address."""
    found = addresses.read(url, "udp")
    return found is not None and addresses.own(found.host)
