"""Time set aside for improvement, planned and spent: by team, never by person. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from postmortems.metrics.figure import Figure, Period
from postmortems.metrics.rows import TimeRow


def improvement_time(weeks: Sequence[TimeRow], period: Period) -> Figure:
    """What teams planned for the weeks that begin in the period, and what they report to have spent."""
    within = [one for one in weeks if period.since.date() <= one.week < period.until.date()]
    by_team: dict[str, list[TimeRow]] = defaultdict(list)
    for one in within:
        by_team[one.team].append(one)
    return Figure(
        name="improvement-time",
        title="Time set aside",
        definition="Hours that teams planned to improve their daily work in weeks that begin in the period, and hours "
        "they report to have spent; n counts weeks of teams. The share is spent / planned of the weeks reported. "
        "Hours are of whole teams.",
        period=period,
        n=len(within),
        value=_sums(within),
        series=[{"team": team} | _sums(rows) for team, rows in sorted(by_team.items())],
        rows=[
            {"slug": one.slug, "title": one.team, "week": one.week, "planned_hours": one.planned}
            | {"spent_hours": one.spent, "note": one.note}
            for one in within
        ],
    )


def _sums(weeks: Sequence[TimeRow]) -> dict[str, Any]:
    reported = [one for one in weeks if one.spent is not None]
    spent, planned = sum(one.spent or 0 for one in reported), sum(one.planned for one in reported)
    return {
        "planned_hours": sum(one.planned for one in weeks),
        "spent_hours": spent,
        "weeks": len(weeks),
        "reported": len(reported),
        "share": spent / planned if planned else None,
    }
