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
    held = Maintenance.services.through.objects.filter(
        service__in=service_ids, maintenance__in=Maintenance.objects.at(at or timezone.now())
    )
    return {row.service_id: row.maintenance for row in held.select_related("maintenance").order_by("maintenance__end")}


def sentence(names: Iterable[str], window: Maintenance) -> str:
    """What a banner says of services in maintenance, in the viewer's time."""
    found = list(names)
    verb = "is" if len(found) == 1 else "are"
    return f"{', '.join(found)} {verb} in maintenance until {clock(window.end)}: no alert pages anybody."


def clock(moment: datetime) -> str:
    """`14:00`, with the day where that is not today."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local.day} {local:%b, %H:%M}"


def upcoming(service: Service, at: datetime | None = None) -> Iterable[Maintenance]:
    """Windows planned for the service that have yet to begin, the next first."""
    return Maintenance.objects.upcoming(at or timezone.now()).filter(services=service)
