"""Shifts on the days when the clocks change, each rule by hand."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from oncall.rotas.schedule import resolve
from tests.oncall.rotas import CHICAGO, moment, rota, seat, window

LONDON = ZoneInfo("Europe/London")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
CAIRO = ZoneInfo("Africa/Cairo")
APIA = ZoneInfo("Pacific/Apia")


def in_utc(layer: object, since: str, until: str) -> list[str]:
    """Shifts between two instants, in UTC: "06-01 09:00 – 06-08 09:00 ana"."""
    found = resolve(seat(layer), moment(since), moment(until))  # type: ignore[arg-type]
    return [f"{s.start:%m-%d %H:%M} – {s.end:%m-%d %H:%M} {'+'.join(s.people)}" for s in found]


@pytest.mark.parametrize(
    ("zone", "eve_of_change", "hours"),
    [
        (CHICAGO, "2026-03-07", 23),
        (CHICAGO, "2026-10-31", 25),
        (LONDON, "2026-03-28", 23),
        (LONDON, "2026-10-24", 25),
        (LORD_HOWE, "2026-10-03", 23.5),
        (LORD_HOWE, "2026-04-04", 24.5),
        (KATHMANDU, "2026-03-28", 24),
    ],
)
def test_a_handoff_at_nine_stays_at_nine_and_the_shift_is_longer_or_shorter(
    zone: ZoneInfo, eve_of_change: str, hours: float
) -> None:
    layer = rota("daily", f"{eve_of_change}T09:00", "ana", "bo", "cy", zone=zone)
    start = layer.rotation.begins
    first, second, _ = resolve(seat(layer), start, start + timedelta(days=2, hours=12))
    assert first.end - first.start == timedelta(hours=hours)
    assert second.start.astimezone(zone).strftime("%H:%M") == "09:00"
    assert second.end - second.start == timedelta(hours=24)


def test_a_handoff_at_a_time_that_does_not_occur_falls_on_the_first_instant_after_the_gap() -> None:
    layer = rota("daily", "2026-03-07T02:30", "ana", "bo", "cy")
    assert in_utc(layer, "2026-03-07T08:30Z", "2026-03-10T00:00Z") == [
        "03-07 08:30 – 03-08 08:00 ana",  # 03:00, the first minute of summer time
        "03-08 08:00 – 03-09 07:30 bo",  # and back at 02:30
        "03-09 07:30 – 03-10 00:00 cy",
    ]


def test_a_handoff_at_a_time_that_occurs_twice_takes_the_first() -> None:
    layer = rota("daily", "2026-10-31T01:30", "ana", "bo", "cy")
    assert in_utc(layer, "2026-10-31T06:30Z", "2026-11-03T00:00Z")[:2] == [
        "10-31 06:30 – 11-01 06:30 ana",
        "11-01 06:30 – 11-02 07:30 bo",
    ]


def test_an_hourly_shift_lasts_two_hours_in_autumn() -> None:
    layer = rota("hourly", "2026-11-01T00:00", "ana", "bo", "cy")
    assert in_utc(layer, "2026-11-01T05:00Z", "2026-11-01T10:00Z") == [
        "11-01 05:00 – 11-01 06:00 ana",
        "11-01 06:00 – 11-01 08:00 bo",
        "11-01 08:00 – 11-01 09:00 cy",
        "11-01 09:00 – 11-01 10:00 ana",
    ]


def test_an_hourly_shift_that_would_last_none_in_spring_is_left_out() -> None:
    layer = rota("hourly", "2026-03-08T00:00", "ana", "bo", "cy", "di")
    assert in_utc(layer, "2026-03-08T06:00Z", "2026-03-08T10:00Z") == [
        "03-08 06:00 – 03-08 07:00 ana",
        "03-08 07:00 – 03-08 08:00 bo",
        "03-08 08:00 – 03-08 09:00 di",  # cy had two o'clock
        "03-08 09:00 – 03-08 10:00 ana",
    ]


def test_an_hourly_rota_that_advances_on_active_periods_keeps_the_turn_that_spring_would_take() -> None:
    layer = rota("hourly", "2026-03-08T00:00", "ana", "bo", "cy", "di", advance="active")
    assert in_utc(layer, "2026-03-08T08:00Z", "2026-03-08T10:00Z") == [
        "03-08 08:00 – 03-08 09:00 cy",
        "03-08 09:00 – 03-08 10:00 di",
    ]


def test_lord_howe_gives_and_takes_half_an_hour() -> None:
    autumn = rota("hourly", "2026-04-05T01:00", "ana", "bo", "cy", zone=LORD_HOWE)
    assert in_utc(autumn, "2026-04-04T14:00Z", "2026-04-04T16:30Z") == [
        "04-04 14:00 – 04-04 15:30 ana",
        "04-04 15:30 – 04-04 16:30 bo",
    ]
    spring = rota("hourly", "2026-10-04T01:00", "ana", "bo", "cy", zone=LORD_HOWE)
    assert in_utc(spring, "2026-10-03T14:30Z", "2026-10-03T17:00Z") == [
        "10-03 14:30 – 10-03 15:30 ana",
        "10-03 15:30 – 10-03 16:00 bo",
        "10-03 16:00 – 10-03 17:00 cy",
    ]


def test_a_window_opens_at_the_first_and_closes_at_the_last_of_a_repeated_time() -> None:
    layer = rota("weekly", "2026-10-26T00:00", "ana", restrict=[window("01:15", "01:45")])
    assert in_utc(layer, "2026-11-01T00:00Z", "2026-11-02T00:00Z") == ["11-01 06:15 – 11-01 07:45 ana"]


def test_a_window_within_the_gap_does_not_open() -> None:
    layer = rota("weekly", "2026-03-02T00:00", "ana", restrict=[window("02:15", "02:45")])
    assert in_utc(layer, "2026-03-08T00:00Z", "2026-03-09T00:00Z") == []


def test_a_window_that_opens_or_closes_in_the_gap_does_so_after_it() -> None:
    opens = rota("weekly", "2026-03-02T00:00", "ana", restrict=[window("02:30", "04:00")])
    closes = rota("weekly", "2026-03-02T00:00", "ana", restrict=[window("01:00", "02:30")])
    day = ("2026-03-08T00:00Z", "2026-03-09T00:00Z")
    assert in_utc(opens, *day) == ["03-08 08:00 – 03-08 09:00 ana"]
    assert in_utc(closes, *day) == ["03-08 07:00 – 03-08 08:00 ana"]


def test_days_that_touch_at_a_midnight_that_does_not_occur_are_one() -> None:
    layer = rota("weekly", "2026-04-20T12:00", "ana", zone=CAIRO, restrict=[window()])
    assert in_utc(layer, "2026-04-22T00:00Z", "2026-04-26T00:00Z") == ["04-22 00:00 – 04-26 00:00 ana"]


def test_the_day_that_samoa_skipped_takes_its_turn_with_it() -> None:
    layer = rota("daily", "2011-12-28T09:00", "ana", "bo", "cy", "di", zone=APIA)
    assert in_utc(layer, "2011-12-28T19:00Z", "2011-12-31T19:00Z") == [
        "12-28 19:00 – 12-29 19:00 ana",
        "12-29 19:00 – 12-30 10:00 bo",
        "12-30 10:00 – 12-30 19:00 cy",
        "12-30 19:00 – 12-31 19:00 di",
    ]


def test_a_late_look_at_an_active_hourly_rota_knows_of_the_day_that_samoa_skipped() -> None:
    layer = rota("hourly", "2011-12-29T20:00", "ana", "bo", "cy", "di", "eve", zone=APIA, advance="active")
    assert in_utc(layer, "2011-12-30T09:00Z", "2011-12-30T13:00Z") == [
        "12-30 09:00 – 12-30 10:00 di",  # 23:00 on the 29th
        "12-30 10:00 – 12-30 11:00 eve",  # 00:00 on the 31st
        "12-30 11:00 – 12-30 12:00 ana",
        "12-30 12:00 – 12-30 13:00 bo",
    ]
    assert in_utc(layer, "2011-12-30T12:00Z", "2011-12-30T13:00Z") == ["12-30 12:00 – 12-30 13:00 bo"]


def test_a_late_look_counts_the_turn_that_only_a_repeated_hour_made_active() -> None:
    layer = rota("hourly", "2026-11-01T00:30", "ana", "bo", "cy", advance="active", restrict=[window("00:00", "01:30")])
    assert in_utc(layer, "2026-11-01T00:00Z", "2026-11-01T12:00Z") == [
        "11-01 05:30 – 11-01 06:30 ana",
        "11-01 06:30 – 11-01 07:30 bo",
    ]
    assert in_utc(layer, "2026-11-02T06:30Z", "2026-11-02T12:00Z") == ["11-02 06:30 – 11-02 07:30 ana"]


def test_handoffs_never_go_back_even_where_two_hours_occur_twice() -> None:
    layer = rota("hourly", "2026-10-25T01:30+00:00", "ana", "bo", "cy", zone=ZoneInfo("Antarctica/Troll"))
    handoffs = [layer.rotation.handoff(number) for number in range(6)]
    assert handoffs == sorted(handoffs)
    assert in_utc(layer, "2026-10-25T00:00Z", "2026-10-25T03:30Z")[0].startswith("10-25 01:30")


def test_a_duration_counts_wall_clock_hours() -> None:
    layer = rota("daily", "2026-10-31T20:00", "ana", "bo", duration=timedelta(hours=12))
    assert in_utc(layer, "2026-10-31T12:00Z", "2026-11-01T20:00Z") == ["11-01 01:00 – 11-01 14:00 ana"]


def test_a_start_in_the_second_pass_of_a_repeated_hour_begins_there() -> None:
    layer = rota("daily", "2026-11-01T01:30-06:00", "ana", "bo", duration=timedelta(minutes=15))
    assert in_utc(layer, "2026-11-01T00:00Z", "2026-11-03T00:00Z") == [
        "11-01 07:30 – 11-01 07:45 ana",
        "11-02 07:30 – 11-02 07:45 bo",
    ]


def test_until_as_a_repeated_wall_time_takes_the_first() -> None:
    layer = rota("daily", "2026-10-31T12:00", "ana", until="2026-11-01T01:30")
    assert in_utc(layer, "2026-10-31T00:00Z", "2026-11-03T00:00Z") == ["10-31 17:00 – 11-01 06:30 ana"]
