"""The days on which an action is reminded of: they never end, and a snooze only leaves some out."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from postmortems.reminder_days import latest_reminder, next_reminder, reminders_between

DUE = date(2026, 7, 1)
days = st.integers(-60, 400).map(lambda number: DUE + timedelta(days=number))
pauses = st.integers(1, 30)
snoozes = st.none() | days


def expected(day, every, snoozed_until):
    """The rule, word by word."""
    before = (DUE - day).days
    if snoozed_until and day < snoozed_until:
        return False
    return before in (7, 1) or (before <= 0 and -before % every == 0) or (day == snoozed_until and before <= 7)


def test_a_week_and_a_day_before_that_day_and_every_week_after():
    found = reminders_between(DUE, DUE - timedelta(days=30), DUE + timedelta(days=22))
    assert [(day - DUE).days for day in found] == [-7, -1, 0, 7, 14, 21]


def test_the_end_of_a_snooze_is_a_day_of_reminding_and_then_it_goes_on_as_before():
    found = reminders_between(DUE, DUE, DUE + timedelta(days=29), snoozed_until=DUE + timedelta(days=17))
    assert [(day - DUE).days for day in found] == [17, 21, 28]


def test_a_snooze_that_ends_before_anything_was_to_be_told_adds_nothing():
    found = reminders_between(DUE, DUE - timedelta(days=60), DUE, snoozed_until=DUE - timedelta(days=40))
    assert [(day - DUE).days for day in found] == [-7, -1]


@given(days, st.integers(0, 90), pauses, snoozes)
def test_between_are_the_days_of_the_rule_and_no_others(since, length, every, snoozed_until):
    until = since + timedelta(days=length)
    asked = (since + timedelta(days=number) for number in range(length))
    assert reminders_between(DUE, since, until, every=every, snoozed_until=snoozed_until) == [
        day for day in asked if expected(day, every, snoozed_until)
    ]


@given(days, pauses, snoozes)
def test_the_latest_is_the_last_of_them(today, every, snoozed_until):
    found = reminders_between(
        DUE, DUE - timedelta(days=8), today + timedelta(days=1), every=every, snoozed_until=snoozed_until
    )
    assert latest_reminder(DUE, today, every=every, snoozed_until=snoozed_until) == (found[-1] if found else None)


@given(days, pauses, snoozes)
def test_there_is_always_a_next_one_and_soon_once_it_is_late(after, every, snoozed_until):
    following = next_reminder(DUE, after, every=every, snoozed_until=snoozed_until)
    assert following > after
    if after >= DUE and (snoozed_until is None or snoozed_until <= after):
        assert (following - after).days <= every
