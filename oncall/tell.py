"""Telling one person what is no page: one short message, by the first contact method that is worth trying."""

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


def tell_person(
    person: Person, *, key: str, about: str, subject: str, text: str, url: str, not_before: datetime | None = None
) -> bool:
    """Have this person told once for each `key`; False where there is no way to reach them. `url` is a path of ours."""
    methods = methods_of(person) if person.is_active else []
    if not methods:
        log.warning("nobody_told", person_id=person.pk, about=about, reason="no contact method")
        return False
    message = {"kind": "notice", "subject": subject, "text": text, "url": absolute(url)}
    deliveries.enqueue_to(methods[0], dedup_key=key, about=about, message=message, next_at=not_before)
    return True


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
    """Have this person told about a schedule, as by `tell_person()`. `path`: what to look at, instead of the schedule.

    What concerns a time after their quiet hours waits for the end of these.
    """
    quiet = quiet_until(person.quiet_from, person.quiet_to, person.timezone, timezone.now())
    return tell_person(
        person,
        key=f"{key}:{person.pk}",
        about=f"schedule:{schedule.slug}",
        subject=subject,
        text="\n".join(line for line in [f"{subject}.", *lines] if line),
        url=path or ("/schedules/" if schedule.retired_at else f"/schedules/{schedule.slug}/"),
        not_before=quiet if quiet and concerns >= quiet else None,
    )


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
