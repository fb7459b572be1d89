"""Random rooms as scripts, and random evenings in them: what is pressed, what viewers write, what the operator does.

Every script here checks without an error. Generators only; what must hold of what is played is in ``test_rooms``.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

SAID = (
    "hi", "", " ", "{message}", "{{x}}", "}{", '"', "'", "\\", "[happy] hi", "-echo hi", "$answer", "when button red",
    "\x00\x07\x1b[2J", "\u202eabc\u2066", "\r\n\t", "ÄÖÜ ß İ", "日本語「やあ」", "😀\u200d💻", "\ud83d", "x" * 10_000,
    '{"a": [1, 2]}', "<b>x</b>", "%s %d", "# fine W510", "1 to 5", "else", "blue",
)  # fmt: skip
"""What a viewer may write."""

BUTTONS = ("red", "blue", "go")
POLICIES = ("", " queue", " ignore", " restart", " together")
FEATURES = {
    "a when at the left edge": r"^when ",
    "a when in a segment": r"^  when ",
    "choose": r"choose$",
    "choose by": r"choose by ",
    "a pick": r'say choose "',
    "gaps by chance": r"every 300ms to 1s",
    "an until": r"segment .* until ",
    "an until of a repeat": r"repeat .* until .* at once",
    "a tempo": r"tempo 97.3",
    "a bar": r"at bar 1",
    "a device handed to a define": r"do cheer",
    "tracks of a define": r"^  track \w+\n(.*\n)*    .*wait for cue sung",
    "a cue of a track that is waited for": r"until cue sung",
    "a do of tracks": r"do duet",
    "what a repeat knows of itself": r"\{(turn|left)\}",
}
"""What of the language rooms have, each as it is found in a script."""


@dataclass(frozen=True, slots=True)
class Evening:
    """A room's script, and what happens in it: the values of `--press`, `--event`, `--do` and `--seed`."""

    script: str
    presses: tuple[str, ...]
    events: tuple[str, ...]
    done: tuple[str, ...]
    seed: str

    def __repr__(self) -> str:
        return f"\n{self.script}\n{self.presses}\n{self.events}\n{self.done}\nseed {self.seed}"


class Writer:
    """Writes lines that check. ``kept``: names that a text may insert."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._count = 0

    def one(self, *of: str) -> str:
        return self._draw(st.sampled_from(of))

    def chance(self, in_: int) -> bool:
        return self._draw(st.integers(1, in_)) == 1

    def text(self, kept: tuple[str, ...]) -> str:
        self._count += 1
        inserted = f" {{{self.one(*kept)}}}" if kept and self.chance(2) else ""
        return f'"{self._count}{inserted}"'

    def command(self, kept: tuple[str, ...]) -> str:
        """Write a command that ends by itself."""
        text = self.text(kept)
        simple = [
            f"log {text}", f"say {self.one('happy', 'sad')} {text}", f"say {text} and wait", "hush", "stop",
            "animaze emote Emote_Wave", "animaze emote Emote_Wave for 1s and wait", "wait 300ms",
            f"animaze echo {text}",
            "live2d set ParamAngleX 3 for 1s", "live2d move ParamAngleX to 9 over 700ms", "live2d release ParamAngleX",
            "hold within 2s", 'wait for button red or blue -> answer or "nobody" within 2s', "do wave",
            "obs scene Break", f"animaze chat {text} within 5s",
        ]  # fmt: skip
        simple += [f"say choose {text} or {self.text(kept)} or {self.text(())}"] * 2
        simple += ["do cheer(animaze)", "do cheer(guest)", "do duet"]
        found = self.one(*simple)
        return f"log {text}" if found == "stop" and not self.chance(6) else found

    def cues(
        self, indent: str, kept: tuple[str, ...], deep: int, *, endless: bool = False, song: bool = False
    ) -> list[str]:
        """Write a list. ``endless``: a repeat in it may be so. ``song``: bars may stand in it."""
        lines: list[str] = []
        for number in range(self._draw(st.integers(1, 3))):
            position = self.one("then", "then +200ms", "at +500ms") if number else "at 0s"
            if song and not number:
                position = self.one("at bar 1", "at bar 1 beat 2.5", "at 0s")
            kind = (
                self.one("commands", "commands", "repeat", "choose", "choose by", "meanwhile") if deep else "commands"
            )
            if kind == "repeat":
                head = self._repeat(endless=endless and number == 0, song=song)
                inner = (*kept, "turn", "left") if "times" in head else kept
                lines += [f"{indent}{position}  {head}", *self.cues(f"{indent}  ", inner, deep - 1)]
                if "times" not in head and "until" not in head:
                    return lines  # nothing may wait for it
            elif kind == "choose":
                choices = [self.command(kept) for _ in range(self._draw(st.integers(1, 4)))]
                lines += [f"{indent}{position}  choose", *(f"{indent}  {one}" for one in choices)]
            elif kind == "choose by" and kept:
                labels = ("red", "1 to 5", "100 or more", "up to 0", '"Game over"', "else")
                some = [one for one in labels if self.chance(2)] or ["else"]
                lines.append(f"{indent}{position}  choose by {self.one(*kept)}")
                lines += [f"{indent}  {one}  {self.command(kept)}" for one in some]
            elif kind == "meanwhile":
                lines.append(f"{indent}{position}  say {self.text(kept)} and meanwhile")
                lines += self.cues(f"{indent}  ", kept, deep - 1)
            else:
                some = [self.command(kept) for _ in range(self._draw(st.integers(1, 2)))]
                lines.append(f"{indent}{position}  {'; '.join(some)}")
        return lines

    def _repeat(self, *, endless: bool, song: bool) -> str:
        every = self.one("700ms", "1s", *(["2beats", "1bar"] if song else []))
        if self.chance(3):
            every = "300ms to 1s"
        ends = self.one("2 times ", "3 times ", *([""] if endless else []))
        until = ""
        if self.chance(3):
            until = f" until button {self.one(*BUTTONS)}{self.one('', ' at once')}"
            ends = self.one("", ends)
        return f"repeat {ends}every {every}{until}"

    def when(self, indent: str) -> list[str]:
        event = self.one(
            "button red", "button blue", "button red or blue", "aituber chat.message", "button go or obs scene"
        )
        kept = self.one("", " -> message", ' -> message or "none"')
        pace = self.one("", "", "", " at most every 1s")
        inside = ("message",) if kept else ()
        lines = self.cues(f"{indent}  ", inside, 2)
        if self.chance(2):
            lines += [
                f"{indent}  then  wait {self.one('200ms', '1s', '2500ms')}",
                f"{indent}  then  {self.command(inside)}",
            ]
        return [f"{indent}when {event}{kept}{self.one(*POLICIES)}{pace}", *lines]

    def duet(self) -> list[str]:
        """Write a `define` with tracks, one of which waits for a cue of another."""
        lines = ["define duet"]
        if self.chance(2):
            lines.append("  at 0s  log 'both'")
        lines += ["  track voice", "    at 0s  say 'la'", f"    cue sung {self.one('then', 'at 300ms')}  log 'sung'"]
        waits = self.one(
            "wait for cue sung", "repeat every 300ms until cue sung", "repeat every 300ms until cue sung at once"
        )
        lines += ["  track body", f"    at 0s  {waits}", *(["      log 'beat'"] if "repeat" in waits else [])]
        lines += [f"    then  {self.one('log', 'say')} 'behind her'; live2d set ParamAngleZ 4"]
        if self.chance(2):
            lines += ["  track hand", "    at 0s  animaze emote Emote_Wave for 500ms and wait"]
            lines += ["    then  wait for cue sung within 1s"]
        return lines

    def room(self) -> str:
        lines = ["define wave", "  at 0s  animaze emote Emote_Wave", "  at 200ms  log 'waved'"]
        lines += ["define cheer(who)", "  $who emote Emote_Wave", *self.duet()]
        for _ in range(self._draw(st.integers(0, 3))):
            lines += self.when("")
        for number in range(self._draw(st.integers(1, 2))):
            song = self.chance(3)
            head = f"segment s{number}"
            head += self.one(" tempo 120", " tempo 97.3 beats 3 offset 350ms") if song else ""
            head += " at most 12s"
            if self.chance(2):
                head += f" until button {self.one(*BUTTONS)}"
            lines.append(head)
            for track in ("a", "b")[: self._draw(st.integers(1, 2))]:
                lines += [f"  track {track}"]
                if self.chance(2):
                    lines += ['    at 0s  wait for button red or go -> answer or "nobody" within 1s']
                    lines += self.cues("    ", ("answer",), 2, endless=True)
                    continue
                lines += self.cues("    ", (), 2, endless=True, song=song)
            if self.chance(2):
                lines += self.when("  ")
        return "\n".join(lines) + "\n"


times = st.sampled_from([0, 0, 1, 5, 10, 10, 11, 12, 15, 20, 22, 30, 40, 60, 90, 150]).map(
    lambda tenth: f"{tenth * 100}ms"
)
quoted = st.sampled_from(SAID).map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


@st.composite
def evenings(draw: st.DrawFn) -> Evening:
    """Draw a room and an evening."""
    presses = []
    for _ in range(draw(st.integers(0, 12))):
        text = f" {draw(quoted)} amount={draw(st.integers(-3, 300))}" if draw(st.booleans()) else ""
        presses.append(f"{draw(st.sampled_from(BUTTONS))}@{draw(times)}{text}")
    events = [f"aituber chat.message {draw(quoted)}@{draw(times)}" for _ in range(draw(st.integers(0, 4)))]
    done = []
    if draw(st.integers(0, 2)) == 0:
        at = draw(st.integers(0, 80))
        done += [f"pause@{at * 100}ms", f"resume@{at * 100 + draw(st.sampled_from([0, 1, 400, 2500]))}ms"]
    if draw(st.integers(0, 3)) == 0:
        done.append(f"{draw(st.sampled_from(['panic', 'stop']))}@{draw(times)}")
    return Evening(Writer(draw).room(), tuple(presses), tuple(events), tuple(done), str(draw(st.integers(0, 3))))
