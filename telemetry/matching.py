"""Alerts whose sender named a service that we do not know, and saying which one was meant."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet

from notifications.models import Integration
from oncall.models import Person, Service
from oncall.permissions import require_administrator
from oncall.services.names import map_name
from telemetry import alerts
from telemetry.models import Alert


def waiting(user: Any) -> QuerySet[Alert, dict[str, Any]]:
    """One row for each name of each sender: `integration_id`, `sender`, `said`, `count`, `firing`, `last`."""
    return (
        Alert.objects.visible_to(user)
        .unmatched()
        .order_by()
        .values("integration_id", sender=F("integration__name"), said=F("service_hint"))
        .annotate(count=Count("pk"), firing=Count("pk", filter=Q(status=Alert.Status.FIRING)), last=Max("starts_at"))
        .order_by("-last")
    )


@transaction.atomic
def assign(*, integration: Integration | None, name: str, service: Service, by: Person | None = None) -> int:
    """What waits under `name` is of `service`, and so is what comes under it later; returns how many alerts waited.

    Raises Forbidden for all but administrators.
    """
    require_administrator(by)
    if integration and name:
        map_name(integration=integration, name=name, service=service, by=by)
    meant = Alert.objects.unmatched().filter(integration=integration, service_hint=name)
    return alerts.place(alerts=meant, service=service)
