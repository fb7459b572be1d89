"""`showrunner preview`: the show as a page that plays, with puppets for the programs."""

from typing import Annotated

import typer

from showrunner.cli.options import (
    Catalogue,
    Do,
    From,
    GoAfter,
    Latency,
    OnFailure,
    Only,
    Press,
    Stage,
    StartAt,
    Stay,
    Told,
    Until,
)

EXAMPLE = """Examples:
  showrunner preview morning.show -o morning.html
  showrunner preview room.show -o room.html --press raid@10s --stay 1m"""


def command(
    script: Annotated[str, typer.Argument(metavar="FILE", help="The script, or - for standard input.")],
    target: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="A name with .html; - writes the page out.")
    ],
    catalogue: Catalogue = None,
    stage: Stage = None,
    start: From = None,
    until: Until = None,
    only: Only = None,
    latency: Latency = "0s",
    go_after: GoAfter = "0s",
    press: Press = None,
    event: Told = None,
    do: Do = None,
    start_at: StartAt = None,
    stay: Stay = "0s",
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Begins all that is chosen.")] = 0,
    on_failure: OnFailure = None,
) -> None:
    """Make one page that plays the show as it is planned, without a network: what is seen, said and waited for."""
    from pathlib import Path

    from showrunner.cli.arguments import script as one
    from showrunner.cli.arguments import unheard
    from showrunner.cli.terminal import output
    from showrunner.diagnostics.refusal import Refusal
    from showrunner.drawing.preview import preview
    from showrunner.drawing.staged import staged
    from showrunner.drawing.turns import turned
    from showrunner.engine.messages import Options
    from showrunner.reports.plan import plan
    from showrunner.running.dry_run import heard
    from showrunner.running.orders import done, events, part, policy, presses, time, time_of_day
    from showrunner.show.outputs import apart, write
    from showrunner.show.prepare import prepare

    if target != "-" and Path(target).suffix.lower() != ".html":
        raise Refusal(
            f"the page's name ends with .html, not `{Path(target).name}`", "call it something like `show.html`"
        )
    delay, go = time("--latency", latency), time("--go-after", go_after)
    stays, starts = time("--stay", stay), time_of_day("--start-at", start_at)
    chosen = policy("--on-failure", on_failure)
    given = (*presses("--press", press or ()), *done("--do", do or ()))
    prepared = prepare(one(script), stage, catalogue)
    output.findings(prepared.findings, prepared.texts)
    cues, fixtures = prepared.cues, prepared.fixtures
    if cues is None:
        raise typer.Exit(1)
    if target != "-":
        apart(target, prepared.read)
    given = (*given, *events("--event", event or (), fixtures))
    options = Options(
        seed=str(seed),
        on_failure=chosen or prepared.stage.on_failure,
        go_after=go,
        stay=stays,
        start_at=starts,
        presses=tuple(heard(each, fixtures, prepared.stage.blocked) for each in given),
        excerpt=part(cues, fixtures, prepared.inventories, start, until, only, str(seed)),
    )
    planned = plan(cues, fixtures, prepared.inventories, options=options, latency=delay)
    unheard(given, cues, planned.length)
    scripts = {path: text for path, text in prepared.texts.items() if not path.endswith((".yaml", ".yml"))}
    whens = turned(cues, fixtures, prepared.inventories, options)
    text = preview(staged(planned, cues, fixtures, scripts, whens))
    if target == "-":
        output.out(text)
    else:
        write(target, text, "the page")
