"""Reactions to what other rooms tell (config/reactions.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from notifications.models import Event, Integration
from telemetry import alerts
from telemetry.events import AlertEvent
from telemetry.models import Alert


def take_alert(event: Event) -> None:
    """Enter an alert that came through the generic sender.

    The payload is `changes.events.AlertReport` with `occurred_at` in ISO 8601 and the integration's id. Such a report
    has no start of its own: it speaks of the alert that fires under its `external_id`, else it begins a new one.
    """
    told = event.payload
    at = datetime.fromisoformat(told["occurred_at"])
    # Reports of one alert may be processed side by side: the row of their integration puts them in a line.
    integration = Integration.objects.select_for_update().filter(pk=told["integration"]).first()
    latest = Alert.objects.filter(integration=integration, fingerprint=told["external_id"][:100]).first()
    if latest and latest.ends_at and told["firing"] and at <= latest.ends_at:
        return  # it was overtaken by its own resolution
    open_since = latest.starts_at if latest and latest.status == Alert.Status.FIRING else None
    alerts.take(events=[_alert(told, at, open_since)], integration=integration)


def _alert(told: dict[str, Any], at: datetime, open_since: datetime | None) -> AlertEvent:
    return AlertEvent(
        fingerprint=told["external_id"],
        status="firing" if told["firing"] else "resolved",
        starts_at=open_since or at,
        ends_at=None if told["firing"] else max(at, open_since or at),
        name=told["title"],
        summary=told["title"],
        severity=told["severity"],
        environment=told["environment"],
        service_hint=told["service_hint"],
        revision=told["revision"],
        labels={"severity": told["severity"], "environment": told["environment"]} | told["labels"],
        annotations={"description": told["description"]} if told["description"] else {},
        generator_url=told["url"],
        group_key=told["external_id"],
    )
