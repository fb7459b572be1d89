"""A `.showtest` file: found, read, held against its show, played test by test, and what came of each.

Reads files; plays in memory, on the virtual clock, so a test takes what its work takes. Nothing is printed here.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from showrunner.diagnostics.diagnostic import Diagnostic, Place, has_errors, in_reading_order
from showrunner.diagnostics.refusal import reason
from showrunner.diagnostics.sentence import Sentence, plain, sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, quoted
from showrunner.engine.messages import Options
from showrunner.reports.entries import read as timetable
from showrunner.running.dry_run import dry_run
from showrunner.running.performance import Stands
from showrunner.show.book import LIMIT, shown
from showrunner.show.prepare import Prepared, prepare
from showrunner.slotted import dataclass
from showrunner.syntax.showtest.nodes import Deed, Expectation, Line, Setting, ShowTest, Word, place_of, text_of
from showrunner.syntax.showtest.reader import read
from showrunner.testing.editions import Editions, Missing, edited
from showrunner.testing.fits import misfits
from showrunner.testing.judge import Evening, Miss
from showrunner.testing.world import PLANNED, arrange, latency, named, options, part, planned
from showrunner.times import as_duration, clock
from showrunner.wires.loopback import World, WrongOrder
from showrunner.wires.wire import Pressed

ENDING = ".showtest"

LONGEST = 3_600_000_000
"""So much longer than its plan, and than what is planned for it, may a show play (microseconds)."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of a file, ready to be played: all its lines, those at the file's edge first."""

    path: str
    name: str
    place: Place
    lines: tuple[Line, ...]
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file, read and held against its show. ``trials`` is empty where there are errors among the ``findings``."""

    path: str
    trials: tuple[Trial, ...]
    findings: tuple[Diagnostic, ...]
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """A line of a test that is not true of its show: its text and place, and what was missed."""

    text: str
    place: Place
    miss: Miss


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a test: it has passed where nothing has failed. ``length``: how long its show was (microseconds)."""

    trial: Trial
    failed: tuple[Failed, ...]
    length: int
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether all that must be seen was seen."""
        return not self.failed


def below(folder: str) -> list[str]:
    """Name every test file in a folder and the folders in it, sorted."""
    return sorted(entry.as_posix() for entry in Path(folder).rglob(f"*{ENDING}") if entry.is_file())


# -------------------------------------------------------------------------------------------------------------- reading


def load(path: str) -> Loaded:
    """Read a test file and the show it is about. What is wrong with either is a finding."""
    path = shown(path)
    data = _data(path)
    if isinstance(data, Diagnostic):
        return Loaded(path, (), (data,))
    return loaded(data, path)


def loaded(text: str, path: str) -> Loaded:
    """Hold the text of a test file against the show that it names from ``path``."""
    found = read(text, path)
    texts = {path: text}
    script = _script(found.test)
    if isinstance(script, Diagnostic):
        return Loaded(path, (), in_reading_order((*found.findings, script)), texts)
    shows = _Shows(script, Path(path).parent)
    findings, trials = list(found.findings), []
    for name, place, lines in _cases(found.test):
        prepared = shows.prepared(lines, findings)
        if prepared is None:
            continue
        editions = (prepared, *shows.saved(lines, findings))
        findings += misfits(lines, editions)
        findings += _parts(lines, prepared, shows)
        if not any(not isinstance(line, Setting | Deed) for line in lines):
            said = sentence("this test looks at nothing: it can never fail")
            findings.append(
                Diagnostic("W550", place, said, sentence("say what must be seen, as `no outcome but done`"))
            )
        trials.append(Trial(path, name, place, lines, prepared))
    if has_errors(findings):  # what could not be read may be what it looks at
        findings = [one for one in findings if one.code != "W550"]
    findings = list(in_reading_order(findings))
    return Loaded(path, () if has_errors(findings) else tuple(trials), tuple(findings), texts)


def _data(path: str) -> str | Diagnostic:
    """Read a file's text, or say why it cannot be."""
    here = Place(path, 1, 1)
    try:
        if not Path(path).is_file():
            return Diagnostic(
                "E327", here, sentence("there is no test file {name}", quoted(path)), _near(Path(path), ENDING)
            )
        with Path(path).open("rb") as file:
            data = file.read(LIMIT + 1)
        if len(data) > LIMIT:
            return Diagnostic(
                "E327", here, sentence("{name} is too large", quoted(path)), sentence("make several files of it")
            )
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return Diagnostic(
            "E327", here, sentence("this file is not UTF-8 text"), sentence("save it as UTF-8 in your editor")
        )
    except (OSError, ValueError) as error:
        said = sentence("{name} cannot be read: {reason}", quoted(path), reason(error))
        return Diagnostic("E327", here, said, sentence("is it open to you?"))


def _near(path: Path, ending: str) -> Sentence:
    try:
        names = sorted(one.name for one in path.parent.iterdir() if one.suffix == ending)
    except OSError:
        return sentence("there is no folder {name} either", quoted(shown(str(path.parent))))
    advice = sentence("is the name spelled as the file is, and the folder the right one?")
    return did_you_mean(nearest(path.name, names), advice)


def _script(test: ShowTest) -> str | Diagnostic:
    """Find the show: the one that is named, else the one called as the test is, else the only one beside it."""
    folder = Path(test.path).parent
    if test.play is not None:
        path = folder / test.play.text
        if path.is_file():
            return shown(str(path))
        said = sentence("there is no show {name} beside this test", quoted(test.play.text))
        return Diagnostic("E324", test.play.place, said, _near(path, ".show"))
    beside = folder / f"{Path(test.path).name.removesuffix(ENDING)}.show"
    if beside.is_file():
        return shown(str(beside))
    shows = sorted(folder.glob("*.show"))
    if len(shows) == 1:
        return shown(str(shows[0]))
    said = sentence("there is no show {name} beside this test", quoted(beside.name))
    return Diagnostic("E324", Place(test.path, 1, 1), said, sentence('name one in the first line: `play "my.show"`'))


def _cases(test: ShowTest) -> Iterator[tuple[str, Place, tuple[Line, ...]]]:
    """Give each test with all its lines; a file without `test` is one test, called as the file."""
    for case in test.cases:
        yield case.name.text, case.name.place, (*test.always, *case.lines)
    if not test.cases:
        first = place_of(test.always[0]) if test.always else Place(test.path, 1, 1)
        yield Path(test.path).name.removesuffix(ENDING), first, test.always


class _Shows:
    """The show as the tests of a file want it: by the stage and catalogue they name, and the files saved over it."""

    def __init__(self, script: str, folder: Path) -> None:
        self.script = script
        self.folder = folder
        self._read: dict[tuple[str | None, str | None], Prepared] = {}
        self._told: set[tuple[str | None, str | None]] = set()

    def files(self, lines: Sequence[Line]) -> tuple[str | None, str | None]:
        """Give the paths of the stage file and the catalogue that a test names."""
        return tuple(None if (one := named(lines, key)) is None else str(self.folder / one) for key in _FILES)  # type: ignore[return-value]

    def prepared(self, lines: Sequence[Line], findings: list[Diagnostic]) -> Prepared | None:
        """Read the show for a test; None where it does not check, which is said once."""
        files = self.files(lines)
        if files not in self._read:
            self._read[files] = prepare(self.script, *files)
        found = self._read[files]
        if found.cues is not None:
            return found
        if files not in self._told:
            self._told.add(files)
            errors = [one for one in found.findings if one.severity == "error"]
            first = errors[0]
            at = f"{first.place.path}:{first.place.line}"
            message = sentence("the show does not check: {at}: {message} ({code})", at, first.message, first.code)
            place = next((place_of(line) for line in lines), Place(self.script, 1, 1))
            way_out = sentence("`showrunner check {path}` says it all", self.script)
            findings.append(Diagnostic("E324", place, message, way_out))
        return None

    def saved(self, lines: Sequence[Line], findings: list[Diagnostic]) -> Iterator[Prepared]:
        """Read what the test saves over the show; what is wrong with such a text is the test's business."""
        for line in lines:
            if isinstance(line, Deed) and line.action == "reload":
                word = line.words[0]
                if (self.folder / word.text).is_file():
                    yield edited(self.script, self.folder / word.text, self.files(lines))
                else:
                    said = sentence("there is no file {name} to save over the show", quoted(word.text))
                    findings.append(Diagnostic("E324", word.place, said, _near(self.folder / word.text, ".show")))


_FILES = ("stage", "catalogue")


def _parts(lines: Sequence[Line], prepared: Prepared, shows: _Shows) -> Iterator[Diagnostic]:
    """Say which points there are not, where the show is not saved meanwhile."""
    if prepared.cues is None:
        return
    editions = Editions(prepared, prepared.cues, shows.folder, shows.files(lines))
    settings = {line.name: line.words[0] for line in lines if isinstance(line, Setting) and line.name in {*_PARTS}}
    asked: list[tuple[Word, tuple[str | None, str | None, str | None]]] = []
    if settings:
        names = [settings[one].text if one in settings else None for one in _PARTS]
        asked.append((next(iter(settings.values())), (names[0], names[1], names[2])))
    reloads = any(isinstance(line, Deed) and line.action == "reload" for line in lines)
    for line in lines:
        if isinstance(line, Deed) and line.action in {"seek", "loop"} and not reloads:
            words = [word.text for word in line.words]
            asked.append((line.words[0], (words[0], words[1] if len(words) > 1 else None, None)))
    for word, point in asked:
        try:
            editions.part(*point)
        except Missing as missing:
            advice = sentence("`showrunner dry-run` shows every cue and its time")
            yield Diagnostic("E323", word.place, plain(str(missing)), advice)


_PARTS = ("from", "until", "only")


# -------------------------------------------------------------------------------------------------------------- playing


def play(trial: Trial) -> Verdict:
    """Play a test's show and judge what came of it."""
    prepared, lines = trial.prepared, trial.lines
    if prepared.cues is None:
        raise ValueError("a show that does not check is not played")
    folder = Path(trial.path).parent
    files = [None if (one := named(lines, key)) is None else str(folder / one) for key in _FILES]
    editions = Editions(prepared, prepared.cues, folder, (files[0], files[1]))
    entries: list[dict[str, Any]] = []
    deeds = [line for line in lines if isinstance(line, Deed)]
    horizon = max((deed.at for deed in deeds), default=0) + editions.planned.length + LONGEST
    told = tuple(planned(deed, prepared.fixtures) for deed in deeds if deed.action in PLANNED)
    chosen = options(lines, Options(auto=True, presses=told, on_failure=prepared.stage.on_failure, safe=prepared.safe))
    parts = part(lines)
    if parts:
        chosen = replace(chosen, excerpt=editions.part(parts.get("from"), parts.get("until"), parts.get("only")))

    def begin(world: World) -> None:
        arrange(world, [one for one in lines if not (isinstance(one, Deed) and one.action in PLANNED)], editions)
        world.press(world.now() + horizon, Pressed("stop", origin="auto"))

    failed: list[Failed] = []
    try:
        dry_run(
            prepared.cues,
            prepared.stage.fixtures,
            entries.append,
            options=chosen,
            inventories=prepared.inventories,
            latency=latency(lines),
            arrange=begin,
            blocked=prepared.stage.blocked,
        )
    except Stands:
        failed.append(_stuck(trial, entries))
    except (WrongOrder, Missing) as wrong:
        failed.append(Failed(trial.name, trial.place, Miss("the double does what is ordered", str(wrong))))
    end = next((one["at"] for one in reversed(entries)), 0)
    if not failed and end >= horizon:
        failed.append(_stuck(trial, entries))
    if not failed:
        failed = list(_judged(trial, entries, deeds))
    return Verdict(trial, tuple(failed), end, prepared.texts)


def _judged(trial: Trial, entries: list[dict[str, Any]], deeds: Sequence[Deed]) -> Iterator[Failed]:
    prepared = trial.prepared
    evening = Evening(entries, prepared.fixtures, prepared.cues.main if prepared.cues else "", prepared.texts)
    for deed in deeds:
        if deed.at > evening.table.length:
            seen = f"it was over at {clock(evening.table.length)}"
            yield Failed(deed.text, deed.place, Miss(f"the show still plays at {clock(deed.at)}", seen))
    for line in trial.lines:
        if not isinstance(line, Setting | Deed):
            yield from _judge(evening, line)


def _judge(evening: Evening, line: Expectation) -> Iterator[Failed]:
    miss = evening.judge(line)
    if miss is not None:
        yield Failed(text_of(line), place_of(line), miss)


def _stuck(trial: Trial, entries: list[dict[str, Any]]) -> Failed:
    table = timetable(entries, trial.prepared.fixtures)
    waits = [one for one in table.waits if one.why in {None, "over"} and one.what.partition(" ")[0] in {"go", "button"}]
    if waits:
        seen = f"it stands at `{waits[0].what}` from {clock(waits[0].start)} on, and nothing lets it go on"
    else:
        seen = f"it still played after {as_duration(table.length)}, and was stopped"
    return Failed(trial.name, trial.place, Miss("the show comes to its end", seen))
