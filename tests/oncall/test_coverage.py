"""Coverage is the union of intervals; gaps are the rest."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oncall.rotas.coverage import Interval, covered_time, gaps, subtract, union
from oncall.rotas.schedule import resolve, seat_gaps
from tests.oncall.rotas import moment, override, rota, seat, window

MIDNIGHT = datetime(2026, 6, 1, tzinfo=UTC)
HOURS = range(48)


def hours(start: int, end: int) -> Interval:
    return Interval(MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=end))


def held(intervals: list[Interval]) -> set[int]:
    """The hours of two days that an interval holds."""
    starts = {hour: MIDNIGHT + timedelta(hours=hour) for hour in HOURS}
    return {hour for hour, at in starts.items() if any(start <= at < end for start, end in intervals)}


spans = st.lists(st.tuples(st.integers(0, 47), st.integers(0, 48)).map(lambda pair: hours(*pair)), max_size=12)


def test_two_people_at_once_cover_an_hour_once() -> None:
    assert covered_time([hours(0, 8), hours(4, 10), hours(4, 6)]) == timedelta(hours=10)


def test_intervals_that_touch_are_one_and_empty_ones_are_none() -> None:
    assert union([hours(4, 6), hours(1, 4), hours(9, 9), hours(8, 7)]) == [hours(1, 6)]


@given(spans)
def test_a_union_holds_what_any_interval_holds_and_is_apart(intervals: list[Interval]) -> None:
    found = union(intervals)
    assert held(found) == held(intervals)
    assert all(one.end < other.start for one, other in pairwise(found))


@given(spans)
def test_gaps_are_exactly_what_is_left(intervals: list[Interval]) -> None:
    left = gaps(intervals, MIDNIGHT, MIDNIGHT + timedelta(hours=48))
    assert held(left) == set(HOURS) - held(intervals)
    assert covered_time(left) + covered_time(intervals) == timedelta(hours=48)


def test_subtracting_nothing_leaves_the_whole() -> None:
    assert subtract(hours(2, 5), []) == [hours(2, 5)]


def test_the_gaps_of_a_seat_begin_before_its_layer_does() -> None:
    nights = rota("weekly", "2026-06-02T00:00", "ana", restrict=[window("20:00", "08:00")])
    noon = override("2026-06-02T12:00-05:00", "2026-06-02T13:00-05:00", "eve")
    since, until = moment("2026-06-01T00:00-05:00"), moment("2026-06-03T00:00-05:00")
    found = resolve(seat(nights, overrides=[noon]), since, until)
    assert [
        (gap.start.strftime("%d %H:%M"), gap.end.strftime("%d %H:%M")) for gap in seat_gaps(found, since, until)
    ] == [("01 05:00", "02 05:00"), ("02 13:00", "02 17:00"), ("02 18:00", "03 01:00")]


def test_a_seat_without_layers_is_one_gap() -> None:
    since, until = moment("2026-06-01T00:00Z"), moment("2026-06-03T00:00Z")
    assert seat_gaps(resolve(seat(), since, until), since, until) == [Interval(since, until)]
