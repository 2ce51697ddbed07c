"""When an alert flaps, from its starts alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from telemetry.flapping import Policy, flapping_since, is_steady

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
POLICY = Policy(starts=4, window=timedelta(minutes=30))

minutes = st.lists(st.integers(0, 600), max_size=30)


def at(*offsets: float) -> list[datetime]:
    return [NOON + timedelta(minutes=offset) for offset in offsets]


def since(*offsets: float) -> datetime | None:
    return flapping_since(at(*offsets), POLICY)


def test_the_fourth_start_within_half_an_hour_is_flapping() -> None:
    assert since(0, 5, 10) is None
    assert since(0, 5, 10, 15) == at(15)[0]


def test_while_it_goes_on_it_flaps_since_its_first_time() -> None:
    assert since(0, 5, 10, 15, 20, 33) == at(15)[0]


def test_it_stops_when_starts_become_few() -> None:
    assert since(0, 5, 10, 15, 44) is None
    assert since(0, 5, 10, 15, 27, 40) == at(15)[0]  # three within the window: still


def test_after_a_quiet_time_it_counts_from_the_beginning() -> None:
    assert since(0, 5, 10, 15, 60, 65, 70) is None
    assert since(0, 5, 10, 15, 60, 65, 70, 75) == at(75)[0]


def test_it_is_steady_after_some_minutes_of_firing() -> None:
    assert not is_steady(NOON, at(4)[0], POLICY)
    assert is_steady(NOON, at(5)[0], POLICY)


@given(minutes)
def test_fewer_starts_than_it_takes_never_flap(offsets: list[int]) -> None:
    few = sorted(set(offsets))[: POLICY.starts - 1]
    assert since(*few) is None


@given(st.lists(st.integers(30, 90), min_size=1, max_size=20))
def test_starts_a_window_apart_never_flap(gaps: list[int]) -> None:
    assert since(*(sum(gaps[: place + 1]) for place in range(len(gaps)))) is None


@given(minutes, st.lists(st.integers(0, 29), min_size=4, max_size=9, unique=True))
def test_enough_starts_within_a_window_flap_whatever_came_before(before: list[int], burst: list[int]) -> None:
    assert since(*before, *(700 + offset for offset in burst)) is not None


@given(minutes)
def test_neither_order_nor_repetition_matters(offsets: list[int]) -> None:
    assert since(*offsets) == since(*reversed(offsets)) == since(*offsets, *offsets)


@given(minutes)
def test_it_flaps_since_one_of_its_starts(offsets: list[int]) -> None:
    found = since(*offsets)
    assert found is None or found in at(*offsets)
