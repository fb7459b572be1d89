"""`showrunner resume`: a show that broke off goes on where it was."""

from typing import TYPE_CHECKING, Annotated

import typer

from showrunner.cli.options import Yes
from showrunner.cli.terminal import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from showrunner.cli.live import Seat
    from showrunner.engine.messages import Entry
    from showrunner.running.recording import Recording
    from showrunner.running.resuming import Resumed
    from showrunner.show.prepare import Prepared
    from showrunner.timeline.cues import CueList

EXAMPLE = """Examples:
  showrunner resume tonight.journal
  showrunner resume tonight.journal --yes
  showrunner resume tonight.journal --anyway"""

LISTED = 5
"""So many commands that were on their way are listed."""


def command(
    journal: Annotated[str, typer.Argument(metavar="JOURNAL", help="The journal of the show that broke off.")],
    yes: Yes = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Go on with a text that has changed, as after a save in a rehearsal.")
    ] = False,
) -> None:
    """Go on with a show after a crash, from its journal. Enter lets it; the devices are brought to their state."""
    from showrunner import __version__
    from showrunner.cli.live import acts, interrupts
    from showrunner.cli.replay import differs
    from showrunner.cli.terminal import lines
    from showrunner.diagnostics.refusal import Refusal
    from showrunner.running.recording import opened, read
    from showrunner.running.replay import Difference, Unknown
    from showrunner.running.resuming import CHANGED, refuse, resume
    from showrunner.show.prepare import prepare

    entries = read(journal).entries
    refuse(journal, entries)
    show = entries[0]
    if show.get("engine", __version__) != __version__:
        output.say(f"note: this journal was written by showrunner {show['engine']}, and this is {__version__}")
    with opened(journal, stage=show.get("stage"), catalogue=show.get("options", {}).get("catalogue")) as recording:
        now = prepare(recording.script, recording.stage, recording.catalogue)
        found = resume(_at_hand(recording, now, anyway=anyway))
        if isinstance(found, Unknown):
            raise Refusal(found.message, exit=CHANGED)
        if isinstance(found, Difference):
            output.say(f"error: `{journal}` comes out otherwise: nobody knows where it stood")
            raise typer.Exit(differs(found))
        seat = _seat(found, journal, entries)
        try:
            with interrupts(seat.live.wired):
                if now.cues is not None and now.fingerprint != found.cues.fingerprint:
                    _save(seat, found, now, now.cues)
                for line in _point(journal, seat, found):
                    seat.status.say(line)
                awaited = bool(seat.cues.buttons) and not (lines.terminal() or lines.closed())
                raise typer.Exit(acts(seat, ask=not yes, awaited=awaited, word="go on"))
        finally:
            seat.close()


def _at_hand(recording: "Recording", now: "Prepared", *, anyway: bool) -> "Recording":
    """Let the show as its files are now be taken where it is what was played; else it is refused."""
    from dataclasses import replace

    from showrunner.diagnostics.refusal import Refusal
    from showrunner.running.resuming import CHANGED

    if now.fingerprint != recording.fingerprint:
        if not anyway:
            raise Refusal(
                f"`{now.path}` is not what was played: it has changed since",
                "`--anyway` goes on with it, at the cue of each track, as after a save in a rehearsal"
                + _begin(recording),
                exit=CHANGED,
            )
        output.findings(now.findings, now.texts)
        if now.cues is None:
            raise typer.Exit(1)
        if recording.fingerprint not in recording.versions:
            raise Refusal("the journal has not the text that was played: nobody knows what has changed", exit=CHANGED)
    return replace(recording, present=now)


def _begin(recording: "Recording") -> str:
    """Say how to begin anew at the last cue that stands in a track, if there is one."""
    places = (f"{one['segment']}/{one['cue']}" for one in reversed(recording.entries) if one["kind"] == "cue")
    last = next((place for place in places if "#" not in place and place.count("/") == 1), None)
    return "" if last is None else f"; `showrunner run {recording.script} --from {last}` begins anew there"


def _seat(found: "Resumed", journal: str, entries: "Sequence[Entry]") -> "Seat":
    from dataclasses import replace

    from showrunner.cli.live import Seat
    from showrunner.reports.plan import TIMES, plan
    from showrunner.running.resuming import wishes

    prepared, options = found.prepared, found.broken.caller.play.options
    return Seat(
        prepared,
        found.cues,
        plan(found.cues, prepared.fixtures, prepared.inventories, TIMES),
        replace(wishes(entries[0], journal), excerpt=options.excerpt),
        lingers=options.lingers,
        broken=found.broken,
        past=entries,
    )


def _save(seat: "Seat", found: "Resumed", now: "Prepared", cues: "CueList") -> None:
    """Take over a text that has changed since, as a save in a rehearsal: between two steps, before the show goes on."""
    from showrunner.diagnostics import render
    from showrunner.engine.messages import TextChange
    from showrunner.reports.plan import TIMES, plan
    from showrunner.running.conductor import NewText, Sources
    from showrunner.timeline.revise import compare
    from showrunner.wires.wire import Pressed

    live, revision = seat.live, compare(found.cues, cues)
    fixtures = {name: live.wired.fixtures.get(name) or live.join(now, name) for name in cues.devices}
    findings = tuple(render.as_data(one) for one in now.findings)
    change = TextChange(found.cues.fingerprint, cues.fingerprint, revision, findings, told=not revision.nothing)
    sources = Sources(now.fingerprint, dict(now.texts), dict(now.roles))
    for given in (sources, NewText(cues, fixtures, now.inventories, change)):
        live.wired.inbox.put("", Pressed("reload", given=given))
    seat.present.revised(cues, plan(cues, now.fixtures, now.inventories, TIMES), live.at(), now.fixtures)
    seat.texts.clear()
    seat.texts.update(now.texts)
    seat.cues = cues


def _point(journal: str, seat: "Seat", found: "Resumed") -> list[str]:
    """Say in words where the show goes on, and what nobody knows."""
    from showrunner.diagnostics.wording import count, visible
    from showrunner.reports.now import UNTIMED
    from showrunner.times import clock, short

    stands = seat.present.now()
    where = f" in segment `{visible(stands.segment)}`" if stands.segment else ""
    at, gone = found.broken.at + found.broken.stood, found.broken.gone()
    said = [f"`{journal}` breaks off at {clock(at)}{where}, {short(gone)} ago. It goes on here:"]
    said += [f"  {line}" for line in seat.status.around()]
    for halt in stands.standing:
        if halt.word in UNTIMED:
            what = {"go": "GO"}.get(halt.word, halt.word)
            label = f" `{visible(halt.label)}`" if halt.label else ""
            said.append(f"  waits for {what}{label} since {clock(halt.since)}")
    if stands.paused is not None:
        said.append(f"  PAUSED since {clock(stands.paused)}: the clock stands until somebody lets it run on")
    unknown = found.broken.caller.under_way()
    if unknown:
        said.append(f"Nobody knows how {count(len(unknown), 'command')} ended; what was on its way is not sent again:")
        said += [f"  line {line}: {visible(text)}" for line, text in unknown[:LISTED]]
        said += [f"  … and {len(unknown) - LISTED} more"] if len(unknown) > LISTED else []
    return said
