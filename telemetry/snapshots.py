"""Asking for snapshots of a service's panels. `telemetry.fetching` goes and gets them.

`about` names who asks: `incident:42` for what is kept for good, `service:checkout:1h` for a look at a service.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from notifications.nudge import nudge
from oncall.models import Service
from telemetry.fetching import SCRAPE_LAG, fetch_due
from telemetry.models import Snapshot
from telemetry.panel_sets import Wanted, panels_for
from telemetry.windows import WINDOWS, Window, window_called

__all__ = ["extend_until", "fetch_due", "forget_looks", "look", "look_through", "request"]

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


def look(*, service: Service, window: str) -> list[Snapshot]:
    """The service's panels over one of `WINDOWS`, as `look_through` gives them."""
    return look_through(service=service, window=window_called(window))


@transaction.atomic
def look_through(*, service: Service, window: Window) -> list[Snapshot]:
    """The service's panels over a window: what was fetched last, asked for again when old or missing.

    The network is not touched here: state tells whether there is something to see yet.
    """
    about, now = f"service:{service.slug}:{window.name}", timezone.now()
    snapshots = _wanted(service, about, window.since, window.until)
    for snapshot in snapshots:
        if snapshot.next_at is None and _is_old(snapshot, now):
            snapshot.since, snapshot.until, snapshot.next_at = window.since, window.until, now
            snapshot.asked_at = now
            snapshot.save(update_fields=["since", "until", "next_at", "asked_at"])
    if any(snapshot.next_at for snapshot in snapshots):
        nudge("telemetry.tasks.fetch_snapshots")
    return snapshots


def forget_looks() -> int:
    """Drop the looks at services that nobody has taken for a day; what an incident keeps stays."""
    taken = Snapshot.objects.filter(about__startswith="service:").annotate(
        taken_at=Greatest(Coalesce("asked_at", "until"), "until")
    )
    return taken.filter(taken_at__lt=timezone.now() - LOOKS_KEPT).delete()[0]


def _is_old(snapshot: Snapshot, now: datetime) -> bool:
    """A window that ends now has gone on; any look that failed may succeed now."""
    moves = snapshot.about.rpartition(":")[2] in WINDOWS
    taken = snapshot.until if moves else snapshot.asked_at
    return (moves or snapshot.state == Snapshot.State.FAILED) and (taken is None or taken < now - FRESH)


def _wanted(service: Service, about: str, since: datetime, until: datetime | None) -> list[Snapshot]:
    """A snapshot for each panel: made where there is none, asked for anew where what it asks has changed."""
    known = {snapshot.name: snapshot for snapshot in Snapshot.objects.filter(about=about, service=service)}
    snapshots = []
    for panel in panels_for(service):
        snapshot = known.get(panel.name) or _made(service, about, panel, since, until)
        _ask_for(snapshot, panel)
        snapshots.append(snapshot)
    return snapshots


def _made(service: Service, about: str, panel: Wanted, since: datetime, until: datetime | None) -> Snapshot:
    """New, or what somebody else has just made."""
    fields = {"source": panel.source, "query": panel.query, "unit": panel.unit, "since": since, "until": until}
    snapshot, _ = Snapshot.objects.get_or_create(about=about, service=service, name=panel.name, defaults=fields)
    return snapshot


def _ask_for(snapshot: Snapshot, panel: Wanted) -> None:
    """What was kept for another query would be wrong under this one."""
    if (snapshot.source, snapshot.query) != (panel.source, panel.query):
        snapshot.source, snapshot.query, snapshot.next_at = panel.source, panel.query, timezone.now()
        snapshot.series, snapshot.week_before, snapshot.log_lines, snapshot.steps = [], None, None, None
        snapshot.state, snapshot.error, snapshot.unit = Snapshot.State.WAITING, "", panel.unit
        snapshot.save()
    elif snapshot.unit != panel.unit:
        snapshot.unit = panel.unit
        snapshot.save(update_fields=["unit"])
