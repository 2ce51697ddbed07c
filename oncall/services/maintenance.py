"""Maintenance windows: planned, changed, ended early or cancelled. What they hold back is `telemetry.holding`'s."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from notifications import outbox
from notifications.durations import words
from notifications.errors import Conflict
from oncall.models import Maintenance, Person, Service
from oncall.permissions import require_responder
from oncall.services.findings import Findings

LONGEST = timedelta(days=30)


@transaction.atomic
def plan_maintenance(
    *, services: Iterable[Service], start: datetime, end: datetime, reason: str, by: Person | None
) -> Maintenance:
    """These services are worked on in [start, end); a start that has passed means now. Raises InvalidInput."""
    require_responder(by)
    now = timezone.now()
    named = list(dict.fromkeys(services))
    start = max(start, now)
    reason = _checked(named, start, end, reason, now)
    maintenance = Maintenance.objects.create(start=start, end=end, reason=reason, created_by=by)
    maintenance.services.set(named)
    _tell("maintenance.planned", maintenance)
    return maintenance


@transaction.atomic
def change_maintenance(
    *,
    maintenance: Maintenance,
    services: Iterable[Service] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    reason: str | None = None,
    by: Person | None,
) -> Maintenance:
    """Change what is given. Alerts of a service that is taken out, or of a window cut short, page as if just received.

    Raises InvalidInput, and Conflict once the window is over.
    """
    require_responder(by)
    now = timezone.now()
    maintenance = _lock(maintenance, now)
    named = list(maintenance.services.all()) if services is None else list(dict.fromkeys(services))
    start = _new_start(maintenance, start, now)
    maintenance.reason = _checked(
        named, start, end or maintenance.end, maintenance.reason if reason is None else reason, now
    )
    maintenance.start, maintenance.end = start, end or maintenance.end
    maintenance.save()
    maintenance.services.set(named)
    _tell("maintenance.changed", maintenance)
    return maintenance


@transaction.atomic
def end_maintenance(*, maintenance: Maintenance, by: Person | None) -> Maintenance:
    """It is over now; what still fires pages. Raises Conflict where it has not begun, or is over."""
    require_responder(by)
    now = timezone.now()
    maintenance = _lock(maintenance, now)
    if maintenance.start > now:
        raise Conflict("This maintenance has not begun; cancel it instead.")
    maintenance.end = max(now, maintenance.start + timedelta(microseconds=1))
    maintenance.save(update_fields=["end"])
    _tell("maintenance.ended", maintenance)
    return maintenance


@transaction.atomic
def cancel_maintenance(*, maintenance: Maintenance, by: Person | None) -> None:
    """It is not to be. Raises Conflict once it has begun."""
    require_responder(by)
    now = timezone.now()
    maintenance = _lock(maintenance, now)
    if maintenance.start <= now:
        raise Conflict("This maintenance has begun, and is on record; end it instead.")
    _tell("maintenance.cancelled", maintenance)
    maintenance.delete()


def end_or_cancel(*, maintenance: Maintenance, by: Person | None) -> None:
    """What one means who wants it gone: over now if it has begun, else not to be. Raises Conflict once it is over."""
    if maintenance.start <= timezone.now():
        end_maintenance(maintenance=maintenance, by=by)
    else:
        cancel_maintenance(maintenance=maintenance, by=by)


def _lock(maintenance: Maintenance, now: datetime) -> Maintenance:
    """As it stands now, held until the transaction ends. Raises Conflict where it is over."""
    found = Maintenance.objects.select_for_update().filter(pk=maintenance.pk).first()
    if found is None:
        raise Conflict("This maintenance was cancelled meanwhile; plan another.")
    if found.end <= now:
        raise Conflict("This maintenance is over, and on record; plan another.")
    return found


def _new_start(maintenance: Maintenance, wanted: datetime | None, now: datetime) -> datetime:
    if wanted is None or wanted == maintenance.start:
        return maintenance.start
    if maintenance.start <= now:
        raise Conflict(f"This maintenance began at {_told(maintenance.start)}; its start stays, change its end.")
    return max(wanted, now)


def _checked(services: list[Service], start: datetime, end: datetime, reason: str, now: datetime) -> str:
    """The reason, without blanks around it. Raises InvalidInput with all that is wrong."""
    findings = Findings()
    if not services:
        findings.add("services", "No service is named; name those that are worked on.")
    if end <= now:
        findings.add("end", f"{_told(end)} has passed; give a later time.")
    elif end <= start:
        findings.add("end", f"{_told(end)} is not after the start, {_told(start)}; give a later time.")
    elif end - start > LONGEST:
        length = words((end - start).total_seconds())
        findings.add(
            "end", f"This lasts {length}, and {LONGEST.days} d is the longest: plan several, one after another."
        )
    found = findings.text("reason", reason, 200)
    findings.raise_if_any()
    return found


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _tell(event: str, maintenance: Maintenance) -> None:
    slugs = sorted(service.slug for service in maintenance.services.all())
    outbox.emit(event, {"maintenance": maintenance.pk, "services": slugs, "end": maintenance.end.isoformat()})
