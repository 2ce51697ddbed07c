"""Setting heartbeats up: the writers of what people decide about them."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notifications.durations import words
from oncall.models import Person, Service
from oncall.permissions import require_responder
from oncall.services.findings import Findings
from telemetry.heartbeats import alerting
from telemetry.models import Heartbeat
from telemetry.models.heartbeats import MINUTE, MONTH


@transaction.atomic
def add_heartbeat(
    *,
    service: Service,
    name: str,
    every: timedelta,
    grace: timedelta = MINUTE,
    severity: str = "critical",
    by: Person | None,
) -> Heartbeat:
    """A new heartbeat of the service; nothing is expected before its first call. Raises InvalidInput."""
    require_responder(by)
    heartbeat = Heartbeat(service=service)
    _fill(heartbeat, name, every, grace, severity)
    heartbeat.save(force_insert=True)
    return heartbeat


@transaction.atomic
def change_heartbeat(
    *, heartbeat: Heartbeat, name: str, every: timedelta, grace: timedelta, severity: str, by: Person | None
) -> Heartbeat:
    """The heartbeat is to be this; the next call is due by the new measure. Raises InvalidInput.

    One that is missing stays so until it calls.
    """
    require_responder(by)
    heartbeat = _lock(heartbeat)
    expected = heartbeat.due_at - heartbeat.every if heartbeat.due_at else None
    _fill(heartbeat, name, every, grace, severity)
    if expected:
        heartbeat.next_at = max(expected + every, timezone.now()) + grace
    heartbeat.save()
    return heartbeat


@transaction.atomic
def pause_heartbeat(*, heartbeat: Heartbeat, by: Person | None) -> Heartbeat:
    """Nobody waits for it until it is resumed; the alert of one that is missing is over. Calls are still noted."""
    require_responder(by)
    heartbeat = _lock(heartbeat)
    _stop_waiting(heartbeat)
    heartbeat.paused_at = heartbeat.paused_at or timezone.now()
    heartbeat.save()
    return heartbeat


@transaction.atomic
def resume_heartbeat(*, heartbeat: Heartbeat, by: Person | None) -> Heartbeat:
    """It is waited for again, from now on; one that never called is waited for from its first call on."""
    require_responder(by)
    heartbeat = _lock(heartbeat)
    if heartbeat.paused_at:
        heartbeat.paused_at = None
        heartbeat.next_at = timezone.now() + heartbeat.every + heartbeat.grace if heartbeat.last_at else None
        heartbeat.save()
    return heartbeat


@transaction.atomic
def delete_heartbeat(*, heartbeat: Heartbeat, by: Person | None) -> None:
    """Its address answers 404 from now on; its alerts stay, and one that fires is over."""
    require_responder(by)
    heartbeat = _lock(heartbeat)
    _stop_waiting(heartbeat)
    heartbeat.delete()


def _lock(heartbeat: Heartbeat) -> Heartbeat:
    """As it is now, held until the transaction ends."""
    return Heartbeat.objects.select_related("service").select_for_update(of=("self",)).get(pk=heartbeat.pk)


def _stop_waiting(heartbeat: Heartbeat) -> None:
    if heartbeat.missing_since:
        alerting.resolve(heartbeat, timezone.now())
    heartbeat.missing_since = heartbeat.next_at = None


def _fill(heartbeat: Heartbeat, name: str, every: timedelta, grace: timedelta, severity: str) -> None:
    findings = Findings()
    heartbeat.name = findings.text("name", name, 100)
    heartbeat.severity = findings.text("severity", severity, 60)
    twins = Heartbeat.objects.filter(service=heartbeat.service, name=heartbeat.name).exclude(pk=heartbeat.pk)
    if heartbeat.name and twins.exists():
        findings.add("name", f"{heartbeat.service} has a heartbeat “{heartbeat.name}” already; choose another name.")
    if not MINUTE <= every <= MONTH:
        findings.add("every", f"{_told(every)} does not do; give 1 minute to 30 days.")
    if not timedelta() <= grace <= MONTH:
        findings.add("grace", f"{_told(grace)} does not do; give 0 minutes to 30 days.")
    findings.raise_if_any()
    heartbeat.every, heartbeat.grace = every, grace


def _told(length: timedelta) -> str:
    return words(length.total_seconds())
