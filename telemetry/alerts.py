"""The only writer of alerts: what senders tell becomes rows, and news of them an event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction

from notifications import outbox
from notifications.models import Integration
from notifications.weblinks import web_address
from oncall.catalogue import find_services
from oncall.mapping import Said, said
from oncall.models import Service
from telemetry import outcomes
from telemetry.events import AlertEvent
from telemetry.firings import CYCLE, settle_all
from telemetry.models import Alert
from telemetry.querysets import AlertQuerySet
from telemetry.upsert import Row, upsert


@transaction.atomic
def take(
    *, events: Sequence[AlertEvent], integration: Integration | None = None, service: Service | None = None
) -> list[int]:
    """Enter these alerts; one `alerts.received` tells of those that are new or newly resolved. Returns their ids.

    They are of `service`, else of the one that each hints at; an alert of a service nobody knows is kept without one.
    """
    [news] = take_many(told=[events], integration=integration, service=service)
    return news


@transaction.atomic
def take_many(
    *, told: Sequence[Sequence[AlertEvent]], integration: Integration | None = None, service: Service | None = None
) -> list[list[int]]:
    """As `take()`, for what was told one time after the other: one statement for all, and an event for each."""
    told = settle_all(told, integration)
    events = _once(event for batch in told for event in batch)
    services = [service] * len(events) if service else find_services([_said(one) for one in events], integration)
    rows = [_row(event, of.pk if of else None) for event, of in zip(events, services, strict=True)]
    integration_id = integration.pk if integration else None
    found = upsert(integration_id, rows)
    news = []
    for batch in told:
        asked = {(event.fingerprint[:100], event.starts_at) for event in batch}
        news.append(sorted(found.pop(one) for one in asked if one in found))
    groups = [(ids, batch[0].group_key[:500]) for ids, batch in zip(news, told, strict=True) if ids]
    outbox.emit_many([_received(ids, integration_id, group) for ids, group in groups])
    return news


@transaction.atomic
def place(*, alerts: AlertQuerySet, service: Service) -> int:
    """Say of which service these alerts are, as far as they have none yet; returns how many there were.

    Those that still fire are told of again, because now somebody may have to be paged.
    """
    waiting = list(alerts.filter(service=None).order_by("pk").select_for_update(of=("self",)))
    for alert in waiting:
        alert.service = service
        alert.outcome = "" if alert.status == Alert.Status.FIRING else outcomes.over()
    Alert.objects.bulk_update(waiting, ["service", "outcome"])
    if firing := [alert for alert in waiting if alert.status == Alert.Status.FIRING]:
        tell([alert.pk for alert in firing], firing[0].integration_id, firing[0].group_key)
    return len(waiting)


def note_outcome(ids: Iterable[int], text: str) -> None:
    """Say of these alerts what they led to, and why (`telemetry.outcomes` has the words)."""
    Alert.objects.filter(pk__in=list(ids)).update(outcome=text)


def tell(ids: list[int], integration_id: int | None, group_key: str) -> None:
    """Say that these alerts of one group are news; written with what makes them so."""
    outbox.emit(*_received(ids, integration_id, group_key))


def _received(ids: list[int], integration_id: int | None, group_key: str) -> tuple[str, dict[str, Any]]:
    return "alerts.received", {"alerts": ids, "integration": integration_id, "group_key": group_key}


def _once(events: Iterable[AlertEvent]) -> Collection[AlertEvent]:
    """Of an alert told twice, as firing and as resolved, the resolution."""
    latest: dict[tuple[str, object], AlertEvent] = {}
    for event in events:
        key = (event.fingerprint[:100], event.starts_at)
        known = latest.get(key)
        if known is None or known.status == "firing":
            latest[key] = event
    return latest.values()


def _said(event: AlertEvent) -> Said:
    """What rules of the integration go by."""
    name, environment, labels = event.service_hint or "", event.environment, event.labels
    return said(name=name, environment=environment, labels=labels)


def _row(event: AlertEvent, service_id: int | None) -> Row:
    return Row(
        fingerprint=event.fingerprint[:100],
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        status=event.status,
        group_key=event.group_key[:500],
        service_id=service_id,
        service_hint=(event.service_hint or "")[:200],
        name=(event.name or event.summary)[:200],
        summary=event.summary,
        severity=event.severity[:60],
        labels=dict(event.labels),
        annotations=dict(event.annotations) | ({CYCLE: event.cycle} if event.cycle else {}),
        release=event.revision[:100],
        url=web_address(event.generator_url, longest=1000),
    )
