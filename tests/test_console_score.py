"""The score: what the page is told of a show, and that its curves are those the engine plays."""

import contextlib
import json
from pathlib import Path

import pytest

from showrunner import yielding
from showrunner.console import written
from showrunner.console.score import ROW, listed, score, with_state
from showrunner.console.scores import Scores
from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.engine.curves import eased
from showrunner.engine.messages import DeliverFrame, Options
from showrunner.reports import curves
from showrunner.reports import plan as plans
from showrunner.reports.plan import plan
from showrunner.show.prepare import prepare
from showrunner.syntax.keywords import COMMANDS, RESERVED, STATEMENTS

HERE = Path(__file__).parent
SHOWS = sorted({*(HERE / "performances").glob("*.show"), *(HERE.parent / "shows").glob("*/*.show")})


def played(path):
    """Read a show as the commands do."""
    with contextlib.chdir(path.parent):
        prepared = prepare(path.name)
    assert prepared.cues is not None, prepared.findings
    return prepared


def scored(path):
    prepared = played(path)
    cues, fixtures = prepared.cues, prepared.stage.fixtures
    planned = plan(cues, fixtures, prepared.inventories)
    made = score(cues, planned, prepared.texts, fixtures)
    return json.loads(Scores().answer(made, packed=False))


@pytest.fixture
def show(tmp_path):
    def write(text, **parts):
        for name, part in parts.items():
            (tmp_path / f"{name}.show").write_text(part, "utf-8")
        (tmp_path / "one.show").write_text(text, "utf-8")
        return tmp_path / "one.show"

    return write


def test_a_small_show_to_the_last_key(show):
    path = show(
        'show "One & <two>"\n'
        'segment hello "Hello" at least 4s\n'
        "  at 00:01  animaze scene Studio; wait 700ms\n"
        '            say happy "Hi" and wait\n'
        "  cue high at +2s\n"
        "    live2d set ParamAngleX 5 for 1s\n"
        "  track side\n"
        "    at 1s  wait for button raid within 2s\n"
        "segment two\n"
        '  at 0s log "over"\n'
    )
    made = scored(path)
    entries = made["plan"].pop("entries")
    assert made == {
        "version": 1,
        "title": "One & <two>",
        "script": "one.show",
        "fingerprint": made["fingerprint"],
        "devices": [
            {
                "name": "animaze",
                "driver": "animaze",
                "speech": ["echo"],
                "looks": {"hue": 3, "shape": "circle"},
                "puppet": True,
                "answers": True,
            },
            {
                "name": "live2d",
                "driver": "live2d",
                "speech": [],
                "looks": {"hue": 5, "shape": "triangle"},
                "puppet": True,
                "answers": True,
            },
            {
                "name": "aituber",
                "driver": "aituber",
                "speech": ["ask", "present", "say", "speak"],
                "looks": {"hue": 4, "shape": "diamond"},
                "puppet": True,
                "answers": True,
            },
        ],
        "buttons": ["raid"],
        "whens": [],
        "pads": [{"name": "raid", "segment": "hello", "whens": [], "keeps": True, "brings": []}],
        "segments": [
            {
                "name": "hello",
                "title": "Hello",
                "at": 0,
                "end": 4_000_000,
                "at_least": 4_000_000,
                "at_most": None,
                "file": "one.show",
                "line": 2,
                "tracks": [
                    {
                        "name": "main",
                        "cues": [
                            {
                                "cue": "L3",
                                "named": False,
                                "row": 0,
                                "file": "one.show",
                                "line": 3,
                                "lines": 2,
                                "at": 1_000_000,
                                "position": "at 00:01",
                                "commands": ["animaze scene Studio", "wait 700ms", 'say happy "Hi" and wait'],
                                "endless": False,
                            },
                            {
                                "cue": "high",
                                "named": True,
                                "row": 1,
                                "file": "one.show",
                                "line": 5,
                                "lines": 2,
                                "at": 3_000_000,
                                "position": "at +2s",
                                "commands": ["live2d set ParamAngleX 5 for 1s"],
                                "endless": False,
                            },
                        ],
                    },
                    {
                        "name": "side",
                        "cues": [
                            {
                                "cue": "L8",
                                "named": False,
                                "row": 2,
                                "file": "one.show",
                                "line": 8,
                                "lines": 1,
                                "at": 1_000_000,
                                "position": "at 1s",
                                "commands": ["wait for button raid within 2s"],
                                "endless": False,
                            }
                        ],
                    },
                ],
            },
            {
                "name": "two",
                "title": None,
                "at": 4_000_000,
                "end": 4_000_000,
                "at_least": None,
                "at_most": None,
                "file": "one.show",
                "line": 9,
                "tracks": [
                    {
                        "name": "main",
                        "cues": [
                            {
                                "cue": "L10",
                                "named": False,
                                "row": 3,
                                "file": "one.show",
                                "line": 10,
                                "lines": 1,
                                "at": 4_000_000,
                                "position": "at 0s",
                                "commands": ['log "over"'],
                                "endless": False,
                            }
                        ],
                    }
                ],
            },
        ],
        "plan": {"end": 4_000_000, "whole": True},
        "holds": [
            {
                "id": 4,
                "device": "live2d",
                "property": "ParamAngleX",
                "from": 5,
                "to": 5,
                "start": 3_000_000,
                "arrives": 3_000_000,
                "until": 4_000_000,
                "ease": "linear",
            }
        ],
        "words": [*STATEMENTS, *COMMANDS, *RESERVED],
        "files": [{"path": "one.show", "text": path.read_text("utf-8")}],
    }
    assert {entry["kind"] for entry in entries} == {"segment", "cue", "command", "outcome", "wait", "resume", "log"}
    waits = [entry for entry in entries if entry["kind"] == "wait"]
    assert (
        waits[0]
        == {"kind": "wait", "segment": "hello", "track": "side", "cue": "L8", "for": "button raid", "at": 1_000_000}
        | waits[0]
    )
    assert not [entry for entry in entries if None in entry.values()]


@pytest.mark.parametrize(
    ("written_", "position"),
    [
        ("at 00:05.250", "at 00:05.250"),
        ("at   +$gap", "at +1s"),
        ("then  at  5s", "then at 5s"),
        ("then +  2s", "then +2s"),
        ("then", "then"),
        ('cue "two words" at 3s', "at 3s"),
        ("cue intro then", "then"),
    ],
)
def test_a_position_is_spelled_as_it_is_written(show, written_, position):
    path = show(f'let gap = 1s\nsegment one\n  at 0s  log "first"\n  {written_}\n    log "second"\n')
    assert scored(path)["segments"][0]["tracks"][0]["cues"][1]["position"] == position


def test_a_cue_of_another_file_has_the_name_the_journal_gives_it(show):
    path = show('include "part.show"\nsegment one\n  at 0s log "a"\n', part='segment two\n  at 1s log "b"\n')
    texts = {name: (path.parent / name).read_text("utf-8") for name in ("one.show", "part.show")}
    made = scored(path)
    two = next(segment for segment in made["segments"] if segment["name"] == "two")
    (cue,) = two["tracks"][0]["cues"]
    assert (cue["cue"], cue["file"], cue["line"], cue["position"]) == ("part.show:L2", "part.show", 2, "at 1s")
    assert cue["at"] == next(e["at"] for e in made["plan"]["entries"] if e["kind"] == "cue" and e["cue"] == cue["cue"])
    assert made["files"] == [{"path": name, "text": text} for name, text in texts.items()]


def test_how_the_lines_of_a_file_end_is_not_shown(tmp_path):
    (tmp_path / "one.show").write_bytes(b'segment one\r\n  at 0s log "a"\r\n')
    made = scored(tmp_path / "one.show")
    assert [file["text"] for file in made["files"]] == ['segment one\n  at 0s log "a"\n']


def test_what_will_be_heard_has_every_value_filled_in(show):
    made = scored(
        show(
            'let host = "Mika"\n'
            "define greet(who)\n"
            '  at 0s  say "Hello {who}, I am {host}." and wait\n'
            "segment one\n"
            '  at 0s  do greet("you"); do greet("<all>"); log "x"\n'
            '  then   animaze chat "Hi." -> answer or "nothing"\n'
            '  then   say "He said {answer}."\n'
        )
    )
    commands = [entry for entry in made["plan"]["entries"] if entry["kind"] == "command"]
    said = [entry.get("said") for entry in commands]
    assert said == ["Hello you, I am Mika.", "Hello <all>, I am Mika.", None, "He said {answer}."]


def test_the_page_gets_the_texts_of_the_show_and_of_no_other_file(show, tmp_path):
    (tmp_path / "stage.yaml").write_text("devices:\n  animaze: {url: ws://localhost:9001}\n", "utf-8")
    (tmp_path / "catalogue.yaml").write_text("animaze:\n  emotes: [Emote_Wave]\n", "utf-8")
    made = scored(show('include "part.show"\nat 1s  log "x"\n', part="let a = 1\n"))
    assert [Path(one["path"]).name for one in made["files"]] == ["one.show", "part.show"]


@pytest.mark.parametrize("path", SHOWS, ids=lambda path: path.stem)
def test_every_cue_of_the_plan_is_found_and_spans_its_lines(path):
    made = scored(path)
    for segment in made["segments"]:
        rows = {cue["row"]: cue for track in segment["tracks"] for cue in track["cues"]}
        for cue in (e for e in made["plan"]["entries"] if "cue" in e and e["segment"] == segment["name"]):
            row = rows[cue["row"]]
            assert cue["cue"].startswith(row["cue"])
            assert ("inner" in cue) == (cue["cue"] != row["cue"])
            if cue["kind"] == "cue":
                assert cue["cue"].endswith(cue["own"])
                assert "inner" in cue or (cue["path"], cue["line"]) == (row["file"], row["line"])
        for track in segment["tracks"]:
            for cue, following in zip(track["cues"], track["cues"][1:], strict=False):
                assert cue["line"] + cue["lines"] <= following["line"] or cue["file"] != following["file"]


class Watched(plans._Imagined):
    """The imaginary world of a plan, in which the frames that would go out are written down."""

    def _take(self, effects):
        for effect in effects:
            if isinstance(effect, DeliverFrame):
                self.frames.append((self.now, effect.device, dict(effect.values)))
        super()._take(effects)


@pytest.mark.parametrize("path", SHOWS, ids=lambda path: path.stem)
def test_the_curves_are_those_the_engine_plays(path):
    prepared = played(path)
    cues, fixtures, known = prepared.cues, prepared.stage.fixtures, prepared.inventories
    world = Watched(cues, fixtures, known, plans.ALL, Options(), 0)
    world.frames = []
    world.run(plans.LEAST, lambda: None)
    planned = plan(cues, fixtures, known)
    drawn = list(curves.numbers(planned.curves))

    def value(hold, now):
        if now >= hold.arrives or hold.begin is None:
            return hold.to
        share = eased(hold.ease, (now - hold.start) / (hold.arrives - hold.start))
        return round(hold.begin + (hold.to - hold.begin) * share, 6)

    carried = set()
    for now, device, values in world.frames:
        for name, shown in values.items():
            if isinstance(shown, tuple):
                continue
            there = [
                h
                for h in drawn
                if (h.device, h.property) == (device, name)
                and h.start <= now <= (planned.length if h.until is None else h.until)
            ]
            # Where it comes from may be known to the application alone.
            asked = any(h.begin is None and now < h.arrives for h in there)
            assert asked or any(value(h, now) == pytest.approx(shown, abs=2e-6) for h in there), (now, name, shown)
            carried |= {h.id for h in there}
        for h in drawn:
            until = planned.length if h.until is None else h.until
            if h.device == device == "live2d" and h.start < now < until:
                assert h.property in values, (now, h)
    assert {h.id for h in drawn} <= carried


def test_state_is_laid_over_a_score():
    finding = Diagnostic("E201", Place("one.show", 3, 5, 2), "there is no device `animze`", "did you mean `animaze`?")
    texts = {"one.show": "a\nb\nanimze scene X\n"}
    found = listed([finding], texts, texts)
    assert with_state({"title": "One"}, started=True, findings=found, refused=True, undo=True, speed=True) == {
        "title": "One",
        "started": True,
        "findings": [
            {
                "code": "E201",
                "severity": "error",
                "path": "one.show",
                "line": 3,
                "column": 5,
                "length": 2,
                "message": "there is no device `animze`",
                "help": "did you mean `animaze`?",
                "fix": None,
                "source": "animze scene X",
                "near": 3,
            }
        ],
        "refused": True,
        "undo": True,
        "redo": False,
        "speed": True,
    }


@pytest.mark.parametrize(
    ("saved", "force", "number", "near"),
    [
        ("a b c", "a b c", 2, 2),
        ("a b x c d", "a b c d", 5, 4),
        ("a b x c d", "a b c d", 2, 2),
        ("a b x c d", "a b c d", 3, 2),
        ("a x y d", "a b c c d", 3, 3),
        ("a d", "a b c d", 2, 4),
        ("x y z", "a", 3, 1),
        ("x", "", 1, 1),
        ("a a a", "a a", 3, 2),
        ("a b", "a b", 9, 9),
    ],
)
def test_a_finding_of_a_refused_save_is_shown_at_the_line_in_force_that_stands_there(saved, force, number, near):
    finding = Diagnostic("E201", Place("one.show", number, 1, 1), "?")
    texts = [{"one.show": "\n".join(text.split())} for text in (saved, force)]
    [found] = listed([finding], *texts)
    lines = saved.split()
    assert found["near"] == near
    assert found["source"] == (lines[number - 1] if number <= len(lines) else "")


def test_of_a_saved_line_without_end_a_row_is_shown():
    [found] = listed([Diagnostic("E201", Place("one.show", 1, 1, 1), "?")], {"one.show": "x" * 1_000_000}, {})
    assert found["source"] == "x" * ROW


def test_a_score_is_packed_once_as_long_as_it_is_the_same():
    scores = Scores()
    made = {"title": "One", "plan": written.Written(b'{"end":1}')}
    first = scores.answer(made, packed=True)
    assert scores.answer(dict(made), packed=True) is first
    assert scores.answer({**made, "readonly": True}, packed=True) is not first
    assert scores.answer(made, packed=True) is first
    assert scores.answer({**made, "title": "Two"}, packed=True) != first


@pytest.mark.parametrize(
    "count", [0, 1, written.STRETCH - 1, written.STRETCH, written.STRETCH + 1, 3 * written.STRETCH]
)
def test_a_long_list_in_pieces_is_one_list(count):
    assert json.loads(b"".join(written.stretches({"n": n} for n in range(count)))) == [{"n": n} for n in range(count)]


def test_others_are_let_in_while_a_long_list_is_written(monkeypatch):
    let_in = []
    clock = iter(range(1, 1000))
    monkeypatch.setattr(yielding, "_breath", yielding._Breath())
    monkeypatch.setattr(yielding.time, "perf_counter", lambda: next(clock) * 1e6)
    monkeypatch.setattr(yielding.time, "sleep", let_in.append)
    list(written.stretches(range(5 * written.STRETCH)))
    assert let_in == [0] * 5
