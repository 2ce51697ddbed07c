"""Shifts on ordinary days: rotations, groups, hours, the two ways to advance, priorities, overrides."""

from datetime import timedelta

import pytest

from oncall.rotas.layer import Shift
from oncall.rotas.schedule import merge, now_and_next, resolve
from tests.oncall.rotas import CHICAGO, WEEKDAYS, moment, on_call, override, rota, seat, shifts, window


def test_a_weekly_rotation_hands_off_at_the_same_hour_of_the_same_weekday() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", "cy+di")
    assert shifts(layer, "2026-06-01T00:00", "2026-07-01T00:00") == [
        "Mon 06-01 09:00 – Mon 06-08 09:00 ana",
        "Mon 06-08 09:00 – Mon 06-15 09:00 bo",
        "Mon 06-15 09:00 – Mon 06-22 09:00 cy+di",
        "Mon 06-22 09:00 – Mon 06-29 09:00 ana",
        "Mon 06-29 09:00 – Wed 07-01 00:00 bo",
    ]


@pytest.mark.parametrize(
    ("kind", "every", "second", "third"),
    [
        ("hourly", 1, "06-01 10:00", "06-01 11:00"),
        ("hourly", 36, "06-02 21:00", "06-04 09:00"),
        ("daily", 1, "06-02 09:00", "06-03 09:00"),
        ("daily", 3, "06-04 09:00", "06-07 09:00"),
        ("weekly", 2, "06-15 09:00", "06-29 09:00"),
        ("monthly", 1, "07-01 09:00", "08-01 09:00"),
        ("monthly", 3, "09-01 09:00", "12-01 09:00"),
    ],
)
def test_each_kind_hands_off_every_n(kind: str, every: int, second: str, third: str) -> None:
    layer = rota(kind, "2026-06-01T09:00", "ana", "bo", "cy", every=every)
    found = resolve(seat(layer), moment("2026-06-01T00:00Z"), moment("2027-04-01T00:00Z"))
    starts = [shift.start.astimezone(CHICAGO).strftime("%m-%d %H:%M") for shift in found[:3]]
    assert starts == ["06-01 09:00", second, third]
    assert [shift.people for shift in found[:4]] == [("ana",), ("bo",), ("cy",), ("ana",)]


def test_a_day_that_a_month_lacks_falls_on_its_last() -> None:
    layer = rota("monthly", "2026-01-31T08:00", "ana", "bo", "cy", "di")
    assert shifts(layer, "2026-01-31T08:00", "2026-05-31T08:00") == [
        "Sat 01-31 08:00 – Sat 02-28 08:00 ana",
        "Sat 02-28 08:00 – Tue 03-31 08:00 bo",
        "Tue 03-31 08:00 – Thu 04-30 08:00 cy",
        "Thu 04-30 08:00 – Sun 05-31 08:00 di",
    ]


def test_a_leap_day_is_a_last_day_too() -> None:
    layer = rota("monthly", "2027-12-30T08:00", "ana", "bo", "cy")
    assert shifts(layer, "2028-02-01T00:00", "2028-03-31T00:00")[1] == "Tue 02-29 08:00 – Thu 03-30 08:00 cy"


def test_nobody_is_on_call_before_the_layer_starts() -> None:
    layer = rota("daily", "2026-06-03T09:00", "ana", "bo")
    assert shifts(layer, "2026-06-01T00:00", "2026-06-03T09:00") == []
    assert shifts(layer, "2026-06-01T00:00", "2026-06-03T10:00") == ["Wed 06-03 09:00 – Wed 06-03 10:00 ana"]


def test_first_names_the_participant_on_duty_at_the_start() -> None:
    layer = rota("daily", "2026-06-01T09:00", "ana", "bo", "cy", first=2)
    assert [line[-3:].strip() for line in shifts(layer, "2026-06-01T09:00", "2026-06-04T09:00")] == [
        "cy",
        "ana",
        "bo",
    ]


def test_an_instant_with_an_offset_is_a_start_too_and_hands_off_by_the_zones_clock() -> None:
    layer = rota("daily", "2026-06-01T16:00+02:00", "ana", "bo")
    assert shifts(layer, "2026-06-01T00:00", "2026-06-02T12:00") == [
        "Mon 06-01 09:00 – Tue 06-02 09:00 ana",
        "Tue 06-02 09:00 – Tue 06-02 12:00 bo",
    ]


def test_until_ends_a_layer_within_a_shift() -> None:
    layer = rota("daily", "2026-06-01T09:00", "ana", "bo", until="2026-06-02T12:30")
    assert shifts(layer, "2026-06-01T00:00", "2026-06-09T00:00") == [
        "Mon 06-01 09:00 – Tue 06-02 09:00 ana",
        "Tue 06-02 09:00 – Tue 06-02 12:30 bo",
    ]


def test_a_duration_ends_each_shift_early_and_leaves_a_gap() -> None:
    layer = rota("daily", "2026-06-01T20:00", "ana", "bo", duration=timedelta(hours=12))
    assert shifts(layer, "2026-06-01T00:00", "2026-06-03T00:00") == [
        "Mon 06-01 20:00 – Tue 06-02 08:00 ana",
        "Tue 06-02 20:00 – Wed 06-03 00:00 bo",
    ]


@pytest.mark.parametrize("days", [1, 30])
def test_a_duration_as_long_as_the_turn_or_longer_changes_nothing(days: int) -> None:
    plain = rota("daily", "2026-06-01T20:00", "ana", "bo")
    timed = rota("daily", "2026-06-01T20:00", "ana", "bo", duration=timedelta(days=days))
    week = ("2026-06-01T00:00", "2026-06-08T00:00")
    assert shifts(timed, *week) == shifts(plain, *week)


# Hours


def test_a_restricted_layer_is_active_in_its_hours_only() -> None:
    layer = rota("weekly", "2026-06-01T09:00", "ana", "bo", restrict=[window("08:00", "20:00", frozenset({0, 1}))])
    assert shifts(layer, "2026-06-01T00:00", "2026-06-10T00:00") == [
        "Mon 06-01 09:00 – Mon 06-01 20:00 ana",
        "Tue 06-02 08:00 – Tue 06-02 20:00 ana",
        "Mon 06-08 08:00 – Mon 06-08 09:00 ana",
        "Mon 06-08 09:00 – Mon 06-08 20:00 bo",
        "Tue 06-09 08:00 – Tue 06-09 20:00 bo",
    ]


def test_a_window_that_crosses_midnight_belongs_to_the_weekday_on_which_it_opens() -> None:
    layer = rota("weekly", "2026-06-01T00:00", "ana", restrict=[window("22:00", "06:00", frozenset({4}))])
    assert shifts(layer, "2026-06-01T00:00", "2026-06-08T00:00") == ["Fri 06-05 22:00 – Sat 06-06 06:00 ana"]


def test_a_window_that_opened_before_the_layer_counts_from_its_start() -> None:
    layer = rota("daily", "2026-06-06T03:00", "ana", restrict=[window("22:00", "06:00", frozenset({4}))])
    assert shifts(layer, "2026-06-01T00:00", "2026-06-08T00:00") == ["Sat 06-06 03:00 – Sat 06-06 06:00 ana"]


def test_equal_times_make_a_whole_day_from_the_weekday_on_which_it_opens() -> None:
    layer = rota("weekly", "2026-06-01T00:00", "ana", restrict=[window("09:00", "09:00", frozenset({2}))])
    assert shifts(layer, "2026-06-01T00:00", "2026-06-08T00:00") == ["Wed 06-03 09:00 – Thu 06-04 09:00 ana"]


def test_windows_that_touch_are_one() -> None:
    night, morning = window("20:00", "24:00"), window("00:00", "08:00")
    layer = rota("weekly", "2026-06-01T12:00", "ana", restrict=[morning, night])
    assert shifts(layer, "2026-06-01T12:00", "2026-06-03T12:00") == [
        "Mon 06-01 20:00 – Tue 06-02 08:00 ana",
        "Tue 06-02 20:00 – Wed 06-03 08:00 ana",
    ]


def test_weekdays_alone_run_from_midnight_to_midnight() -> None:
    layer = rota("weekly", "2026-06-01T00:00", "ana", restrict=[window(weekdays=frozenset({5, 6}))])
    assert shifts(layer, "2026-06-01T00:00", "2026-06-15T00:00") == [
        "Sat 06-06 00:00 – Mon 06-08 00:00 ana",
        "Sat 06-13 00:00 – Mon 06-15 00:00 ana",
    ]


# Advancing


def names_of_days(advance: str, **options: object) -> list[str]:
    office = [window("09:00", "17:00", WEEKDAYS)]
    layer = rota("daily", "2026-06-01T09:00", "ana", "bo", "cy", advance=advance, restrict=office, **options)  # type: ignore[arg-type]
    lines = shifts(layer, "2026-06-01T00:00", "2026-06-13T00:00")
    assert {line[:3] for line in lines} == {"Mon", "Tue", "Wed", "Thu", "Fri"}
    return [line.rsplit(" ", 1)[1] for line in lines]


def test_advancing_on_handoffs_lets_the_weekend_use_up_turns() -> None:
    assert names_of_days("handoff") == ["ana", "bo", "cy", "ana", "bo", "bo", "cy", "ana", "bo", "cy"]


def test_advancing_on_active_periods_skips_nobody() -> None:
    assert names_of_days("active") == ["ana", "bo", "cy", "ana", "bo", "cy", "ana", "bo", "cy", "ana"]


def test_the_first_participant_waits_for_the_first_active_period() -> None:
    layer = rota(
        "daily",
        "2026-06-06T09:00",
        "ana",
        "bo",
        advance="active",
        restrict=[window("09:00", "17:00", WEEKDAYS)],
    )
    assert shifts(layer, "2026-06-06T00:00", "2026-06-10T00:00") == [
        "Mon 06-08 09:00 – Mon 06-08 17:00 ana",
        "Tue 06-09 09:00 – Tue 06-09 17:00 bo",
    ]


def test_a_late_look_at_an_active_rota_counts_the_working_days_of_years() -> None:
    layer = rota(
        "daily",
        "2016-06-06T09:00",
        "ana",
        "bo",
        "cy",
        advance="active",
        restrict=[window("09:00", "17:00", WEEKDAYS)],
    )
    working_days = 10 * 52 * 5
    assert shifts(layer, "2026-05-25T00:00", "2026-05-26T00:00") == [
        f"Mon 05-25 09:00 – Mon 05-25 17:00 {('ana', 'bo', 'cy')[working_days % 3]}"
    ]


def test_a_duration_outside_the_hours_makes_a_turn_inactive() -> None:
    layer = rota(
        "hourly",
        "2026-06-01T00:00",
        "ana",
        "bo",
        "cy",
        every=8,
        duration=timedelta(hours=6),
        advance="active",
        restrict=[window("07:00", "20:00")],
    )
    assert shifts(layer, "2026-06-01T00:00", "2026-06-02T12:00") == [
        "Mon 06-01 08:00 – Mon 06-01 14:00 ana",
        "Mon 06-01 16:00 – Mon 06-01 20:00 bo",
        "Tue 06-02 08:00 – Tue 06-02 12:00 cy",
    ]


# Layers and overrides


def test_the_highest_priority_that_is_active_wins() -> None:
    base = rota("weekly", "2026-06-01T00:00", "ana", priority=1)
    office = rota("weekly", "2026-06-01T00:00", "bo", priority=5, restrict=[window("09:00", "17:00")])
    expected = [
        "Mon 06-01 00:00 – Mon 06-01 09:00 ana",
        "Mon 06-01 09:00 – Mon 06-01 17:00 bo",
        "Mon 06-01 17:00 – Tue 06-02 00:00 ana",
    ]
    assert shifts(seat(base, office), "2026-06-01T00:00", "2026-06-02T00:00") == expected
    assert shifts(seat(office, base), "2026-06-01T00:00", "2026-06-02T00:00") == expected


def test_overlapping_layers_of_equal_priority_put_both_on() -> None:
    one = rota("daily", "2026-06-01T00:00", "ana", "bo")
    other = rota("daily", "2026-06-01T12:00", "cy", "bo")
    assert shifts(seat(one, other), "2026-06-01T00:00", "2026-06-03T00:00") == [
        "Mon 06-01 00:00 – Mon 06-01 12:00 ana",
        "Mon 06-01 12:00 – Tue 06-02 00:00 ana+cy",
        "Tue 06-02 00:00 – Tue 06-02 12:00 bo+cy",
        "Tue 06-02 12:00 – Wed 06-03 00:00 bo",
    ]


def test_overrides_beat_layers_and_the_later_made_beats_the_earlier() -> None:
    base = rota("weekly", "2026-06-01T00:00", "ana", priority=100)
    earlier = override("2026-06-02T00:00-05:00", "2026-06-04T00:00-05:00", "eve")
    later = override("2026-06-01T12:00-05:00", "2026-06-03T00:00-05:00", "fay+gil")
    assert shifts(seat(base, overrides=[earlier, later]), "2026-06-01T00:00", "2026-06-05T00:00") == [
        "Mon 06-01 00:00 – Mon 06-01 12:00 ana",
        "Mon 06-01 12:00 – Wed 06-03 00:00 fay+gil",
        "Wed 06-03 00:00 – Thu 06-04 00:00 eve",
        "Thu 06-04 00:00 – Fri 06-05 00:00 ana",
    ]


def test_an_override_fills_a_seat_that_has_no_layer() -> None:
    eve = override("2026-06-02T00:00-05:00", "2026-06-03T00:00-05:00", "eve")
    assert shifts(seat(overrides=[eve]), "2026-06-01T00:00", "2026-06-05T00:00") == [
        "Tue 06-02 00:00 – Wed 06-03 00:00 eve"
    ]


def test_a_shift_says_whether_it_comes_from_an_override() -> None:
    base = rota("weekly", "2026-06-01T00:00", "ana")
    own = override("2026-06-02T00:00-05:00", "2026-06-03T00:00-05:00", "ana")
    found = resolve(seat(base, overrides=[own]), moment("2026-06-01T05:00Z"), moment("2026-06-05T05:00Z"))
    assert [shift.overridden for shift in found] == [False, True, False]


# Boundaries and merging


def test_where_one_shift_ends_the_next_begins_and_nobody_is_on_twice() -> None:
    found = resolve(
        seat(rota("daily", "2026-06-01T09:00", "ana", "bo")),
        moment("2026-06-01T14:00Z"),
        moment("2026-06-03T14:00Z"),
    )
    handoff = moment("2026-06-02T14:00Z")
    assert on_call(found, handoff - timedelta(seconds=1)) == ("ana",)
    assert on_call(found, handoff) == ("bo",)


def test_a_handoff_from_somebody_to_the_same_somebody_is_no_handoff() -> None:
    layer = rota("daily", "2026-06-01T09:00", "ana")
    assert shifts(layer, "2026-06-01T09:00", "2026-06-30T09:00") == ["Mon 06-01 09:00 – Tue 06-30 09:00 ana"]


def test_merging_joins_only_what_touches_and_has_the_same_people() -> None:
    one, two, four, five = (moment(f"2026-06-0{day}T00:00Z") for day in (1, 2, 4, 5))
    ana, bo = ("ana",), ("bo",)
    apart = [Shift(one, two, ana), Shift(four, five, ana)]
    assert merge(apart) == apart
    assert merge([Shift(two, four, ana), Shift(one, two, ana), Shift(four, five, bo)]) == [
        Shift(one, four, ana),
        Shift(four, five, bo),
    ]


# Now and next


def test_now_and_next_tells_who_until_when_and_who_then() -> None:
    answer = now_and_next(seat(rota("weekly", "2026-06-01T09:00", "ana", "bo")), moment("2026-06-03T00:00Z"))
    handoff = moment("2026-06-08T14:00Z")
    assert (answer.people, answer.until) == (("ana",), handoff)
    assert answer.next == Shift(handoff, moment("2026-06-15T14:00Z"), ("bo",))


def test_now_and_next_tells_the_next_shift_whole_even_on_the_eve_of_the_handoff() -> None:
    answer = now_and_next(seat(rota("weekly", "2026-06-01T09:00", "ana", "bo")), moment("2026-06-07T14:00Z"))
    assert answer.next == Shift(moment("2026-06-08T14:00Z"), moment("2026-06-15T14:00Z"), ("bo",))


def test_now_and_next_in_a_gap_tells_nobody_and_who_comes() -> None:
    layer = rota("weekly", "2026-06-01T00:00", "ana", restrict=[window("09:00", "17:00")])
    answer = now_and_next(seat(layer), moment("2026-06-02T05:00Z"))
    assert answer.people == ()
    assert answer.next == Shift(moment("2026-06-02T14:00Z"), moment("2026-06-02T22:00Z"), ("ana",))
    assert answer.until == answer.next.start


def test_now_and_next_of_a_rota_that_never_changes_has_no_next() -> None:
    answer = now_and_next(seat(rota("weekly", "2026-06-01T00:00", "ana")), moment("2026-06-02T05:00Z"))
    assert (answer.people, answer.until, answer.next) == (("ana",), None, None)


def test_now_and_next_of_an_empty_seat_is_nobody() -> None:
    answer = now_and_next(seat(), moment("2026-06-02T05:00Z"))
    assert (answer.people, answer.until, answer.next) == ((), None, None)


def test_now_and_next_finds_a_handoff_months_away() -> None:
    answer = now_and_next(seat(rota("monthly", "2026-06-01T09:00", "ana", "bo", every=6)), moment("2026-06-02T05:00Z"))
    assert answer.next == Shift(moment("2026-12-01T15:00Z"), moment("2027-06-01T14:00Z"), ("bo",))
