"""What the metrics looked like: asked for on declaration, kept until a while after the end."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from incidents import timeline
from incidents.handlers.subject import incident_about, incident_of
from notifications.models import Event
from telemetry import snapshots
from telemetry.models import Snapshot

BEFORE = timedelta(hours=1)
AFTER = timedelta(minutes=10)


def request_snapshots(event: Event) -> None:
    """Ask for the panels of every affected service, from an hour before the harm began."""
    incident = incident_of(event)
    since = incident.started_at - BEFORE
    for service in incident.services.all():
        snapshots.request(service=service, about=incident.subject, since=since)
    if not incident.is_open:
        settle_snapshots(event)


def settle_snapshots(event: Event) -> None:
    """End them ten minutes after the end of the incident; a reopened one goes on."""
    incident = incident_of(event)
    ended = incident.resolved_at or incident.closed_at or timezone.now()
    snapshots.extend_until(about=incident.subject, until=None if incident.is_open else ended + AFTER)


def enter_snapshot(event: Event) -> None:
    """Say once that metrics are kept, and once that they could not be fetched, and why."""
    incident = incident_about(event.payload["about"])
    snapshot = Snapshot.objects.filter(pk=event.payload["snapshot"]).select_related("service").first()
    if incident is None or snapshot is None:
        return
    stored = event.type == "snapshot.stored"
    since = f"from {snapshot.since:%H:%M} UTC"
    timeline.add(
        incident=incident,
        kind="telemetry",
        text=f"Metrics are kept {since} on"
        if stored
        else f"Metrics could not be fetched ({snapshot.name} of {snapshot.service}): {snapshot.error}",
        at=event.at,
        data={"state": "stored" if stored else "failed", "snapshot": snapshot.pk},
        dedup_key="snapshot:stored" if stored else "snapshot:failed",
    )
