"""A conductor on a real house: a `Member` with a server, a clock and a loop; and which stagehands there are."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping

from showrunner.devices.vocabulary import Fixture
from showrunner.diagnostics.refusal import Refusal
from showrunner.house.bus import Said
from showrunner.house.forms import Malformed
from showrunner.house.jetstream import UNREACHABLE, JetStream
from showrunner.house.member import Member, Show
from showrunner.house.messages import Offer, heard
from showrunner.house.played import Taken
from showrunner.house.texts import device_read
from showrunner.house.words import version
from showrunner.slotted import dataclass
from showrunner.wires.inbox import RealInbox
from showrunner.wires.wire import Mail, Pressed

ASK = 700_000
"""So long it is waited for the stagehands' answers (microseconds)."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the stagehands of a house have: each device as it stands, and who has it."""

    fixtures: Mapping[str, Fixture]
    hands: Mapping[str, str]


def named(name: str) -> str:
    """Give a name that no other process has, to be known by in a log."""
    return f"{name}-{secrets.token_hex(2)}"


class Conducting:
    """One conductor's way into a house. Raises ``Refusal`` where the server is not reached."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.inbox = RealInbox()
        self.bus = JetStream(url, name, self.inbox)
        self.member: Member | None = None

    def held(self, channel: str) -> Held:
        """Ask which devices there are; raises ``Refusal`` where none can be had, or two have one of the same name."""
        self.bus.listen("sr.offer")
        self.bus.say("sr.hands", b"{}")
        until = self.inbox.now() + ASK
        offers: dict[str, Offer] = {}
        while (arrival := self.inbox.next(until)) is not None:
            if isinstance(arrival.what, Pressed):
                raise Refusal("it was broken off", exit=130)
            said = arrival.what.what if isinstance(arrival.what, Mail) else None
            if isinstance(said, Said) and said.subject == "sr.offer":
                try:
                    message = heard(said.data)
                except Malformed:
                    continue
                if isinstance(message, Offer):
                    offers[message.hand] = message
        return _held(channel, offers)

    def join(
        self,
        channel: str,
        sink: Callable[[Taken], None],
        tell: Callable[[str], None],
        show: Show | None = None,
    ) -> Member:
        """Open a ``show`` on a channel, or stand by there."""
        self.member = Member(
            self.name,
            channel,
            self.bus,
            self.inbox.now,
            lambda: time.time_ns() // 1_000,
            sink=sink,
            tell=tell,
            show=show,
        )
        return self.member

    def run(self, until: Callable[[], bool], *, press: Callable[[Pressed], bool]) -> None:
        """Go on until something is so. ``press`` is asked before a press is done: whether it is the show's."""
        member, inbox = self.member, self.inbox
        while member is not None and not until():
            arrival = inbox.next(member.due)
            if arrival is None:
                member.act()
            elif not isinstance(arrival.what, Pressed) or press(arrival.what):
                member.arrived(arrival)

    def close(self) -> None:
        """End it."""
        self.bus.close()


def _held(channel: str, offers: Mapping[str, Offer]) -> Held:
    if not offers:
        raise Refusal(
            "no stagehand answers in this house",
            "start one on the machine of the stage: `showrunner stagehand --stage stage.yaml --house URL`",
            exit=UNREACHABLE,
        )
    fixtures: dict[str, Fixture] = {}
    hands: dict[str, str] = {}
    refused: list[str] = []
    for name, offer in sorted(offers.items()):
        if offer.version != version():
            refused.append(f"the stagehand `{name}` is showrunner and Python {offer.version}, and this is {version()}")
            continue
        if offer.busy not in {"", channel}:
            refused.append(f"the stagehand `{name}` plays on channel `{offer.busy}`")
            continue
        for device, said in offer.devices.items():
            if device in hands:
                refused.append(f"`{device}` is on the stages of `{hands[device]}` and `{name}`")
                continue
            fixtures[device], hands[device] = device_read(device, said), name
    if not hands:
        raise Refusal("; ".join(refused), exit=UNREACHABLE)
    return Held(fixtures, hands)
