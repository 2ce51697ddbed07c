"""Alerts held back, and let go: those of services in maintenance, and those that flap.

A held alert is a row with `held_at`. It is let go by what holds then, not by what was planned when it came: whether a
window ran out, was ended early, cut short, or lost the service, the sweep finds no window that covers the alert. One
that flaps is let go when it has fired for a while (`telemetry.flapping`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Case, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from oncall.models import Maintenance
from telemetry import alerts
from telemetry.flapping import POLICY
from telemetry.models import Alert
from telemetry.querysets import AlertQuerySet

BATCH = 500
STEADY_AT = Case(
    When(flapping_since__isnull=False, then=ExpressionWrapper(F("starts_at") + POLICY.steady, DateTimeField()))
)
"""When an alert that flaps has fired for long enough; null for others."""


def hold_back(found: Sequence[Alert]) -> list[Alert]:
    """Hold those whose service is in maintenance; returns the others, which may page.

    An alert that came before its service was in maintenance is not held, however late we get to it. Rows are locked in
    the order in which `telemetry.upsert` takes them.
    """
    now = timezone.now()
    covered = Alert.objects.filter(_covered_at(now), _covered_at(OuterRef("received_at")))
    rows = covered.filter(pk__in=[alert.pk for alert in found]).order_by("fingerprint", "starts_at")
    held = set(rows.select_for_update(of=("self",)).values_list("pk", flat=True)) if found else set()
    Alert.objects.filter(pk__in=held).update(held_at=now)
    return [alert for alert in found if alert.pk not in held]


def release_due() -> int:
    """Let go what no window holds any more: told of as if just received, once. Returns how many alerts that were."""
    released = 0
    while batch := _release_some(timezone.now()):
        released += batch
    return released


def waiting() -> AlertQuerySet:
    """What no window holds any more; `next_at` is when the last one was over. For the watchdog (config/upkeep.py)."""
    now = timezone.now()
    over = Maintenance.objects.over(now).filter(services=OuterRef("service"))
    last = Subquery(over.order_by("-end").values("end")[:1])
    return _free(now).annotate(next_at=Coalesce(Greatest(last, STEADY_AT), Value(now)))


def with_hold(found: AlertQuerySet) -> AlertQuerySet:
    """These alerts, each with `held_until`: when its service's maintenance is over, or it has fired for a while."""
    windows = Maintenance.objects.at(timezone.now()).filter(services=OuterRef("service"))
    in_maintenance = Subquery(windows.order_by("-end").values("end")[:1])
    return found.annotate(held_until=Coalesce(in_maintenance, STEADY_AT))


@transaction.atomic
def _release_some(now: datetime) -> int:
    """The rows and the news of them commit together, so a death in between changes nothing."""
    free = _free(now).order_by("held_at", "pk")
    batch = list(free.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    Alert.objects.filter(pk__in=[alert.pk for alert in batch]).update(held_at=None)
    for (integration, group), told in groupby(sorted(batch, key=_group), key=_group):
        alerts.tell([alert.pk for alert in told], integration or None, group)
    return len(batch)


def _free(now: datetime) -> AlertQuerySet:
    """Held ones whose time has come."""
    flapping = Q(flapping_since__isnull=False, starts_at__gt=now - POLICY.steady)
    return Alert.objects.held().exclude(_covered_at(now)).exclude(flapping)


def _group(alert: Alert) -> tuple[int, str]:
    """One group of a sender makes one incident at most, as when it comes in."""
    return alert.integration_id or 0, alert.group_key


def _covered_at(moment: datetime | OuterRef) -> Exists:
    """Whether the service of an alert is in maintenance at this instant."""
    windows = Maintenance.objects.filter(services=OuterRef("service"), start__lte=moment, end__gt=moment)
    return Exists(windows)
