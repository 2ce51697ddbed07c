"""Joining and leaving a rotation: what is agreed until the handoff stays, and so does the order of those who stay."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oncall.rotas.coverage import Interval, union
from oncall.rotas.layer import Layer, Shift, layer_shifts
from oncall.rotas.roster import change_participants, handoff_after, is_over, join, leave, order_from
from oncall.rotas.rotation import Kind
from tests.oncall.rotas import WEEKDAYS, moment, rota, seat, shifts, window
from tests.oncall.test_schedule_oracle import CLOCK_CHANGES, layers, utc_midnight

DAY = timedelta(days=1)
WEDNESDAY = moment("2026-06-10T12:00Z")


def weeks(parts: tuple[Layer | None, Layer | None], until: str = "2026-07-20T09:00") -> list[str]:
    """Who has the weeks from 1 June on."""
    lines = shifts(seat(*(part for part in parts if part)), "2026-06-01T09:00", until)
    assert all(line.startswith("Mon") and "09:00 – Mon" in line for line in lines)
    return [line.rsplit(" ", 1)[1] for line in lines]


def test_a_joiner_comes_when_all_the_others_have_had_a_turn() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", "cy")
    assert weeks((layer, None)) == ["ana", "bo", "cy", "ana", "bo", "cy", "ana"]
    assert weeks(join(layer, "di", WEDNESDAY)) == ["ana", "bo", "cy", "ana", "bo", "di", "cy"]


def test_a_leaver_is_passed_over() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", "cy")
    assert weeks(leave(layer, "cy", WEDNESDAY)) == ["ana", "bo", "ana", "bo", "ana", "bo", "ana"]
    assert weeks(leave(layer, "ana", WEDNESDAY)) == ["ana", "bo", "cy", "bo", "cy", "bo", "cy"]


def test_whoever_is_on_duty_finishes_their_turn_before_they_leave() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", "cy")
    assert weeks(leave(layer, "bo", WEDNESDAY))[:4] == ["ana", "bo", "cy", "ana"]
    assert handoff_after(layer, WEDNESDAY) == moment("2026-06-15T14:00Z")


def test_a_change_from_a_handoff_on_holds_from_that_very_handoff() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", "cy")
    assert weeks(leave(layer, "bo", moment("2026-06-08T14:00Z")))[:4] == ["ana", "cy", "ana", "cy"]


def test_a_change_before_the_start_leaves_one_layer() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", "cy", first=1)
    before, after = join(layer, "di", moment("2026-05-01T00:00Z"))
    assert before is None
    assert weeks((None, after)) == ["bo", "cy", "ana", "di", "bo", "cy", "ana"]


def test_one_may_join_and_leave_beside_a_partner() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo+cy", "di")
    assert weeks(join(layer, "eve", WEDNESDAY, beside="di"))[1:5] == ["bo+cy", "di+eve", "ana", "bo+cy"]
    assert weeks(leave(layer, "cy", WEDNESDAY))[1:5] == ["bo+cy", "di", "ana", "bo"]


def test_other_participants_come_in_the_order_given_and_from_whoever_would_have_been_next() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", "cy")
    changed = change_participants(layer, [("bo",), ("eve",), ("cy", "fay")], WEDNESDAY)
    assert weeks(changed)[1:6] == ["bo", "cy+fay", "bo", "eve", "cy+fay"]
    assert weeks(change_participants(layer, [("eve",), ("fay",)], WEDNESDAY))[1:4] == ["bo", "eve", "fay"]
    assert weeks(change_participants(layer, [], WEDNESDAY)) == ["ana", "bo"]


def test_a_layer_that_ends_before_the_next_handoff_stays_as_it_is() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", until="2026-06-15T09:00")
    assert join(layer, "cy", WEDNESDAY) == (layer, None)


def test_a_later_end_is_kept() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", until="2026-06-29T09:00")
    assert weeks(join(layer, "cy", WEDNESDAY)) == ["ana", "bo", "ana", "bo"]


def test_working_days_that_move_it_on_go_on_being_counted() -> None:
    office = [window("09:00", "17:00", WEEKDAYS)]
    layer = rota("daily", "2026-06-01T09:00", "ana", "bo", "cy", advance="active", restrict=office)
    _, after = join(layer, "di", moment("2026-06-06T00:00Z"))
    lines = shifts(seat(after), "2026-06-06T00:00", "2026-06-13T00:00")  # type: ignore[arg-type]
    assert [line.rsplit(" ", 1)[1] for line in lines] == ["cy", "ana", "bo", "di", "cy"]


def test_months_that_begin_on_the_last_day_are_cut_where_the_month_has_that_day() -> None:
    layer = rota("monthly", "2026-01-31T09:00", "ana", "bo", "cy")
    parts = leave(layer, "cy", moment("2026-02-10T00:00Z"))
    assert handoff_after(layer, moment("2026-02-10T00:00Z")) == moment("2026-03-31T14:00Z")
    assert shifts(seat(*(part for part in parts if part)), "2026-02-28T09:00", "2026-06-30T09:00") == [
        "Sat 02-28 09:00 – Tue 03-31 09:00 bo",
        "Tue 03-31 09:00 – Thu 04-30 09:00 ana",
        "Thu 04-30 09:00 – Sun 05-31 09:00 bo",
        "Sun 05-31 09:00 – Tue 06-30 09:00 ana",
    ]


def test_a_handoff_that_the_clocks_skip_goes_on_at_its_hour() -> None:
    layer = rota("daily", "2026-03-06T02:30", "ana", "bo")
    _, after = join(layer, "cy", moment("2026-03-07T12:00Z"))
    assert shifts(after, "2026-03-08T00:00", "2026-03-11T02:30") == [  # type: ignore[arg-type]
        "Sun 03-08 03:00 – Mon 03-09 02:30 ana",
        "Mon 03-09 02:30 – Tue 03-10 02:30 bo",
        "Tue 03-10 02:30 – Wed 03-11 02:30 cy",
    ]


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (lambda layer: join(layer, "bo", WEDNESDAY), "“bo” takes turns in this rotation already"),
        (lambda layer: join(layer, "eve", WEDNESDAY, beside="fay"), "“fay” takes no turns .* are ana, bo, cy"),
        (lambda layer: leave(layer, "eve", WEDNESDAY), "“eve” takes no turns in this rotation; those who do"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(attempt, told) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=told):
        attempt(rota("weekly", "2026-06-01T09:00", "ana", "bo+cy"))


def test_the_last_one_cannot_leave() -> None:
    with pytest.raises(ValueError, match="the only one in this rotation; let somebody join first"):
        leave(rota("weekly", "2026-06-01T09:00", "ana"), "ana", WEDNESDAY)


def test_a_layer_is_over_from_its_end_on() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", until="2026-06-15T09:00")
    assert not is_over(layer, moment("2026-06-15T13:59Z"))
    assert is_over(layer, moment("2026-06-15T14:00Z"))
    assert not is_over(replace(layer, rotation=replace(layer.rotation, until=None)), moment("2126-06-15T14:00Z"))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Layer, datetime, datetime]:
    """A layer of single people and pairs, none of them in it twice; an instant before it, and one of a change."""
    name, date = draw(st.sampled_from(CLOCK_CHANGES))
    begin = utc_midnight(date) - 8 * DAY
    layer = draw(layers(ZoneInfo(name), begin.replace(tzinfo=None) + 2 * DAY, list(Kind)))
    groups = draw(st.sampled_from([("a",), ("a", "b"), ("a", "b", "c"), ("a", "b+c", "d"), ("a+b", "c+d")]))
    layer = replace(layer, participants=tuple(tuple(group.split("+")) for group in groups))
    return layer, begin, begin + timedelta(minutes=15 * draw(st.integers(0, 30 * 96)))


def together(parts: tuple[Layer | None, Layer | None], since: datetime, until: datetime) -> list[Shift]:
    return [shift for part in parts if part for shift in layer_shifts(part, since, until)]


@settings(max_examples=60)
@given(cases())
def test_whoever_joins_changes_nothing_before_the_handoff_and_no_hour_after_it(
    drawn: tuple[Layer, datetime, datetime],
) -> None:
    layer, begin, at = drawn
    until = begin + 40 * DAY
    parts = join(layer, "z", at)
    handoff = min(handoff_after(layer, at), until)
    assert at <= handoff
    assert together(parts, begin, handoff) == layer_shifts(layer, begin, handoff)
    changed, was = together(parts, begin, until), layer_shifts(layer, begin, until)
    assert union(Interval(s.start, s.end) for s in changed) == union(Interval(s.start, s.end) for s in was)


@given(cases(), st.booleans())
def test_those_who_stay_keep_their_order_and_turns_go_on_by_the_same_clock(
    drawn: tuple[Layer, datetime, datetime], joins: bool
) -> None:
    layer, _, at = drawn
    assume(joins or len(layer.participants) > 1)
    _, after = join(layer, "z", at) if joins else leave(layer, "a", at)
    assume(after is not None)
    assert after is not None
    number = layer.rotation.number_at(handoff_after(layer, at))
    was = order_from(layer, number)
    left = [tuple(one for one in group if one != "a") for group in was]
    assert order_from(after, 0) == ([*was, ("z",)] if joins else [group for group in left if group])
    handoffs = [layer.rotation.handoff(number + turn) for turn in range(12)]
    assert [after.rotation.handoff(turn) for turn in range(12)] == handoffs
