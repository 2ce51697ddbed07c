"""The metric panels of an incident, from what was stored: they are drawn though the source has forgotten or is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.models import Incident, TimelineEntry
from telemetry.models import Snapshot
from telemetry.panels import Mark, PanelJson, mark, panels_json
from telemetry.series import has_points

MARKED = {"alert": "alert", "change": "change", "status": "status", "declared": "status"}
MOST_MARKS = 12


@dataclass(frozen=True)
class Panels:
    """`drawn`: for static/js/panels.js; `marked`: what its marks stand for; `missing`: panels without data, and why."""

    drawn: list[PanelJson]
    marked: list[TimelineEntry]
    missing: list[Snapshot]


def panels_of(incident: Incident) -> Panels:
    """Every panel kept for the incident, in two queries."""
    kept = list(Snapshot.objects.about(incident.subject).select_related("service").order_by("service", "id"))
    seen = [snapshot for snapshot in kept if has_points(snapshot.series)]
    marked = _marked(incident) if seen else []
    return Panels(_drawn(seen, map(_mark, marked)), marked, [snapshot for snapshot in kept if snapshot not in seen])


def _drawn(seen: list[Snapshot], marks: Iterable[Mark]) -> list[PanelJson]:
    """Where several services are affected, names say whose panel it is."""
    panels = panels_json(seen, changes=marks)
    if len({snapshot.service_id for snapshot in seen}) > 1:
        for panel, snapshot in zip(panels, seen, strict=True):
            panel["name"] = f"{snapshot.name} · {snapshot.service}"
    return panels


def _marked(incident: Incident) -> list[TimelineEntry]:
    """The latest changes, alerts and moves, the newest last."""
    return list(incident.timeline.filter(kind__in=MARKED).order_by("-at", "-id")[:MOST_MARKS])[::-1]


def _mark(entry: TimelineEntry) -> Mark:
    return mark(entry.at, MARKED[entry.kind], entry.text[:80])
