"""Requests in flight: which of them a reply is for, what nobody waits for, and ids on the wire."""

import pytest

from showrunner.devices.in_flight import ANSWERS, MOST, MUTE, TRIED, Answering, Asked, InFlight, WireIds


def asked(wire, name="get", **more):
    return Asked(wire, name, None, lambda *_: [], **more)


def in_flight(*requests):
    flight = InFlight()
    for one in requests:
        flight.add(one)
    return flight


def test_an_id_counts_before_a_name_and_before_the_order():
    first, second = asked("0-1"), asked("0-2")
    flight = in_flight(first, second)
    assert flight.match("0-2", "get") is second
    assert flight.match("0-2", None) is second
    assert flight.match("0-2", "set") is None
    assert flight.match("0-3", "get") is None


def test_without_an_id_the_oldest_of_that_name_is_meant():
    other, first, second = asked("0-1", "set"), asked("0-2"), asked("0-3")
    flight = in_flight(other, first, second)
    assert flight.match(None, "get") is first
    flight.close(first)
    assert flight.match(None, "get") is second
    assert flight.match(None, None) is None


def test_a_reply_that_comes_twice_finds_its_request_closed():
    one = asked("0-1")
    flight = in_flight(one)
    flight.close(flight.match("0-1", "get"))
    assert flight.match("0-1", "get") is one
    assert not one.open


def test_requests_of_one_frame_share_an_id_and_are_told_apart_by_name():
    get, set_ = asked("0-s1", "get", number=1), asked("0-s1", "set", number=1)
    flight = in_flight(get)
    flight.close(get)
    flight.add(set_)
    assert flight.match("0-s1", "set") is set_
    assert flight.match("0-s1", "get") is get
    assert flight.match("0-s1", None) is set_, "what is open goes before what is answered"


def test_a_reply_without_an_id_that_may_be_a_late_one_is_taken_for_none():
    late, now = asked("0-1", id=1, attempt=1), asked("0-2", id=2, attempt=1)
    flight = in_flight(late, now)
    flight.give_up(1, 1)
    assert flight.match(None, "get") is None, "of which of the two?"
    assert flight.match(None, "get") is now, "the late one may have had its reply"


def test_what_was_given_up_stays_given_up_whatever_it_asks_next():
    flight = in_flight()
    flight.give_up(7, 2)
    assert flight.gave_up(7, 2)
    assert not flight.gave_up(7, 1)
    assert not flight.gave_up(None, None)
    flight.clear()
    assert not flight.gave_up(7, 2)


def test_nobody_waits_for_an_older_frame():
    old, new, question = asked("0-s1", number=1), asked("0-s2", number=2), asked("0-h1")
    flight = in_flight(old, new, question)
    flight.supersede(2)
    assert flight.wanted == (new, question)


def test_what_is_overdue_comes_once_and_only_while_it_is_wanted():
    soon, later, gone = asked("0-1", until=10), asked("0-2", until=20), asked("0-3", id=3, attempt=1, until=5)
    flight = in_flight(soon, later, gone)
    flight.give_up(3, 1)
    assert flight.deadline == 10
    assert flight.overdue(15) == [soon]
    assert flight.overdue(15) == []
    assert flight.deadline == 20


def test_a_program_that_never_answers_does_not_fill_the_memory():
    flight = in_flight(*(asked(f"0-{number}") for number in range(MOST + 5)))
    assert len(flight.wanted) == MOST
    assert flight.match("0-4", None) is None
    for one in flight.wanted:
        flight.close(one)
    last = asked("0-last")
    flight.add(last)
    flight.close(last)
    assert flight.match("0-5", None) is None
    assert flight.match("0-last", None) is last


def test_ids_on_the_wire():
    ids = WireIds("evening")
    assert [ids.attempt(12, 1), ids.attempt(12, 2), ids.frame(3), ids.own(), ids.own()] == [
        "evening-12",
        "evening-12.2",
        "evening-s3",
        "evening-h1",
        "evening-h2",
    ]


@pytest.mark.parametrize(
    ("wire", "command"),
    [
        ("a-b-12", (12, 1)),
        ("a-b-12.2", (12, 2)),
        ("a-b-12.x", None),
        ("a-b-1.2.3", None),
        ("a-b-h1", None),
        ("a-b-s1", None),
        ("b-12", None),
        ("12", None),
        ("a-b-", None),
        ("a-b-1234567890123456", None),
        (12, None),
        (None, None),
    ],
)
def test_an_id_tells_which_attempt_of_which_command_it_is_of(wire, command):
    assert WireIds("a-b").about(wire) == command


# -- whether it answers


def test_three_limits_missed_in_a_row_are_enough():
    answering = Answering()
    assert [answering.missed(at) for at in (1, 2, 3, 4)] == [[], [], [MUTE], []]
    assert answering.mute
    assert answering.heard() == [ANSWERS]
    assert answering.heard() == []


def test_an_answer_in_between_begins_the_count_anew():
    answering = Answering()
    answering.missed(1)
    answering.missed(2)
    assert answering.heard() == []
    assert answering.due is None
    assert [answering.missed(at) for at in (3, 4)] == [[], []]


def test_one_that_is_in_doubt_is_asked_and_no_answer_to_that_is_a_missed_limit():
    answering = Answering()
    answering.missed(1)
    assert answering.due == 1
    assert answering.elapsed(1, busy=False) == (True, [])
    assert answering.elapsed(2, busy=False) == (False, [])
    assert answering.elapsed(1 + TRIED, busy=False) == (True, [])
    assert answering.elapsed(1 + 2 * TRIED, busy=False) == (True, [MUTE])
    assert answering.elapsed(1 + 3 * TRIED, busy=False) == (True, [])


def test_while_it_is_busy_nothing_is_asked_and_nothing_missed_by_that():
    answering = Answering()
    answering.missed(0)
    assert [answering.elapsed(n * TRIED, busy=True) for n in range(9)] == [(False, [])] * 9
    assert answering.elapsed(9 * TRIED, busy=False) == (True, [])
    assert not answering.mute


def test_what_was_asked_before_it_was_busy_counts():
    answering = Answering()
    answering.missed(0)
    assert answering.elapsed(0, busy=False) == (True, [])
    assert answering.elapsed(TRIED, busy=True) == (False, [])
    assert answering.elapsed(2 * TRIED, busy=True) == (False, [MUTE])


def test_another_connection_begins_without_doubt():
    answering = Answering()
    answering.missed(0, 3)
    answering.clear()
    assert (answering.mute, answering.due) == (False, None)


def test_what_a_mute_one_was_asked_nobody_waits_for():
    first, own = asked("0-1", id=1, attempt=1), asked("0-h1")
    flight = in_flight(first, own)
    flight.abandon()
    assert flight.wanted == (own,)
    assert flight.gave_up(1, 1)


def test_of_frames_that_are_superseded_the_oldest_that_was_waited_for_is_told():
    flight = in_flight(asked("0-s1", number=1, since=10), asked("0-s2", number=2, since=20))
    assert flight.supersede(2) == 10
    assert flight.supersede(3) == 20
    assert flight.supersede(4) is None
