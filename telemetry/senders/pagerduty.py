"""PagerDuty's webhooks, version 3: every event about an incident tells the whole of it.

Shapes: https://developer.pagerduty.com/docs/webhooks-overview. An event of another kind (a note, a responder, a
service, `pagey.ping`) speaks of no change of the incident and is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping

from notifications.payloads import Fields, header, read_object
from telemetry.events import AlertEvent, AlertStatus
from telemetry.senders.reading import said, severity_of

_STATUSES: dict[str, AlertStatus] = {"triggered": "firing", "acknowledged": "firing", "resolved": "resolved"}


def key(headers: Mapping[str, str], body: bytes) -> str | None:
    """What tells deliveries apart: `X-Webhook-Id` and the id of the event, as far as they are there."""
    event = read_object(body).values.get("event")
    given = (header(headers, "X-Webhook-Id"), said(event.get("id")) if isinstance(event, dict) else "")
    return " ".join(filter(None, given))[:200] or None


def parse(headers: Mapping[str, str], body: bytes) -> list[AlertEvent]:
    """The incident as an alert; nothing for events that do not carry one. Raises `MalformedPayload`."""
    payload = read_object(body)
    if "event" not in payload:
        return []
    event = payload.object("event")
    kind = event.required_text("event_type")
    incident = event.object("data")
    if not kind.startswith("incident.") or incident.text("type", "incident") != "incident":
        return []
    status = _STATUSES.get(incident.text("status") or kind.removeprefix("incident."))
    return [_alert(event, kind, incident, status)] if status else []


def _alert(event: Fields, kind: str, incident: Fields, status: AlertStatus) -> AlertEvent:
    told_at = event.required_time("occurred_at")
    began = incident.time("created_at") or told_at
    reopened = kind == "incident.reopened"
    service, priority = _name(incident, "service"), _name(incident, "priority")
    urgency, title = incident.text("urgency"), incident.text("title") or incident.text("summary")
    severity = severity_of(priority) or urgency
    labels = {
        "alertname": title,
        "service": service,
        "severity": severity,
        "urgency": urgency,
        "priority": priority,
        "escalation_policy": _name(incident, "escalation_policy"),
        "team": next((said(team.values.get("summary")) for team in incident.objects("teams")), ""),
        "incident_type": _name(incident, "incident_type"),
    }
    number = said(incident.values.get("number"))
    annotations = {"number": number, "event": kind, "incident_key": incident.text("incident_key")}
    return AlertEvent(
        fingerprint=incident.identifier("id"),
        status=status,
        starts_at=told_at if reopened else min(began, told_at),
        ends_at=told_at if status == "resolved" else None,
        name=title,
        summary=title,
        severity=severity,
        service_hint=service or None,
        labels={name: value for name, value in labels.items() if value},
        annotations={name: value for name, value in annotations.items() if value},
        generator_url=incident.text("html_url"),
        group_key=incident.identifier("id"),
        told_at=told_at,
        cycle=event.text("id") if reopened else "",
    )


def _name(incident: Fields, key: str) -> str:
    """What a referenced thing is called: `summary`, or `name` where it is written out."""
    value = incident.values.get(key)
    if not isinstance(value, dict):
        return said(value)
    return said(value.get("summary")) or said(value.get("name"))
