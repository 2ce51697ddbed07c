"""Figures about incidents: how they are noticed, how long harm lasts, what is learned from them. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from incidents.severity import SEVERITIES
from postmortems.metrics.figure import FEWEST, Figure, Period, share
from postmortems.metrics.rows import IncidentRow
from postmortems.metrics.statistics import median, percentile

FOUND_BY = {"alert": "alert", "web": "employee", "slack": "employee", "api": "program"}
IMPORTED = "import"
"""The source of incidents that come with a post-mortem from elsewhere: nobody here noticed them or wrote it."""


def coverage(incidents: Sequence[IncidentRow], period: Period) -> Figure:
    """Published post-mortems among the resolved incidents that require one."""
    own = _without_imported(incidents)
    asked = [one for one in own if one.resolved_at in period and SEVERITIES[one.severity].post_mortem_required]
    counted = [one for one in asked if one.published_at or not one.exempted]
    published = sum(one.published_at is not None for one in counted)
    return Figure(
        name="coverage",
        title="Post-mortem coverage",
        definition="Published post-mortems / incidents resolved in the period whose severity requires one. Exempted "
        "ones are left out and counted beside it; one reopened after publication counts as published. Imported "
        "incidents are left out.",
        period=period,
        n=len(counted),
        value={
            "share": share(published, len(counted)),
            "published": published,
            "waiting": len(counted) - published,
            "exempt": len(asked) - len(counted),
        },
        rows=[
            _row(one) | {"exempted": one.exempted, "published_at": one.published_at, "opened": one.has_postmortem}
            for one in asked
        ],
    )


def time_to_postmortem(incidents: Sequence[IncidentRow], period: Period) -> Figure:
    """From resolved to published, with those that still wait."""
    own = _without_imported(incidents)
    expected = [one for one in own if one.resolved_at in period and _expects_postmortem(one)]
    waiting = sum(one.published_at is None for one in expected)
    return _durations(
        name="time-to-postmortem",
        title="Time to post-mortem",
        definition="First publication − resolution, of incidents resolved in the period that have a post-mortem or "
        "require one and are not exempted; those not published yet are counted as still waiting. Imported incidents "
        "are left out.",
        period=period,
        cases=[(one, _seconds(one, "resolved_at", "published_at")) for one in expected],
        beside={"waiting": waiting},
    )


def time_to_restore(incidents: Sequence[IncidentRow], period: Period) -> Figure:
    """From the start of harm to its end."""
    restored = [one for one in incidents if one.mitigated_at in period]
    still = sum(one.mitigated_at is None and one.started_at < period.until for one in incidents)
    return _durations(
        name="time-to-restore",
        title="Time to restore",
        definition="Restored (mitigated) − started, of incidents restored in the period; those going on are counted "
        "beside it.",
        period=period,
        cases=[(one, _seconds(one, "started_at", "mitigated_at")) for one in restored],
        beside={"still_open": still},
    )


def detection(incidents: Sequence[IncidentRow], period: Period) -> Figure:
    """From the start of harm to its being noticed, and by what."""
    began = [one for one in _without_imported(incidents) if one.started_at in period]
    found_by = Counter(FOUND_BY.get(one.source, one.source) for one in began)
    return _durations(
        name="detection",
        title="Time to detection",
        definition="Detected − started, of incidents that started in the period; found by whatever declared them. "
        "Imported incidents are left out.",
        period=period,
        cases=[(one, _seconds(one, "started_at", "detected_at")) for one in began],
        beside={"found_by": {name: count / len(began) for name, count in found_by.most_common()}},
    )


def _without_imported(incidents: Sequence[IncidentRow]) -> list[IncidentRow]:
    return [one for one in incidents if one.source != IMPORTED]


def _expects_postmortem(one: IncidentRow) -> bool:
    required = SEVERITIES[one.severity].post_mortem_required and not one.exempted
    return required or one.has_postmortem


def _durations(
    *,
    name: str,
    title: str,
    definition: str,
    period: Period,
    cases: Sequence[tuple[IncidentRow, float | None]],
    beside: dict[str, Any],
) -> Figure:
    known = [(one, seconds) for one, seconds in cases if seconds is not None]
    values = [seconds for _, seconds in known]
    shown = len(values) >= FEWEST
    return Figure(
        name=name,
        title=title,
        definition=f"{definition} In seconds; hidden below {FEWEST} cases.",
        period=period,
        n=len(values),
        value=({"median": median(values), "p90": percentile(values, 0.9)} if shown else {})
        | beside
        | {"hidden": not shown},
        series=[{"number": one.number, "seconds": seconds} for one, seconds in known] if shown else [],
        rows=[_row(one) | {"seconds": seconds} for one, seconds in cases],
    )


def _seconds(one: IncidentRow, first: str, last: str) -> float | None:
    begin, end = getattr(one, first), getattr(one, last)
    return (end - begin).total_seconds() if begin and end else None


def _row(one: IncidentRow) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "severity": one.severity,
        "started_at": one.started_at,
        "resolved_at": one.resolved_at,
    }
