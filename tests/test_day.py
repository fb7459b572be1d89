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


def coming(time: str, now: int, often: int | None = None, zone=summer) -> tuple[int, tuple[str, ...]]:
    """Tell in how many seconds a time comes that somebody hears, and what the clock shows then."""
    day = Day(lambda: now * 1_000_000, zone, lambda micros: micros)
    moment, shown = day.coming(time, None if often is None else often * 1_000_000)
    assert day.until(moment) == moment - now * 1_000_000
    return moment // 1_000_000 - now, shown


@pytest.mark.parametrize(
    ("shown", "time", "often", "found"),
    [
        ("19:59:59", "20:00", None, (1, ("20:00",))),
        ("20:00:00", "20:00", None, (DAY, ("20:00",))),  # it is heard at its moment, and then tomorrow
        ("23:59:50", "00:00:05", None, (15, ("00:00:05",))),
        ("19:30:00", "", 3_600, (1_800, ("20:00",))),
        ("20:00:00", "", 3_600, (3_600, ("21:00",))),
        ("23:59:59", "", 900, (1, ("00:00",))),
        ("13:00:00", "", DAY, (11 * 3_600, ("00:00",))),
        ("13:00:00", "", 8 * 3_600, (3 * 3_600, ("16:00",))),
    ],
)
def test_a_time_that_is_heard_comes_at_its_next_moment(shown, time, often, found):
    hour, minute, second = map(int, shown.split(":"))
    now = 300 * DAY + hour * 3_600 + minute * 60 + second
    assert coming(time, now, often, lambda _: 0) == found


def test_where_the_clock_jumps_what_it_skips_is_heard_at_the_jump_and_what_it_shows_twice_once():
    assert coming("", JUMP - 600, 1_800) == (600, ("02:00", "02:30", "03:00"))
    assert coming("", JUMP, 1_800) == (1_800, ("03:30",))
    assert coming("02:30", JUMP - 600) == (600, ("02:30",))
    assert coming("", BACK - 1_800, 1_800) == (1_800 + 3_600, ("03:00",))
    assert coming("02:30", BACK - 1_800) == (DAY + 3_600, ("02:30",))
