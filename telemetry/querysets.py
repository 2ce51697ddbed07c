"""Questions asked of alerts, heartbeats and snapshots."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from oncall.querysets import VisibleToMembers


class AlertQuerySet(VisibleToMembers):
    def firing(self) -> AlertQuerySet:
        return self.filter(status="firing")

    def touching(self, service_ids: Iterable[int], since: datetime, until: datetime) -> AlertQuerySet:
        """Alerts of these services that fired at some instant of [since, until]."""
        return self.filter(service__in=service_ids, starts_at__lte=until).filter(
            models.Q(ends_at=None) | models.Q(ends_at__gte=since)
        )

    def unmatched(self) -> AlertQuerySet:
        """Alerts whose sender named a service that we do not know: kept, shown in Settings."""
        return self.filter(service=None)

    def held(self) -> AlertQuerySet:
        """Those that fire and wait for the end of maintenance."""
        return self.firing().filter(held_at__isnull=False)


class HeartbeatQuerySet(VisibleToMembers):
    def due(self, now: datetime) -> HeartbeatQuerySet:
        """Those that the sweep has to look at: overdue, or called after they were missing."""
        return self.filter(next_at__lte=now)

    def in_state(self, state: str) -> HeartbeatQuerySet:
        """Those that are `new`, `well`, `missing` or `paused`, as `Heartbeat.state` says of each."""
        missing = models.Q(missing_since__isnull=False) & ~models.Q(last_at__gte=models.F("missing_since"))
        awake = self.filter(paused_at=None)
        match state:
            case "paused":
                return self.exclude(paused_at=None)
            case "missing":
                return awake.filter(missing)
            case "well":
                return awake.filter(last_at__isnull=False).exclude(missing)
        return awake.filter(last_at=None, missing_since=None)


class SnapshotQuerySet(models.QuerySet):
    def about(self, subject: str) -> SnapshotQuerySet:
        return self.filter(about=subject)
