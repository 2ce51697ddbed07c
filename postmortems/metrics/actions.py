"""Figures about actions: kept, and overdue by team. Never by person. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from postmortems.metrics.figure import Figure, Period, share
from postmortems.metrics.rows import ActionRow
from postmortems.metrics.statistics import median


def actions_on_time(actions: Sequence[ActionRow], period: Period) -> Figure:
    """How many of the actions due in the period were done by their date."""
    due = [one for one in actions if period.since.date() <= one.due_on < period.until.date()]
    counted = [one for one in due if one.state != "wont_do"]
    on_time = sum(one.done_on is not None and one.done_on <= one.due_on for one in counted)
    done = sum(one.done_on is not None for one in counted)
    return Figure(
        name="actions-on-time",
        title="Actions on time",
        definition="Actions done by their due date / all that were due in the period; “won't do” is counted apart.",
        period=period,
        n=len(counted),
        value={
            "share": share(on_time, len(counted)),
            "on_time": on_time,
            "late": done - on_time,
            "open": len(counted) - done,
            "wont_do": len(due) - len(counted),
        },
        rows=[_row(one) for one in due],
    )


def overdue_actions(actions: Sequence[ActionRow], period: Period) -> Figure:
    """What is late at the end of the period, by owning team."""
    today = period.until.date()
    late = [one for one in actions if one.due_on < today and not _closed(one, today)]
    by_team: dict[str, list[int]] = defaultdict(list)
    for one in late:
        by_team[one.team].append((today - one.due_on).days)
    return Figure(
        name="overdue-actions",
        title="Overdue actions",
        definition="Actions past their due date and not closed at the end of the period, by owning team: how many, "
        "and the median and greatest number of days since they were due.",
        period=period,
        n=len(late),
        value={"count": len(late)},
        series=[
            {"team": team, "count": len(days), "median_days": median(days), "greatest_days": max(days)}
            for team, days in sorted(by_team.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        ],
        rows=[_row(one) | {"days": (today - one.due_on).days} for one in late],
    )


def _closed(one: ActionRow, today: date) -> bool:
    return one.state == "wont_do" or (one.done_on is not None and one.done_on <= today)


def _row(one: ActionRow) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "team": one.team,
        "state": one.state,
        "due_on": one.due_on,
        "done_on": one.done_on,
    }
