"""Quiet hours against the clock on the wall, days on which it changes among them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oncall.paging.quiet import quiet_until
from tests.oncall.rotas import moment

ZONES = ["UTC", "America/Chicago", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia"]

clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
instants = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-06-10T01:59Z", None),
        ("2026-06-10T02:00Z", "2026-06-10T12:00Z"),  # 21:00 in Chicago, until 07:00
        ("2026-06-10T05:00Z", "2026-06-10T12:00Z"),  # past midnight
        ("2026-06-10T11:59:59Z", "2026-06-10T12:00Z"),
        ("2026-06-10T12:00Z", None),
        ("2026-03-08T03:00Z", "2026-03-08T12:00Z"),  # the night that is an hour shorter
        ("2026-11-01T02:00Z", "2026-11-01T13:00Z"),  # the night that is an hour longer
    ],
)
def test_a_night_in_chicago(at: str, until: str | None) -> None:
    found = quiet_until(time(21), time(7), "America/Chicago", moment(at))
    assert found == (moment(until) if until else None)


def test_hours_that_end_within_the_hour_shown_twice_end_the_second_time() -> None:
    assert quiet_until(time(22), time(1, 30), "America/Chicago", moment("2026-11-01T06:45Z")) == moment(
        "2026-11-01T07:30Z"
    )


def test_hours_that_end_at_a_time_that_does_not_occur_end_with_the_gap() -> None:
    assert quiet_until(time(22), time(2, 30), "America/Chicago", moment("2026-03-08T07:30Z")) == moment(
        "2026-03-08T08:00Z"
    )


@pytest.mark.parametrize(
    ("start", "end", "zone"),
    [
        (None, None, "UTC"),
        (time(9), time(9), "UTC"),
        (time(9), time(9, 0, 30), "UTC"),
        (time(0), time(23), "Mars/Base"),
    ],
)
def test_without_hours_or_in_doubt_nothing_waits(start: time | None, end: time | None, zone: str) -> None:
    assert quiet_until(start, end, zone, moment("2026-06-10T09:00Z")) is None


def test_the_answer_is_an_instant_in_utc() -> None:
    found = quiet_until(time(21), time(7), "Asia/Tokyo", moment("2026-06-10T20:00Z"))
    assert found is not None
    assert found.utcoffset() == timedelta()


@given(start=clocks, end=clocks, zone=st.sampled_from(ZONES), at=instants)
def test_it_waits_until_the_end_and_no_longer_than_a_day_and_the_change_of_clocks(
    start: time, end: time, zone: str, at: datetime
) -> None:
    until = quiet_until(start, end, zone, at)
    assume(until)
    assert until is not None
    assert at < until <= at + timedelta(hours=49)
    halfway = at + (until - at) / 2
    assert quiet_until(start, end, zone, halfway) == until
    assert quiet_until(start, end, zone, until) is None


@given(start=clocks, end=clocks, zone=st.sampled_from(ZONES), at=instants)
def test_on_ordinary_days_it_is_quiet_exactly_when_the_clock_says_so(
    start: time, end: time, zone: str, at: datetime
) -> None:
    place = ZoneInfo(zone)
    here = at.astimezone(place)
    assume(len({(here + timedelta(days=days)).utcoffset() for days in (-2, -1, 0, 1, 2)}) == 1)
    clock = here.time()
    says = start <= clock < end if start < end else (clock >= start or clock < end)
    assert (quiet_until(start, end, zone, at) is not None) == (says and start != end)
