"""Fetching what snapshots ask for: leased, side by side, holding no transaction while the sources think."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import structlog
from django.db import transaction
from django.utils import timezone

from notifications import outbox
from notifications.http import Client
from notifications.leases import backoff, claim
from telemetry.answers import TIMEOUT, Answer, QueryError
from telemetry.asking import LARGEST_ANSWER, SOURCES
from telemetry.kept_steps import kept_steps
from telemetry.models import Snapshot
from telemetry.series import Line, has_points, lines, log_rows

log = structlog.get_logger(__name__)

AT_ONCE = 4  # an operator's Prometheus has other things to do during an incident
LEASE = timedelta(seconds=3 * TIMEOUT)
REFRESH = timedelta(seconds=60)
REFRESH_EMPTY = timedelta(seconds=15)  # a metric may begin with the trouble
SCRAPE_LAG = timedelta(seconds=30)  # the last sample of a window may come in late
GIVE_UP = timedelta(days=1)  # after its end, a snapshot that still cannot be had is left
WEEK = timedelta(days=7)

_fetching = Lock()  # one run in a process: a source that hangs holds up one thread of a worker, not all of them


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What came of one attempt: an answer up to `end` and that of a week before, or an error.

    `absent`: the source as a whole cannot be reached. `week_before` is None where it could not be had.
    """

    snapshot: Snapshot
    end: datetime
    answer: Answer = field(default_factory=Answer)
    week_before: list[Line] | None = None
    error: str = ""
    absent: bool = False


def fetch_due(*, limit: int = 40) -> int:
    """Fetch the snapshots that are due, oldest first; returns how many were tried.

    Where a whole batch finds nobody, the others wait for the next run.
    """
    if not _fetching.acquire(blocking=False):
        return 0
    try:
        return _fetch_batches(limit)
    finally:
        _fetching.release()


def _fetch_batches(limit: int) -> int:
    tried = 0
    while tried < limit:
        if not (claimed := claim(Snapshot.objects.all(), limit=AT_ONCE, lease=LEASE)):
            break
        tried += len(claimed)
        absent = 0
        for fetched in _fetch_all(claimed):
            _record(fetched)
            absent += fetched.absent
        if absent == len(claimed):
            break
    return tried


def _fetch_all(snapshots: list[Snapshot]) -> Iterator[Fetched]:
    """Outcomes as they come in. Threads touch the network only, never the database."""
    now = timezone.now()
    client = Client(timeout=TIMEOUT, max_bytes=LARGEST_ANSWER, allow_private=True)  # an address the operator chose
    with client, ThreadPoolExecutor(max_workers=len(snapshots)) as pool:
        for finished in as_completed([pool.submit(_fetch, client, snapshot, now) for snapshot in snapshots]):
            yield finished.result()


def _fetch(client: Client, snapshot: Snapshot, now: datetime) -> Fetched:
    source = SOURCES[snapshot.source]
    end = min(now, snapshot.until or now)
    since = min(snapshot.since, end)
    if not source.address:
        return Fetched(snapshot=snapshot, end=end, error=source.not_set)
    try:
        answer = source.ask(client, source.address, snapshot.query, since, end)
    except QueryError as error:
        return Fetched(snapshot=snapshot, end=end, error=str(error), absent=error.is_absence)
    before = _week_before(client, snapshot, since, end) if answer.logs is None else None
    return Fetched(snapshot=snapshot, end=end, answer=answer, week_before=before)


def _week_before(client: Client, snapshot: Snapshot, since: datetime, end: datetime) -> list[Line] | None:
    """The same window a week earlier, to compare with: that it cannot be had is no failure."""
    source = SOURCES[snapshot.source]
    try:
        return lines(source.ask(client, source.address, snapshot.query, since - WEEK, end - WEEK).series)
    except QueryError as error:
        log.info("week_before_failed", snapshot_id=snapshot.pk, about=snapshot.about, error=str(error))
        return None


@transaction.atomic
def _record(fetched: Fetched) -> None:
    row = Snapshot.objects.select_for_update().filter(pk=fetched.snapshot.pk).first()
    if row is None or (row.source, row.query) != (fetched.snapshot.source, fetched.snapshot.query):
        return  # its service is gone, or its panel asks something else by now, and is due for that
    if fetched.error:
        _record_failure(row, fetched.error)
    else:
        _record_success(row, fetched)


def _record_success(row: Snapshot, fetched: Fetched) -> None:
    first = row.covers_until is None
    _keep(row, fetched)
    row.steps = kept_steps(row.series, row.week_before)
    row.state, row.error, row.attempts = Snapshot.State.STORED, "", 0
    row.covers_until = fetched.end
    row.next_at = timezone.now() if row.since != fetched.snapshot.since else _next(row, fetched.end)
    row.save()
    if first and not row.is_look:
        outbox.emit("snapshot.stored", {"snapshot": row.pk, "about": row.about})


def _keep(row: Snapshot, fetched: Fetched) -> None:
    """What came in place of what was kept; nothing takes the place of something, for sources forget and we do not."""
    series, logs = lines(fetched.answer.series), fetched.answer.logs
    if has_points(series) or not has_points(row.series):
        row.series = series
    if logs is not None and (logs or not row.log_lines):
        row.log_lines = log_rows(logs)
    if fetched.week_before is not None and (has_points(fetched.week_before) or not row.week_before):
        row.week_before = fetched.week_before


def _next(row: Snapshot, end: datetime) -> datetime | None:
    """When to fetch again: every minute while it is open, once more after its end, then never."""
    if row.until is None:
        return end + (REFRESH if row.has_data else REFRESH_EMPTY)
    return min(end + REFRESH, row.until + SCRAPE_LAG) if end < row.until else None


def _record_failure(row: Snapshot, error: str) -> None:
    """Try again later, and tell of it once: for the first failure of a spell, and once for all panels alike."""
    news = row.state != Snapshot.State.FAILED and not row.is_look
    told = Snapshot.objects.about(row.about).filter(state=Snapshot.State.FAILED, error=error).exists()
    row.state, row.error = Snapshot.State.FAILED, error
    over = row.is_look or (row.until is not None and row.until + GIVE_UP < timezone.now())
    row.next_at = None if over or error == SOURCES[row.source].not_set else backoff(row.attempts)
    row.save()
    log.warning("snapshot_failed", snapshot_id=row.pk, about=row.about, error=error)
    if news and not told:
        outbox.emit("snapshot.failed", {"snapshot": row.pk, "about": row.about})
