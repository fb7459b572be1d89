"""What a reader remembers of the last reading never changes what it reads: random edits, each held against a reading
from nothing.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showrunner.syntax.parser import ScriptReader, parse
from tests.chance import examples

LINES = [
    *["at 1s stop", "then say 'hi'", "  at 2s log 'x'", "  then stop", "    at 3s stop", "    stop; stop"],
    *["segment a", "segment b", "segment a at least 3s", "  track voice", "  track body", "    at 1s stop"],
    *[
        "define w",
        "  at 0s repeat every 1s",
        "    stop",
        "      stop",
        "",
        "# said",
        "   # said",
        "  at 4s",
        "    live2d clear",
    ],
    *["at 1s animaze call X {", "  at 1s animaze call X {", '    "a": 1', "}", "  }", "  at 9s animaze call Y {}"],
    *["at 5s say 'a'", "  'b'", "      'c'  # so", "  or d", "  at 1s wait for button a or"],
    *["let a = 1", "show 'x'", "include 'b.show'", "  at 1s hold and meanwhile", "    then stop"],
]
SLIPS = ["  at x", "segmnt a", "stop", "\tat 1s stop", "   at 1s stop", "at 1s", "then say hi there", "    let b = 2"]


def whole(lot):
    lines = []
    for segment in range(lot.randrange(1, 4)):
        lines.append(f"segment {segment}")
        for track in range(lot.randrange(3)):
            lines.append(f"  track t{track}")
            lines += [f"    at {n}s say '{n}'" for n in range(lot.randrange(6))]
        lines += [f"  at {n}s repeat 2 times every 1s\n    live2d clear\n    stop".split("\n")[n % 3] for n in range(3)]
    return lines


def edited(lot, lines):
    """Change, put in, take out, copy or move some lines."""
    lines = list(lines)
    first = lot.randrange(len(lines) + 1)
    last = min(len(lines), first + lot.choice([0, 1, 1, 2, 5]))
    fresh = [lot.choice(SLIPS if lot.random() < 0.1 else LINES) for _ in range(lot.choice([0, 1, 1, 2]))]
    kind = lot.randrange(4)
    if kind == 0:
        lines[first:last] = fresh
    elif kind == 1:
        lines[first:first] = lines[first:last]
    elif kind == 2:
        moved, lines[first:last] = lines[first:last], []
        place = lot.randrange(len(lines) + 1)
        lines[place:place] = moved
    else:
        lines[first:first] = fresh
    return lines


@examples(60)
@given(st.randoms(use_true_random=False))
def test_after_any_edit_it_reads_what_a_new_reader_reads(lot):
    reader = ScriptReader()
    lines = whole(lot) if lot.random() < 0.5 else [f"at {n}s say '{n}'" for n in range(12)]
    kept = [lines]
    for _ in range(60):
        # Now and then what stood there before comes back, as it does when a mistake is mended.
        lines = lot.choice(kept) if lot.random() < 0.15 else edited(lot, lines)
        kept.append(lines)
        text = "\n".join(lines)
        assert reader.read(text, "a") == parse(text, "a")


@pytest.mark.parametrize("head", ["", "segment a\n", "segment a\n  track b\n"])
def test_of_a_long_block_only_the_line_that_changed_is_another_object(head):
    depth = head.count("\n")
    rows = [f"{' ' * 2 * depth}at {n}s say '{n}'" for n in range(50)]
    reader = ScriptReader()

    def cues():
        found = reader.read(head + "\n".join(rows), "a").script.items
        for name in ("items", "cues")[:depth]:
            found = getattr(found[0].node, name)
        return found

    before = cues()
    rows[20] = rows[20].replace("say '20'", "stop")
    after = cues()
    assert [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one.node is not other.node] == [20]
    rows.insert(10, rows[9])
    later = cues()
    assert [one.node for one in later] == [
        *(one.node for one in after[:10]),
        after[9].node,
        *(one.node for one in after[10:]),
    ]
    assert [one.line - later[0].line for one in later] == list(range(51))
