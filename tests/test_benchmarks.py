"""The benchmarks' table: every part of every program stands in it, and it fits a terminal. Nothing is measured here."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    loaded = []

    def module(name):
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        found = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, found)
        loaded.append(name)
        spec.loader.exec_module(found)
        return found

    return module


def parts(program):
    """The names in a program's PARTS, read without running it: some need a browser or npm."""
    for node in ast.parse(program.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PARTS":
            return tuple(key.value for key in node.value.keys)
    return None


def test_every_part_of_every_program_stands_in_the_table(load):
    load("measure")
    found = {path.stem: parts(path) for path in FOLDER.glob("*.py")}
    programs = load("all").PROGRAMS
    assert programs == {name: named for name, named in found.items() if named is not None}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {
                "claim": "an hour played dry",
                "ours": "2.31 s",
                "beside": "SimPy",
                "found": (38.0, 39.5, 41.0),
                "aim": 40,
            },
            "an hour played dry              2.31 s  SimPy          39.5x  38.0 to 41.0   <40",
        ),
        (
            {
                "claim": "lateness",
                "ours": "1.50 ms",
                "beside": "+ bare loop",
                "found": (1.25,),
                "aim": 1,
                "unit": " ms",
            },
            "lateness                       1.50 ms  + bare loop  1.25 ms       one run   <1!",
        ),
        (
            {"claim": "rate", "ours": "29.9/s", "beside": "bare loop", "found": (0.8, 0.7), "aim": 0.9, "least": True},
            "rate                            29.9/s  bare loop      0.75x  0.70 to 0.80 >0.9!",
        ),
        ({"claim": "console.console", "ours": "", "beside": "", "found": ()}, "console.console                      -"),
    ],
    ids=["within", "beyond", "below", "not measured"],
)
def test_a_row_is_a_line_of_eighty_columns_that_says_whether_its_aim_is_met(load, row, said):
    measure = load("measure")
    assert measure.line(measure.Row(**row)) == said
    assert len(said) <= measure.WIDTH == len(measure.heading().splitlines()[0])


def test_the_exponent_of_a_growth_is_fitted(load):
    assert load("measure").slope([(n, 3.0 * n**1.5) for n in (1, 10, 100)]) == pytest.approx(1.5)
