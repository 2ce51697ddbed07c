"""Asking for snapshots of a service's panels. `telemetry.fetching` goes and gets them.

`about` names who asks: `incident:42` for what is kept for good, `service:checkout:1h` for a look at a service.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications.nudge import nudge
from oncall.models import Panel, Service
from telemetry.fetching import SCRAPE_LAG, fetch_due
from telemetry.models import Snapshot
from telemetry.prometheus import fill
from telemetry.windows import WINDOWS

__all__ = ["extend_until", "fetch_due", "forget_looks", "look", "request"]

FRESH = timedelta(seconds=60)  # a look that is younger is not asked for again
LOOKS_KEPT = timedelta(days=1)


@transaction.atomic
def request(*, service: Service, about: str, since: datetime) -> list[Snapshot]:
    """Have every panel of the service kept from `since` on, until `extend_until` says when it ends.

    Asking again is harmless, and reaches further back where `since` is earlier.
    """
    snapshots = _wanted(service, about, since, None)
    for snapshot in snapshots:
        if since < snapshot.since:
            snapshot.since, snapshot.next_at = since, timezone.now()
            snapshot.save(update_fields=["since", "next_at"])
    nudge("telemetry.tasks.fetch_snapshots")
    return snapshots


@transaction.atomic
def extend_until(*, about: str, until: datetime | None) -> int:
    """Let the snapshots about this end at `until`; None leaves them open again. Returns how many there are."""
    due = max(timezone.now(), until + SCRAPE_LAG) if until else timezone.now()
    return Snapshot.objects.about(about).update(until=until, next_at=due)


@transaction.atomic
def look(*, service: Service, window: str) -> list[Snapshot]:
    """The service's panels over a window of `WINDOWS` that ends now: what was fetched last, asked for again when old.

    The network is not touched here: state tells whether there is something to see yet.
    """
    about, now = f"service:{service.slug}:{window}", timezone.now()
    snapshots = _wanted(service, about, now - WINDOWS[window], now)
    for snapshot in snapshots:
        if snapshot.next_at is None and snapshot.until and snapshot.until < now - FRESH:
            snapshot.since, snapshot.until, snapshot.next_at = now - WINDOWS[window], now, now
            snapshot.save(update_fields=["since", "until", "next_at"])
    nudge("telemetry.tasks.fetch_snapshots")
    return snapshots


def forget_looks() -> int:
    """Drop the looks at services that nobody has taken for a day; what an incident keeps stays."""
    old = Snapshot.objects.filter(about__startswith="service:", until__lt=timezone.now() - LOOKS_KEPT)
    return old.delete()[0]


def _wanted(service: Service, about: str, since: datetime, until: datetime | None) -> list[Snapshot]:
    """A snapshot for each panel: made where there is none, asked for again where what it asks has changed."""
    known = {snapshot.name: snapshot for snapshot in Snapshot.objects.filter(about=about, service=service)}
    wanted = []
    for panel in service.panels.all():
        query = fill(panel.query, service=service.slug, environment=service.environment)
        asked = {"query": query, "unit": panel.unit}
        snapshot = known.get(panel.name) or _made(service, about, panel, asked | {"since": since, "until": until})
        if (snapshot.query, snapshot.unit) != (query, panel.unit):
            snapshot.query, snapshot.unit, snapshot.next_at = query, panel.unit, timezone.now()
            snapshot.save(update_fields=["query", "unit", "next_at"])
        wanted.append(snapshot)
    return wanted


def _made(service: Service, about: str, panel: Panel, fields: dict[str, Any]) -> Snapshot:
    """New, or what somebody else has just made."""
    snapshot, _ = Snapshot.objects.get_or_create(about=about, service=service, name=panel.name, defaults=fields)
    return snapshot
