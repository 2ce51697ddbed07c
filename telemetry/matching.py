"""Alerts whose sender named a service that we do not know, and giving them to the one that was meant."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet

from notifications.models import Event, Integration
from oncall import mapping
from oncall.assigning import Waiting
from oncall.models import Service
from oncall.placing import place_waiting as place_rows
from telemetry import alerts
from telemetry.models import Alert
from telemetry.querysets import AlertQuerySet

MOST_NAMES = 500


def alerts_waiting(user: Any) -> QuerySet[Alert, dict[str, Any]]:
    """One row for each name of each sender (`oncall.assigning.Rows`)."""
    named = (
        Alert.objects.visible_to(user)
        .unmatched()
        .order_by()
        .values("integration_id", sender=F("integration__name"), said=F("service_hint"))
    )
    return named.annotate(count=Count("pk"), last=Max("starts_at")).order_by("-last")[:MOST_NAMES]


def assign_alerts(integration: Integration | None, name: str, service: Service) -> int:
    """The alerts that wait under this name are of `service`; returns how many there were."""
    return _place(Alert.objects.unmatched().filter(integration=integration, service_hint=name), service)


@transaction.atomic
def place_waiting(event: Event) -> None:
    """React to `integration.mapped` and `service.named`: alerts that now have a service are given to it."""

    def place(ids: list[int], service: Service) -> None:
        _place(Alert.objects.filter(pk__in=ids), service)

    place_rows(event, room="telemetry", waiting=Alert.objects.all(), said=_said, place=place)


def _said(alert: Alert) -> mapping.Said:
    return mapping.said(name=alert.service_hint, labels=alert.labels)


def _place(found: AlertQuerySet, service: Service) -> int:
    """Group by group, as their sender grouped them: what fires of one is told of together."""
    groups = found.filter(service=None).order_by("group_key").values_list("group_key", flat=True).distinct()
    return sum(alerts.place(alerts=found.filter(group_key=group), service=service) for group in list(groups))


ALERTS = Waiting("alert", "alerts", alerts_waiting, assign_alerts)
