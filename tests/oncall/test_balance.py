"""Who bears how much of on-call, counted on the wall clock of the schedule's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.rotas.balance import Load, is_night, loads, overlaps, pairings
from oncall.rotas.coverage import Interval, union
from tests.oncall.rotas import CHICAGO, moment

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


def at(start: str, end: str, zone: ZoneInfo = LONDON) -> Interval:
    """Between two wall times, as instants."""
    return Interval(*(moment(edge).replace(tzinfo=zone).astimezone(UTC) for edge in (start, end)))


def load(*spans: Interval, off: tuple[date, ...] = (), zone: ZoneInfo = LONDON) -> Load:
    return loads({"ana": spans}, zone, {"ana": off})["ana"]


def test_a_week_has_seven_nights_and_a_weekend() -> None:
    assert load(at("2026-06-01T09:00", "2026-06-08T09:00")) == Load(timedelta(days=7), nights=7, weekends=1)


def test_the_hours_of_a_week_in_which_the_clocks_change_are_those_that_passed() -> None:
    assert load(at("2026-03-23T09:00", "2026-03-30T09:00")).hours == 167
    assert load(at("2026-10-19T09:00", "2026-10-26T09:00")).hours == 169


def test_two_seats_at_once_are_one_burden() -> None:
    day, part = at("2026-06-01T09:00", "2026-06-01T17:00"), at("2026-06-01T12:00", "2026-06-01T20:00")
    assert load(day, part).hours == 11


@pytest.mark.parametrize(
    ("start", "end", "nights"),
    [
        ("2026-06-01T09:00", "2026-06-01T23:00", 0),
        ("2026-06-01T20:00", "2026-06-02T01:59", 0),
        ("2026-06-01T20:00", "2026-06-02T02:00", 1),
        ("2026-06-02T03:00", "2026-06-02T09:00", 1),
        ("2026-06-02T03:01", "2026-06-02T09:00", 0),
        ("2026-06-01T23:00", "2026-06-03T06:00", 2),
        ("2026-03-29T00:30", "2026-03-29T04:30", 1),  # four hours by the clock, three that passed
        ("2026-03-29T00:30", "2026-03-29T04:00", 0),
    ],
)
def test_a_night_counts_for_whoever_has_three_of_its_hours(start: str, end: str, nights: int) -> None:
    assert load(at(start, end)).nights == nights


@pytest.mark.parametrize(
    ("start", "end", "weekends"),
    [
        ("2026-06-01T09:00", "2026-06-05T17:00", 0),
        ("2026-06-05T17:00", "2026-06-06T02:00", 0),
        ("2026-06-05T17:00", "2026-06-06T03:00", 1),
        ("2026-06-07T20:00", "2026-06-08T09:00", 1),
        ("2026-06-06T00:00", "2026-06-13T12:00", 2),
    ],
)
def test_a_weekend_counts_for_whoever_has_three_of_its_hours(start: str, end: str, weekends: int) -> None:
    assert load(at(start, end)).weekends == weekends


def test_a_holiday_counts_for_those_who_have_it() -> None:
    christmas = (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1))
    week = at("2026-12-21T09:00", "2026-12-28T09:00")
    found = loads({"ana": [week], "bo": [week]}, LONDON, {"ana": christmas})
    assert (found["ana"].holidays, found["bo"].holidays) == (2, 0)


def test_who_has_no_time_has_no_load() -> None:
    assert loads({"ana": []}, LONDON, {}) == {}


def test_pairings_say_how_often_and_how_long_two_people_were_on_together() -> None:
    dev = {"ana": [at("2026-06-01T09:00", "2026-06-08T09:00")], "bo": [at("2026-06-08T09:00", "2026-06-15T09:00")]}
    ops = {
        "cy": [at("2026-06-01T09:00", "2026-06-02T09:00"), at("2026-06-04T09:00", "2026-06-05T09:00")],
        "bo": [at("2026-06-07T09:00", "2026-06-09T09:00")],
    }
    assert [(p.one, p.other, p.times, p.hours) for p in pairings(dev, ops)] == [
        ("ana", "cy", 2, 48),
        ("ana", "bo", 1, 24),
    ]


def test_a_night_is_told_by_the_clock_on_the_wall() -> None:
    assert is_night(moment("2026-06-01T22:30Z"), LONDON)
    assert not is_night(moment("2026-06-01T22:30Z"), CHICAGO)
    assert not is_night(moment("2026-06-01T05:00Z"), LONDON)


hours = st.lists(st.tuples(st.integers(0, 24 * 20), st.integers(1, 60)), max_size=6)


def spans(drawn: list[tuple[int, int]], begin: datetime) -> list[Interval]:
    return [Interval(begin + start * HOUR, begin + (start + length) * HOUR) for start, length in drawn]


@given(hours, st.sampled_from(["2026-03-20", "2026-10-16"]))
def test_counting_hour_by_hour_finds_the_same(drawn: list[tuple[int, int]], day: str) -> None:
    begin = datetime.fromisoformat(day).replace(tzinfo=UTC)
    held = spans(drawn, begin)
    ticks = [begin + hour * HOUR for hour in range(24 * 24)]
    on = [tick for tick in ticks if any(span.start <= tick < span.end for span in held)]
    nights: dict[date, int] = {}
    weekends: dict[tuple[int, int], int] = {}
    for tick in on:
        wall = tick.astimezone(LONDON)
        if wall.hour >= 23 or wall.hour < 6:
            night = (wall + timedelta(days=1)).date() if wall.hour >= 23 else wall.date()
            nights[night] = nights.get(night, 0) + 1
        if wall.isoweekday() >= 6:
            weekends[wall.isocalendar()[:2]] = weekends.get(wall.isocalendar()[:2], 0) + 1
    expected = Load(
        len(on) * HOUR,
        sum(length >= 3 for length in nights.values()),
        sum(length >= 3 for length in weekends.values()),
    )
    assert loads({"ana": held}, LONDON, {}).get("ana", Load()) == expected


@given(hours, hours)
def test_overlaps_hold_what_both_hold(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    mine, theirs = union(spans(one, begin)), union(spans(other, begin))
    found = overlaps(mine, theirs)
    for hour in range(24 * 24):
        tick = begin + hour * HOUR
        inside = [any(span.start <= tick < span.end for span in held) for held in (mine, theirs, found)]
        assert inside[2] == (inside[0] and inside[1])
