"""Alertmanager's webhook, version 4: one delivery carries a group of alerts.

Shape: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. A delivery has no identity
and is repeated every `repeat_interval`, so each alert is told apart by `AlertEvent.dedup_key`.
"""

import hashlib
from collections.abc import Mapping

from notifications.payloads import Fields, read_object
from telemetry.events import AlertEvent, AlertStatus
from telemetry.senders.reading import (
    ENVIRONMENT_LABELS,
    REVISION_LABELS,
    SERVICE_LABELS,
    SUMMARY_ANNOTATIONS,
    first,
)

_STATUSES: dict[str, AlertStatus] = {"firing": "firing", "resolved": "resolved"}


def parse(headers: Mapping[str, str], body: bytes) -> list[AlertEvent]:
    """The alerts of a delivery, each once for every `dedup_key`. Raises `MalformedPayload`."""
    payload = read_object(body)
    if "alerts" not in payload:
        payload.fail("alerts", "a list of alerts (Alertmanager's webhook, version 4)")
    group_key, receiver = payload.text("groupKey"), payload.text("receiver")
    alerts = [_alert(alert, group_key, receiver) for alert in payload.objects("alerts")]
    return list({alert.dedup_key: alert for alert in alerts}.values())


def _alert(alert: Fields, group_key: str, receiver: str) -> AlertEvent:
    labels, annotations = alert.texts("labels"), alert.texts("annotations")
    status = _STATUSES.get(alert.required_text("status")) or alert.fail("status", "firing or resolved")
    return AlertEvent(
        fingerprint=alert.text("fingerprint") or fingerprint(labels),
        status=status,
        starts_at=alert.required_time("startsAt"),
        ends_at=alert.time("endsAt") if status == "resolved" else None,  # a firing one's is but a time-out
        name=labels.get("alertname", ""),
        summary=first(annotations, SUMMARY_ANNOTATIONS) or labels.get("alertname", ""),
        severity=labels.get("severity", ""),
        environment=first(labels, ENVIRONMENT_LABELS),
        service_hint=first(labels, SERVICE_LABELS) or None,
        revision=first(labels, REVISION_LABELS) or first(annotations, REVISION_LABELS),
        labels=labels,
        annotations=annotations,
        generator_url=alert.text("generatorURL"),
        group_key=group_key,
        receiver=receiver,
    )


def fingerprint(labels: Mapping[str, str]) -> str:
    """An identity made of the labels, for alerts that come without one (Alertmanager before 0.19)."""
    digest = hashlib.sha256()
    for name in sorted(labels):
        digest.update(name.encode() + b"\xff" + labels[name].encode() + b"\xff")  # \xff is in no UTF-8 text
    return digest.hexdigest()[:16]
