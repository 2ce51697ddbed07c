"""Which services an incident affects."""

from __future__ import annotations

from django.db import transaction

from incidents import timeline
from incidents.models import Incident
from incidents.services.callout import call_out
from incidents.services.common import locked, tell
from oncall.models import Person, Service
from oncall.permissions import require_responder


@transaction.atomic
def add_service(*, incident: Incident, service: Service, by: Person | None) -> Incident:
    """Say that this service is affected too, and call those who answer for it."""
    require_responder(by)
    incident = locked(incident)
    if incident.services.filter(pk=service.pk).exists():
        return incident
    incident.services.add(service)
    _enter(incident, f"{service.name} is affected too", service, by, "added")
    call_out(incident, by=by)
    tell(incident, "incident.services_changed", added=service.slug)
    return incident


@transaction.atomic
def remove_service(*, incident: Incident, service: Service, by: Person | None) -> Incident:
    """Say that this service is not affected. Pages that were sent for it stay as they are."""
    require_responder(by)
    incident = locked(incident)
    if not incident.services.filter(pk=service.pk).exists():
        return incident
    incident.services.remove(service)
    _enter(incident, f"{service.name} is not affected", service, by, "removed")
    tell(incident, "incident.services_changed", removed=service.slug)
    return incident


def _enter(incident: Incident, text: str, service: Service, by: Person | None, what: str) -> None:
    timeline.add(incident=incident, kind="service", text=text, actor=by, data={what: service.slug})
