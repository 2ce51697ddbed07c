"""Finding the incident that an event speaks of."""

from __future__ import annotations

from datetime import datetime

from django.utils.dateparse import parse_datetime

from incidents.models import Incident
from notifications.models import Event


def incident_about(subject: str) -> Incident | None:
    """The incident named `incident:42`; None where the subject is something else."""
    kind, _, number = subject.partition(":")
    return Incident.objects.filter(number=number).first() if kind == "incident" and number.isdigit() else None


def incident_of(event: Event) -> Incident:
    """The incident of one of our own events."""
    return Incident.objects.get(number=event.payload["incident"])


def moment_of(event: Event) -> datetime:
    """When it happened: as the event says, else when it was told."""
    told = event.payload.get("at")
    return (parse_datetime(told) if told else None) or event.at
