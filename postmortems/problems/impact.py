"""What a problem has cost so far: the incidents it showed in, added up. Pure.

Practice, false alarms and what was merged into another are left out by whoever asks (`Incident.objects.counted()`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median


@dataclass(frozen=True)
class Harm:
    """One incident: its severity (`sev1`…), when the harm began and ended (None while it goes on), whom it touched."""

    severity: str
    started_at: datetime
    resolved_at: datetime | None
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Impact:
    """`count` of incidents, by severity with the gravest first; hours of harm in all and the median, as durations."""

    count: int
    by_severity: dict[str, int]
    total: timedelta
    median: timedelta | None
    last_at: datetime | None
    going_on: int
    services: tuple[str, ...]

    @property
    def total_seconds(self) -> float:
        return self.total.total_seconds()

    @property
    def median_seconds(self) -> float | None:
        return None if self.median is None else self.median.total_seconds()


def impact(harms: Iterable[Harm], now: datetime) -> Impact:
    """Add them up; one that goes on counts until now."""
    found = list(harms)
    lasted = [max((harm.resolved_at or now) - harm.started_at, timedelta()) for harm in found]
    seconds = median(one.total_seconds() for one in lasted) if lasted else None
    touched = Counter(service for harm in found for service in harm.services)
    return Impact(
        count=len(found),
        by_severity=dict(sorted(Counter(harm.severity for harm in found).items())),
        total=sum(lasted, timedelta()),
        median=None if seconds is None else timedelta(seconds=seconds),
        last_at=max((harm.started_at for harm in found), default=None),
        going_on=sum(harm.resolved_at is None for harm in found),
        services=tuple(name for name, _ in touched.most_common()),
    )
