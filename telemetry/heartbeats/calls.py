"""A call of a heartbeat: one UPDATE, that needs no worker and no sweep to be kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Value, When
from django.utils import timezone

from telemetry.models import Heartbeat


def receive(token: str) -> bool:
    """Note that the job of this address has called; False where no heartbeat has it.

    The next call is waited for anew. One that was missing is handed to the sweep at once, which resolves its alert;
    one that is paused stays so.
    """
    now = timezone.now()
    return bool(Heartbeat.objects.filter(token=token).update(last_at=now, next_at=_next(now)))


def _next(now: datetime) -> Case:
    silence = ExpressionWrapper(Value(now) + F("every") + F("grace"), output_field=DateTimeField())
    return Case(
        When(paused_at__isnull=False, then=None),
        When(missing_since__isnull=False, then=Value(now)),
        default=silence,
        output_field=DateTimeField(),
    )
