"""The day: when the wall clock shows a time, in zones that skip an hour and show one twice."""

import pytest

from showrunner.wires.day import Day, from_

DAY = 86_400
JUMP = 100 * DAY + 3_600
"""In spring the clock goes from 02:00 to 03:00 here, at one o'clock in Greenwich."""
BACK = 200 * DAY + 3_600
"""In autumn from 03:00 to 02:00."""


def summer(seconds: int) -> int:
    """Tell how far the clock is ahead: an hour, two in summer."""
    return 7_200 if JUMP <= seconds < BACK else 3_600


def left(time: str, now: int, zone=summer) -> int:
    """Tell how many seconds are left until a time, at a second in Greenwich."""
    micros = Day(lambda: now * 1_000_000, zone, lambda micros: micros).left(time)
    assert micros % 1_000_000 == 0
    return micros // 1_000_000


@pytest.mark.parametrize(
    ("shown", "time", "seconds"),
    [
        ("19:59:59", "20:00", 1),
        ("20:00:00", "20:00", 0),
        ("07:59:59", "20:00", 0),  # the evening before, less than twelve hours ago
        ("08:00:00", "20:00", 12 * 3_600),
        ("23:59:50", "00:00:05", 15),
        ("00:00:05", "23:59:50", 0),
        ("00:00:00", "00:00", 0),
    ],
)
def test_a_time_less_than_twelve_hours_ago_has_come_any_other_is_ahead(shown, time, seconds):
    hour, minute, second = map(int, shown.split(":"))
    now = 300 * DAY + hour * 3_600 + minute * 60 + second
    assert left(time, now, lambda _: 0) == seconds
    assert left(time, now + 5 * 3_600, lambda _: -5 * 3_600) == seconds


@pytest.mark.parametrize(
    ("time", "seconds"), [("01:59", 540), ("02:00", 600), ("02:30", 600), ("03:00", 600), ("03:10", 1_200)]
)
def test_in_an_hour_that_the_clock_skips_a_time_comes_at_the_jump(time, seconds):
    assert left(time, JUMP - 600) == seconds
    assert left(time, JUMP - 600 + seconds) == 0


def test_an_hour_that_the_clock_shows_twice_comes_once():
    assert left("02:30", BACK - 3_600) == 1_800
    assert left("02:30", BACK - 1_800) == 0
    assert left("02:30", BACK) == 0  # it is two o'clock again, and half past two has been
    assert left("03:00", BACK - 60) == 60 + 3_600
    assert left("02:30", BACK + 12 * 3_600) == 25 * 3_600 - 12 * 3_600 - 1_800


def test_between_two_seconds_it_is_exact_and_counted_in_the_time_of_the_show():
    assert Day(lambda: 1_500_000, lambda _: 0, lambda micros: micros * 4).left("00:00:03") == 6_000_000


def test_a_clock_that_is_told_where_it_begins_goes_on_from_there():
    gone = [0]
    day = from_(23 * 3_600_000_000, lambda: gone[0])
    assert day.left("00:30") == 90 * 60_000_000
    gone[0] = 90 * 60_000_000
    assert day.left("00:30") == 0
