"""Questions asked of alerts and snapshots."""

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


class SnapshotQuerySet(models.QuerySet):
    def about(self, subject: str) -> SnapshotQuerySet:
        return self.filter(about=subject)
