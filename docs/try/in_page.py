"""What the page of the site asks of the program, in the browser: everything about one text, as JSON.

The program is the same as on a computer: the script lies in a folder of the browser's memory, and nothing is sent.
"""

import json
import os
from pathlib import Path

from showrunner.cli.table import table
from showrunner.diagnostics import render
from showrunner.drawing.preview import preview
from showrunner.drawing.score import score
from showrunner.drawing.staged import staged
from showrunner.drawing.svg import svg
from showrunner.engine.messages import Options
from showrunner.reports.entries import read
from showrunner.reports.plan import plan
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import prepare

FOLDER = Path("/show")
NAME = "your.show"
LONGEST = 200_000
"""A text that is longer is not looked at, in characters."""

FOLDER.mkdir(exist_ok=True)
os.chdir(FOLDER)


def look(text: str) -> str:
    """Check a script; where it is right, plan it, draw it, and make the page that plays it."""
    if len(text) > LONGEST:
        return json.dumps({"said": f"This page takes {LONGEST} characters.", "findings": []})
    Path(NAME).write_text(text, encoding="utf-8", newline="")
    ready = prepare(NAME)
    findings = json.loads(render.as_json(ready.findings))["findings"]
    found = {"findings": findings, "said": render.text(ready.findings, ready.texts)}
    cues = ready.cues
    if cues is None:
        return json.dumps(found)
    entries = []
    dry_run(cues, ready.fixtures, entries.append, options=Options(auto=True), inventories=ready.inventories)
    planned = plan(cues, ready.fixtures, ready.inventories)
    found["plan"] = table(read(entries, ready.fixtures), cues, None, 96)
    found["timeline"] = svg(score(planned, cues, ready.fixtures))
    found["page"] = preview(staged(planned, cues, ready.fixtures, {NAME: text}))
    return json.dumps(found)
