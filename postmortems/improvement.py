"""Time set aside for improvement, summed up by week. Pure; hours are of a team, never of a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

WEEK = timedelta(days=7)
SUMMED = 13
"""Weeks of the summary: a quarter."""
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Week:
    """What a team planned for the week of this Monday, and spent: None where nobody said."""

    monday: date
    planned: Decimal | None = None
    spent: Decimal | None = None


@dataclass(frozen=True)
class Summary:
    """Weeks in order, and their sums. `reported`: of how many it was said what was spent."""

    weeks: tuple[Week, ...]
    planned: Decimal
    spent: Decimal
    reported: int


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def summary(weeks: Iterable[Week], until: date, count: int = SUMMED) -> Summary:
    """The `count` weeks that end before the week of `until`; a week nobody spoke of stands empty among them."""
    known = {week.monday: week for week in weeks}
    first = monday_of(until) - count * WEEK
    found = tuple(known.get(day, Week(day)) for day in (first + number * WEEK for number in range(count)))
    return Summary(
        weeks=found,
        planned=sum((week.planned or NONE for week in found), NONE),
        spent=sum((week.spent or NONE for week in found), NONE),
        reported=sum(week.spent is not None for week in found),
    )
