"""Of which firing a report speaks that names none: late, twice, alone, and in any order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from telemetry.events import AlertEvent
from telemetry.reports import Firing, overtakes, settle

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def fires(minute: float, began: float | None = None, cycle: str = "") -> AlertEvent:
    start = at(minute if began is None else began)
    return AlertEvent(fingerprint="f", status="firing", starts_at=start, told_at=at(minute), cycle=cycle)


def ends(minute: float, cycle: str = "") -> AlertEvent:
    moment = at(minute)
    return AlertEvent(fingerprint="f", status="resolved", starts_at=moment, ends_at=moment, told_at=moment, cycle=cycle)


def play(*events: AlertEvent) -> list[Firing]:
    """What is known after these reports, in this order."""
    known: list[Firing] = []
    for event in events:
        settled = settle(event, known)
        if settled is None:
            continue
        others = [one for one in known if one.starts_at != settled.starts_at]
        if overtakes(settled):
            others = [Firing(one.starts_at, one.ends_at or settled.starts_at, one.cycle) for one in others]
        over = settled.ends_at if settled.status == "resolved" else None
        known = sorted([*others, Firing(settled.starts_at, over, settled.cycle)], key=lambda one: one.starts_at)
    return known


def test_repetitions_while_it_fires_are_of_the_same_firing() -> None:
    assert play(fires(0), fires(1), fires(5, began=0)) == [Firing(at(0))]


def test_its_end_ends_it_and_the_next_start_begins_another() -> None:
    assert play(fires(0), ends(3), fires(8)) == [Firing(at(0), at(3)), Firing(at(8))]


def test_an_end_that_comes_first_stands_for_itself_and_the_start_is_then_old_news() -> None:
    assert play(ends(3), fires(1), fires(0)) == [Firing(at(3), at(3))]


def test_what_was_said_before_the_end_but_comes_after_it_begins_nothing() -> None:
    assert play(fires(0), ends(3), fires(2)) == [Firing(at(0), at(3))]


def test_an_end_told_twice_ends_it_once() -> None:
    assert play(fires(0), ends(3), ends(4)) == [Firing(at(0), at(3))]


def test_an_old_end_leaves_what_began_after_it_alone() -> None:
    assert play(fires(0), ends(3), fires(8), ends(4)) == [Firing(at(0), at(3)), Firing(at(8))]


def test_an_end_cut_to_the_second_still_ends_what_began_within_it() -> None:
    [firing] = play(fires(0.015), ends(0))
    assert firing.ends_at == firing.starts_at


def test_a_start_that_lies_in_what_is_over_is_taken_for_the_moment_of_telling() -> None:
    assert play(fires(0), ends(3), fires(8, began=0)) == [Firing(at(0), at(3)), Firing(at(8))]


def test_another_cycle_is_another_firing_and_ends_the_one_before() -> None:
    known = play(fires(0, cycle="a"), fires(1, cycle="a"), fires(5, cycle="b"))
    assert known == [Firing(at(0), at(5), "a"), Firing(at(5), None, "b")]


def test_the_end_of_a_cycle_ends_that_cycle_whatever_its_time() -> None:
    known = play(fires(5, cycle="a"), ends(1, cycle="a"))
    assert known == [Firing(at(5), at(5), "a")]


def test_a_late_start_of_an_earlier_cycle_is_old_news() -> None:
    assert play(fires(5, cycle="b"), fires(0, cycle="a")) == [Firing(at(5), None, "b")]


def test_two_cycles_of_one_moment_are_two() -> None:
    assert len(play(fires(0, cycle="a"), fires(0, cycle="b"))) == 2


def test_an_event_with_a_start_of_its_own_passes_as_it_is() -> None:
    event = AlertEvent(fingerprint="f", status="firing", starts_at=NOON)
    assert settle(event, [Firing(at(0), at(3))]) is event


def test_in_whatever_order_one_firing_is_told_it_is_one_that_is_over() -> None:
    for order in permutations([fires(0), fires(1, began=0), fires(2, began=0), ends(3)]):
        [firing] = play(*order)
        assert firing.ends_at == at(3)


moments = st.integers(0, 20)
reports = st.lists(st.builds(fires, moments) | st.builds(ends, moments))


@given(reports)
def test_at_most_one_fires_and_none_ends_before_it_begins(told: list[AlertEvent]) -> None:
    known = play(*told)
    assert sum(one.ends_at is None for one in known) <= 1
    assert all(one.ends_at is None or one.ends_at >= one.starts_at for one in known)


@given(reports)
def test_telling_everything_once_more_in_the_same_order_changes_no_end(told: list[AlertEvent]) -> None:
    known = play(*told)
    over = [one for one in known if one.ends_at]
    assert [one for one in play(*told, *told) if one in over] == over
