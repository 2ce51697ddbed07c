"""Finding the firings that reports speak of (`telemetry.reports`), among those that are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone

from notifications.models import Integration
from telemetry.events import AlertEvent
from telemetry.models import Alert
from telemetry.reports import Firing, overtakes, settle

CYCLE = "cycle"
"""The annotation under which the sender's own name of a firing is kept."""

Known = dict[str, list[Firing]]


def settle_all(told: Sequence[Sequence[AlertEvent]], integration: Integration | None) -> list[list[AlertEvent]]:
    """These batches, with every report as one of a firing; old news is left out, and what is overtaken is ended.

    Reports of one alert may be used side by side: the row of their integration puts them in a line.
    """
    reports = {event.fingerprint[:100] for batch in told for event in batch if event.told_at}
    if not reports:
        return [list(batch) for batch in told]
    if integration:
        Integration.objects.select_for_update(no_key=True).get(pk=integration.pk)
    known = _known(reports, integration)
    return [[one for event in batch if (one := _settle(event, known, integration))] for batch in told]


def _known(fingerprints: set[str], integration: Integration | None) -> Known:
    found: Known = defaultdict(list)
    alerts = Alert.objects.filter(integration=integration, fingerprint__in=fingerprints)
    for name, starts, ends, status, cycle in alerts.values_list(
        "fingerprint", "starts_at", "ends_at", "status", f"annotations__{CYCLE}"
    ):
        over = (ends or starts) if status == Alert.Status.RESOLVED else None
        found[name].append(Firing(starts, over, cycle or ""))
    return found


def _settle(event: AlertEvent, known: Known, integration: Integration | None) -> AlertEvent | None:
    """What the report says, entered into `known` for the reports that come after it."""
    if event.told_at is None:
        return event
    firings = known[event.fingerprint[:100]]
    settled = settle(event, firings)
    if settled is None:
        return None
    ended = settled.ends_at if settled.status == "resolved" else None
    others = [one for one in firings if one.starts_at != settled.starts_at]
    if overtakes(settled) and any(one.ends_at is None for one in others):
        _end_others(settled, integration)
        others = [Firing(one.starts_at, one.ends_at or settled.starts_at, one.cycle) for one in others]
    firings[:] = [*others, Firing(settled.starts_at, ended, settled.cycle)]
    return settled


def _end_others(event: AlertEvent, integration: Integration | None) -> None:
    """What fired before under the same fingerprint is over with this; nobody is told, for the trouble goes on."""
    before = Alert.objects.firing().filter(integration=integration, fingerprint=event.fingerprint[:100])
    ends = Greatest("starts_at", Value(event.starts_at))
    others = before.exclude(starts_at=event.starts_at)
    others.update(status=Alert.Status.RESOLVED, ends_at=ends, updated_at=timezone.now())
