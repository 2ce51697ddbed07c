"""On which days an open action is reminded of: before it is due, that day, and for as long as it is open. Pure.

Nothing ends the row of days but the action itself. A snooze leaves days out up to its end, and its end is a day of
reminding too; then the days go on as they would have.
"""

from datetime import date, timedelta

BEFORE = (7, 1)
"""Days before the due date."""
LONGEST_PAUSE = 30
"""Days between reminders, at most: whoever wants none for longer snoozes them, up to a day."""
LONGEST_SNOOZE = 90
"""Days from the day on which it is snoozed."""


def latest_reminder(due_on: date, today: date, *, every: int = 7, snoozed_until: date | None = None) -> date | None:
    """The last day up to `today` on which to remind; None when none has come yet, or while it is snoozed.

    `every`: days between reminders once it is late, at least 1.
    """
    if snoozed_until and today < snoozed_until:
        return None
    found = _latest(due_on, today, every)
    if found and snoozed_until:
        return max(found, snoozed_until) if snoozed_until >= _first(due_on) else found
    return found


def next_reminder(due_on: date, after: date, *, every: int = 7, snoozed_until: date | None = None) -> date:
    """The first day of reminding after `after`: there always is one."""
    days = [due_on - timedelta(days=before) for before in BEFORE] + [due_on, _late(due_on, after, every)]
    end = snoozed_until or after
    days += [_late(due_on, max(after, end - timedelta(days=1)), every)]
    days += [snoozed_until] if snoozed_until and snoozed_until >= _first(due_on) else []
    return min(day for day in days if day > after and day >= end)


def reminders_between(
    due_on: date, since: date, until: date, *, every: int = 7, snoozed_until: date | None = None
) -> list[date]:
    """The days of reminding from `since` up to, and without, `until`, in order."""
    days, day = [], since - timedelta(days=1)
    while (day := next_reminder(due_on, day, every=every, snoozed_until=snoozed_until)) < until:
        days.append(day)
    return days


def _first(due_on: date) -> date:
    return due_on - timedelta(days=max(BEFORE))


def _late(due_on: date, after: date, every: int) -> date:
    """The first day after `after` that is a whole number of pauses after the due date."""
    late = max((after - due_on).days, 0)
    return due_on + timedelta(days=(late // every + 1) * every)


def _latest(due_on: date, today: date, every: int) -> date | None:
    late = (today - due_on).days
    if late >= 0:
        return due_on + timedelta(days=late - late % every)
    return next((due_on - timedelta(days=before) for before in sorted(BEFORE) if late >= -before), None)
