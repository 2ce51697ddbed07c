"""When things are due. Pure; working days are Monday to Friday, and a holiday only moves what somebody moves."""

from datetime import date, datetime, timedelta

ACTION_DAYS = {"high": 14, "medium": 30, "low": 90}
"""Calendar days for an action, by priority."""

URGENT_DAYS = 3
WORKING_DAYS = {"sev2": 5}
OTHER_WORKING_DAYS = 10


def add_working_days(start: date, days: int) -> date:
    """The `days`-th working day after `start` (0 is `start` itself, whatever day it is)."""
    if days < 0:
        raise ValueError(f"{days} working days lie in the past")
    if days == 0:
        return start
    weeks, rest = divmod(days, 5)
    day = start - timedelta(days=max(start.weekday() - 4, 0)) + timedelta(weeks=weeks)  # a weekend counts as its Friday
    return day + timedelta(days=rest + (2 if day.weekday() + rest > 4 else 0))


def postmortem_due(severity: str, opened_at: datetime) -> datetime:
    """When to have met over an incident: sev1 3 days, sev2 5 working days, else 10, at the time of day it was opened.

    The source of the rule is our design (postmortems.md): soon while memory is fresh, later where less is at stake.
    """
    if severity == "sev1":
        return opened_at + timedelta(days=URGENT_DAYS)
    day = add_working_days(opened_at.date(), WORKING_DAYS.get(severity, OTHER_WORKING_DAYS))
    return datetime.combine(day, opened_at.timetz())


def action_due(priority: str, created_on: date) -> date:
    """When an action of this priority (high, medium, low) is due that nobody gave a date."""
    return created_on + timedelta(days=ACTION_DAYS[priority])
