"""What the fuzz program feeds: bytes that a script, or what lies beside it, may be. Everything comes from one seed."""

# ruff: noqa: E501, RUF001, SIM905 - lists of odd text read best as they are

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MAIN = "fuzz.show"

WORDS = tuple(
    "at then cue track segment define include let show do repeat wait hold log stop say and within retry else or for to "
    "over ease from on off times every least most meanwhile button ; ( ) { } [ ] , : -> + - $ $x {x} {{ }} # \" ' \\ = "
    "animaze live2d aituber guest emote scene avatar action pose set move release clear chat echo call override camera "
    "position rotation fov turn tilt roll place broadcast quickscene calibrate happy sad neutral relaxed linear in-out "
    "continue 00:05 1s 2s 500ms 1.5s 0s 99:99 1:2:3 5 -3 0.25 10 1e9 9999999999999999999999 1h2m 24h 25:00:00 +1s .5 "
    "when until at queue ignore restart together choose by nothing hush tempo beats offset bar beat 1beat 2.5beats 4bars "
    "once time 20:00 release more up {turn} {left} {joke.user} joke.user $who 0.5bars 1bar2beats # fine W510 obs osc vts "
    'ParamAngleX ParamAngleY Emote_Wave Avatar03 "hi" \'hi\' "{x}" "\\u{1F600}" "\\u{D800}" "\\u{110000}" image '
    '"a.png" "../a.show" "parts/greeting.show" main x joke null true false 1.5 -0 ５ ： “hi” 「やあ」 、 half'.split()
)
ODD = (
    *tuple(
        "\x00 \x01 \x07 \x08 \x0b \x0c \x1b \x1b[2J \x1b]0;x\x07 \x7f \x85 \x9b2J \xa0 \xad \u200b \u200d \u200e \u202a \u202e "
        "\u2066 \u2069 \u2028 \u2029 � � � \ufeff \ufffe \uffff \U000e0001 \U0010ffff é ﷽ İ ß ſ ½ ² ٣ １".split(" ")
    ),
    "\t",
    "\r",
    "\r\n",
    "\n",
    "\n\n",
    "  ",
    "\t ",
    " \t",
    "\u3000",
)


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to try: the script, and files that lie beside it (path below the folder -> content)."""

    kind: str
    script: bytes
    beside: Mapping[str, bytes] = field(default_factory=dict)


@cache
def shows() -> tuple[str, ...]:
    """Give every real script of the project, mistaken ones too."""
    folders = ("shows", "examples", "tests/language", "tests/performances")
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.show"))]
    blocks = re.findall(
        r"^```show.*?\n(.*?)^```", (ROOT / "grammar/README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return tuple([path.read_bytes().decode("utf-8", "replace") for path in found] + blocks)


@cache
def yamls() -> tuple[str, ...]:
    """Give stage files and catalogues to spoil."""
    found = sorted((ROOT / "shows").rglob("*.yaml"))
    blocks = re.findall(
        r"^```yaml\n(.*?)^```", (ROOT / "grammar/README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return tuple([path.read_text("utf-8") for path in found] + blocks)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


# ------------------------------------------------------------------------------------------------------------- the kinds


def noise(chance: random.Random) -> Input:
    return Input("noise", chance.randbytes(chance.choice((0, 1, 2, 5, 20, 100, 400))))


def odd_text(chance: random.Random) -> Input:
    parts = [chance.choice(ODD if chance.random() < 0.5 else WORDS) for _ in range(chance.randint(1, 60))]
    return Input("odd text", encoded(chance.choice(("", " ")).join(parts)))


def soup(chance: random.Random) -> Input:
    lines = []
    for _ in range(chance.randint(1, 12)):
        indent = chance.choice(("", "", "  ", "    ", "\t", "      "))
        lines.append(indent + " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 9))))
    return Input("soup", encoded("\n".join(lines)))


def spoiled(chance: random.Random) -> Input:
    text = chance.choice(shows())
    if chance.random() < 0.7:
        lines = text.split("\n")
        start = chance.randrange(len(lines))
        text = "\n".join(lines[start : start + chance.choice((3, 8, 15))])
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        text = spoil(text, chance)
    return Input("spoiled show", encoded(text))


def spoil(text: str, chance: random.Random) -> str:
    """Do one thing to a text that a slip of the hand, an editor or a bad disk would do."""
    at = chance.randint(0, len(text))
    end = min(len(text), at + chance.choice((1, 1, 2, 5, 30)))
    lines = text.split("\n")
    row = chance.randrange(len(lines))
    match chance.randrange(13):
        case 0:
            return text[:at] + text[end:]
        case 1:
            return text[:at] + chance.choice(ODD) + text[at:]
        case 2:
            return text[:at] + f" {chance.choice(WORDS)} " + text[at:]
        case 3:
            lines.insert(row, lines[chance.randrange(len(lines))])
        case 4:
            del lines[row]
        case 5:
            other = chance.randrange(len(lines))
            lines[row], lines[other] = lines[other], lines[row]
        case 6:
            lines[row] = chance.choice((" ", "  ", "\t", "      ")) + lines[row]
        case 7:
            lines[row] = lines[row].lstrip() if chance.random() < 0.5 else lines[row][1:]
        case 8:
            words = lines[row].split(" ")
            words[chance.randrange(len(words))] = chance.choice(WORDS)
            lines[row] = " ".join(words)
        case 9:
            return text[:at] + text[at:end].swapcase() + text[at:end] + text[end:]
        case 10:
            number = chance.choice(
                ("0", "-1", "99999999999999999999", "1e400", "0.0000001", "500001", "25:00:00", "9" * 5000)
            )
            return re.sub(r"\d+", lambda found: number if chance.random() < 0.2 else found[0], text)
        case 11:
            donor = chance.choice(shows()).split("\n")
            start = chance.randrange(len(donor))
            lines[row:row] = donor[start : start + chance.randint(1, 8)]
        case _:
            return text[:at] if chance.random() < 0.3 else text[: at // 2] + text[at:]
    return "\n".join(lines)


def nested(chance: random.Random) -> Input:
    deep = chance.choice((2, 10, 48, 49, 50, 51, 52, 79, 80, 81, 90, 200, 1000))
    match chance.randrange(7):
        case 0:
            text = "".join(f"{'  ' * n}at 1s repeat every 1s\n" for n in range(deep)) + "  " * deep + "log 'x'\n"
        case 1:
            text = (
                "".join(f"{' ' * n}at 1s say 'x' and meanwhile\n" for n in range(deep)) + " " * deep + "at 1s log 'x'\n"
            )
        case 2:
            text = "at 1s animaze call X " + '{"a":' * deep + "1" + "}" * (deep - chance.randint(0, 1))
        case 3:
            text = "at 1s animaze call X " + "[" * deep + "]" * deep
        case 4:
            text = (
                "".join(f"define d{n}\n  do d{n + 1}\n  do d{n + 1}\n" for n in range(deep))
                + f"define d{deep}\n  log 'x'\nat 1s do d0\n"
            )
        case 5:
            text = (
                "let v0 = 'ab'\n"
                + "".join(f"let v{n + 1} = '{{v{n}}}{{v{n}}}'\n" for n in range(deep))
                + f"at 1s say '{{v{deep}}}'\n"
            )
        case _:
            text = (
                "".join(f"{'  ' * n}at 1s repeat {chance.choice((2, 99))} times every 1s\n" for n in range(deep))
                + "  " * deep
                + "log 'x'\n"
            )
    return Input("nested", encoded(text))


def longish(chance: random.Random) -> Input:
    size = chance.choice((1_000, 10_000, 50_000))
    piece = chance.choice((*WORDS, *ODD))
    text = (
        chance.choice(("", "at 1s say '", "at 1s log ", "let x = ", "# ", "at 1s animaze call X "))
        + (piece * size)[:size]
    )
    return Input("long row", encoded(text + chance.choice(("", "'", "\n", '"', " ;"))))


def other_encoding(chance: random.Random) -> Input:
    text = chance.choice(shows())[:2000]
    return Input(
        "encoding",
        text.encode(chance.choice(("utf-16", "utf-16-le", "cp932", "euc_jp", "latin-1", "utf-8-sig")), "replace"),
    )


def beside(chance: random.Random) -> Input:
    """Spoil what lies beside the script."""
    script = encoded('at 1s animaze emote Emote_Wave; live2d set ParamAngleX 3 for 1s\nat 2s say happy "hi"\n')
    text = chance.choice(yamls())
    for _ in range(chance.choice((1, 1, 2, 4))):
        text = spoil(text, chance)
    name = "stage.yaml" if "devices" in text or "defaults" in text or chance.random() < 0.3 else "catalogue.yaml"
    return Input("beside", script, {name: encoded(text)})


def parts(chance: random.Random) -> Input:
    """Spoil a file that is included, and the way it is."""
    path = chance.choice(
        (
            "part.show",
            "part.show",
            "./part.show",
            "../fuzz.show",
            "/etc/passwd",
            MAIN,
            "a\0b",
            "sub/part.show",
            "part.show/x",
        )
    )
    main = f'include "{path}"\ninclude "part.show"\nat 1s log "x"\n'
    if chance.random() < 0.5:
        main = spoil(main, chance)
    return Input("parts", encoded(main), {"part.show": spoiled(chance).script})


def program(chance: random.Random) -> Input:
    return Input("program", encoded("\n".join(_program(chance)) + "\n"))


def _program(chance: random.Random) -> list[str]:
    lines = ["let x = 'ex'", "let beat = 500ms"]
    writer = _Writer(chance)
    for number in range(2):
        lines.append(f"define d{number}(a, b)")
        if chance.random() < 0.4:  # with tracks, with cues of its own or without
            lines += writer.cues("  ", 1, "log 'in {a}'") if chance.random() < 0.5 else []
            for track in ("a", "b"):
                lines += [f"  track {track}", *writer.cues("    ", 1, "log 'in {b}'")]
        else:
            lines += writer.cues("  ", 1, "log 'in {a}'")
    writer.done = ("do d0('a', 'b')", "do d1(1, 2)")
    for number in range(chance.randint(1, 3)):
        ends = chance.choice(("", " at least 00:10", " at most 00:05", " at least 5s at most 8s"))
        lines.append(f"segment s{number}{ends}")
        if chance.random() < 0.4:
            for track in ("a", "b"):
                lines += [f"  track {track}", *writer.cues("    ", 2)]
        else:
            lines += writer.cues("  ", 3)
    return lines


class _Writer:
    """Writes cues that mostly make sense; now and then not."""

    def __init__(self, chance: random.Random) -> None:
        self.done: tuple[str, ...] = ()
        self._chance = chance
        self._names = 0

    def cues(self, indent: str, deep: int, first: str | None = None, turn: bool = False) -> list[str]:
        chance, lines, at, before = self._chance, [], 0, ""
        for number in range(chance.randint(1, 4)):
            at += chance.choice((0, 1, 1, 3))
            positions = [f"at {at}s", f"at {at}s", "at +1s", "then", "then +$beat", f"then at {at}s"]
            position = positions[0] if number == 0 or before == "endless" else chance.choice(positions)
            name = ""
            if chance.random() < 0.1:
                self._names += 1
                name = f"cue c{self._names} "
            before, kind = "", chance.random()
            if deep and kind < 0.3:
                heads = [
                    "repeat 3 times every 1s",
                    "repeat every 700ms",
                    'say "hm" and meanwhile',
                    "hold 'go' and meanwhile",
                ]
                head = chance.choice(heads[::2] if turn else heads)
                before = "endless" if head.startswith("repeat every") else ""
                lines += [
                    f"{indent}{name}{position} {head}",
                    *self.cues(indent + "  ", deep - 1, turn="repeat" in head),
                ]
            else:
                commands = [first] if first else [self.command() for _ in range(chance.randint(1, 3))]
                lines.append(f"{indent}{name}{position} " + "; ".join(commands))
        return lines

    def command(self) -> str:
        chance = self._chance
        body, modifiers = chance.choice(_BODIES)
        if self.done and chance.random() < 0.08:
            return chance.choice(self.done)
        if chance.random() < 0.02:
            return body + chance.choice((" and wait", " for 3s", " -> x", " or 'y'", " retry -1"))
        return body + "".join(f" {one}" for one in modifiers if chance.random() < 0.2)


_COMMON = ("and wait", "within 2s", "retry 2", "else hold")
_BODIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("animaze emote Emote_Wave", ("for 3s", *_COMMON)), ("animaze scene 'My Room'", _COMMON),
    ("animaze action 3", ("for 1s", "else stop")), ("animaze broadcast on", _COMMON),
    ("live2d set ParamAngleX 3", ("for 2s", "else continue")), ("live2d set ParamAngleX -3 ParamAngleY 0.25", ("for 1s",)),
    ("live2d release", ()), ("live2d release ParamAngleX over 1s", ("and wait",)), ("live2d clear", ()),
    ("live2d move ParamAngleX to 9 over 1s ease in-out", ("for 1s", "and wait")),
    ("live2d move ParamAngleY from 1 to 9 over 30ms", ()), ("live2d call GetCurrentModelUID {}", ("-> uid or 'x'",)),
    ("say happy 'hi {x}'", ("and wait", "within 9s", "else stop")), ("say 'a' sad \"b {{x}}\"", ("and wait",)),
    ("animaze chat 'tell'", ("-> joke or 'none'", "within 30s", "and wait")), ("animaze echo 'la'", ("and wait",)),
    ("log '{x}'", ()), ("wait 500ms", ()), ("hold 'now?'", ("within 3s",)), ("wait for button go", ("within 2s",)),
    ("wait for animaze AvatarChanged within 2s", ("else hold",)), ("animaze camera fov 40 over 2s", ("and wait",)),
    ("animaze camera turn 20 tilt 5 over 1s ease sine", ()), ('animaze call Foo {"a": [1, $x]}', ("-> foo",)),
    ('animaze override "Auto Blink" on', _COMMON), ("stop", ()),
)  # fmt: skip


SMALL: tuple[tuple[int, Callable[[random.Random], Input]], ...] = (
    (8, noise), (14, odd_text), (14, soup), (34, spoiled), (2, nested), (1, longish), (2, other_encoding), (5, beside),
    (5, parts), (15, program),
)  # fmt: skip


def small(chance: random.Random) -> Input:
    """Make one input of at most some 50 kB."""
    return chance.choices([make for _, make in SMALL], [weight for weight, _ in SMALL])[0](chance)


# ------------------------------------------------------------------------------------------------------------- the large


def large() -> dict[str, Callable[[], bytes]]:
    """Name the large inputs, each made when it is wanted."""
    row = 10 * 1024 * 1024
    return {
        "ten-megabyte string": lambda: b'at 1s say "' + b"x" * row + b'"\n',
        "ten-megabyte open string": lambda: b'at 1s say "' + b"x" * row,
        "ten-megabyte word": lambda: b"at 1s animaze emote " + b"x" * row,
        "ten-megabyte number": lambda: b"at 1s live2d set P " + b"9" * row,
        "ten megabytes of semicolons": lambda: b"at 1s log 'x'" + b";" * row,
        "ten megabytes of commands in a row": lambda: b"at 1s log 'x'" + b"; log 'x'" * (row // 9),
        "a megabyte of commands in a row": lambda: b"at 1s log 'x'" + b"; log 'x'" * 111_000,
        "ten megabytes of braces": lambda: b"at 1s animaze call X " + b"{" * row,
        "ten megabytes of quotes": lambda: b"at 1s say " + b"'\"" * (row // 2),
        "ten megabytes of blanks": lambda: b" " * row + b"at 1s log 'x'\n",
        "ten megabytes of line ends": lambda: b"\n" * row,
        "ten megabytes of carriage returns": lambda: b"\r" * row,
        "ten megabytes of NULs": lambda: b"\0" * row,
        "a million bad bytes": lambda: b"\xff" * 1_000_000,
        "ten megabytes of comment": lambda: b"#" + b"x" * row,
        "a million comments": lambda: b"# x\n" * 1_000_000,
        "a million cues, too large": lambda: b"".join(b"at %dms animaze emote Emote_Wave  # cue\n" % n for n in range(1_000_000)),
        "a million cues": lambda: b"".join(b"at %dms log 'x'\n" % (n * 80) for n in range(1_000_000)),
        "four hundred thousand cues": lambda: b"".join(b"at %dms log 'x'\n" % (n * 80) for n in range(400_000)),
        "a million equal rows": lambda: b"at 1s log 'x'\n" * 1_000_000,
        "a million mistakes": lambda: b"".join(b"at %d animase emot x\n" % n for n in range(1_000_000)),
        "a hundred thousand unknown words": lambda: b"".join(b"at 1s animaze emoto X%d\n" % n for n in range(100_000)),
        "a hundred thousand deep": lambda: b"".join(b" " * min(n, 200) + b"at 1s repeat every 1s\n" for n in range(100_000)),
        "a hundred thousand constants in a chain": lambda: b"let v0 = 'x'\n"
        + b"".join(b"let v%d = '{v%d}'\n" % (n + 1, n) for n in range(100_000)),
        "a hundred thousand defines in a chain": lambda: b"".join(b"define d%d\n  do d%d\n" % (n, n + 1) for n in range(100_000)),
        "a hundred thousand segments": lambda: b"".join(b"segment s%d\n  at 1ms log 'x'\n" % n for n in range(100_000)),
        "twenty thousand tracks of a define": lambda: b"define d\n" + b"".join(b"  track t%d\n    at 1s log 'x'\n" % n for n in range(20_000)) + b"at 0s do d\n",
        "twenty thousand tracks": lambda: b"segment s\n" + b"".join(b"  track t%d\n    at 1s log 'x'\n" % n for n in range(20_000)),
        "ten thousand held parameters": lambda: b"".join(b"at 1s live2d set P%d 1 for 1s\n" % n for n in range(10_000)),
        "ten thousand answers": lambda: b"".join(b"at %ds animaze chat 'x' -> a%d\n" % (n, n) for n in range(10_000)),
        "ten thousand waits in a circle": lambda: b"segment s\n"
        + b"".join(b"  track t%d\n    at 1s wait for cue c%d\n    cue c%d then log 'x'\n" % (n, (n + 1) % 10_000, n) for n in range(10_000)),
        "an endless repeat for a day": lambda: b"segment s at least 24:00:00\n  at 0s repeat every 10ms\n    log 'x'\n",
        "a sway for a day": lambda: b"segment s at least 24:00:00\n  at 0s repeat every 10ms\n"
        b"    at 0s live2d move P to 1 over 5ms\n    at 5ms live2d move P to 0 over 5ms\n",
        "a camera that moves all day": lambda: b"at 0s animaze camera fov 40 over 24h\n",
        "a hold for a day": lambda: b"at 0s live2d set P 1 for 24h\n",
        "half a million turns": lambda: b"at 0s repeat 400000 times every 200ms\n  log 'x'\n",
        "a number of times with a million digits": lambda: b"at 0s repeat " + b"9" * 900_000 + b" times every 1s\n  log 'x'\n",
        "a clock with a million digits": lambda: b"at " + b"9" * 900_000 + b"s log 'x'\n",
        "a string of a million escapes": lambda: b"at 1s say '" + b"\\n" * 450_000 + b"'\n",
        "a string of a million openings": lambda: b"let a = 'x'\nat 1s say '" + b"{a}" * 300_000 + b"'\n",
        "wide JSON": lambda: b"at 1s animaze call X [" + b",".join(b"%d" % n for n in range(120_000)) + b"]\n",
        "JSON over a million rows": lambda: b"at 1s animaze call X [\n" + b"1,\n" * 1_000_000 + b"1]\n",
        "an open brace before a million rows": lambda: b"at 1s animaze call X {\n" + b"at 1s log 'x'\n" * 700_000,
    }  # fmt: skip
