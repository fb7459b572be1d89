"""The states of a command: the table is whole, and the picture of it in DESIGN.md is drawn from it.

`SHOWRUNNER_UPDATE=1` draws it anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from showrunner.engine.states import IGNORED, NEVER, TABLE, Incident, State, after

DESIGN = Path(__file__).parent.parent / "DESIGN.md"
BEGIN, END = "<!-- states: drawn by tests/test_states.py -->\n", "<!-- end of states -->"


def cell(state: State, incident: Incident) -> State | str:
    return TABLE[incident][state - 1]


def spelled(name: State | Incident) -> str:
    return name.name.lower()


def picture() -> str:
    """Draw the table: its transitions as a Mermaid diagram, all of it as a table."""
    leads: dict[tuple[State, State], list[str]] = {}
    for state in State:
        for incident in Incident:
            if isinstance(then := cell(state, incident), State):
                leads.setdefault((state, then), []).append(spelled(incident))
    drawn = [f"    {spelled(one)} --> {spelled(other)}: {', '.join(why)}" for (one, other), why in leads.items()]
    drawn = [f"    [*] --> {spelled(State.QUEUED)}", *drawn, f"    {spelled(State.ENDED)} --> [*]"]
    rows = [["", *map(spelled, State)], ["---"] * (1 + len(State))]
    for incident in Incident:
        cells = [cell(state, incident) for state in State]
        rows.append([f"*{spelled(incident)}*", *(one if isinstance(one, str) else spelled(one) for one in cells)])
    table = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(["```mermaid", "stateDiagram-v2", *drawn, "```", "", *table, ""])


def test_the_picture_in_the_design_is_the_table() -> None:
    text = DESIGN.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    found, _, after_it = rest.partition(END)
    if os.environ.get("SHOWRUNNER_UPDATE"):
        found = picture()
        DESIGN.write_text(f"{before}{BEGIN}{found}{END}{after_it}", "utf-8")
    assert found == picture()


def test_the_table_says_of_every_state_what_everything_means_in_it() -> None:
    assert TABLE.keys() == set(Incident)
    assert {len(row) for row in TABLE.values()} == {len(State)}
    assert all(isinstance(one, State) or one in {IGNORED, NEVER} for row in TABLE.values() for one in row)


def test_whatever_happens_to_a_command_it_can_end_and_what_has_ended_stays_so() -> None:
    assert {after(state, Incident.END) for state in State if state is not State.ENDED} == {State.ENDED}
    assert {cell(State.ENDED, incident) for incident in Incident} == {IGNORED, NEVER}


@pytest.mark.parametrize("incident", [Incident.ANSWER, Incident.REPORT])
def test_whatever_a_device_says_and_when_it_is_no_mistake_of_ours(incident: Incident) -> None:
    for state in State:
        after(state, incident)


def test_what_can_never_be_is_said_with_its_names() -> None:
    with pytest.raises(ValueError, match="a command that is ENDED never meets SEND"):
        after(State.ENDED, Incident.SEND)
