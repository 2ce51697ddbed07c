"""What a heartbeat tells: alerts, on the way that every alert goes."""

from __future__ import annotations

from datetime import datetime

from notifications.durations import words
from notifications.links import absolute
from telemetry import alerts
from telemetry.events import AlertEvent, AlertStatus
from telemetry.models import Heartbeat
from telemetry.rules import rules_of
from telemetry.severity import Decision, decide


def fire(heartbeat: Heartbeat) -> None:
    """It is missing since `missing_since`."""
    _tell(heartbeat, "firing", None)


def resolve(heartbeat: Heartbeat, at: datetime) -> None:
    """It is missing no longer: it has called, or nobody waits for it any more."""
    _tell(heartbeat, "resolved", at)


def leads_to(heartbeat: Heartbeat) -> Decision:
    """What its silence leads to, by the rules of its service."""
    return decide(_labels(heartbeat), rules_of(heartbeat.service))


def _labels(heartbeat: Heartbeat) -> dict[str, str]:
    """What the rules go by."""
    return {
        "alertname": "HeartbeatMissing",
        "heartbeat": heartbeat.name,
        "service": heartbeat.service.slug,
        "severity": heartbeat.severity,
    }


def _tell(heartbeat: Heartbeat, status: AlertStatus, ended: datetime | None) -> None:
    assert heartbeat.missing_since is not None, "only a missing heartbeat has an alert"  # noqa: S101
    event = AlertEvent(
        fingerprint=f"heartbeat:{heartbeat.pk}",
        status=status,
        starts_at=heartbeat.missing_since,
        ends_at=ended,
        name=f"Heartbeat {heartbeat.name}",
        summary=f"{heartbeat.name} is missing: it should call every {words(heartbeat.every.total_seconds())}",
        severity=heartbeat.severity,
        labels=_labels(heartbeat),
        annotations={"description": _last_call(heartbeat)},
        generator_url=absolute(f"/services/{heartbeat.service.slug}/heartbeats/"),
        group_key=f"heartbeat:{heartbeat.pk}",
    )
    alerts.take(events=[event], service=heartbeat.service)


def _last_call(heartbeat: Heartbeat) -> str:
    if heartbeat.last_at is None:
        return "It has never called since it was resumed."
    return f"Its last call came at {heartbeat.last_at:%Y-%m-%d %H:%M:%S} UTC."
