"""`showrunner resume`: a show that broke off goes on where it was."""

from typing import TYPE_CHECKING, Annotated

import typer

from showrunner.cli.options import Yes
from showrunner.cli.terminal import output

if TYPE_CHECKING:
    from showrunner.cli.live import Seat
    from showrunner.cli.rehearsing import Onward
    from showrunner.running.live import Wishes
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
    from dataclasses import replace

    from showrunner import __version__
    from showrunner.cli.live import NOBODY, SAYS_YES
    from showrunner.cli.rehearsing import Onward, rehearse, ways_of
    from showrunner.cli.replay import differs
    from showrunner.cli.terminal import lines
    from showrunner.diagnostics.refusal import Refusal
    from showrunner.running.manuscript import Manuscript
    from showrunner.running.recording import opened, read
    from showrunner.running.replay import Difference, Unknown
    from showrunner.running.resuming import CHANGED, refuse, resume, wishes
    from showrunner.show.prepare import prepare

    entries = read(journal).entries
    refuse(journal, entries)
    show = entries[0]
    ways = ways_of(show["options"]["ways"]) if "ways" in show.get("options", {}) else None
    if not yes and lines.closed() and (ways is None or not ways.console):
        raise Refusal(NOBODY, SAYS_YES)
    if show.get("engine", __version__) != __version__:
        output.say(f"note: this journal was written by showrunner {show['engine']}, and this is {__version__}")
    with opened(journal, stage=show.get("stage"), catalogue=show.get("options", {}).get("catalogue")) as recording:
        named = recording.script, recording.stage, recording.catalogue
        manuscript = Manuscript(*named) if ways is not None and not ways.evening else None
        now = prepare(*named) if manuscript is None else manuscript.read()
        found = resume(_at_hand(recording, now, anyway=anyway))
        if isinstance(found, Unknown):
            raise Refusal(found.message, exit=CHANGED)
        beside = _beside(recording, now)
        if isinstance(found, Difference):
            output.say(f"error: `{journal}` comes out otherwise: nobody knows where it stood")
            for name in beside:
                output.say(f"help: `{name}` is not what it was; put it back as it was, and resume again")
            raise typer.Exit(differs(found))
        for name in beside:
            output.say(f"note: `{name}` is not what it was; from here on it holds as it is now")
        wished = replace(wishes(show, journal), excerpt=found.broken.caller.play.options.excerpt)
        onward = Onward(found.broken, entries, now, lambda seat: _point(journal, seat, found))
        if ways is not None:
            code = rehearse(manuscript, found.prepared, found.cues, wished, ways, ask=not yes, onward=onward)
        else:
            code = _play(found, wished, onward, ask=not yes)
        raise typer.Exit(code)


def _play(found: "Resumed", wished: "Wishes", onward: "Onward", *, ask: bool) -> int:
    """Go on with a show that is called by keys alone."""
    from contextlib import closing

    from showrunner.cli.live import Seat, acts, interrupts
    from showrunner.cli.terminal import lines
    from showrunner.engine.messages import Options
    from showrunner.reports.plan import TIMES, plan

    prepared, cues, now = found.prepared, found.cues, onward.now
    options = found.broken.caller.play.options
    planned = plan(cues, prepared.fixtures, prepared.inventories, TIMES, options=Options(seed=options.seed))
    lingers = options.lingers
    seat = Seat(prepared, cues, planned, wished, lingers=lingers, broken=found.broken, past=onward.past)
    with interrupts(seat.live.wired), closing(seat):
        if now.cues is not None and now.fingerprint != cues.fingerprint:
            _save(seat, found, now, now.cues)
        seat.told(onward.point(seat))
        awaited = bool(seat.cues.buttons) and not (lines.terminal() or lines.closed())
        return acts(seat, ask=ask, awaited=awaited, onward=True)


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


def _beside(recording: "Recording", now: "Prepared") -> list[str]:
    """Name the stage file and the catalogue where they are not what the journal says they were."""
    sources = recording.versions.get(recording.fingerprint)
    if sources is None:
        return []  # a journal of texts alone says nothing of them
    then = {one["role"]: (one["path"], one["text"]) for one in sources if one.get("role")}
    stands = {role: (path, now.texts.get(path)) for path, role in now.roles.items()}
    changed = [role for role in {**then, **stands} if then.get(role, ("", None))[1] != stands.get(role, ("", None))[1]]
    return [(stands.get(role) or then[role])[0] for role in changed]


def _begin(recording: "Recording") -> str:
    """Say how to begin anew at the last cue that stands in a track, if there is one."""
    places = (f"{one['segment']}/{one['cue']}" for one in reversed(recording.entries) if one["kind"] == "cue")
    last = next((place for place in places if "#" not in place and place.count("/") == 1), None)
    return "" if last is None else f"; `showrunner run {recording.script} --from {last}` begins anew there"


def _save(seat: "Seat", found: "Resumed", now: "Prepared", cues: "CueList") -> None:
    """Take over a text that has changed since, as a save in a rehearsal: between two steps, before the show goes on."""
    from showrunner.diagnostics import render
    from showrunner.engine.messages import Options, TextChange
    from showrunner.reports.plan import TIMES, plan
    from showrunner.running.conductor import NewText, Sources
    from showrunner.timeline.revise import compare
    from showrunner.wires.wire import Pressed

    live, revision = seat.live, compare(found.cues, cues)
    fixtures = {name: live.wired.fixtures.get(name) or live.join(now, name) for name in cues.devices}
    findings = tuple(render.as_data(one) for one in now.findings)
    change = TextChange(found.cues.fingerprint, cues.fingerprint, revision, findings, told=not revision.nothing)
    sources = Sources(now.fingerprint, now.whole_texts, now.roles)
    for given in (sources, NewText(cues, fixtures, now.inventories, change)):
        live.wired.inbox.put("", Pressed("reload", given=given))
    options = Options(seed=found.broken.caller.play.options.seed)
    planned = plan(cues, now.fixtures, now.inventories, TIMES, options=options)
    seat.present.revised(cues, planned, live.at(), now.fixtures)
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
