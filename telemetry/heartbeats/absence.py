"""Calls that may have been lost because Andon itself was away are nobody's silence."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from notifications import health
from telemetry.models import Heartbeat

log = structlog.get_logger(__name__)

SIGN = "heartbeats"
AWAY = timedelta(seconds=20)  # four sweeps that did not come


@transaction.atomic
def excuse_after_absence() -> int:
    """Give a fresh period to every heartbeat whose call fell due while nobody swept; returns how many.

    The sweep's own sign of life tells how long that was. The period counts from now, so one that stays silent is
    missed then; one that was overdue before we went away, or is due long after, is not excused.
    """
    now, age = timezone.now(), health.age(SIGN)
    health.beat(SIGN)
    if age < AWAY.total_seconds():
        return 0
    awaited = Heartbeat.objects.filter(next_at__isnull=False, missing_since=None)
    if age != health.NEVER:
        awaited = awaited.filter(next_at__gte=now - timedelta(seconds=age))
    excused = _lost(awaited, now)
    if excused:
        log.warning("heartbeats_excused", count=excused, away_seconds=round(age) if age != health.NEVER else None)
    return excused


def _lost(awaited: QuerySet[Heartbeat], now: datetime) -> int:
    """A call comes up to a grace before or after it is expected, which is a grace before `next_at`."""
    latest = ExpressionWrapper(Value(now) + F("grace") + F("grace"), output_field=DateTimeField())
    fresh = ExpressionWrapper(Value(now) + F("every") + F("grace"), output_field=DateTimeField())
    another = ExpressionWrapper(F("next_at") + F("every"), output_field=DateTimeField())
    return awaited.filter(next_at__lte=latest).update(next_at=Greatest(fresh, another))
