"""A conductor of a house in front of a terminal: `run --house`, and `--follow`, who stands by.

What is pressed is typed: an empty line is GO, a word an action or a button.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from dataclasses import field

import typer

from showrunner.cli.arguments import script as one
from showrunner.cli.live import BADLY, DONE, INTERRUPTED, UNREACHABLE, interrupts, origin, ready
from showrunner.cli.options import Played
from showrunner.cli.terminal import lines, output
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.wording import visible
from showrunner.engine.messages import Entry, Options
from showrunner.house import played
from showrunner.house.conducting import Conducting, named
from showrunner.house.jetstream import extra
from showrunner.house.leader import HAND_OVER
from showrunner.house.member import Member
from showrunner.house.opening import show_of
from showrunner.reports import endings
from showrunner.reports.endings import Endings
from showrunner.reports.failures import Failures
from showrunner.running.journal_file import JournalFile
from showrunner.running.orders import channel as of_channel
from showrunner.show import outputs
from showrunner.show.prepare import prepare
from showrunner.slotted import dataclass
from showrunner.times import clock
from showrunner.wires.inbox import RealInbox
from showrunner.wires.wire import Pressed

REFUSED = 5
"""The exit code of who may not stand by."""

PATIENCE = 10_000_000
"""So long devices are waited for at least (microseconds), where nothing else is said."""

WORDS = frozenset({"go", "pause", "resume", "skip", "stop", "panic", HAND_OVER})


@dataclass(slots=True)
class _Ctrl:
    """Where Ctrl-C and TERM go."""

    inbox: RealInbox
    interrupted: int = 0


@dataclass(slots=True)
class _Evening:
    """What the terminal has seen of a show."""

    file: JournalFile | None
    endings: Endings = field(default_factory=Endings)
    failures: Failures | None = None
    begun: bool = False
    bad: bool = False


def lead(script: str, said: Played, house: str, channel: str) -> int:
    """Open a show on a channel of a house and lead it; give the exit code."""
    extra()
    if said["doubles"] or said["speed"] or said["fault"]:
        raise Refusal(
            "in a house the devices are the stagehand's: it has the doubles",
            "`showrunner stagehand --doubles all` begins them",
        )
    conducting = Conducting(house, named(_me()))
    with closing(conducting):
        held = conducting.held(channel)
        prepared, cues, wishes = ready(
            lambda: prepare(one(script), said["stage"], said["catalogue"], held=held.fixtures), said, audience=True
        )
        lacking = [name for name in cues.devices if name not in held.hands]
        if lacking:
            raise Refusal(f"no stagehand of this house has `{lacking[0]}`", exit=UNREACHABLE)
        if wishes.journal is not None:
            outputs.apart(wishes.journal, prepared.read)
        stage = prepared.stage
        options = Options(
            seed=wishes.seed,
            epoch=time.time_ns() // 1_000_000,
            on_failure=wishes.on_failure or stage.on_failure,
            journal_frames=wishes.frames,
            excerpt=wishes.excerpt,
            guard=wishes.guard,
        )
        show = show_of(
            prepared,
            {name: held.fixtures[name] for name in cues.devices},
            {name: held.hands[name] for name in cues.devices},
            options,
            zone=time.localtime().tm_gmtoff,
            bill={"stage": stage.path, "options": wishes.told()},
        )
        terminal = _Terminal(conducting, channel, wishes.journal, ask=not said["yes"] and lines.terminal())
        limit = PATIENCE if stage.connect_timeout is None else stage.connect_timeout
        with closing(terminal):
            return terminal.play(conducting.join(channel, terminal.sink, terminal.tell, show), limit)


def follow(house: str, channel: str, journal: str | None) -> int:
    """Stand by for a channel, and take its show over where its leader dies; give the exit code."""
    extra()
    conducting = Conducting(house, named(_me()))
    with closing(conducting):
        terminal = _Terminal(conducting, channel, journal, ask=lines.terminal(), follows=True)
        with closing(terminal):
            return terminal.play(conducting.join(channel, terminal.sink, terminal.tell), None)


def _me() -> str:
    import platform
    import re

    return re.sub(r"[^A-Za-z0-9_-]", "-", platform.node() or "conductor")


class _Terminal:
    """What is said and typed while a show of a house is played here, or followed."""

    def __init__(
        self, conducting: Conducting, channel: str, journal: str | None, *, ask: bool, follows: bool = False
    ) -> None:
        self._conducting = conducting
        self._channel = channel
        self._ask = ask
        self._follows = follows
        self._evening = _Evening(None if journal is None else JournalFile(journal, self.tell))
        if self._evening.file is not None and self._evening.file.path != journal:
            self.tell(f"`{journal}` has entries already: the journal is written to `{self._evening.file.path}`")
        self._said = ""
        self._left = False
        self._leaving = False
        self._asked = False
        self._ctrl = _Ctrl(conducting.inbox)

    def tell(self, text: str) -> None:
        """Say something."""
        output.say(visible(text))

    def sink(self, taken: played.Taken) -> None:
        """Take what is in the log: for the journal's file, and for whoever looks on."""
        evening = self._evening
        if taken.early and evening.file is not None:
            evening.file.renew(list(taken.early))
        for entry in taken.entries:
            if evening.file is not None:
                evening.file(entry)
            evening.endings(entry)
            self._show(entry)

    def _show(self, entry: Entry) -> None:
        kind = entry["kind"]
        member = self._conducting.member
        if kind == "show":
            prepared = member.played.prepared if member is not None and member.played is not None else None
            texts = {} if prepared is None else dict(prepared.texts)
            main = entry["script"] if prepared is None or prepared.cues is None else prepared.cues.main
            self._evening.failures = Failures(main, texts, lambda found: output.say(output.failed(found, texts)))
        if self._evening.failures is not None and kind in {"command", "outcome"}:
            self._evening.failures(entry)
        if kind == "segment":
            self._evening.begun = True
            self.tell(f"{clock(entry['at'])}  segment {entry['segment']}")
        elif kind == "wait" and entry.get("for") in {"go", "button"}:
            self.tell(f"{clock(entry['at'])}  waits for {'GO' if entry['for'] == 'go' else 'a button'}")
        elif kind == "log":
            self.tell(f"{clock(entry['at'])}  {entry['message']}")
        elif kind == "lead":
            self.tell(f"{clock(entry['at'])}  {entry['by']} leads: {entry['why']}")
        elif kind == "gap":
            self.tell(
                f"{clock(entry['at'])}  nothing went on for {entry['for'] / 1_000_000:.1f} s; the rest is shifted"
            )

    def play(self, member: Member, limit: int | None) -> int:
        """Play, or follow, to the end; give the exit code."""
        lines.listen(self._line, self._ended)
        until = None if limit is None else self._conducting.inbox.now() + limit
        with ExitStack() as open_:
            open_.enter_context(interrupts(self._ctrl, ends=HAND_OVER))
            self._conducting.run(lambda: self._over(member, until), press=self._pressed)
        return self._code(member)

    def _over(self, member: Member, until: int | None) -> bool:
        """Look at what has become of it; tell whether it is over."""
        self._changed(member)
        leader = member.leader
        if leader is not None and not leader.played.conductor.begun and not leader.gathering and not self._left:
            missing = leader.missing()
            if not missing and not self._asked:
                self._asked = True
                if self._ask:
                    self.tell("Ready. Press Enter to start.")
                else:
                    leader.begin()
            elif missing and until is not None and not leader.hoping and self._conducting.inbox.now() > until:
                for text in missing.values():
                    output.say(f"error: {visible(text)}")
                self._left = True
                leader.press(Pressed("interrupt"))
        refusing = member.follower is not None and member.follower.refusing
        gone = self._leaving and member.leader is None
        return member.ended is not None or bool(member.refused) or bool(refusing) or gone

    def _changed(self, member: Member) -> None:
        state = member.state
        if state == self._said:
            return
        self._said = state
        says = {
            "leading": "This one leads.",
            "ready": "Ready to take over.",
            "catching up": "Catching up with the show.",
            "waiting": f"No show is on at `{self._channel}`: waiting for one.",
        }
        if state in says and (self._follows or state != "waiting"):
            self.tell(says[state])

    def _code(self, member: Member) -> int:
        if member.refused:
            output.say(f"error: {visible(member.refused)}")
            return UNREACHABLE
        if member.follower is not None and member.follower.refusing:
            output.say(f"error: this one may not stand by: {visible(member.follower.refusing)}")
            return REFUSED
        entry = member.ended
        if entry is None:
            return DONE if self._leaving else INTERRUPTED
        evening = self._evening
        said = endings.line(entry["counts"], evening.endings.others, evening.endings.unheard)
        self.tell(f"{entry['result']}: {said}")
        if self._left:
            return UNREACHABLE
        if entry["result"] == "interrupted":
            return INTERRUPTED
        show = member.played
        return BADLY if show is not None and show.conductor.caller.bad else DONE

    # --- what is pressed

    def _pressed(self, pressed: Pressed) -> bool:
        """Take Ctrl-C of who follows: that leaves; told to end, who leads hands over where somebody is ready."""
        member = self._conducting.member
        leads = member is not None and member.leader is not None
        if pressed.action == HAND_OVER and self._ctrl.interrupted:
            self._leaving = True
            if member is not None and leads and not any(state == "ready" for state, _ in member.standing.values()):
                self._leaving = False
                self._conducting.inbox.put("", Pressed("interrupt"))
                return False
            return leads
        if pressed.action == "interrupt" and not leads:
            self._leaving = True
            return False
        return True

    def _line(self, line: str) -> None:
        word = line.strip()
        pressed = Pressed("button", word, origin=origin())
        if word in {"", *WORDS}:
            pressed = Pressed(word or "go", origin=origin())
        elif word.startswith("seek "):
            pressed = Pressed("seek", to=word.removeprefix("seek ").strip(), origin=origin())
        self._conducting.inbox.put("", pressed)

    def _ended(self) -> None:
        """Standard input has ended: who follows needs none."""

    def close(self) -> None:
        """Close the journal."""
        if self._evening.file is not None:
            self._evening.file.close()


def run(script: str | None, said: Played, house: str | None, channel: str, *, follows: bool) -> None:
    """Do what `run --house` asks for; leaves with its exit code."""
    if house is None:
        raise Refusal("`--follow` and `--channel` are of a house", "say which: `--house URL`")
    on = of_channel(channel)
    if follows and script is not None:
        raise Refusal("who stands by takes the show from the house", "leave the script out: `run --follow --house URL`")
    if not follows and script is None:
        raise Refusal("there is no script to play", "name one, or stand by: `--follow`")
    raise typer.Exit(follow(house, on, said["journal"]) if script is None else lead(script, said, house, on))
