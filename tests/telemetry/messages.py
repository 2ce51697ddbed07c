"""Alertmanager's webhook, version 4, made small."""

import json
from datetime import UTC, datetime, timedelta

AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def alert(number=1, status="firing", at=AT, **labels):
    return {
        "status": status,
        "labels": {"alertname": "HighErrorRate", "service": "checkout", "instance": f"node-{number}"} | labels,
        "annotations": {"summary": f"Errors on node {number}"},
        "startsAt": at.isoformat(),
        "endsAt": (at + timedelta(minutes=5)).isoformat() if status == "resolved" else "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": f"{number:016x}",
    }


def delivery(*alerts):
    return json.dumps({"version": "4", "groupKey": '{}:{service="checkout"}', "alerts": list(alerts)})


def post(client, integration, body, secret=None):
    return client.post(
        integration.path,
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret or integration.secrets.first().secret}"},
    )
