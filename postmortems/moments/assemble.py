"""From a post-mortem to its picture: moments, milestones and panels of what the viewer may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from incidents.models import Incident
from oncall.models import Person
from postmortems.models import Postmortem
from postmortems.moments.axis import figures
from postmortems.moments.figure import Figure, Lane, Milestone, Moment, Panel
from postmortems.timeline import Timeline, Told
from telemetry.models import Snapshot

MILESTONES = {
    "Started": "started_at",
    "Detected": "detected_at",
    "Mitigated": "mitigated_at",
    "Resolved": "resolved_at",
}
PANELS = 8
"""More of them make no picture; the rooms have them all."""
LABEL = 90


def assemble(postmortem: Postmortem, timeline: Timeline, user: Person | Any, zone: tzinfo) -> list[Figure]:
    """The pictures of the timeline in this zone, one for each group of incidents that are near in time; two queries."""
    incidents = list(Incident.objects.visible_to(user).filter(postmortems=postmortem).order_by("started_at", "id"))
    if not timeline.moments:
        return []
    lanes = [_lane(incident, timeline.moments, zone) for incident in incidents]
    if own := [told for told in timeline.moments if told.incident is None]:
        lanes.append(Lane("", [_moment(told, zone) for told in own]))
    return figures(lanes, panels_of(incidents))


def _lane(incident: Incident, moments: Iterable[Told], zone: tzinfo) -> Lane:
    drawn = [_moment(told, zone) for told in moments if told.incident == incident]
    times = [(label, getattr(incident, name)) for label, name in MILESTONES.items()]
    milestones = [Milestone(at.astimezone(zone), label) for label, at in times if at]
    core = milestones[0].at, max(milestone.at for milestone in milestones)
    return Lane(str(incident), drawn, milestones, core)


def _moment(told: Told, zone: tzinfo) -> Moment:
    label = " ".join(told.text.split())[:LABEL]
    return Moment(told.at.astimezone(zone), told.phase_name, told.kind, label, told.number)


def panels_of(incidents: Iterable[Incident], *, until: datetime | None = None) -> list[Panel]:
    """What was kept of their metrics, a panel of one name and service once; nothing after `until`."""
    kept = Snapshot.objects.filter(about__in=[incident.subject for incident in incidents]).select_related("service")
    merged: dict[tuple[int, str], tuple[Snapshot, dict[str, dict[float, float | None]]]] = {}
    for snapshot in kept.order_by("service", "id"):
        _, lines = merged.setdefault((snapshot.service_id, snapshot.name), (snapshot, {}))
        for line in snapshot.series:
            points = lines.setdefault(line["label"], {})
            points.update((at, value) for at, value in line["points"] if not until or at <= until.timestamp())
    shown = [one for one in merged.values() if any(one[1].values())][:PANELS]
    several = len({snapshot.service_id for snapshot, _ in shown}) > 1
    return [
        Panel(
            f"{snapshot.name} · {snapshot.service}" if several else snapshot.name,
            snapshot.unit,
            [(label, sorted(points.items())) for label, points in lines.items()],
        )
        for snapshot, lines in shown
    ]
