"""Claiming due rows, so that any number of workers and sweepers share the work.

A row is due when its `next_at` has come. Claiming moves `next_at` to the end of a lease: if the worker dies, the row
is due again by itself; nobody has to notice the death.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone

Row = TypeVar("Row", bound=models.Model)


def claim(due: models.QuerySet[Row], *, limit: int, lease: timedelta) -> list[Row]:
    """Up to `limit` rows of `due`, leased to the caller, oldest first. Rows that another holds are passed over."""
    now = timezone.now()
    with transaction.atomic():
        free = due.filter(next_at__lte=now).select_for_update(skip_locked=True, of=("self",))
        rows = list(free.order_by("next_at", "pk")[:limit])
        for row in rows:
            row.next_at = now + lease  # type: ignore[attr-defined]
            row.attempts += 1  # type: ignore[attr-defined]
        due.model._default_manager.bulk_update(rows, ["next_at", "attempts"])
    return rows


def backoff(attempts: int, *, now: datetime | None = None, most: timedelta = timedelta(minutes=10)) -> datetime:
    """When to try again after `attempts` failures: 2, 4, 8, … seconds from now, at most `most`."""
    wait = min(timedelta(seconds=2 ** min(attempts, 20)), most)
    return (now or timezone.now()) + wait
