"""Remarks that a program made through the generic sender."""

from __future__ import annotations

import hashlib

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from incidents import timeline
from incidents.models import Incident
from notifications.models import Event, Integration
from oncall.catalogue import find_service


def enter_note(event: Event) -> None:
    """Enter it on the open incidents of the service it speaks of. The payload is `changes.events.Note`."""
    told = event.payload
    integration = Integration.objects.filter(pk=told["integration"]).first()
    service = find_service(told["service_hint"] or "", "", integration)
    if service is None:
        return
    now = timezone.now()
    identity = hashlib.sha256(told["external_id"].encode()).hexdigest()
    for incident in Incident.objects.open().filter(services=service):
        timeline.add(
            incident=incident,
            kind="note",
            text=told["text"],
            at=min(parse_datetime(told["occurred_at"]) or now, now),
            source=integration.source if integration else "event",
            actor_name=told["actor"],
            data={"service": service.slug} | ({"url": told["url"]} if told["url"] else {}),
            dedup_key=f"note:{told['integration'] or 0}:{identity}",
        )
