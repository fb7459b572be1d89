"""`showrunner preview`: the show as a page that plays, with puppets for the programs."""

from typing import Annotated

import typer

from showrunner.cli.options import Catalogue, Do, From, GoAfter, OnFailure, Only, Press, Stage, Stay, Told, Until

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
    go_after: GoAfter = "0s",
    press: Press = None,
    event: Told = None,
    do: Do = None,
    stay: Stay = "0s",
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Begins all that is chosen.")] = 0,
    on_failure: OnFailure = None,
) -> None:
    """Make one page that plays the show as it is planned, without a network: what is seen, said and waited for."""
    from pathlib import Path

    from showrunner.cli.arguments import script as one
    from showrunner.cli.terminal import output
    from showrunner.diagnostics.refusal import Refusal, reason
    from showrunner.drawing.preview import preview
    from showrunner.drawing.staged import staged
    from showrunner.engine.messages import Options
    from showrunner.reports.plan import plan
    from showrunner.running.dry_run import heard
    from showrunner.running.orders import done, events, part, policy, presses, time
    from showrunner.show.outputs import apart
    from showrunner.show.prepare import prepare

    if target != "-" and Path(target).suffix.lower() != ".html":
        raise Refusal(
            f"the page's name ends with .html, not `{Path(target).name}`", "call it something like `show.html`"
        )
    go, stays = time("--go-after", go_after), time("--stay", stay)
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
        presses=tuple(heard(each, fixtures, prepared.stage.blocked) for each in given),
        excerpt=part(cues, fixtures, prepared.inventories, start, until, only, str(seed)),
    )
    for name in dict.fromkeys(each.name for each in given if each.action == "button"):
        if name not in cues.buttons:
            output.warn(f"--press: nobody in this show waits for the button `{name}`")
    planned = plan(cues, fixtures, prepared.inventories, options=options)
    scripts = {path: text for path, text in prepared.texts.items() if not path.endswith((".yaml", ".yml"))}
    text = preview(staged(planned, cues, fixtures, scripts))
    if target == "-":
        output.out(text)
        return
    try:
        Path(target).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refusal(f"the page `{target}` cannot be written: {reason(error)}") from error
