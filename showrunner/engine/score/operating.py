"""Operating: what the operator asks of a show that plays: GO, buttons, pause, skip, seek, loop, stop, panic.

Every one of them is in the journal, also the one that did nothing. How a new text takes the place of the old is
``revising``, how a point is reached ``seeking``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from showrunner.devices.strangers import all_tamed, bounded
from showrunner.devices.vocabulary import Happened
from showrunner.diagnostics.wording import tamed
from showrunner.engine.actions import AFTER_PANIC
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import lanes, panic
from showrunner.engine.messages import NOTHING, Brought, Dial, Entry, Excerpt, Planned, who
from showrunner.engine.play import Play, Wait
from showrunner.engine.score import closing, hearing, lists, segments, waits


def press(
    play: Play,
    action: str,
    name: str | None,
    origin: str,
    to: str | None = None,
    excerpt: Excerpt | None = None,
    brought: Brought = NOTHING,
) -> None:
    """Do what the operator asks at this instant. ``excerpt`` is what ``to`` means, for a seek or a loop.

    ``brought``: what a button's press came with; a viewer may have written it.
    """
    brought = NOTHING if brought == NOTHING else _tamed(brought)
    if action == "interrupt":
        play.write("operator", action="stop", **who(origin), interrupts=True)
        _interrupt(play)
        return
    if play.panicked and action not in AFTER_PANIC:
        play.write("operator", action=action, name=name, to=to, **who(origin), **brought.told())
        return
    if action in {"go", "button"}:
        if _bounced(play, action, name, origin):
            play.write("operator", action=action, name=name, **who(origin), **brought.told(), ignored="pressed twice")
        else:
            _pressed(play, action, name, origin, brought)
        return
    if action == "connect":
        _connect(play, name, origin)
        return
    play.write("operator", action=action, name=name, to=to, **who(origin), part=_part(action, excerpt))
    if action == "pause":
        if not play.agenda.paused:
            play.agenda.pause(play.instant)
    elif action == "resume":
        _resume(play)
    elif action == "skip":
        _skip(play)
    elif action == "seek" and excerpt is not None:
        play.intent = excerpt
    elif action in {"loop", "unloop"} and excerpt is not None:
        play.round = excerpt if action == "loop" else None
        play.options = replace(play.options, excerpt=replace(excerpt, point=play.options.excerpt.point))
        play.moved = True
    elif action == "stop":
        play.dismissed = True
        if play.ending is None:
            voices = panic.speaking(play)
            segments.stop(play, "stopped", "stop")
            panic.hush(play, voices)
    elif action == "panic":
        segments.stop(play, "panic", "panic")


def _pressed(play: Play, action: str, name: str | None, origin: str, brought: Brought) -> None:
    """GO, or a button: it is for what waits for it, else for all that hear it."""
    heard = action == "button" and hearing.hears_button(play, name)
    if not waits.pressed(play, action, name, origin, brought, heard=heard) and heard and name is not None:
        hearing.pressed(play, name, brought)


def plan(play: Play, zero: int) -> None:
    """Plan what the operator is to do in a dry run; the show begins at ``zero``. At one instant: in the order given."""
    for number, one in enumerate(play.options.presses):
        if one.action == "event":
            act = partial(_event, play, one)
        elif one.ignored is not None:
            act = partial(_unheard, play, one)
        else:
            act = partial(press, play, one.action, one.name, "auto", brought=Brought(one.text, one.fields))
        play.agenda.on_world(zero + one.at, Rank.OPERATOR, (number,), act)


def _event(play: Play, planned: Planned) -> None:
    """Let a device tell what a dry run was told that it tells."""
    device, _, event = (planned.name or "").partition(" ")
    happened = Happened(event, planned.fields)
    if device in play.ports:
        happened = bounded(play.ports[device].fixture.device, happened)
    fields = dict(happened.fields) or None
    play.write("event", device=device, event=event, fields=fields, from_="auto", ignored=planned.ignored)
    if planned.ignored is None:
        tell(play, device, happened)


def tell(play: Play, device: str, happened: Happened) -> None:
    """Let all that waits for an event of a device have it, and all that hears it."""
    waits.told(play, device, happened)
    hearing.told(play, device, happened)


def _unheard(play: Play, planned: Planned) -> None:
    brought = _tamed(Brought(planned.text, planned.fields))
    keys = {"action": planned.action, "name": planned.name, "from_": "auto", **brought.told()}
    play.write("operator", **keys, ignored=planned.ignored)


def _tamed(brought: Brought) -> Brought:
    text = None if brought.text is None else tamed(brought.text)
    return Brought(text, all_tamed(brought.fields))


def _part(action: str, excerpt: Excerpt | None) -> Entry | None:
    """Give what a seek, or the end of a loop, plays, where that ends before the show does: ``to`` does not say so."""
    if action not in {"seek", "unloop"} or excerpt is None or not excerpt.ends:
        return None
    return excerpt.told()


def _bounced(play: Play, action: str, name: str | None, origin: str) -> bool:
    """Tell whether this is the same key again within the guard's time: a finger that shook, not a second wish.

    A program that presses means what it says; of OSC a datagram may come twice, but never from another address.
    """
    by = origin if origin.startswith("osc") else None
    if by is None and origin not in {"key", "console"}:
        return False
    last = play.pressed.get((action, name, by))
    play.pressed[action, name, by] = play.instant
    return last is not None and play.instant - last < play.options.guard


def _connect(play: Play, name: str | None, origin: str) -> None:
    """Have a device dialled at once; without a name, all that are not there."""
    away = [device for device, port in play.ports.items() if device == name or (name is None and not port.ready)]
    ignored = None if away else "every device is there" if name is None else "no such device"
    play.write("operator", action="connect", name=name, **who(origin), ignored=ignored)
    play.effects.extend(Dial(device) for device in away)


def _interrupt(play: Play) -> None:
    play.dismissed = True
    if play.ending == "interrupted":
        segments.give_up(play, "interrupted")
    elif play.ending is not None:
        play.ending = "interrupted"
    else:
        voices = panic.speaking(play)
        segments.stop(play, "interrupted", "stop")
        panic.hush(play, voices)


def _resume(play: Play) -> None:
    if play.agenda.paused:
        play.agenda.resume(play.instant)
        for port in play.ports.values():
            for lane in port.lanes.values():
                lanes.pump(play, lane)


def _skip(play: Play) -> None:
    """End the wait that has stood longest, whatever it waits for; what it waited for goes on."""
    if play.waits:
        _end(play, min(play.waits, key=lambda wait: (wait.since, wait.key)))


def _end(play: Play, wait: Wait) -> None:
    scope = wait.scope
    if wait.kind == "then":
        scope.waiting_then, scope.speech, scope.then_wait = False, None, None
        play.listening.pop(scope, None)
        closing.end_wait(play, wait, "go")
        lists.schedule(play, scope, play.score)
    elif wait.kind == "command":
        closing.end_wait(play, wait, "go")
    else:
        waits.come(play, wait, "go")
