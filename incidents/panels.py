"""The panels of an incident, from what was stored: they are drawn though the source has forgotten or is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from incidents.models import Incident, TimelineEntry
from telemetry.models import Snapshot
from telemetry.panels import Drawing, Mark, Trouble, draw, mark

MARKED = {"alert": "alert", "change": "change", "status": "status", "declared": "incident"}
MOST_ALERTS, MOST_OTHERS = 12, 24


@dataclass(frozen=True)
class Panels:
    """`drawing`: the panels with data, on one axis; `missing`: those without, and why."""

    drawing: Drawing | None
    missing: list[Snapshot]


def panels_of(incident: Incident, *, all_lines: bool = False) -> Panels:
    """Every panel kept for the incident, in four queries."""
    kept = list(Snapshot.objects.about(incident.subject).select_related("service").order_by("service", "id"))
    missing = [snapshot for snapshot in kept if not snapshot.has_data]
    if len(missing) == len(kept):
        return Panels(None, missing)
    drawing = draw(
        kept,
        key=str(incident.number),
        since=min(snapshot.since for snapshot in kept),
        until=max(snapshot.covers_until or snapshot.since for snapshot in kept),
        marks=_marks(incident),
        trouble=_trouble(incident),
        all_lines=all_lines,
    )
    return Panels(drawing, missing)


def _trouble(incident: Incident) -> Trouble:
    """From the first alert, or from when people say that the harm began; until it was over for those outside."""
    first: datetime | None = incident.alerts.aggregate(first=Min("starts_at"))["first"]
    began = min(incident.started_at, first) if first else incident.started_at
    return Trouble(began, incident.mitigated_at or incident.resolved_at)


def _marks(incident: Incident) -> list[Mark]:
    """The first alerts, which tell when it began, and the latest changes and moves."""
    alerts = incident.timeline.filter(kind="alert").order_by("at", "id")[:MOST_ALERTS]
    others = incident.timeline.filter(kind__in=set(MARKED) - {"alert"}).order_by("-at", "-id")[:MOST_OTHERS]
    return [_mark(entry) for entry in (*alerts, *others) if entry.at <= timezone.now()]


def _mark(entry: TimelineEntry) -> Mark:
    return mark(entry.at, MARKED[entry.kind], entry.text[:100])
