"""Changes and runs whose sender named a service that we do not know, and saying which one was meant."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from changes import ledger
from changes.models import Change, PipelineRun
from notifications.models import Integration
from oncall.models import Person, Service
from oncall.permissions import require_administrator
from oncall.services.names import map_name

SAID = Coalesce(NullIf("service_hint", Value("")), "repository")  # what the sender calls the service, or has it in


def waiting(user: Any) -> QuerySet[Change, dict[str, Any]]:
    """One row for each name of each sender: `integration_id`, `sender`, `said`, `count`, `last`."""
    return (
        Change.objects.visible_to(user)
        .unmatched()
        .order_by()
        .values("integration_id", sender=F("integration__name"), said=SAID)
        .annotate(count=Count("pk"), last=Max("started_at"))
        .order_by("-last")
    )


@transaction.atomic
def assign(*, integration: Integration | None, name: str, service: Service, by: Person | None = None) -> int:
    """What waits under `name` is of `service`, and so is what comes under it later; returns how many changes waited.

    Raises Forbidden for all but administrators.
    """
    require_administrator(by)
    if integration and name:
        map_name(integration=integration, name=name, service=service, by=by)
        PipelineRun.objects.filter(integration=integration, repository=name, service=None).update(service=service)
    meant = Change.objects.unmatched().filter(integration=integration).alias(said=SAID).filter(said=name)
    return ledger.place(changes=meant, service=service)
