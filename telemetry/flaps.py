"""Which alerts flap (`telemetry.flapping`), as their rows say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from telemetry.flapping import POLICY, flapping_since, is_steady
from telemetry.models import Alert

REMEMBERED = timedelta(hours=6)
"""How far back starts are counted: an episode that lasts longer seems to have begun then."""

Key = tuple[int | None, str]


def mark(alerts: Sequence[Alert]) -> set[int]:
    """Note on firing alerts, rows and instances, since when they flap; the ids of those that do."""
    if not alerts:
        return set()
    now, starts = timezone.now(), _starts(alerts)
    changed = []
    for alert in alerts:
        known = [start for start in starts[alert.integration_id, alert.fingerprint] if start <= alert.starts_at]
        since = None if is_steady(alert.starts_at, now) else flapping_since([*known, alert.starts_at])
        if since != alert.flapping_since:
            alert.flapping_since = since
            changed.append(alert)
    Alert.objects.bulk_update(changed, ["flapping_since"])
    return {alert.pk for alert in alerts if alert.flapping_since}


def told_of(alerts: Sequence[Alert]) -> set[int]:
    """The ids of those that were in an incident, or paged somebody, within the window before they started this time."""
    if not alerts:
        return set()
    since = min(alert.starts_at for alert in alerts) - POLICY.window
    earlier = Alert.objects.filter(fingerprint__in={alert.fingerprint for alert in alerts}, starts_at__gt=since)
    told = earlier.filter(Q(page__isnull=False) | Q(incidents__isnull=False)).exclude(pk__in=[one.pk for one in alerts])
    keys = set(told.values_list("integration", "fingerprint"))
    return {alert.pk for alert in alerts if (alert.integration_id, alert.fingerprint) in keys}


def hold(alerts: Sequence[Alert]) -> None:
    """Keep these back until they have fired for some minutes (`telemetry.holding` lets them go)."""
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(held_at=timezone.now())


def _starts(alerts: Sequence[Alert]) -> defaultdict[Key, list]:
    """The starts of each alert that may count for one of these."""
    since = min(alert.starts_at for alert in alerts) - REMEMBERED - POLICY.window
    integrations = {alert.integration_id for alert in alerts}
    found = Alert.objects.filter(fingerprint__in={alert.fingerprint for alert in alerts}, starts_at__gt=since)
    if None not in integrations:
        found = found.filter(integration__in=integrations)
    starts: defaultdict[Key, list] = defaultdict(list)
    for integration, fingerprint, start in found.values_list("integration", "fingerprint", "starts_at"):
        starts[integration, fingerprint].append(start)
    return starts
