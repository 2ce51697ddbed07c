"""Questions asked of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models.functions import Coalesce

from oncall.querysets import VisibleToMembers


class ChangeQuerySet(VisibleToMembers):
    def touching(self, service_ids: Iterable[int], since: datetime, until: datetime) -> ChangeQuerySet:
        """Changes of these services whose rollout overlaps [since, until]."""
        return (
            self.filter(service__in=service_ids, started_at__lte=until)
            .annotate(ended=Coalesce("finished_at", "started_at"))
            .filter(ended__gte=since)
        )

    def since(self, moment: datetime) -> ChangeQuerySet:
        """Changes still at work at `moment` or begun after it."""
        return self.filter(models.Q(started_at__gte=moment) | models.Q(finished_at__gte=moment))

    def unmatched(self) -> ChangeQuerySet:
        """Changes whose sender named a service that we do not know."""
        return self.filter(service=None)


class LedgerEntryQuerySet(models.QuerySet):
    def unsealed(self) -> LedgerEntryQuerySet:
        """Entries that wait for their seal, in the order in which they get it."""
        return self.filter(seal=None).order_by("pk")


class PipelineRunQuerySet(VisibleToMembers):
    pass
