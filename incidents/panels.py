"""The metric panels of an incident, from what was stored: they are drawn though the source has forgotten or is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from incidents.models import Incident
from telemetry.models import Snapshot

MARKED = {"alert": "alert", "change": "change", "status": "status", "declared": "status"}
MOST_MARKS = 12


@dataclass(frozen=True)
class Panels:
    """`drawn`: for static/js/panels.js, on one axis with its marks; `missing`: those without data, and why."""

    drawn: list[dict[str, Any]]
    missing: list[Snapshot]


def panels_of(incident: Incident) -> Panels:
    """Every panel kept for the incident, in two queries. Where several services are affected, names say whose."""
    snapshots = list(Snapshot.objects.about(incident.subject).select_related("service").order_by("service", "id"))
    several = len({snapshot.service_id for snapshot in snapshots}) > 1
    marks = _marks(incident) if snapshots else []
    return Panels(
        drawn=[_drawn(one, several, marks) for one in snapshots if one.series],
        missing=[one for one in snapshots if not one.series],
    )


def _drawn(snapshot: Snapshot, several: bool, marks: list[dict[str, Any]]) -> dict[str, Any]:
    name = f"{snapshot.name} · {snapshot.service}" if several else snapshot.name
    return {"name": name, "unit": snapshot.unit, "series": snapshot.series, "before": None, "marks": marks}


def _marks(incident: Incident) -> list[dict[str, Any]]:
    """The latest changes, alerts and moves, the newest last; epoch seconds."""
    entries = incident.timeline.filter(kind__in=MARKED).order_by("-at", "-id")[:MOST_MARKS]
    return [
        {"t": int(entry.at.timestamp()), "kind": MARKED[entry.kind], "label": entry.text[:80]}
        for entry in reversed(entries)
    ]
