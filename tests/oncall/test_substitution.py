"""One in another's place: the seat stays covered, nobody else's time changes; and what asks to be covered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.rotas.absent import vacate
from oncall.rotas.asked import reconcile
from oncall.rotas.coverage import Interval, common, union, without
from oncall.rotas.layer import Shift
from oncall.rotas.public_holidays import country, holidays_between
from oncall.rotas.schedule import Override, resolve
from oncall.rotas.substitution import AlreadyThere, duties, handed_back, substitute
from tests.oncall.rotas import override, rota, seat

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
PEOPLE = ("ana", "bo", "cy", "di")
SPAN = 400  # hours that are looked at


def at(hour):
    return START + hour * HOUR


def whole(shifts):
    """Everybody on duty, hour by hour."""
    found = dict.fromkeys(range(SPAN), ())
    for shift in shifts:
        for hour in range(int((shift.start - START) / HOUR), int((shift.end - START) / HOUR)):
            found[hour] = tuple(sorted(shift.people))
    return found


@st.composite
def seats(draw):
    """A seat of one or two layers, perhaps with overrides; groups have one to three people."""
    groups = st.lists(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True), min_size=1, max_size=4)
    layers = [
        rota(
            draw(st.sampled_from(["hourly", "daily"])),
            "2026-03-02T00:00",
            *("+".join(group) for group in draw(groups)),
            every=draw(st.integers(5, 30)),
            priority=draw(st.integers(1, 2)),
        )
        for _ in range(draw(st.integers(1, 2)))
    ]
    overrides = []
    for _ in range(draw(st.integers(0, 2))):
        start, length = draw(st.integers(0, SPAN)), draw(st.integers(1, 60))
        people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True))
        overrides.append(Override(at(start), at(start + length), tuple(people)))
    return seat(*layers, overrides=overrides)


@given(seats(), st.sampled_from(PEOPLE), st.sampled_from([*PEOPLE, "eve"]), st.integers(0, 300), st.integers(1, 99))
def test_the_taker_stands_where_the_person_stood_and_nothing_else_changes(where, person, taker, start, length):
    shifts = resolve(where, at(0), at(SPAN))
    before = whole(shifts)
    inside = range(start, min(start + length, SPAN))
    try:
        overrides = substitute(shifts, person, taker, at(start), at(start + length))
    except AlreadyThere as error:
        assert any({person, taker} <= set(before[hour]) for hour in inside)
        assert at(start) <= error.part.start < error.part.end <= at(start + length)
        return
    assert taker == person or not any({person, taker} <= set(before[hour]) for hour in inside)
    after = whole(resolve(replace(where, overrides=(*where.overrides, *overrides)), at(0), at(SPAN)))
    for hour in range(SPAN):
        people = before[hour]
        if hour in inside and person in people:
            people = tuple(sorted(taker if one == person else one for one in people))
        assert after[hour] == people


@given(seats(), st.sampled_from(PEOPLE), st.integers(0, 300), st.integers(1, 99))
def test_a_substitution_that_is_undone_leaves_no_trace(where, person, start, length):
    shifts = resolve(where, at(0), at(SPAN))
    overrides = substitute(shifts, person, "eve", at(start), at(start + length))
    back = resolve(replace(where, overrides=(*where.overrides, *overrides)), at(0), at(SPAN))
    undone = substitute(back, "eve", person, at(start), at(start + length))
    again = resolve(replace(where, overrides=(*where.overrides, *overrides, *undone)), at(0), at(SPAN))
    assert whole(again) == whole(shifts)
    assert union(Interval(one.start, one.end) for one in overrides) == duties(
        shifts, person, at(start), at(start + length)
    )


@pytest.mark.parametrize("group", ["ana+bo", "bo+ana"])
def test_a_partner_stays(group):
    shifts = [Shift(at(0), at(10), tuple(group.split("+")))]
    [made] = substitute(shifts, "ana", "eve", at(2), at(5))
    assert (made.start, made.end, set(made.people)) == (at(2), at(5), {"bo", "eve"})


def test_who_stands_there_already_is_refused_with_the_part():
    shifts = [Shift(at(0), at(4), ("ana",)), Shift(at(4), at(9), ("ana", "bo"))]
    with pytest.raises(AlreadyThere) as refusal:
        substitute(shifts, "ana", "bo", at(2), at(6))
    assert refusal.value.part == Interval(at(4), at(6))


def test_what_a_partner_swapped_later_is_put_right_when_the_first_half_comes_back():
    later = Override(at(0), at(10), ("eve", "di"), swap=7)
    assert handed_back(later, "eve", "ana", Interval(at(3), at(5))) == [
        Override(at(0), at(3), ("eve", "di"), swap=7),
        Override(at(3), at(5), ("ana", "di"), swap=7),
        Override(at(5), at(10), ("eve", "di"), swap=7),
    ]
    assert handed_back(later, "eve", "ana", Interval(at(0), at(10))) == [replace(later, people=("ana", "di"))]
    for untouched in (Interval(at(10), at(12)), Interval(at(4), at(4))):
        assert handed_back(later, "eve", "ana", untouched) == [later]


@given(seats(), st.sampled_from(PEOPLE))
def test_who_is_gone_is_on_no_shift_and_the_others_have_at_least_what_they_had(where, gone):
    before = whole(resolve(where, at(0), at(SPAN)))
    after = whole(resolve(vacate(where, {gone}), at(0), at(SPAN)))
    for hour in range(SPAN):
        assert gone not in after[hour]
        stay = {person for person in before[hour] if person != gone}
        assert stay <= set(after[hour])
        if gone not in before[hour]:
            assert after[hour] == before[hour]


def test_the_turn_of_who_is_gone_stays_theirs_and_empty():
    daily = seat(rota("daily", "2026-03-02T00:00Z", "ana", "bo", "cy"))
    left = resolve(vacate(daily, {"bo"}), at(0), at(24 * 6))
    assert [(shift.people, shift.start) for shift in left] == [
        (("ana",), at(0)), (("cy",), at(48)), (("ana",), at(72)), (("cy",), at(120)),
    ]  # fmt: skip
    alone = seat(
        rota("daily", "2026-03-02T00:00Z", "ana"), overrides=[override("2026-03-03T00:00Z", "2026-03-04T00:00Z", "bo")]
    )
    assert [shift.people for shift in resolve(vacate(alone, {"bo"}), at(0), at(72))] == [("ana",)]


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=5).map(
    lambda pairs: [Interval(at(start), at(start + length)) for start, length in pairs]
)


def hours(intervals):
    return {hour for hour in range(90) for one in intervals if one.start <= at(hour) < one.end}


@given(SPANS, SPANS)
def test_sets_of_hours_are_met_and_taken_away(some, others):
    assert hours(common(some, others)) == hours(some) & hours(others)
    assert hours(without(some, others)) == hours(some) - hours(others)


@given(SPANS.map(union), SPANS.map(union))
def test_requests_come_to_exactly_what_is_wanted_and_those_that_are_right_stay(wanted, stood):
    standing = dict(enumerate(stood))
    plan = reconcile(wanted, standing)
    kept = {row: one for row, one in standing.items() if row not in plan.drop}
    assert sorted([*(plan.move.get(row, one) for row, one in kept.items()), *plan.add]) == wanted
    assert all(one not in wanted for row, one in standing.items() if row in plan.drop or row in plan.move)
    assert all(standing[row].start < one.end and standing[row].end > one.start for row, one in plan.move.items())


def test_a_country_and_a_part_of_it():
    assert (country(" gb-sct "), country("us"), country("")) == ("GB-SCT", "US", "")


def test_holidays_run_from_midnight_to_midnight_where_somebody_lives_and_join_where_they_touch():
    found = holidays_between(
        "GB", "Europe/London", datetime(2026, 12, 20, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    )
    christmas = datetime(2026, 12, 25, tzinfo=UTC)
    assert found[0] == (Interval(christmas, christmas + timedelta(days=2)), "Christmas Day, Boxing Day")
    [labor] = holidays_between(
        "US", "America/New_York", datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 30, tzinfo=UTC)
    )
    assert (labor.time, labor.name) == (
        Interval(datetime(2026, 9, 7, 4, tzinfo=UTC), datetime(2026, 9, 8, 4, tzinfo=UTC)), "Labor Day",
    )  # fmt: skip


def test_a_holiday_that_has_begun_still_counts_and_one_beyond_the_window_does_not():
    noon = datetime(2026, 12, 25, 12, tzinfo=UTC)
    assert [one.name for one in holidays_between("US", "UTC", noon, noon + HOUR)] == ["Christmas Day"]
    assert holidays_between("US", "UTC", noon - timedelta(days=3), noon - timedelta(hours=12)) == []
