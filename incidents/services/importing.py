"""Incidents of the past, brought in from elsewhere: they are over, so nobody is paged, asked or told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from incidents import timeline
from incidents.models import Incident, TimelineEntry
from incidents.services.common import choice, moment, words
from incidents.severity import SEVERITIES
from notifications.numbers import next_number
from oncall.models import Person, Service
from oncall.permissions import require_administrator

SOURCE = Incident.Source.IMPORT
_SAID = {"started_at": "Began", "detected_at": "Noticed", "mitigated_at": "Mitigated", "resolved_at": "Resolved"}


@transaction.atomic
def import_incident(
    *,
    title: str,
    started_at: datetime,
    resolved_at: datetime,
    detected_at: datetime | None = None,
    mitigated_at: datetime | None = None,
    severity: str = "sev3",
    services: Iterable[Service] = (),
    by: Person | None = None,
) -> Incident:
    """A closed incident with the moments that are known on its timeline. No event tells of it.

    Where its detection is not known it is taken to have been noticed as it began, and mitigated as it ended.
    Raises `InvalidInput` by field for times that are to come or out of order.
    """
    require_administrator(by)
    known = {"started_at": moment("started_at", started_at)}
    for name, at in (("detected_at", detected_at), ("mitigated_at", mitigated_at), ("resolved_at", resolved_at)):
        if at:
            known[name] = moment(name, at, not_before=known["started_at"])
    end = known["resolved_at"]
    incident = Incident.objects.create(
        number=next_number("incident"),
        title=words("title", title, most=200),
        severity=choice("severity", severity, list(SEVERITIES)),
        status="closed",
        source=SOURCE,
        declared_by=by,
        declared_at=known.get("detected_at", known["started_at"]),
        closed_at=end,
        **{"detected_at": known["started_at"], "mitigated_at": end} | known,
    )
    incident.services.set(services)
    entries = [
        TimelineEntry(kind="system", text=_SAID[name], at=at, recorded_at=at, source=SOURCE, dedup_key=f"import:{name}")
        for name, at in known.items()
    ]
    timeline.add_many(incident=incident, entries=entries)
    return incident
