"""Incidents as marks on the time axis of a service's panels (`settings.PANEL_MARKS`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from incidents.models import Incident
from oncall.models import Person, Service

MOST = 25


def of_service(service: Service, since: datetime, until: datetime, by: Person) -> list[dict[str, Any]]:
    """`{t: epoch seconds, kind, label, url}` of where the latest incidents that one may see began and were resolved."""
    incidents = Incident.objects.visible_to(by).filter(services=service, started_at__lte=until)
    touching = incidents.filter(Q(resolved_at=None) | Q(resolved_at__gte=since)).order_by("-started_at")[:MOST]
    return [mark for incident in touching for mark in _marks(incident)]


def _marks(incident: Incident) -> list[dict[str, Any]]:
    began = _mark(incident, incident.started_at, "incident", f"{incident} began")
    if incident.resolved_at is None:
        return [began]
    return [began, _mark(incident, incident.resolved_at, "status", f"#{incident.number} was resolved")]


def _mark(incident: Incident, at: datetime, kind: str, label: str) -> dict[str, Any]:
    return {"t": at.timestamp(), "kind": kind, "label": label[:100], "url": incident.get_absolute_url()}
