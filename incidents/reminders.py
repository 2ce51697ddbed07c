"""Noticing that a promised update did not come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from incidents.models import Incident
from notifications.outbox import emit


def mark_overdue() -> int:
    """Tell once, for each due time, that it has passed; returns for how many incidents."""
    passed = Incident.objects.open().filter(next_update_due_at__lte=timezone.now()).filter(_untold())
    return sum(_claim(pk, due) for pk, due in passed.values_list("pk", "next_update_due_at"))


@transaction.atomic
def _claim(pk: int, due: datetime) -> bool:
    """Whether we are the one to tell it: the row says so, whoever else is looking."""
    mine = Incident.objects.open().filter(_untold(), pk=pk, next_update_due_at=due)
    if not mine.update(update_overdue_told_for=F("next_update_due_at")):
        return False
    number = Incident.objects.values_list("number", flat=True).get(pk=pk)
    emit("incident.update_overdue", {"incident": number, "due_at": due.isoformat()})
    return True


def _untold() -> Q:
    return Q(update_overdue_told_for=None) | ~Q(update_overdue_told_for=F("next_update_due_at"))
