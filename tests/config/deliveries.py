"""One message of each source that has an effect, and how its sender signs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from oncall.samples.signing import headers_of

AT = "2026-06-01T09:00:00Z"
SHA = "4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d"
CDEVENT = {
    "ce-specversion": "1.0",
    "ce-id": "e-1",
    "ce-source": "/ci",
    "ce-type": "dev.cdevents.service.deployed.0.2.0",
}

GITHUB = {
    "deployment_status": {
        "state": "success",
        "created_at": AT,
        "environment": "production",
        "log_url": "https://a.b/c",
    },
    "deployment": {"id": 42, "sha": SHA, "ref": "main", "creator": {"login": "ana"}, "payload": {"service": "pay"}},
    "repository": {"full_name": "acme/checkout", "html_url": "https://github.example/acme/checkout"},
    "sender": {"login": "ana"},
}
GITLAB = {
    "object_kind": "deployment",
    "status": "success",
    "status_changed_at": "2026-06-01 11:00:00 +0200",
    "deployment_id": 15,
    "deployable_id": 796,
    "deployable_url": "https://gitlab.example/acme/checkout/-/jobs/796",
    "environment": "production",
    "project": {"path_with_namespace": "acme/checkout", "web_url": "https://gitlab.example/acme/checkout"},
    "short_sha": SHA[:8],
    "user": {"username": "ana"},
    "commit_url": f"https://gitlab.example/acme/checkout/-/commit/{SHA}",
    "commit_title": "Round totals",
    "ref": "main",
}
ARGOCD = {
    "app": "checkout",
    "project": "default",
    "environment": "production",
    "revision": SHA,
    "phase": "Succeeded",
    "started_at": AT,
    "finished_at": "2026-06-01T09:01:00Z",
    "operation_by": "ana",
    "url": "https://argocd.example/applications/checkout",
}
JENKINS = {
    "name": "checkout",
    "url": "job/checkout/",
    "build": {
        "full_url": "https://jenkins.example/job/checkout/18/",
        "number": 18,
        "phase": "COMPLETED",
        "timestamp": 1780304400000,
        "duration": 60000,
        "status": "SUCCESS",
        "scm": {"url": "https://github.example/acme/checkout.git", "branch": "origin/main", "commit": SHA},
    },
}
CDEVENTS = {
    "context": {
        "version": "0.4.1",
        "id": "e-1",
        "source": "/ci",
        "type": "dev.cdevents.service.deployed.0.2.0",
        "timestamp": AT,
    },
    "subject": {
        "id": "service/checkout",
        "type": "service",
        "content": {"environment": {"id": "production"}, "artifactId": f"pkg:oci/checkout@sha256%3A{SHA}?arch=arm64"},
    },
}
_LABELS = {"alertname": "HighErrors", "service": "checkout", "severity": "warning"}
ALERTMANAGER = {
    "version": "4",
    "groupKey": "{}:{alertname='HighErrors'}",
    "status": "firing",
    "receiver": "andon",
    "alerts": [
        {
            "status": "firing",
            "labels": _LABELS,
            "annotations": {"summary": "Many errors"},
            "startsAt": AT,
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "https://prometheus.example/graph",
            "fingerprint": "00c0ffee00c0ffee",
        }
    ],
}
PAGERDUTY = {
    "event": {
        "id": "01BZ",
        "event_type": "incident.triggered",
        "resource_type": "incident",
        "occurred_at": AT,
        "data": {
            "id": "PGR0VU2",
            "type": "incident",
            "html_url": "https://acme.pagerduty.example/incidents/PGR0VU2",
            "number": 2,
            "status": "triggered",
            "title": "Many errors",
            "created_at": AT,
            "service": {"id": "PF9KMXH", "summary": "checkout", "type": "service_reference"},
            "urgency": "high",
            "priority": {"id": "PSO75BM", "summary": "P1", "type": "priority_reference"},
            "teams": [],
        },
    }
}
SENTRY = {
    "action": "critical",
    "data": {
        "metric_alert": {
            "id": "76",
            "title": "Many errors",
            "date_started": AT,
            "projects": ["checkout"],
            "alert_rule": {"name": "Many errors", "environment": "production", "query": "level:error"},
        },
        "description_title": "Critical: many errors",
        "description_text": "1000 events in the last 5 minutes",
        "web_url": "https://sentry.example/alerts/76",
    },
}
DATADOG = {
    "alert_cycle_key": "6789",
    "alert_transition": "Triggered",
    "alert_type": "error",
    "title": "[P1] [Triggered] Many errors",
    "body": "Errors are over 5 %",
    "tags": "service:checkout,env:production,version:4f2a1c",
    "scopes": "host:web-1",
    "severity": "P1",
    "date": "1780304400000",
    "url": "https://datadog.example/event/1",
    "id": "1",
    "monitor_id": "55",
}
BODIES: dict[str, dict[str, Any]] = {
    "github": GITHUB,
    "gitlab": GITLAB,
    "argocd": ARGOCD,
    "jenkins": JENKINS,
    "cdevents": CDEVENTS,
    "alertmanager": ALERTMANAGER,
    "grafana": ALERTMANAGER | {"title": "[FIRING:1] HighErrors", "state": "alerting", "orgId": 1},
    "pagerduty": PAGERDUTY,
    "sentry": SENTRY,
    "datadog": DATADOG,
    "event": {"type": "deploy", "service": "checkout", "revision": SHA, "at": AT, "external_id": "d-1"},
}
_SAYING = {
    "github": {"X-GitHub-Event": "deployment_status"},
    "gitlab": {"X-Gitlab-Event": "Deployment Hook"},
    "cdevents": CDEVENT,
}


def body_of(source: str) -> bytes:
    return json.dumps(BODIES[source]).encode()


def headers(source: str, secret: str, body: bytes, delivery: str = "delivery-1") -> Mapping[str, str]:
    """As its sender would send and sign `body`."""
    return headers_of(source, secret, body, delivery) | _SAYING.get(source, {})
