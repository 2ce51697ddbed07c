"""How good our guesses are at which change it was. Pure."""

from collections.abc import Sequence

from postmortems.metrics.figure import Figure, Period, share
from postmortems.metrics.rows import ConfirmedRow

LOOKED_AT = 3
"""As many suspects as somebody in a hurry looks at."""


def suspects_recall(confirmed: Sequence[ConfirmedRow], period: Period) -> Figure:
    """In how many incidents the change that had a part stood among the first three suspects, and at their head."""
    began = [one for one in confirmed if one.started_at in period]
    found = _within(began, LOOKED_AT)
    first = _within(began, 1)
    return Figure(
        name="suspects-recall",
        title="Suspects: recall at 3",
        definition="Incidents whose best placed confirmed change stood among the first three suspects when it was "
        "first judged / incidents started in the period with a confirmed change; recall at 1 beside it. Nobody "
        "confirms where no change had a part or none was found, and what stands first is confirmed more readily: read "
        "it as an upper bound.",
        period=period,
        n=len(began),
        value={
            "share": share(found, len(began)),
            "found": found,
            "share_at_1": share(first, len(began)),
            "first": first,
            "not_suspected": sum(one.rank is None for one in began),
        },
        rows=[
            {
                "number": one.number,
                "title": one.title,
                "severity": one.severity,
                "started_at": one.started_at,
                "rank": one.rank,
                "confirmed": one.confirmed,
            }
            for one in began
        ],
    )


def _within(rows: Sequence[ConfirmedRow], rank: int) -> int:
    return sum(one.rank is not None and one.rank <= rank for one in rows)
