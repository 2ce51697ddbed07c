"""Messages of senders of alerts: one alert that is over, so that nobody is paged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

TITLE = "A test from Settings"


def _alertmanager(now: datetime) -> dict[str, object]:
    labels = {"alertname": "AndonTest"}
    alert = {
        "status": "resolved",
        "labels": labels,
        "annotations": {"summary": TITLE},
        "startsAt": _zulu(now),
        "endsAt": _zulu(now),
        "generatorURL": "",
        "fingerprint": "a0d0a0d0a0d0a0d0",
    }
    return {
        "version": "4",
        "groupKey": "andon-test",
        "status": "resolved",
        "receiver": "andon",
        "groupLabels": labels,
        "commonLabels": labels,
        "commonAnnotations": {},
        "externalURL": "",
        "alerts": [alert],
    }


def _grafana(now: datetime) -> dict[str, object]:
    return _alertmanager(now) | {"version": "1", "orgId": 1, "state": "ok", "title": TITLE, "message": TITLE}


def _pagerduty(now: datetime) -> dict[str, object]:
    event = {
        "id": f"andon-test-{now.timestamp():.0f}",
        "event_type": "pagey.ping",
        "resource_type": "pagey",
        "occurred_at": _zulu(now),
        "agent": None,
        "client": None,
        "data": {"message": TITLE, "type": "ping"},
    }
    return {"event": event}


def _sentry(now: datetime) -> dict[str, object]:
    alert = {
        "id": "0",
        "title": TITLE,
        "date_started": _zulu(now),
        "date_closed": _zulu(now),
        "alert_rule": {"name": TITLE, "environment": None, "projects": []},
        "projects": [],
    }
    data = {"metric_alert": alert, "description_title": TITLE, "description_text": "", "web_url": ""}
    return {"action": "resolved", "data": data, "actor": {"type": "application", "id": "sentry", "name": "Sentry"}}


def _datadog(now: datetime) -> dict[str, object]:
    return {
        "alert_cycle_key": f"andon-test-{now.timestamp():.0f}",
        "alert_transition": "Recovered",
        "alert_type": "success",
        "title": f"[Recovered] {TITLE}",
        "alert_title": TITLE,
        "body": TITLE,
        "tags": "",
        "scopes": "",
        "date": str(int(now.timestamp() * 1000)),
        "id": "0",
        "monitor_id": "0",
    }


def _zulu(now: datetime) -> str:
    return now.astimezone(UTC).isoformat().replace("+00:00", "Z")


SAMPLES: dict[str, Callable[[datetime], dict[str, object]]] = {
    "alertmanager": _alertmanager,
    "grafana": _grafana,
    "pagerduty": _pagerduty,
    "sentry": _sentry,
    "datadog": _datadog,
}
