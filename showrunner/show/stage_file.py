"""The stage file, read: `stage.yaml` over the defaults, key by key, and what is wrong with it.

Not the stage itself (``stage``); the YAML underneath is ``marked``.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from showrunner import devices
from showrunner.devices.vocabulary import Device, Fixture, Setting
from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.diagnostics.wording import listed, quoted
from showrunner.show.book import shown
from showrunner.show.stage import CATALOGUE, Safe, Setup, Stage, standard
from showrunner.show.yaml_marks import Mark, Pair, read, said, unknown
from showrunner.times import micros

RESERVED = frozenset(
    {"at", "then", "cue", "track", "segment", "define", "include", "let", "show", "do", "repeat", "wait", "hold", "log"}
    | {"stop", "say", "and", "within", "retry", "else", "or"}
)
"""Words of the language that no device may be called."""

_WORD = re.compile(r"(?:[^\W\d]|@)[\w.@-]*")
_URL = re.compile(r"wss?://(?:\[[0-9A-Fa-f:.]+\]|[^\s/:\[\]@]+)(?::(\d{1,5}))?(?:/\S*)?")


def load(path: str) -> Setup:
    """Read the stage file at ``path`` over the defaults."""
    path = shown(path)
    file = read(path, path, "E031")
    reader = _Reader(path, file.text or "")
    if file.root is not None:
        reader.read(file.root)
    texts = {} if file.text is None else {path: file.text}
    return Setup(reader.stage(), (*file.findings, *reader.findings), texts)


class _Reader:
    """Reads one stage file; collects what is wrong with it."""

    def __init__(self, path: str, text: str) -> None:
        self.findings: list[Diagnostic] = []
        self._lines = text.split("\n")
        self._path = path
        self._fixtures = standard()
        self._safe: dict[str, tuple[Safe, ...]] = {}
        self._stage = Stage({}, path=path)

    def stage(self) -> Stage:
        return replace(self._stage, fixtures=self._fixtures, safe=self._safe)

    def read(self, root: Mark) -> None:
        parts = {
            "devices": self._devices,
            "defaults": self._defaults,
            "console": self._console,
            "catalogue": self._catalogue,
        }
        for key, pair in self._table(root, "a stage file is a table: `devices:`, `defaults:`, …").items():
            if key in parts:
                parts[key](pair.value)
            else:
                self.findings.append(unknown("E032", pair.key, "a stage file has no part called", key, parts))

    def _table(self, mark: Mark, otherwise: str) -> Mapping[str, Pair]:
        if isinstance(mark.value, dict):
            return mark.value
        if mark.value is not None:
            self.findings.append(Diagnostic("E033", mark.place, otherwise))
        return {}

    # ----------------------------------------------------------------------------------------------------- devices

    def _devices(self, mark: Mark) -> None:
        for name, pair in self._table(mark, "`devices:` is a table: a name, then its settings").items():
            rows = self._table(pair.value, f"the settings of `{name}` are a table like `{{url: ws://localhost:9000}}`")
            device = self._device(name, pair, rows)
            if device is not None and self._named(name, pair.key):
                self._fixtures[name] = Fixture(name, device, self._settings(name, device, rows))

    def _named(self, name: str, place: Place) -> bool:
        if _WORD.fullmatch(name) and name not in RESERVED and "->" not in name:
            return True
        why = "is a word of the language" if name in RESERVED else "is no word that a script can say"
        way_out = "letters, digits, `_ - . @`, a letter first; for example `guest`"
        self.findings.append(Diagnostic("E035", place, f"a device cannot be called `{name}`: it {why}", way_out))
        return False

    def _device(self, name: str, pair: Pair, rows: Mapping[str, Pair]) -> Device | None:
        driver = rows.get("driver")
        if driver is not None:
            kind = driver.value.value
            found = devices.find(kind) if isinstance(kind, str) else None
            if found is None:
                what = "there is no driver called"
                self.findings.append(unknown("E034", driver.value.place, what, said(kind), devices.names()))
            return found
        found = devices.find(name)
        if found is None:
            way_out = f"add `driver:` with one of {listed(map(quoted, devices.names()))}"
            self.findings.append(Diagnostic("E034", pair.key, f"`{name}` does not say which driver it has", way_out))
        return found

    def _settings(self, name: str, device: Device, rows: Mapping[str, Pair]) -> dict[str, Any]:
        known = {setting.name: setting for setting in device.settings}
        settings = {setting.name: setting.default for setting in device.settings}
        for key, pair in rows.items():
            if key == "safe":
                self._safe[name] = self._commands(pair.value)
            elif key in known:
                value = self._value(known[key], pair.value)
                settings[key] = settings[key] if value is None else value
            elif key != "driver":
                what = f"`{device.name}` has no setting called"
                self.findings.append(unknown("E032", pair.key, what, key, [*known, "driver", "safe"]))
        return settings

    def _commands(self, mark: Mark) -> tuple[Safe, ...]:
        lines = mark.value if isinstance(mark.value, list) else [mark]
        for line in lines:
            if not isinstance(line.value, str):
                message = "`safe:` is a list of command lines, each in quotes"
                self.findings.append(Diagnostic("E033", line.place, message, "for example `- 'animaze scene Stream'`"))
        return tuple(self._command(line.value, line.place) for line in lines if isinstance(line.value, str))

    def _command(self, text: str, place: Place) -> Safe:
        """Find out how the line is written, so that what is wrong in it can be pointed at."""
        raw = self._lines[place.line - 1][place.column - 1 :] if place.line <= len(self._lines) else ""
        for quote, written in (("", text), ("'", text.replace("'", "''")), ('"', text)):
            if text and raw.startswith(f"{quote}{written}{quote}"):
                return Safe(text, place, quote)
        return Safe(text, place)

    # ------------------------------------------------------------------------------------------------------ values

    def _value(self, setting: Setting, mark: Mark) -> Any:
        """Give the value as the driver wants it; None, and a finding, where it is not what the setting takes."""
        value, way_out = mark.value, None
        match setting.accepts:
            case "url":
                if isinstance(value, str) and _is_url(value):
                    return value
                wanted, way_out = "an address that begins with `ws://` or `wss://`", f"for example `{setting.default}`"
            case "duration":
                return self._duration(setting.name, mark)
            case "number":
                if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf:
                    return value
                wanted = "a number above 0"
            case "choice":
                if value in setting.choices:
                    return value
                self.findings.append(
                    unknown("E033", mark.place, f"`{setting.name}` cannot be", said(value), setting.choices)
                )
                return None
            case "table":
                if isinstance(value, dict) and all(_is_plain(pair.value.value) for pair in value.values()):
                    return self._row(setting, value)
                wanted = "a table like `{key: value}`"
            case _:
                if isinstance(value, str):
                    return value
                wanted = "a text"
        message = f"`{setting.name}` is {wanted}, not `{said(value)}`"
        self.findings.append(Diagnostic("E033", mark.place, message, way_out or f"{setting.name}: {setting.says}"))
        return None

    def _row(self, setting: Setting, rows: Mapping[str, Pair]) -> dict[str, Any]:
        """Give a setting that is a table of its own. ``choices`` are the keys it may have."""
        for key, pair in rows.items():
            if setting.choices and key not in setting.choices:
                self.findings.append(unknown("E032", pair.key, f"`{setting.name}` has no", key, setting.choices))
        return {key: pair.value.value for key, pair in rows.items()}

    def _duration(self, name: str, mark: Mark) -> int | None:
        value = mark.value
        found = micros(value) if isinstance(value, str) else None
        if found:
            return found
        number = isinstance(value, int | float) and not isinstance(value, bool)
        way_out = f"write `{value}s` or `{value}ms`" if number else "for example `5s` or `250ms`"
        message = f"`{name}` is a time with its unit, above 0, not `{said(value)}`"
        self.findings.append(Diagnostic("E033", mark.place, message, way_out))
        return None

    def _defaults(self, mark: Mark) -> None:
        for key, pair in self._table(mark, "`defaults:` is a table").items():
            if key == "on-failure":
                choices = ("continue", "stop", "hold")
                value = self._value(Setting(key, "choice", "continue", "", choices), pair.value)
                if value is not None:
                    self._stage = replace(self._stage, on_failure=value)
            elif key == "connect-timeout":
                time = self._duration(key, pair.value)
                self._stage = replace(self._stage, connect_timeout=time or self._stage.connect_timeout)
            else:
                known = ("on-failure", "connect-timeout")
                self.findings.append(unknown("E032", pair.key, "`defaults:` has no", key, known))

    def _console(self, mark: Mark) -> None:
        for key, pair in self._table(mark, "`console:` is a table").items():
            value = pair.value.value
            if key == "host":
                if isinstance(value, str) and value and not re.search(r"[\s/]", value):
                    self._stage = replace(self._stage, host=value)
                    continue
                message = f"`host` is the name or number of a computer, not `{said(value)}`"
                self.findings.append(Diagnostic("E033", pair.value.place, message, "for example `127.0.0.1`"))
            elif key == "port":
                if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 65_535:
                    self._stage = replace(self._stage, port=value)
                    continue
                message = f"`port` is a whole number up to 65535, not `{said(value)}`"
                self.findings.append(Diagnostic("E033", pair.value.place, message, "for example `8765`"))
            else:
                self.findings.append(unknown("E032", pair.key, "`console:` has no", key, ("host", "port")))

    def _catalogue(self, mark: Mark) -> None:
        if isinstance(mark.value, str) and mark.value:
            path = posixpath.join(posixpath.dirname(self._path), shown(mark.value))
            # The default name may be written out without the file being there yet.
            if mark.value != CATALOGUE or Path(path).is_file():
                self._stage = replace(self._stage, catalogue=path)
            return
        message = f"`catalogue` is the name of a file, not `{said(mark.value)}`"
        self.findings.append(Diagnostic("E033", mark.place, message, "for example `catalogue.yaml`"))


def _is_url(value: str) -> bool:
    found = _URL.fullmatch(value)
    return found is not None and (found[1] is None or 0 <= int(found[1]) <= 65_535)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
