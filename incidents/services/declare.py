"""Pulling the cord: declaring an incident."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from incidents import timeline
from incidents.models import Incident, Participant
from incidents.services.callout import call_out
from incidents.services.common import LONGEST_SUMMARY, choice, moment, tell, words
from incidents.severity import SEVERITIES
from notifications.errors import Conflict, InvalidInput
from notifications.numbers import next_number
from oncall.models import Person, Service


@transaction.atomic
def declare(
    *,
    title: str,
    severity: str = "sev3",
    services: Iterable[Service] = (),
    summary: str = "",
    started_at: datetime | None = None,
    detected_at: datetime | None = None,
    private: bool = False,
    practice: bool = False,
    dedup_key: str = "",
    source: str = "web",
    by: Person | None = None,
    by_name: str = "",
) -> tuple[Incident, bool]:
    """Declare an incident and page for its services; returns it and whether it is new.

    While an incident with the same `dedup_key` is open, that one is returned and nothing changes. Anybody may
    declare. `by` is None for alerts and for people without an account, who are named in `by_name`.
    Raises `InvalidInput` by field, and `Conflict` where the key belongs to an incident that `by` may not see.
    """
    fields = {
        "title": words("title", title, most=200),
        "severity": choice("severity", severity, list(SEVERITIES)),
        "summary": words("summary", summary, most=LONGEST_SUMMARY, required=False),
        "source": choice("source", source, Incident.Source.values),
        "dedup_key": words("dedup_key", dedup_key, most=200, required=False),
        "private": private,
        "practice": practice,
        "declared_by": by,
        "declared_by_name": words("by_name", by_name, most=100, required=False),
    } | _times(started_at, detected_at)
    key = str(fields["dedup_key"])
    if existing := _open_with(key, by):
        return existing, False
    try:
        with transaction.atomic():
            return _declare(fields, list(services)), True
    except IntegrityError:  # another declared the same at the same moment, and was first
        if existing := _open_with(key, by):
            return existing, False
        raise


def _times(started_at: datetime | None, detected_at: datetime | None) -> dict[str, datetime]:
    started = moment("started_at", started_at) if started_at else None
    detected = moment("detected_at", detected_at)
    if started and started > detected:
        raise InvalidInput(
            detected_at=f"{detected:%Y-%m-%d %H:%M:%S} UTC is before the start of the harm: it cannot have been"
            " noticed before it began."
        )
    return {
        "started_at": started or detected,
        "detected_at": detected,
        "declared_at": timezone.now() if detected_at else detected,
    }


def _open_with(dedup_key: str, by: Person | None) -> Incident | None:
    incident = Incident.objects.open().filter(dedup_key=dedup_key).first() if dedup_key else None
    if incident and by and not Incident.objects.visible_to(by).filter(pk=incident.pk).exists():
        raise Conflict(f"The dedup_key {dedup_key!r} belongs to another open incident: take another key.")
    return incident


def _declare(fields: dict[str, Any], services: list[Service]) -> Incident:
    incident = Incident(number=next_number("incident"), **fields)
    asked = SEVERITIES[incident.severity].update_minutes
    incident.next_update_due_at = incident.declared_at + timedelta(minutes=asked) if asked else None
    incident.save(force_insert=True)
    incident.services.set(services)
    if incident.declared_by:
        Participant.objects.create(incident=incident, person=incident.declared_by, how=Participant.How.DECLARED)
    _enter(incident, services)
    call_out(incident, by=incident.declared_by)
    tell(incident, "incident.declared")
    return incident


def _enter(incident: Incident, services: list[Service]) -> None:
    where = f" on {', '.join(sorted(service.name for service in services))}" if services else ""
    practice = "practice " if incident.practice else ""
    timeline.add(
        incident=incident,
        kind="declared",
        text=f"Declared a {practice}{incident.get_severity_display()}{where}: {incident.title}",
        at=incident.declared_at,
        source=incident.source,
        actor=incident.declared_by,
        actor_name=incident.declared_by_name,
        data={"severity": incident.severity, "services": [service.slug for service in services]},
        dedup_key="declared",
    )
