"""Fetching what snapshots ask for: leased, side by side, holding no transaction while Prometheus thinks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications import outbox
from notifications.http import Client
from notifications.leases import backoff, claim
from telemetry.kept_steps import kept_steps
from telemetry.models import Snapshot
from telemetry.prometheus import TIMEOUT, PrometheusError, query_range
from telemetry.series import Line, has_points, lines

log = structlog.get_logger(__name__)

AT_ONCE = 4  # an operator's Prometheus has other things to do during an incident
LEASE = timedelta(seconds=3 * TIMEOUT)
REFRESH = timedelta(seconds=60)
REFRESH_EMPTY = timedelta(seconds=15)  # a metric may begin with the trouble
SCRAPE_LAG = timedelta(seconds=30)  # the last sample of a window may come in late
GIVE_UP = timedelta(days=1)  # after its end, a snapshot that still cannot be had is left
LARGEST_ANSWER = 20_000_000  # bytes; a Prometheus before 2.54 ignores the limit on series
NOT_SET = "PROMETHEUS_URL is not set: set it to your Prometheus's address, such as http://prometheus:9090."


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What came of one attempt: lines up to `end`, or an error."""

    snapshot: Snapshot
    end: datetime
    lines: list[Line] = field(default_factory=list)
    error: str = ""


def fetch_due(*, limit: int = 40) -> int:
    """Fetch the snapshots that are due, oldest first; returns how many were tried."""
    tried = 0
    while tried < limit:
        if not (claimed := claim(Snapshot.objects.all(), limit=AT_ONCE, lease=LEASE)):
            break
        for fetched in _fetch_all(claimed):
            _record(fetched)
        tried += len(claimed)
    return tried


def _fetch_all(snapshots: list[Snapshot]) -> Iterator[Fetched]:
    """Outcomes as they come in. Threads touch the network only, never the database."""
    now = timezone.now()
    if not settings.PROMETHEUS_URL:
        yield from (Fetched(snapshot=snapshot, end=now, error=NOT_SET) for snapshot in snapshots)
        return
    client = Client(timeout=TIMEOUT, max_bytes=LARGEST_ANSWER, allow_private=True)  # an address the operator chose
    with client, ThreadPoolExecutor(max_workers=len(snapshots)) as pool:
        for finished in as_completed([pool.submit(_fetch, client, snapshot, now) for snapshot in snapshots]):
            yield finished.result()


def _fetch(client: Client, snapshot: Snapshot, now: datetime) -> Fetched:
    end = min(now, snapshot.until or now)
    try:
        answer = query_range(client, settings.PROMETHEUS_URL, snapshot.query, min(snapshot.since, end), end)
    except PrometheusError as error:
        return Fetched(snapshot=snapshot, end=end, error=str(error))
    return Fetched(snapshot=snapshot, end=end, lines=lines(answer))


@transaction.atomic
def _record(fetched: Fetched) -> None:
    row = Snapshot.objects.select_for_update().filter(pk=fetched.snapshot.pk).first()
    if row is None:
        return  # its service is gone
    if fetched.error:
        _record_failure(row, fetched.error)
    else:
        _record_success(row, fetched)


def _record_success(row: Snapshot, fetched: Fetched) -> None:
    first = row.covers_until is None
    if has_points(fetched.lines) or not has_points(row.series):  # Prometheus forgets; we do not
        row.series = fetched.lines
    row.steps = kept_steps(row.series, row.week_before)
    row.state, row.error, row.attempts = Snapshot.State.STORED, "", 0
    row.covers_until = fetched.end
    asked_otherwise = (row.since, row.query) != (fetched.snapshot.since, fetched.snapshot.query)
    row.next_at = timezone.now() if asked_otherwise else _next(row, fetched.end)
    row.save()
    if first and not row.is_look:
        outbox.emit("snapshot.stored", {"snapshot": row.pk, "about": row.about})


def _next(row: Snapshot, end: datetime) -> datetime | None:
    """When to fetch again: every minute while it is open, once more after its end, then never."""
    if row.until is None:
        return end + (REFRESH if has_points(row.series) else REFRESH_EMPTY)
    return min(end + REFRESH, row.until + SCRAPE_LAG) if end < row.until else None


def _record_failure(row: Snapshot, error: str) -> None:
    """Try again later, and tell of it once: for the first failure of a spell, and once for all panels alike."""
    news = row.state != Snapshot.State.FAILED and not row.is_look
    told = Snapshot.objects.about(row.about).filter(state=Snapshot.State.FAILED, error=error).exists()
    row.state, row.error = Snapshot.State.FAILED, error
    over = row.is_look or (row.until is not None and row.until + GIVE_UP < timezone.now())
    row.next_at = None if over or error == NOT_SET else backoff(row.attempts)
    row.save()
    log.warning("snapshot_failed", snapshot_id=row.pk, about=row.about, error=error)
    if news and not told:
        outbox.emit("snapshot.failed", {"snapshot": row.pk, "about": row.about})
