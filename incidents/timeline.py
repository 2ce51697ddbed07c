"""Writing on an incident's timeline. Whoever has something to tell comes through here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from incidents.models import Incident, TimelineEntry
from notifications import live
from oncall.models import Person


@transaction.atomic
def add(
    *,
    incident: Incident,
    kind: str,
    text: str,
    at: datetime | None = None,
    source: str = "andon",
    actor: Person | None = None,
    actor_name: str = "",
    data: dict[str, Any] | None = None,
    dedup_key: str | None = None,
) -> TimelineEntry:
    """Enter what happened at `at` (now, if not told). The same `dedup_key` again is the entry that stands there.

    Open pages of the room are told once the surrounding transaction commits.
    """
    entry = TimelineEntry(
        incident=incident,
        kind=kind,
        text=text,
        at=at or timezone.now(),
        source=source[:20],
        actor=actor,
        actor_name=actor_name[:200],
        data=data or {},
        dedup_key=dedup_key,
    )
    if dedup_key is None:
        entry.save()
    else:
        TimelineEntry.objects.bulk_create([entry], ignore_conflicts=True)
        entry = TimelineEntry.objects.get(incident=incident, dedup_key=dedup_key)
    live.publish(incident.subject)
    return entry


@transaction.atomic
def add_many(*, incident: Incident, entries: Sequence[TimelineEntry]) -> None:
    """Enter these, filled in but for their incident, by one statement; what stands there already stays as it is."""
    if not entries:
        return
    for entry in entries:
        entry.incident = incident
    TimelineEntry.objects.bulk_create(entries, ignore_conflicts=True)
    live.publish(incident.subject)
