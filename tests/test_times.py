"""Times, read as the language writes them and spelled for people: exact, and cut, never rounded up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showrunner import times

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("5s", 5_000_000),
        ("250ms", 250_000),
        ("1.5s", 1_500_000),
        ("1m30s", 90_000_000),
        ("1h0.5m", 3_630_000_000),
        ("1.001s", 1_001_000),
        ("0.001s", 1_000),
        ("1s500ms", 1_500_000),
        ("1.0005s", None),
        ("1.5ms", None),
        ("30s1m", None),
        ("1s1s", None),
        ("1.5m3s", None),
        ("5", None),
        ("", None),
        (".5s", None),
        ("5 s", None),
        ("-5s", None),
        ("\u0665s", None),
        ("00:40", None),
        ("9" * 50 + "s", None),
    ],
)
def test_durations_are_read_exactly_and_as_in_the_language(written, expected):
    assert times.micros(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("00:40", 40 * SECOND),
        ("1:02:03", 3_723 * SECOND),
        ("00:00.001", 1_000),
        ("1m30s", 90 * SECOND),
        ("00:60", None),
        ("100:00", None),
        ("00:00.0001", None),
        ("00:40s", None),
        ("40", None),
    ],
)
def test_a_moment_is_a_clock_or_a_duration(written, expected):
    assert times.moment(written) == expected


@pytest.mark.parametrize(
    ("spelled", "micros", "expected"),
    [
        (times.as_clock, 0, "00:00"),
        (times.as_clock, 5_000_000, "00:05"),
        (times.as_clock, 6_500_000, "00:06.500"),
        (times.as_clock, 3_661_000_000, "01:01:01"),
        (times.as_clock, 999, "00:00"),
        (times.as_clock, -1, "00:00"),
        (times.as_clock, 10**30, "277777:46:40"),
        (times.as_duration, 0, "0ms"),
        (times.as_duration, 700_000, "700ms"),
        (times.as_duration, 999_999, "999ms"),
        (times.as_duration, 2_000_000, "2s"),
        (times.as_duration, 1_250_000, "1.25s"),
        (times.as_duration, 90_000_000, "1m30s"),
        (times.as_duration, 60_500_000, "1m0.5s"),
        (times.as_duration, 7_200_000_000, "2h"),
        (times.as_duration, 3_601_000_000, "1h1s"),
        (times.clock, 21_700_999, "00:21.700"),
        (times.clock, 3_723_000_000, "1:02:03.000"),
        (times.clock, -1, "00:00.000"),
        (times.clock_to_second, 21_999_999, "00:21"),
        (times.clock_to_second, 3_723_000_000, "1:02:03"),
        (times.clock_to_second, -1, "00:00"),
        (times.length, 0, "0:00"),
        (times.length, 21_700_000, "0:21"),
        (times.length, 252_000_000, "4:12"),
        (times.length, 600_000_000, "10:00"),
        (times.length, 3_723_000_000, "1:02:03"),
        (times.length, 36_000_000_000, "10:00:00"),
        (times.short, 0, "0 s"),
        (times.short, 999, "0 ms"),
        (times.short, 499_999, "499 ms"),
        (times.short, 1_000_000, "1 s"),
        (times.short, 1_599_999, "1.5 s"),
        (times.short, 10_000_000, "10 s"),
        (times.short, 59_999_999, "59.9 s"),
        (times.short, 125_900_000, "2:05"),
        (times.short, 3_723_000_000, "1:02:03"),
        (times.tenths, 0, "0.0 s"),
        (times.tenths, 3_699_999, "3.6 s"),
        (times.tenths, 75_000_000, "75.0 s"),
        (times.left, 1, "1 s"),
        (times.left, 3_000_000, "3 s"),
        (times.left, 3_000_001, "4 s"),
    ],
)
def test_a_time_is_spelled_for_those_who_read_it(spelled, micros, expected):
    assert spelled(micros) == expected


@given(st.integers(0, 10**13))
def test_a_coarse_spelling_is_a_finer_one_with_its_end_left_off(micros):
    exact, second = times.clock(micros), times.clock_to_second(micros)
    assert exact.startswith(second)
    assert second.endswith(times.length(micros))
    assert times.tenths(micros).startswith(f"{micros // SECOND}.")


@given(st.integers(0, 359_999_999).map(lambda millis: millis * 1000))
def test_what_is_spelled_as_in_a_script_is_read_as_the_same_time(micros):
    assert times.micros(times.as_duration(micros)) == micros
    assert times.moment(times.as_clock(micros)) == micros


@given(st.integers(0, 3 * SECOND))
def test_what_the_clock_shows_and_what_is_left_add_up_to_when_it_comes(now):
    shown = int(times.clock_to_second(now).removeprefix("00:"))
    assert shown + int(times.left(3 * SECOND - now).removesuffix(" s")) == 3
