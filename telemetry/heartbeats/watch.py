"""The sweep over heartbeats: what is overdue becomes an alert, what has called again resolves it.

Rows are claimed with SKIP LOCKED, and the transaction that moves a heartbeat on also writes its alert, so that any
number of sweepers make one alert of one outage.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from telemetry.heartbeats import alerting
from telemetry.heartbeats.absence import excuse_after_absence
from telemetry.models import Heartbeat

log = structlog.get_logger(__name__)

AFTER_DEFECT = timedelta(seconds=30)


def check_due(*, limit: int = 500) -> int:
    """Look at the heartbeats whose time has come, the longest overdue first; returns how many there were."""
    excuse_after_absence()
    checked = 0
    while checked < limit and _check_next():
        checked += 1
    return checked


def waiting() -> QuerySet[Heartbeat]:
    """Those that will be looked at, for the watchdog (config/upkeep.py)."""
    return Heartbeat.objects.filter(next_at__isnull=False)


@transaction.atomic
def _check_next() -> bool:
    now = timezone.now()
    due = Heartbeat.objects.due(now).order_by("next_at", "pk").select_related("service")
    heartbeat = due.select_for_update(skip_locked=True, of=("self",)).first()
    if heartbeat is None:
        return False
    try:
        with transaction.atomic():
            _turn(heartbeat)
    except Exception:  # one heartbeat's defect must not hold up all the others
        log.exception("heartbeat_check_failed", heartbeat_id=heartbeat.pk)
        Heartbeat.objects.filter(pk=heartbeat.pk).update(next_at=now + AFTER_DEFECT)
    return True


def _turn(heartbeat: Heartbeat) -> None:
    if heartbeat.missing_since and heartbeat.last_at:
        _back(heartbeat, heartbeat.last_at)
    else:
        _missing(heartbeat)
    heartbeat.save(update_fields=["missing_since", "next_at"])


def _missing(heartbeat: Heartbeat) -> None:
    """An outage begins where the patience ended, however much later we look."""
    heartbeat.missing_since, heartbeat.next_at = heartbeat.next_at, None
    alerting.fire(heartbeat)
    log.warning("heartbeat_missing", heartbeat_id=heartbeat.pk)


def _back(heartbeat: Heartbeat, called: datetime) -> None:
    alerting.resolve(heartbeat, called)
    heartbeat.missing_since, heartbeat.next_at = None, called + heartbeat.every + heartbeat.grace
