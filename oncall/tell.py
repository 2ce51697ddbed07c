"""Telling somebody about their shifts: one short message, by the first contact method that works."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.utils import timezone

from notifications import deliveries
from notifications.links import absolute
from oncall.models import Person, Schedule
from oncall.paging.quiet import quiet_until
from oncall.paging.reach import methods_of
from oncall.rotas.coverage import Interval

log = structlog.get_logger(__name__)

MOST_NAMED = 10


def tell(
    person: Person,
    schedule: Schedule,
    *,
    key: str,
    subject: str,
    lines: Iterable[str],
    concerns: datetime,
    path: str = "",
) -> bool:
    """Have this person told, once for each `key`; False where nothing would reach them. `path`: what to look at.

    What concerns a time after their quiet hours waits for the end of these.
    """
    if not person.is_active or not (methods := methods_of(person)):
        log.info("untold_about_shifts", person_id=person.pk, key=key)
        return False
    message = {
        "subject": subject,
        "text": "\n".join(line for line in [f"{subject}.", *lines] if line),
        "url": absolute(path or ("/schedules/" if schedule.retired_at else f"/schedules/{schedule.slug}/")),
    }
    quiet = quiet_until(person.quiet_from, person.quiet_to, person.timezone, timezone.now())
    deliveries.enqueue(
        dedup_key=f"{key}:{person.pk}",
        about=f"schedule:{schedule.slug}",
        channel=methods[0].kind,
        address=methods[0].address,
        message=message,
        method=methods[0],
        next_at=quiet if quiet and concerns >= quiet else None,
    )
    return True


def spans(intervals: Iterable[Interval], person: Person) -> list[str]:
    """Intervals as lines, in the reader's own zone, which the last line names."""
    intervals = list(intervals)
    lines = [f"· {span(interval, person)}" for interval in intervals[:MOST_NAMED]]
    if len(intervals) > MOST_NAMED:
        lines.append(f"· and {len(intervals) - MOST_NAMED} more")
    return [*lines, f"(times in {person.timezone})"] if lines else []


def span(interval: Interval, person: Person) -> str:
    """Mon 08 Jun 2026 09:00 – Tue 09 Jun 2026 09:00, in the reader's own zone."""
    zone = ZoneInfo(person.timezone)
    return f"{_local(interval.start, zone)} – {_local(interval.end, zone)}"


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %d %b %Y %H:%M}"
