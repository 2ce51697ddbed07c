"""Reactions to what other rooms tell (config/reactions.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from notifications.models import Event, Integration
from telemetry import alerts
from telemetry.events import AlertEvent


def take_alert(event: Event) -> None:
    """Enter an alert that came through the generic sender.

    The payload is `changes.events.AlertReport` with `occurred_at` in ISO 8601 and the integration's id. Such a report
    has no start of its own: it speaks of the alert that fires under its `external_id`, else it begins a new one.
    """
    told = event.payload
    integration = Integration.objects.filter(pk=told["integration"]).first()
    alerts.take(events=[_alert(told, datetime.fromisoformat(told["occurred_at"]))], integration=integration)


def _alert(told: dict[str, Any], at: datetime) -> AlertEvent:
    return AlertEvent(
        fingerprint=told["external_id"],
        status="firing" if told["firing"] else "resolved",
        starts_at=at,
        ends_at=None if told["firing"] else at,
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
        told_at=at,
    )
