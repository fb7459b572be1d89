"""A show that broke off goes on: at every entry of a journal on the virtual clock, and after real kills on sockets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.vocabulary import Frame, Terms
from showrunner.engine.journal import Journal, line
from showrunner.engine.messages import Brought, Entry
from showrunner.engine.telling import DECISIONS
from showrunner.reports import points
from showrunner.reports.plan import TIMES, plan
from showrunner.reports.timetable import Plan
from showrunner.running.conductor import Playbill
from showrunner.running.dry_run import double
from showrunner.running.performance import Performance
from showrunner.running.recording import opened, read
from showrunner.running.resuming import Resumed, resume
from showrunner.show import stage
from showrunner.show.stage import fixture
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed
from tests.stagehand import perform
from tests.ways import DIALLED

MINUTE = 60_000_000
PATIENCE = 60

SHOW = """\
segment talk
  track face
    at 0s     live2d set ParamAngleX 7 for 3s
    at 500ms  live2d move ParamAngleY to 10 over 2s
  track turns
    at 200ms  repeat 3 times every 400ms
      log "a turn"
  track voice
    at 300ms  say happy "Good morning!" and wait
    then      say sad "That was quick."
    then      animaze chat "what now?" -> joke
  at 0s       animaze scene Studio
  at 400ms    animaze emote "E1"; animaze emote "E2" for 500ms and wait; animaze emote "E3"
  at 1500ms   hold "ready?" within 300ms
  at 1600ms   wait for button raid within 300ms
  at 2s       animaze emote "E4"
segment end
  at 100ms    animaze emote "E5"
"""


def written(path: Path, entries: list[Entry]) -> Path:
    path.write_text("".join(f"{line(entry)}\n" for entry in entries), "utf-8")
    return path


def broken_off(journal: Path, script: Path) -> Resumed:
    with opened(str(journal), str(script)) as recording:
        found = resume(recording)
    assert isinstance(found, Resumed), found
    return found


def go_on(found: Resumed, first: str, presses: Sequence[tuple[int, Entry]] = ()) -> list[Entry]:
    """Go on a minute later, on new doubles on the virtual clock; each press comes so long after that."""
    entries: list[Entry] = []
    caller, world, journal = found.broken.caller, World(20_000), Journal(entries.append)
    fixtures = {name: stage.standard()[name].played for name in found.cues.devices}
    for name, one in fixtures.items():
        world.join(name, double(one, None, lambda now: now // 1000), one.ways)
    broken = replace(found.broken, gone=lambda: MINUTE)
    performance = Performance(
        found.cues, fixtures, world.wires, world, journal, caller.play.options,
        playbill=Playbill("0", resumes=first), broken=broken,
    )  # fmt: skip
    assert performance.standby(MINUTE) == {}
    for after, one in presses:
        part = points.asked(planned(found), found.cues, one["action"], one.get("to") or "") if "to" in one else None
        given = Brought(one.get("text"), one.get("fields", {})) if one["action"] == "button" else part
        world.press(world.now() + after, Pressed(one["action"], one.get("name"), one.get("to"), one["from"], given))
    performance.play()
    performance.close()
    return entries


def planned(found: Resumed) -> Plan:
    return plan(found.cues, {name: one.played for name, one in stage.standard().items()}, {}, TIMES)


def emotes(entries: list[Entry]) -> Counter[str]:
    """Count the emotes that were sent, by name."""
    frames = [entry["frame"] for entry in entries if entry["kind"] == "sent"]
    return Counter(frame["itemName"] for frame in frames if frame.get("action") == "TriggerEmote")


def cues(entries: list[Entry]) -> Counter[tuple[str, str, str]]:
    return Counter((one["segment"], one["track"], one["cue"]) for one in entries if one["kind"] == "cue")


def replayed(journal: Path, script: Path) -> object:
    with opened(str(journal), str(script)) as recording:
        prepared = recording.prepared()
        assert prepared.cues is not None
        return recording.replay(prepared, prepared.cues).run()


def test_a_show_goes_on_wherever_its_journal_ends(tmp_path: Path) -> None:
    """No cue twice, none missing, no impulse twice; and both journals together are replayed the same."""
    script = tmp_path / "a.show"
    script.write_text(SHOW, "utf-8")
    whole = perform(script, "by hand\nlatency 20ms\nat 1s stood 5s", seed="live").entries
    every = cues(whole)
    begun = next(number for number, entry in enumerate(whole) if entry["kind"] in DECISIONS)
    for end in range(begun + 1, len(whole), 4):
        first = written(tmp_path / "first.journal", whole[:end])
        more = go_on(broken_off(first, script), str(first))
        second = written(tmp_path / "second.journal", more)
        told = list(read(str(second)).entries)
        assert [entry["seq"] for entry in told] == list(range(len(told)))
        assert [entry["at"] for entry in told] == sorted(entry["at"] for entry in told)
        assert cues(told) == every, whole[end - 1]
        assert max(emotes(told).values()) == 1
        unknown = [one["id"] for one in told if one["kind"] == "outcome" and one.get("reason") == "connection lost"]
        missing = [name for name in ("E1", "E2", "E3", "E4", "E5") if name not in emotes(told)]
        assert len(missing) <= len(unknown), whole[end - 1]
        outcomes = Counter(one["id"] for one in told if one["kind"] == "outcome")
        assert set(outcomes) == {one["id"] for one in told if one["kind"] == "command"}
        assert set(outcomes.values()) == {1}
        [gap] = [entry for entry in more if entry["kind"] == "gap"]
        assert gap["for"] == MINUTE
        assert more[-1]["kind"] == "end"
        assert replayed(second, script) is None


def test_a_show_that_was_resumed_is_resumed_again(tmp_path: Path) -> None:
    script = tmp_path / "a.show"
    script.write_text(SHOW, "utf-8")
    whole = perform(script, "by hand", seed="live").entries
    third = next(number for number, one in enumerate(whole) if one["kind"] == "cue" and one["cue"] == "L14")
    written(tmp_path / "1.journal", whole[:third])
    more = go_on(broken_off(tmp_path / "1.journal", script), "1.journal")
    half = next(number for number, one in enumerate(more) if one["kind"] == "cue" and one["cue"] == "L16")
    written(tmp_path / "2.journal", more[: half + 1])
    last = go_on(broken_off(tmp_path / "2.journal", script), "2.journal")
    written(tmp_path / "3.journal", last)
    told = list(read(str(tmp_path / "3.journal")).entries)
    assert cues(told) == cues(whole)
    assert [one["for"] for one in told if one["kind"] == "gap"] == [MINUTE, MINUTE]
    assert replayed(tmp_path / "3.journal", script) is None


def test_a_value_that_is_let_go_over_a_time_goes_on_being_let_go(tmp_path: Path) -> None:
    """Its last frame carries it as its first did: once in each of two journals."""
    script = tmp_path / "a.show"
    script.write_text("at 0s  live2d set ParamAngleX 7\nat 100ms  live2d release ParamAngleX over 300ms\n", "utf-8")
    whole = perform(script, "latency 20ms", seed="live").entries
    begun = next(number for number, entry in enumerate(whole) if entry["kind"] in DECISIONS)
    for end in range(begun + 1, len(whole)):
        first = written(tmp_path / "first.journal", whole[:end])
        second = written(tmp_path / "second.journal", go_on(broken_off(first, script), str(first)))
        assert replayed(second, script) is None, whole[end - 1]


def test_a_torn_last_line_is_no_obstacle(tmp_path: Path) -> None:
    script = tmp_path / "a.show"
    script.write_text(SHOW, "utf-8")
    whole = perform(script, "by hand", seed="live").entries
    journal = written(tmp_path / "a.journal", whole[:60])
    with journal.open("a") as file:
        file.write(line(whole[60])[:30])
    found = broken_off(journal, script)
    assert found.broken.at == whole[59]["at"]


CALLED = """\
segment talk
  track face
    at 100ms  live2d set ParamAngleX 7
    at 200ms  animaze emote "E1"
  track turns
    at 300ms  repeat 4 times every 400ms
      log "a turn"
  track calls
    at 500ms  hold "ready?" within 30s
    then      animaze emote "E2"
    then      wait for button raid within 30s
    then      log "raided"
  at 1s       wait for button raid within 5s
  at 2s       animaze emote "E3"
segment end
  at 0s       hold "the end?" within 20s
  then        animaze emote "E4"
"""


@pytest.mark.parametrize(
    "plan",
    [
        "at 700ms pause\nat 5s resume\nat 6s go\nat 7s button raid\nat 9s go",
        "at 250ms pause\nat 300ms go\nat 400ms button raid\nat 2s stood 4s\nat 8s resume\nat 9s go\nat 12s button raid",
        "at 300ms button raid\nat 1200ms go\nat 1300ms button raid\nat 4s go",
        "at 700ms go\nat 800ms stood 5s\nat 6s button raid\nat 7500ms panic",
        "at 700ms pause\nat 900ms panic",
        "at 600ms stop",
        "from end\nat 1s go",
        "from talk+600ms\nuntil talk/L14\nat 1s go\nat 2s button raid",
        "only talk\nat 1s go\nat 2s button raid",
        "at 600ms seek end\nat 2s seek talk\nat 3s go\nat 4s button raid\nat 9s go",
        "at 600ms lose live2d\nat 700ms go\nat 1s button raid\nat 1500ms restore live2d\nat 5s go",
    ],
)
def test_a_show_that_is_called_goes_on_as_it_would_have(tmp_path: Path, plan: str) -> None:
    """What was pressed stands, kept presses too; what is pressed afterwards does what it would have done."""
    script = tmp_path / "a.show"
    script.write_text(CALLED, "utf-8")
    whole = perform(script, f"by hand\n{plan}", seed="live").entries
    begun = next(number for number, entry in enumerate(whole) if entry["kind"] in DECISIONS)
    for end in range(begun + 1, len(whole), 5):
        first = written(tmp_path / "first.journal", whole[:end])
        found = broken_off(first, script)
        later = [one for one in whole[end:] if one["kind"] == "operator" and not one.get("interrupts")]
        # What the other half of the journal counts of its own gaps has been taken off.
        stood = [one for one in whole[end:] if one["kind"] == "gap"]
        presses = [
            (one["at"] - whole[end - 1]["at"] - sum(gap["for"] for gap in stood if gap["seq"] < one["seq"]), one)
            for one in later
        ]
        more = go_on(found, str(first), presses)
        second = written(tmp_path / "second.journal", more)
        told = list(read(str(second)).entries)
        assert cues(told) == cues(whole), whole[end - 1]
        assert pressed(told) == pressed(whole), whole[end - 1]
        assert told[-1]["result"] == whole[-1]["result"]
        assert max(emotes(told).values(), default=1) <= max(emotes(whole).values(), default=1)
        assert replayed(second, script) is None


ROOM = """\
define duet(who)
  track voice
    at 0s           say choose "La." or "Lala." or "Lalala."
    cue sung at 1s  log "{who} has sung"
  track body
    at 0s           live2d set ParamAngleX choose 5 or 9 or 12 for 2s
    at 0s           repeat every 300ms to 600ms until cue sung
      log "sway"
    then            log "bow"
when button go -> who at most every 300ms
  at 0s             choose by who
    fast            repeat 3 times every 200ms
      log "beat {turn}"
    else            do duet("the room")
  then              log "over: {who}"
when button boo restart
  at 0s             log "boo"
  at 1s             log "boo, over"
segment talk
  when button go -> again together
    at 0s           choose
      log "one {again}"
      animaze emote "E2"
      nothing
    at 700ms        log "heard {again}"
  at 100ms          choose
    do duet("Aki")
    do duet("Ren")
    do duet("Mika")
  then              animaze emote "E1"
  at 4s             log "the last"
segment end
  at 500ms          choose
    log "x"
    log "y"
"""


@pytest.mark.parametrize(
    "plan",
    [
        'at 200ms button go "fast"\nat 700ms button boo\nat 900ms button boo\nat 1s button go "slow"',
        'at 200ms button go "fast"\nat 300ms pause\nat 400ms button boo\nat 500ms button go "a"\nat 2s resume',
        'at 1s button go "slow"\nat 1500ms button boo\nat 1800ms seek talk+500ms\nat 2500ms button go "b"',
        'at 3900ms button go "slow"\nat 4s button boo\nat 4200ms button boo\nat 4300ms panic',
    ],
)
def test_a_room_goes_on_in_the_middle_of_turns_and_choices_as_it_would_have(tmp_path: Path, plan: str) -> None:
    """What was picked, kept, queued and heard stands; what comes is picked as it would have been."""
    script = tmp_path / "a.show"
    script.write_text(ROOM, "utf-8")
    whole = perform(script, f"by hand\nlatency 20ms\n{plan}", seed="live").entries
    begun = next(number for number, entry in enumerate(whole) if entry["kind"] in DECISIONS)
    kinds = {"cue": ("cue",), "log": ("message",), "choice": ("cue", "picked", "by"), "heard": ("event", "became")}

    def said(entries: list[Entry]) -> Counter[tuple[object, ...]]:
        told = (one for one in entries if one["kind"] in kinds)
        return Counter((one["kind"], *(one.get(key) for key in kinds[one["kind"]])) for one in told)

    panics = (number for number, one in enumerate(whole) if one.get("action") == "panic")
    for end in range(begun + 1, next(panics, len(whole)), 5):
        first = written(tmp_path / "first.journal", whole[:end])
        later = [one for one in whole[end:] if one["kind"] == "operator"]
        more = go_on(broken_off(first, script), str(first), [(one["at"] - whole[end - 1]["at"], one) for one in later])
        second = written(tmp_path / "second.journal", more)
        told = list(read(str(second)).entries)
        assert replayed(second, script) is None
        assert said(told) == said(whole), whole[end - 1]


def pressed(entries: list[Entry]) -> list[tuple[object, ...]]:
    """Give what the operator did, and what became of it."""
    keys = ("action", "name", "to", "ignored")
    return [tuple(one.get(key) for key in keys) for one in entries if one["kind"] == "operator"]


def test_a_rehearsal_is_resumed_in_the_text_that_was_saved_last(tmp_path: Path) -> None:
    """Of each version the journal has the text; the second crash is after another save."""
    script = tmp_path / "a.show"
    texts = ['at 0s  log "a"\nat 1s  log "b"\nat 2s  log "c"\n']
    texts += [texts[0].replace('"b"', '"B"'), texts[0].replace('"b"', '"B"').replace('"c"', '"C"')]
    for name, text in zip(("a.show", "one.edited", "two.edited"), texts, strict=True):
        (tmp_path / name).write_text(text, "utf-8", newline="\n")
    whole = perform(script, "at 500ms reload one.edited\nat 1500ms reload two.edited", seed="live").entries
    saves = [one for one in whole if one["kind"] == "reload"]
    prints = [saves[0]["old"], *(one["new"] for one in saves)]
    path = str(script)
    sources = [
        {"seq": 0, "at": 0, "kind": "source", "fingerprint": fingerprint, "path": path, "text": text}
        for fingerprint, text in zip(prints, texts, strict=True)
    ]
    told = [{**whole[0], "script": path}, *sources, *whole[1:]]
    script.write_text(texts[2], "utf-8", newline="\n")
    for end, last in ((len(told) - 2, 2), (told.index(saves[1]), 1), (told.index(saves[0]), 0)):
        first = written(tmp_path / "first.journal", told[:end])
        with opened(str(first)) as recording:
            found = resume(recording)
        assert isinstance(found, Resumed), found
        assert found.cues.fingerprint == prints[last]
        more = go_on(found, str(first))
        second = written(tmp_path / "second.journal", more)
        seen = [one["message"] for one in read(str(second)).entries if one["kind"] == "log"]
        assert seen == [["a", "b", "c"], ["a", "B", "c"], ["a", "B", "C"]][last]
        assert replayed_by_itself(second) is None


# ------------------------------------------------------------------------------------------------------ as a user


def resumed(journal: Path, *words: str, yes: bool = True, lines: str | None = None) -> subprocess.CompletedProcess[str]:
    """Resume a journal; ``lines`` come on standard input, else it is closed."""
    said = ["resume", str(journal), *(["--yes"] if yes else []), *words]
    return subprocess.run(
        [sys.executable, "-c", "from showrunner.cli import main; main()", *said],
        **({"stdin": subprocess.DEVNULL} if lines is None else {"input": lines}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=journal.parent,
        env={**os.environ, "SHOWRUNNER_STATE": str(journal.parent / "state")},
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The journal of a run with doubles that broke off at its second cue, with its text."""
    text = 'segment one\n  at 0s  log "a"\n  at 1s  log "b"\n  at 1100ms  log "c"\n'
    (tmp_path / "a.show").write_text(text, "utf-8", newline="\n")
    whole = perform(tmp_path / "a.show", seed="live").entries
    path = str(tmp_path / "a.show")
    show = {**whole[0], "script": path, "epoch": 1, "stage": None, "engine": "0.0.1"}
    source = {"kind": "source", "fingerprint": show["fingerprint"], "path": path, "text": text}
    cut = next(number for number, one in enumerate(whole) if one["kind"] == "log" and one["message"] == "b")
    told = [show, {"seq": 0, "at": 0, **source}, *whole[1 : cut + 1]]
    return written(tmp_path / "a.journal", [{**one, "seq": number} for number, one in enumerate(told)])


def logged(journal: Path) -> list[str]:
    return [one["message"] for one in read(str(journal)).entries if one["kind"] == "log"]


def test_the_point_is_said_and_a_journal_of_its_own_names_the_first(broken: Path) -> None:
    before = broken.read_bytes()
    ran = resumed(broken)
    assert ran.returncode == 0, ran.stderr
    assert "note: this journal was written by showrunner 0.0.1, and this is" in ran.stderr
    assert "breaks off at 00:01.000 in segment `one`" in ran.stderr
    assert f"has entries already: the journal is written to `{broken}.2`" in ran.stderr
    assert broken.read_bytes() == before
    first = json.loads(Path(f"{broken}.2").read_bytes().splitlines()[0])
    assert first["resumes"] == str(broken)
    assert logged(Path(f"{broken}.2")) == ["a", "b", "c"]
    again = resumed(Path(f"{broken}.2"))
    assert again.returncode == 2
    assert "has its end (done): there is nothing to go on with" in again.stderr


def test_a_changed_text_is_refused_and_taken_over_anyway_at_the_cue_of_each_track(broken: Path) -> None:
    script = broken.parent / "a.show"
    script.write_text(
        script.read_text("utf-8").replace('log "a"', 'log "A"').replace('log "c"', 'log "C"'), "utf-8", newline="\n"
    )
    ran = resumed(broken)
    assert ran.returncode == 5
    assert "it has changed since" in ran.stderr
    assert "--from one/L3` begins anew there" in ran.stderr
    ran = resumed(broken, "--anyway")
    assert ran.returncode == 0, ran.stderr
    assert logged(Path(f"{broken}.2")) == ["a", "b", "C"]
    assert replayed_by_itself(Path(f"{broken}.2")) is None


def replayed_by_itself(journal: Path) -> object:
    with opened(str(journal)) as recording:
        prepared = recording.prepared()
        assert prepared.cues is not None
        return recording.replay(prepared, prepared.cues).run()


def test_a_journal_that_comes_out_otherwise_is_refused(broken: Path) -> None:
    broken.write_bytes(broken.read_bytes().replace(b'"message":"a"', b'"message":"x"'))
    ran = resumed(broken)
    assert ran.returncode == 5
    assert "comes out otherwise" in ran.stderr
    assert not Path(f"{broken}.2").exists()


def test_what_has_not_begun_and_what_was_no_live_show_is_refused(broken: Path) -> None:
    entries = list(read(str(broken)).entries)
    written(broken, entries[:2])
    ran = resumed(broken)
    assert (ran.returncode, "had not begun" in ran.stderr) == (2, True)
    written(broken, [{**entries[0], "seed": "0", "epoch": 0}, *entries[1:]])
    ran = resumed(broken)
    assert (ran.returncode, "is the journal of a dry run" in ran.stderr) == (2, True)


def test_who_could_not_answer_the_question_is_told_what_would(broken: Path) -> None:
    ran = resumed(broken, yes=False)
    assert ran.returncode == (130 if sys.platform == "win32" else 2)
    assert "nobody can let the show go on: standard input is closed" in ran.stderr
    assert "`--yes` lets it go on at once" in ran.stderr


def test_a_line_lets_it_go_on_and_the_end_of_the_lines_does_not(broken: Path) -> None:
    ran = resumed(broken, yes=False, lines="\n")
    assert ran.returncode == 0, ran.stderr
    assert "Ready. Press Enter to go on" in ran.stderr
    assert logged(Path(f"{broken}.2")) == ["a", "b", "c"]
    ran = resumed(broken, yes=False, lines="raid")
    assert ran.returncode == 130
    assert "nobody can let the show go on" in ran.stderr
    again = resumed(Path(f"{broken}.3"))
    assert again.returncode == 0, again.stderr
    assert logged(Path(f"{broken}.4")) == ["a", "b", "c"]


def test_a_journal_whose_first_half_is_gone_says_which(broken: Path) -> None:
    assert resumed(broken).returncode == 0
    second = Path(f"{broken}.2")
    kept = written(second, list(map(json.loads, second.read_text("utf-8").splitlines()))[:-1])
    broken.rename(broken.with_name("elsewhere"))
    ran = resumed(kept)
    assert ran.returncode == 2
    assert f"`{kept}` goes on from `{broken}`, which is not there" in ran.stderr


@pytest.mark.parametrize("name", ["stage.yaml", "catalogue.yaml"])
def test_a_file_beside_the_script_that_changed_is_named(broken: Path, name: str) -> None:
    text = {"stage.yaml": "defaults: {on-failure: stop}\n", "catalogue.yaml": "animaze: {emotes: [Wave]}\n"}[name]
    (broken.parent / name).write_text(text, "utf-8")
    ran = resumed(broken)
    assert ran.returncode == 0, ran.stderr
    assert (
        f"note: `{(broken.parent / name).as_posix()}` is not what it was; from here on it holds as it is now"
        in ran.stderr
    )
    entries = list(read(str(broken)).entries)
    written(broken, [{**one, "message": "x"} if one["kind"] == "log" else one for one in entries])
    ran = resumed(broken)
    assert ran.returncode == 5
    assert f"help: `{broken.parent / name}` is not what it was; put it back as it was, and resume again" in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no process is killed by this signal there")
def test_a_killed_show_goes_on_and_its_program_sees_nothing_twice(tmp_path: Path) -> None:
    """The program outlives the show; what it was told is what counts."""
    seen: list[str] = []

    def note(way: str, frame: Frame | str) -> None:
        if isinstance(frame, dict) and frame.get("action") == "TriggerEmote" and way == "in":
            seen.append(str(frame["itemName"]))

    kind = devices.find("animaze")
    assert kind is not None
    settings = fixture("animaze", kind).settings
    program = HostedDouble(
        "animaze", kind.double(Terms("animaze", settings, "0", lambda now: now // 1000, {}, None)),
        {DIALLED: "ws://localhost:0/"}, on_frame=note,
    )  # fmt: skip
    program.open()
    number = 40
    lines = [f'at {20 * n}ms  animaze emote "E{n}"\n' for n in range(number)]
    script, journal = tmp_path / "a.show", tmp_path / "a.journal"
    script.write_text("".join(lines), "utf-8")
    (tmp_path / "stage.yaml").write_text(f"devices:\n  animaze: {{url: {program.url}}}\n", "utf-8")
    words, path = ["run", str(script), "--yes", "--journal", str(journal)], journal
    try:
        for turn, kill in enumerate((b'"E5"', b'"E13"', b'"E14"', b'"E30"', None), 1):
            process = subprocess.Popen(
                [sys.executable, "-c", "from showrunner.cli import main; main()", *words],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                env={**os.environ, "SHOWRUNNER_STATE": str(tmp_path / "state")},
            )  # fmt: skip
            assert process.stderr is not None
            watch = threading.Timer(PATIENCE, process.kill)
            watch.start()
            said = b""
            go = b"0:00" if kill is None else kill
            while more := os.read(process.stderr.fileno(), 4096):
                said += more
                # The cues around the point are shown before it goes on; what is played stands behind.
                if kill is not None and go in said.partition(b"animaze: ready")[2]:
                    process.send_signal(signal.SIGKILL)
            code = process.wait()
            watch.cancel()
            process.stderr.close()
            assert code == (-9 if kill is not None else code), said.decode()
            path = journal if turn == 1 else Path(f"{journal}.{turn}")
            words = ["resume", str(path), "--yes"]
        assert said.rstrip().splitlines()[-1].startswith(b"done: "), said.decode()
    finally:
        program.close()
    told = read(str(path)).entries
    unknown = [one["id"] for one in told if one["kind"] == "outcome" and one.get("reason") == "connection lost"]
    lost = {one["text"].split('"')[1] for one in told if one["kind"] == "command" and one["id"] in unknown}
    assert max(Counter(seen).values()) == 1
    assert {f"E{n}" for n in range(number)} - set(seen) <= lost
    assert len(lost) <= 4
    assert replayed(path, script) is None
