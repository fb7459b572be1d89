"""What is the same cue in two texts: `timeline/revise`, which is pure, in exact tables and over all small lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product

import pytest

from showrunner.diagnostics.diagnostic import Span
from showrunner.timeline import alignment, cues, revise
from showrunner.timeline.labels import Labels
from tests import toys
from tests.programs import spelled
from tests.toys import SPAN, body, segment, send, show


def act(word: str, **more: object) -> cues.Send:
    return spelled(send("act", ("NAME", word), **more))


def cue(words: str, *, at: int = 0, name: str | None = None, line: int = 1) -> cues.Cue:
    """Make a cue that does what each letter of ``words`` says."""
    return toys.at(at, *(act(word) for word in words), name=name, line=line)


def listed(*written: str) -> tuple[cues.Cue, ...]:
    """Make a list: `ab` is a cue with two commands, `one=ab` has a name, `ab@5` a time."""
    made = []
    for line, text in enumerate(written, 1):
        name, equals, rest = text.rpartition("=")
        words, _, time = rest.partition("@")
        made.append(cue(words, at=int(time or 0), name=name if equals else None, line=line))
    return tuple(made)


# --- the cues of a list, found again


PAIRED: dict[str, tuple[Sequence[str], Sequence[str], revise.Pairs]] = {
    "nothing changed": (("a", "b"), ("a", "b"), (0, 1)),
    "both empty": ((), (), ()),
    "all gone": (("a", "b"), (), (None, None)),
    "all new": ((), ("a",), ()),
    "one more at the top": (("a", "b"), ("x", "a", "b"), (1, 2)),
    "one more in the middle": (("a", "b"), ("a", "x", "b"), (0, 2)),
    "one more at the end": (("a", "b"), ("a", "b", "x"), (0, 1)),
    "one less at the top": (("a", "b", "c"), ("b", "c"), (None, 0, 1)),
    "one less in the middle": (("a", "b", "c"), ("a", "c"), (0, None, 1)),
    "only the time": (("a", "b"), ("a", "b@5"), (0, 1)),
    "edited between the same neighbours": (("a", "b", "c"), ("a", "x", "c"), (0, 1, 2)),
    "two edited between the same neighbours, in order": (("a", "b", "c", "d"), ("a", "x", "y", "d"), (0, 1, 2, 3)),
    "two for one: the first is taken for it": (("a", "b", "c"), ("a", "x", "y", "c"), (0, 1, 3)),
    "one for two: it is the first": (("a", "b", "c", "d"), ("a", "x", "d"), (0, 1, None, 2)),
    "edited at the top": (("a", "b"), ("x", "b"), (0, 1)),
    "edited at the end": (("a", "b"), ("a", "x"), (0, 1)),
    "a line twice: the first is the old one": (("a",), ("a", "a"), (0,)),
    "a doubled line single again": (("a", "a"), ("a",), (0, None)),
    "one of three equal gone": (("a", "a", "a", "b"), ("a", "a", "b"), (0, 1, None, 2)),
    "two changed places: the longest order stays, the other is edited": (("a", "b"), ("b", "a"), (None, 0)),
    "a name that stays": (("one=a", "b"), ("one=x", "b"), (0, 1)),
    "a name that moved": (("one=a", "b", "c"), ("b", "c", "one=a"), (2, 0, 1)),
    "a name that was given": (("a", "b"), ("one=a", "b"), (0, 1)),
    "a name that was taken away": (("one=a", "b"), ("a", "b"), (0, 1)),
    "a new name for the same commands": (("one=a", "b"), ("two=a", "b"), (0, 1)),
    "names go before commands": (("one=a", "two=b"), ("two=a", "one=b"), (1, 0)),
    "a name on another cue's commands": (("one=a", "b"), ("a", "one=b"), (1, None)),
    "one less behind one that was edited": (("x", "b", "c", "a"), ("y", "b", "a"), (0, 1, None, 2)),
    "one more behind one that was edited": (("y", "b", "a"), ("x", "b", "c", "a"), (0, 1, 3)),
    "a name between: what stood there are no neighbours any more": (
        ("a", "b", "one=c", "d"), ("a", "one=c", "x", "d"), (0, None, 1, 3),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "pairs"), PAIRED.values(), ids=PAIRED.keys())
def test_the_cues_of_a_list_are_found_again(old: Sequence[str], new: Sequence[str], pairs: revise.Pairs) -> None:
    assert revise.cues(listed(*old), listed(*new)) == pairs
    # Those that stand where they stood are equal values, which are found in another way.
    assert revise.cues(*([replace(one, line=1) for one in listed(*text)] for text in (old, new))) == pairs


def test_a_cue_that_only_moved_to_another_line_is_the_same_value() -> None:
    assert revise.same(cue("ab", line=3), cue("ab", line=9))
    assert not revise.same(cue("ab"), cue("ab", at=1))
    assert not revise.same(cue("ab"), cue("ba"))
    assert not revise.same(cue("ab"), cue("ab", name="one"))


@pytest.mark.parametrize(
    "other",
    [
        send("act", ("NAME", "x"), text="t", wait=True),
        send("act", ("NAME", "x"), text="t", within=1),
        send("act", ("NAME", "x"), text="t", retry=1),
        send("act", ("NAME", "x"), text="t", policy="stop"),
        send("act", ("NAME", "x"), text="t", keep="answer"),
        send("act", ("NAME", "x"), text="t", default="none"),
        send("act", ("NAME", "x"), text="t", lasting=1),
        send("act", ("NAME", "y"), text="t"),
        send("scene", ("NAME", "x"), text="t"),
        send("act", ("NAME", "x"), device="guest", text="t"),
        send("act", ("NAME", "x"), text="t", meanwhile=body(cue("a"))),
        cues.Log("x", "", SPAN),
    ],
)
def test_every_part_of_a_command_counts(other: cues.Step) -> None:
    one = send("act", ("NAME", "x"), text="t")
    assert revise.alike(one, replace(one, text="toy  act  x"))
    assert not revise.alike(one, other)
    assert not revise.alike(other, one)


def test_a_number_is_not_a_truth_value_and_an_integer_no_fraction() -> None:
    values = [1, 1.0, True, "1"]
    alike = [
        revise.alike(send("act", ("NAME", one), text="t"), send("act", ("NAME", other), text="t"))
        for one, other in product(values, values)
    ]
    assert alike == [one is other for one, other in product(values, values)]


# --- the steps of a cue, and what they own


HOLD = cues.Hold("ready?", None, None, 'hold "ready?"', SPAN)
RANG, RAID = cues.Awaited("device", "Rang", "toy"), cues.Awaited("button", "raid")
EVENT = cues.Await((RANG,), None, None, None, None, None, "wait for toy Rang", SPAN)
BUTTON = cues.Await((RAID,), None, None, None, None, None, "wait for button raid", SPAN)
TURNS = cues.Repeat(2, 5, body(cue("a")), "", SPAN)
WAVE = toys.call("wave", toys.track("", cue("a")))
DUET = toys.call("wave", toys.track("one", cue("a")), toys.track("two", cue("b")))
PAUSE = cues.Pause(5, "", SPAN)
LOG = cues.Log("x", "", SPAN)

STEPPED: dict[str, tuple[Sequence[cues.Step], Sequence[cues.Step], revise.Pairs]] = {
    "in another order: the longest order stays, what is left is found by its kind": (
        (act("a"), act("b")), (act("b"), act("a")), (1, 0),
    ),
    "the same command before one of its kind": ((act("a"),), (act("x"), act("a")), (1,)),
    "one of its kind where it is edited": ((act("a"), LOG), (act("x"), LOG), (0, 1)),
    "another verb is another command": ((act("a"),), (send("scene", ("NAME", "a")),), (None,)),
    "a held value and a move are of one kind each": (
        (spelled(send("set", ("P", "A"), ("V", 1))),), (spelled(send("set", ("P", "B"), ("V", 2))),), (0,),
    ),
    "a block is found by the command that owns it": (
        (replace(act("a"), meanwhile=body(cue("x"))),), (LOG, replace(act("a"), meanwhile=body(cue("y")))), (1,),
    ),
    "a repeat with another count": ((TURNS,), (replace(TURNS, count=None),), (0,)),
    "a repeat with another time": ((TURNS,), (replace(TURNS, every=9),), (0,)),
    "of two repeats the same one": ((TURNS,), (replace(TURNS, every=9), TURNS), (1,)),
    "a `do` by its name": ((WAVE,), (toys.call("wave", toys.track("", cue("z"))),), (0,)),
    "a `do` that has got tracks": ((WAVE,), (DUET,), (0,)),
    "another `do`": ((WAVE,), (replace(WAVE, name="bow"),), (None,)),
    "a pause with another time": ((PAUSE,), (cues.Pause(9, "", SPAN),), (0,)),
    "waits of different kinds": ((EVENT, BUTTON, HOLD), (HOLD,), (None, None, 0)),
    "a hold with another label": ((HOLD,), (replace(HOLD, text="hold"),), (0,)),
    "a `log` with another text": ((LOG,), (cues.Log("y", "", SPAN),), (0,)),
    "a `stop`": ((cues.Stop(SPAN),), (cues.Stop(SPAN),), (0,)),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "pairs"), STEPPED.values(), ids=STEPPED.keys())
def test_the_steps_of_a_cue_are_found_again(
    old: Sequence[cues.Step], new: Sequence[cues.Step], pairs: revise.Pairs
) -> None:
    assert revise.steps(toys.at(0, *old), toys.at(0, *new)) == pairs


def test_the_steps_of_a_cue_that_only_comes_at_another_time_are_the_same() -> None:
    one = toys.at(0, act("a"), act("a"))
    assert revise.steps(one, replace(one, position=toys.at(9).position)) == (0, 1)


def test_the_waits_of_a_cue_are_its_commands_with_and_wait_and_its_built_in_ones() -> None:
    cue_of_waits = toys.at(0, act("a"), act("b", wait=True), PAUSE, LOG, HOLD, TURNS, EVENT, BUTTON)
    assert revise.waits(cue_of_waits) == [(1, "command"), (2, "time"), (4, "go"), (6, "event"), (7, "button")]


@pytest.mark.parametrize("owner", [act("a"), HOLD, EVENT])
def test_what_is_in_a_block_counts(owner: cues.Send | cues.Hold | cues.Await) -> None:
    with_one, with_other = (replace(owner, meanwhile=body(cue(word))) for word in "xy")
    assert revise.alike(with_one, replace(owner, meanwhile=body(cue("x"))))
    assert not revise.alike(with_one, with_other)
    assert not revise.alike(with_one, owner)
    assert not revise.alike(owner, with_one)


DIFFERENT: list[tuple[cues.Step, cues.Step]] = [
    (WAVE, replace(WAVE, name="bow")),
    (WAVE, DUET),
    (DUET, toys.call("wave", *reversed(DUET.tracks))),
    (DUET, replace(DUET, tracks=(replace(DUET.tracks[0], name="three"), DUET.tracks[1]))),
    (DUET, toys.call("wave", toys.track("one", cue("a")), toys.track("two", cue("z")))),
    (WAVE, toys.call("wave", toys.track("", cue("z")))),
    (TURNS, replace(TURNS, count=None)),
    (TURNS, replace(TURNS, every=9)),
    (TURNS, replace(TURNS, body=body(cue("z")))),
    (PAUSE, replace(PAUSE, time=9)),
    (LOG, replace(LOG, message="y")),
    (HOLD, replace(HOLD, label="now?")),
    (HOLD, replace(HOLD, within=9)),
    (EVENT, replace(EVENT, events=(replace(RANG, kind="cue"),))),
    (EVENT, replace(EVENT, events=(replace(RANG, device="guest"),))),
    (EVENT, replace(EVENT, events=(replace(RANG, name="Fell"),))),
    (EVENT, replace(EVENT, events=(RANG, RAID))),
    (EVENT, replace(EVENT, within=9)),
    (EVENT, replace(EVENT, policy="stop")),
    (cues.Stop(SPAN), LOG),
    (act("a"), spelled(send("act", ("NAME", "a"), ("P", "b")))),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_steps_are_the_same_until_a_part_of_them_that_counts_differs(one: cues.Step, other: cues.Step) -> None:
    for step in (one, other):
        assert revise.alike(step, replace(step))
        assert revise.alike(step, replace(step, span=Span(7, 8, 9)))
    assert not revise.alike(one, other)
    assert not revise.alike(other, one)


# --- a whole show


def test_a_revision_names_what_is_added_removed_and_changed() -> None:
    old = show(
        segment("one", toys.track("main", cue("a"), cue("b", name="bee"), cue("c"))),
        segment("two", toys.track("main", cue("a")), toys.track("side", cue("s"))),
        segment("three", toys.track("main", cue("t"))),
    )
    new = show(
        segment("one", toys.track("main", cue("x"), cue("a"), cue("b", at=5, name="bee"))),
        segment("two", toys.track("main", cue("a")), toys.track("other", cue("o"))),
        segment("four", toys.track("main", cue("f"))),
    )
    found = revise.compare(old, new)
    assert found.added == ("one/L1", "two/other/L5", "four/L6")
    assert found.removed == ("one/L3", "two/side/L5", "three/L6")
    assert found.changed == ("one/bee",)
    assert found.segments
    back = revise.compare(new, old)
    assert (set(back.added), set(back.removed), back.changed) == (set(found.removed), set(found.added), found.changed)


def owning(*inner: cues.Cue, count: int = 2, at: int = 0, name: str | None = None) -> cues.CueList:
    """Make a show of one cue: a command, and a repeat of these cues."""
    turns = replace(TURNS, count=count, body=body(*inner))
    return show(segment("one", toys.track("main", toys.at(at, act("o"), turns, name=name))))


def test_where_only_cues_of_a_block_differ_the_edit_is_theirs() -> None:
    def edits(one: cues.CueList, other: cues.CueList) -> list[tuple[str | None, str | None]]:
        (edit,) = revise.compare(one, other).edits
        named = (
            (found.old and found.old.label.text(), found.new and found.new.label.text())
            for found in revise.within(edit)
        )
        return list(named)

    before = owning(cue("a"), cue("b"), cue("c"))
    assert edits(before, owning(cue("x"), cue("b"))) == [("L1#1/L2", "L1#1/L2"), ("L1#1/L4", None)]
    assert edits(before, owning(cue("a"), cue("b"), cue("c"), cue("d"))) == [(None, "L1#1/L5")]
    whole = [("L1", "L1")]
    assert edits(before, owning(cue("x"), cue("b"), cue("c"), count=3)) == whole
    assert edits(before, owning(cue("x"), cue("b"), cue("c"), at=5)) == whole
    assert edits(owning(cue("a", name="k"), cue("b")), owning(cue("b"), cue("a", name="k"))) == whole
    deep = (owning(toys.at(0, replace(TURNS, body=body(cue("a"), cue(word))))) for word in "bx")
    assert edits(*deep) == [("L1#1/L2#1/L4", "L1#1/L2#1/L4")]


def test_the_same_text_read_again_and_lines_that_only_moved_are_no_change() -> None:
    tracks = toys.track("main", cue("a"), cue("b"))
    assert revise.compare(show(segment("one", tracks)), show(segment("one", tracks))).nothing
    down = replace(tracks, line=7)
    assert revise.compare(show(segment("one", tracks)), show(segment("one", down))).nothing


@pytest.mark.parametrize(
    "other",
    [
        [segment("two"), segment("one")],
        [segment("one", least=5), segment("two")],
        [segment("one", most=5), segment("two")],
        [replace(segment("one"), title="One"), segment("two")],
        [segment("one"), segment("two"), segment("three")],
        [segment("one", toys.track("side")), segment("two")],
    ],
)
def test_segments_their_order_titles_limits_and_tracks_are_a_change(other: list[cues.Segment]) -> None:
    found = revise.compare(show(segment("one"), segment("two")), show(*other))
    assert found.segments
    assert not found.nothing


def words(*spoken: str) -> cues.CueList:
    """Make a show of segments, each of them a name and the commands of its cues: `one abc`."""
    made = (segment(name, toys.track("main", *listed(*text))) for name, text in (one.split(" ") for one in spoken))
    return show(*made)


RENAMED: dict[str, tuple[cues.CueList, cues.CueList, dict[str, str | None]]] = {
    "half of its cues are the same": (words("one ab"), words("uno ax"), {"one": "uno"}),
    "less than half": (words("one abc"), words("uno axy"), {"one": None}),
    "half of the cues that there are now": (words("one a"), words("uno ax"), {"one": "uno"}),
    "less than half of those": (words("one a"), words("uno axy"), {"one": None}),
    "both empty": (show(segment("one")), show(segment("uno")), {"one": None}),
    "only between the same neighbours": (
        words("one a", "two b", "end c"), words("two b", "uno a", "end c"), {"one": None, "two": "two", "end": "end"},
    ),
    "one after the other": (
        words("one ab", "two cd"), words("uno ab", "due cd"), {"one": "uno", "two": "due"},
    ),
    "two that are alike: each once": (
        words("one ab", "two ab"), words("uno ab", "due ab"), {"one": "uno", "two": "due"},
    ),
    "a name that is there is never taken": (words("one ab", "two ab"), words("two ab"), {"one": None, "two": "two"}),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "called"), RENAMED.values(), ids=RENAMED.keys())
def test_a_segment_is_found_by_its_name_or_by_its_neighbours_and_half_of_its_cues(
    old: cues.CueList, new: cues.CueList, called: dict[str, str | None]
) -> None:
    assert revise.segments(old, new) == called


def test_a_cue_of_a_track_keeps_its_name_or_has_that_of_where_it_stands_now() -> None:
    old = show(
        segment("one", toys.track("main", cue("a"), cue("b", name="bee"), cue("c"))),
        segment("two", toys.track("main", cue("d")), toys.track("side", cue("s"))),
        segment("three", toys.track("main", cue("e"))),
    )
    new = show(
        segment("uno", toys.track("main", cue("b", name="bee"), cue("c"))),
        segment("two", toys.track("main", cue("x"), cue("d"))),
    )
    renaming = revise.Renaming(old, Labels(old), new)
    called = {
        ("one", "main", "L1"): None,
        ("one", "main", "bee"): ("uno", "main", "bee"),
        ("one", "main", "L3"): ("uno", "main", "L2"),
        ("two", "main", "L4"): ("two", "main", "L4"),
        ("two", "side", "L5"): None,
        ("three", "main", "L6"): None,
        ("two", "main", "L9"): None,
        ("four", "main", "L1"): None,
    }
    assert {key: renaming.get(key) for key in called} == called


# --- what is the same in both, where trying all of it would be too much


ANCHORED: dict[str, tuple[str, str, list[tuple[int, int]]]] = {
    "what stands once on either side": ("xabcy", "uabcv", [(1, 1), (2, 2), (3, 3)]),
    "the longest rising run of it": ("xabcdy", "ucabdv", [(1, 2), (2, 3), (4, 4)]),
    "of two as long the one that ends first": ("xaby", "ubav", [(2, 1)]),
    "what stands twice is filled up between": ("xaabaay", "uabav", [(2, 1), (3, 2), (4, 3)]),
    "nothing stands once: first come, first served": ("xxabab", "baabba", [(2, 1), (3, 3), (4, 5)]),
    "nothing in common": ("xy", "ab", []),
    "only ends in common": ("axb", "ayb", [(0, 0), (2, 2)]),
    "one is empty": ("", "ab", []),
    "of two runs of three, too": ("xabcdefy", "udefabcv", [(4, 1), (5, 2), (6, 3)]),
}


@pytest.mark.parametrize(("old", "new", "pairs"), ANCHORED.values(), ids=ANCHORED.keys())
def test_in_lists_too_long_to_try_all_what_stands_once_is_paired_first(
    old: str, new: str, pairs: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alignment, "MOST_CELLS", 0)
    assert list(alignment.common(old, new)) == pairs


# --- all small lists


LISTS = [words for length in range(5) for words in product("abc", repeat=length)]


def longest(old: Sequence[str], new: Sequence[str]) -> int:
    """Work out the length of the longest common order by trying all of them."""
    for length in range(min(len(old), len(new)), 0, -1):
        there = set(combinations(new, length))
        if any(kept in there for kept in combinations(old, length)):
            return length
    return 0


def every_pair() -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    yield from product(LISTS, LISTS)


def test_over_all_small_lists_the_most_cues_are_kept_in_order_and_none_is_kept_twice() -> None:
    made = {words: listed(*words) for words in LISTS}
    for old, new in every_pair():
        pairs = revise.cues(made[tuple(old)], made[tuple(new)])
        found = [pair for pair in pairs if pair is not None]
        assert len(pairs) == len(old)
        assert all(one < other for one, other in pairwise(found)), (old, new, pairs)
        kept = [pair for index, pair in enumerate(pairs) if pair is not None and old[index] == new[pair]]
        assert len(kept) >= longest(old, new), (old, new, pairs)
        # Nothing is left on both sides between the same two neighbours: it has been paired.
        at = [(-1, -1), *((i, p) for i, p in enumerate(pairs) if p is not None), (len(old), len(new))]
        for (i, p), (j, q) in pairwise(at):
            assert j - i == 1 or q - p == 1, (old, new, pairs)


def test_over_all_small_lists_an_undo_keeps_as_many_commands() -> None:
    made = {words: listed(*words) for words in LISTS}
    for old, new in every_pair():
        there, back = (revise.cues(made[tuple(a)], made[tuple(b)]) for a, b in ((old, new), (new, old)))
        forth = sum(pair is not None and old[n] == new[pair] for n, pair in enumerate(there))
        assert forth == sum(pair is not None and new[n] == old[pair] for n, pair in enumerate(back)), (old, new)


def one_edit(old: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give every list that one edit makes: a line more, one less, one changed."""
    for at in range(len(old) + 1):
        yield from ((*old[:at], word, *old[at:]) for word in "abcx")
    for at in range(len(old)):
        yield (*old[:at], *old[at + 1 :])
        yield from ((*old[:at], word, *old[at + 1 :]) for word in "abcx")


def test_over_all_small_lists_the_undo_of_one_edit_finds_every_cue_where_it_was() -> None:
    for old in LISTS:
        for new in one_edit(old):
            there = revise.cues(listed(*old), listed(*new))
            back = revise.cues(listed(*new), listed(*old))
            assert {(n, pair) for n, pair in enumerate(there) if pair is not None} == {
                (pair, n) for n, pair in enumerate(back) if pair is not None
            }, (old, new)


def test_over_all_small_lists_the_longest_common_order_is_found_and_the_fast_way_gives_a_common_order() -> None:
    for old, new in every_pair():
        slow, fast = list(alignment.common(old, new)), list(alignment._anchored(old, new))
        assert len(slow) == longest(old, new), (old, new, slow)
        for found in (slow, fast):
            assert all(old[a] == new[b] for a, b in found)
            assert all(a < c and b < d for (a, b), (c, d) in pairwise(found))


def test_over_all_small_lists_with_one_named_cue_the_name_is_found_and_nothing_else_takes_its_place() -> None:
    short = [words for words in LISTS if 0 < len(words) < 4]
    for old, new in product(short, short):
        for i, j in product(range(len(old)), range(len(new))):
            named = [f"one={word}" if n == i else word for n, word in enumerate(old)]
            now = [f"one={word}" if n == j else word for n, word in enumerate(new)]
            pairs = revise.cues(listed(*named), listed(*now))
            found = [pair for pair in pairs if pair is not None]
            assert pairs[i] == j, (named, now, pairs)
            assert len(set(found)) == len(found)
            # What is kept by its commands or its neighbours is in order; only the name may have moved across it.
            rest = [pair for n, pair in enumerate(pairs) if pair is not None and n != i]
            assert rest == sorted(rest), (named, now, pairs)
            # Found by nothing but its place it never crosses the name.
            for n, pair in enumerate(pairs):
                if pair is not None and n != i and old[n] != new[pair]:
                    assert (n < i) == (pair < j), (named, now, pairs)


@pytest.mark.parametrize("size", [600])
def test_a_long_list_with_one_line_more_is_found_whole(size: int) -> None:
    old = [f"{n}" for n in range(size)]
    assert size * size > alignment.MOST_CELLS
    for at in (0, size // 2, size):
        new = [*old[:at], "more", *old[at:]]
        assert list(alignment.common(old, new)) == [(n, n + (n >= at)) for n in range(size)]
        turned = ["first", *new, "last"]
        assert len(list(alignment.common(["x", *old, "y"], turned))) == size
