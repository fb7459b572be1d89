"""`showrunner replay`: the recorded inputs through the scheduler again, every decision compared."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from showrunner.cli.options import Catalogue, Stage
from showrunner.cli.terminal import output

if TYPE_CHECKING:
    from showrunner.engine.messages import Entry
    from showrunner.running.replay import Difference

EXAMPLE = """Examples:
  showrunner replay tonight.journal
  showrunner dry-run morning.show --format jsonl > plan.journal; showrunner replay plan.journal"""

DIFFERS = 5

LONGEST = 600
"""So many characters of an entry are shown."""


def command(
    journal: Annotated[str, typer.Argument(metavar="JOURNAL", help="The journal, or - for standard input.")],
    script: Annotated[
        str | None, typer.Option(metavar="FILE", help="The script, where it is not where it was.")
    ] = None,
    stage: Stage = None,
    catalogue: Catalogue = None,
) -> None:
    """Run what a journal recorded through the scheduler again; 0 if every decision is the same, else 5."""
    from showrunner.diagnostics.refusal import Refusal
    from showrunner.diagnostics.wording import visible
    from showrunner.running.recording import opened
    from showrunner.running.replay import Unknown

    with opened(journal, script, stage, catalogue) as recording:
        prepared, entries = recording.prepared(), recording.entries
        if prepared.cues is None:
            output.findings(prepared.findings, prepared.texts)
            played = [visible(str(name)) for name in entries[0]["devices"] if name not in prepared.fixtures]
            if played:
                output.say(f"help: the stage file of then had `{played[0]}`: name that file with `--stage FILE`")
            raise typer.Exit(1)
        replay = recording.replay(prepared, prepared.cues)
        outcome = replay.run()
    if isinstance(outcome, Unknown):
        raise Refusal(outcome.message)
    if outcome is None:
        sys.stdout.write(f"the same: {replay.compared} decisions of {len(entries)} entries\n")
        return
    sys.stdout.write(f"different, after {replay.compared} decisions:\n")
    raise typer.Exit(differs(outcome))


def differs(found: "Difference") -> int:
    """Show where a journal comes out otherwise; give the exit code."""
    for name, entry in (("journal", found.theirs), ("replay", found.ours)):
        output.out(f"  {name:8} {_shown(entry)}\n")
    return DIFFERS


def _shown(entry: "Entry | None") -> str:
    from showrunner.diagnostics.wording import shortened, visible
    from showrunner.engine.journal import line

    if entry is None:
        return "nothing more"
    return shortened(visible(line({key: value for key, value in entry.items() if value is not None})), LONGEST)
