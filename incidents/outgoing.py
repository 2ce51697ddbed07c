"""Incidents as outsiders are told of them (config/outgoing.py): thin, stable, with the address to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat

from incidents.models import Incident, Update
from notifications.links import absolute
from notifications.models import Event


def tell(events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    """The incident as it stands now, when it happened, and what this event adds."""
    numbers = {event.payload["incident"] for event in events}
    found = Incident.objects.filter(number__in=numbers).select_related("merged_into").prefetch_related("services")
    incidents = {incident.number: incident for incident in found}
    updates = Update.objects.in_bulk([event.payload["update"] for event in events if "update" in event.payload])
    return {
        event.pk: _incident(incidents[number], event) | _more(event, updates)
        for event in events
        if (number := event.payload["incident"]) in incidents
    }


def visible(events: QuerySet[Event], person: Any) -> QuerySet[Event]:
    """Without the events of private incidents that this person takes no part in, and without pages about them."""
    hidden = Incident.objects.hidden_from(person) if person else Incident.objects.filter(private=True)
    numbers: Any = hidden.annotate(text=Cast("number", CharField())).values("text")
    subjects: Any = hidden.annotate(text=Concat(Value("incident:"), Cast("number", CharField()))).values("text")
    named = events.alias(of_incident=KT("payload__incident"), about=KT("payload__about"))
    return named.exclude(type__startswith="incident.", of_incident__in=numbers).exclude(
        type__startswith="page.", about__in=subjects
    )


def _incident(incident: Incident, event: Event) -> dict[str, Any]:
    merged = incident.merged_into
    return {
        "number": incident.number,
        "title": incident.title,
        "status": incident.status,
        "severity": incident.severity,
        "services": sorted(service.slug for service in incident.services.all()),
        "practice": incident.practice,
        "merged_into": merged.number if merged and not merged.private else None,
        "url": absolute(incident.get_absolute_url()),
        "at": event.payload.get("at") or event.at.isoformat(),
    }


def _more(event: Event, updates: dict[int, Update]) -> dict[str, Any]:
    more = {name: event.payload[name] for name in ("from", "to", "role", "due_at") if name in event.payload}
    if update := updates.get(event.payload.get("update", 0)):
        more["update"] = {"id": update.pk, "text": update.text, "status": update.status}
    return more
