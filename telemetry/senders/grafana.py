"""Grafana's webhook contact point: unified alerting (8 and later), and the notification channel before it.

Shapes: https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/
webhook-notifier/ and, for legacy alerting, https://grafana.com/docs/grafana/v8.4/alerting/old-alerting/notifications/.
Unified alerting speaks as Alertmanager does, with links of its own. A legacy message tells one rule, without any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from notifications.payloads import Fields, read_object
from telemetry.events import AlertEvent, AlertStatus
from telemetry.senders.alertmanager import fingerprint
from telemetry.senders.reading import (
    ENVIRONMENT_LABELS,
    REVISION_LABELS,
    SERVICE_LABELS,
    SUMMARY_ANNOTATIONS,
    first,
    said,
    scalars,
)

_STATUSES: dict[str, AlertStatus] = {"firing": "firing", "alerting": "firing", "resolved": "resolved", "ok": "resolved"}
_LEGACY: dict[str, AlertStatus] = {
    "alerting": "firing",
    "no_data": "firing",
    "ok": "resolved",
    "paused": "resolved",  # nobody looks any more
}
_LINKS = ("silenceURL", "dashboardURL", "panelURL", "imageURL", "ruleUrl", "imageUrl", "rule_url", "image_url")


def parse(headers: Mapping[str, str], body: bytes, received_at: datetime) -> list[AlertEvent]:
    """The alerts of a delivery, each once; none for a legacy state that is neither. Raises `MalformedPayload`."""
    payload = read_object(body)
    if "alerts" in payload:
        alerts = [_alert(alert, payload, received_at) for alert in payload.objects("alerts")]
        return list({alert.dedup_key: alert for alert in alerts}.values())
    if "state" in payload or "ruleName" in payload:
        return _legacy(payload, received_at)
    payload.fail("alerts", "a list of alerts (Grafana's webhook), or the state of a rule (legacy alerting)")


def _alert(alert: Fields, group: Fields, received_at: datetime) -> AlertEvent:
    labels, annotations = scalars(alert.object("labels")), scalars(alert.object("annotations"))
    name = labels.get("alertname", "") or labels.get("rulename", "")
    status = _STATUSES.get((alert.text("status") or group.text("status")).lower())
    if status is None:
        alert.fail("status", "firing or resolved")
    began = alert.time("startsAt")
    return AlertEvent(
        fingerprint=alert.text("fingerprint") or fingerprint(labels),
        status=status,
        starts_at=began or received_at,
        ends_at=(alert.time("endsAt") or received_at) if status == "resolved" else None,
        name=name,
        summary=first(annotations, SUMMARY_ANNOTATIONS) or name or group.text("title"),
        severity=first(labels, ("severity", "priority", "level")),
        environment=first(labels, ENVIRONMENT_LABELS),
        service_hint=first(labels, SERVICE_LABELS) or None,
        revision=first(labels, REVISION_LABELS) or first(annotations, REVISION_LABELS),
        labels=labels,
        annotations=annotations | _links(alert) | _values(alert),
        generator_url=_web(alert, ("generatorURL", "panelURL", "dashboardURL")) or group.text("externalURL"),
        group_key=group.text("groupKey"),
        receiver=group.text("receiver"),
        told_at=None if began else received_at,
    )


def _values(alert: Fields) -> dict[str, str]:
    """What the rule measured: `{"B": 22, "C": 1}`, null before Grafana 9 and for tests."""
    measured = alert.values.get("values")
    if isinstance(measured, dict) and measured:
        return {"values": ", ".join(f"{name} = {said(value) or 'none'}" for name, value in measured.items())}
    return {"values": text} if (text := said(alert.values.get("valueString"))) else {}


def _legacy(payload: Fields, received_at: datetime) -> list[AlertEvent]:
    status = _LEGACY.get(payload.text("state").strip().lower())
    if status is None:
        return []  # pending, unknown: it neither fires nor is it over
    name = payload.text("ruleName") or payload.text("title")
    rule = payload.identifier("ruleId") if "ruleId" in payload else name
    labels = _matched(payload) | scalars(_object(payload, "tags")) | {"alertname": name}
    event = AlertEvent(
        fingerprint=f"rule:{said(payload.values.get('orgId')) or 1}:{rule}",
        status=status,
        starts_at=received_at,
        ends_at=received_at if status == "resolved" else None,
        name=name,
        summary=payload.text("message") or payload.text("title") or name,
        severity=first(labels, ("severity", "priority", "level")),
        environment=first(labels, ENVIRONMENT_LABELS),
        service_hint=first(labels, SERVICE_LABELS) or None,
        revision=first(labels, REVISION_LABELS),
        labels=labels,
        annotations=_links(payload) | _measured(payload),
        generator_url=_web(payload, ("ruleUrl", "rule_url")),
        group_key=f"rule:{rule}",
        told_at=received_at,
    )
    return [event]


def _matched(payload: Fields) -> dict[str, str]:
    """The tags that all series over the limit share."""
    series = [scalars(_object(match, "tags")) for match in payload.objects("evalMatches")]
    if not series:
        return {}
    return {name: value for name, value in series[0].items() if all(one.get(name) == value for one in series)}


def _measured(payload: Fields) -> dict[str, str]:
    found = [
        f"{said(match.values.get('metric'))} = {said(match.values.get('value')) or 'none'}"
        for match in payload.objects("evalMatches")
    ]
    return {"values": ", ".join(found)[:2000]} if found else {}


def _links(fields: Fields) -> dict[str, str]:
    return {name: link for name in _LINKS if (link := said(fields.values.get(name)))}


def _web(fields: Fields, names: tuple[str, ...]) -> str:
    """The first that is a whole address: a test alert has `?orgId=1`."""
    links = (said(fields.values.get(name)) for name in names)
    return next((link for link in links if link.startswith(("http://", "https://"))), "")


def _object(fields: Fields, key: str) -> Fields:
    """Legacy alerting has lists and nulls where there are no tags."""
    return fields.object(key) if isinstance(fields.values.get(key), dict) else Fields({})
