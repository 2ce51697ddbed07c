"""Which services are in maintenance: alerts of theirs are kept, and page nobody until it is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from oncall.models import Maintenance, Service


def of(service: Service, at: datetime | None = None) -> Maintenance | None:
    """The window that holds for the service at this instant (now): of several, the one that ends last."""
    return by_service([service.pk], at).get(service.pk)


def by_service(service_ids: Iterable[int], at: datetime | None = None) -> dict[int, Maintenance]:
    """For each of these services that is in maintenance at this instant, the window that ends last."""
    wanted = set(service_ids)
    windows = Maintenance.objects.at(at or timezone.now()).filter(services__in=wanted).distinct()
    found: dict[int, Maintenance] = {}
    for window in windows.order_by("end", "id").prefetch_related("services"):
        found |= {service.pk: window for service in window.services.all() if service.pk in wanted}
    return found


def upcoming(service: Service, at: datetime | None = None) -> Iterable[Maintenance]:
    """Windows planned for the service that have yet to begin, the next first."""
    return Maintenance.objects.upcoming(at or timezone.now()).filter(services=service)
