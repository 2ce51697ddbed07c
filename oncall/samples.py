"""A harmless message of each source, sent to ourselves through the very view that senders use."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from notifications import intake
from notifications.errors import Conflict
from notifications.models import Integration
from notifications.signatures import sign_hex
from oncall.services.integrations import live_secrets

Sample = tuple[dict[str, str], bytes]


def send_sample(integration: Integration) -> HttpResponse:
    """What our intake answers to a signed sample. Raises Conflict where no secret is live or no sample is known."""
    if not (secret := live_secrets(integration).last()):
        raise Conflict("No secret is live; make one first.")
    headers, body = sample(integration.source, secret.secret, timezone.now())
    request = RequestFactory(headers=headers).post(integration.path, body, content_type="application/json")
    return intake.hook(request, integration.source, str(integration.key))


def sample(source: str, secret: str, now: datetime) -> Sample:
    """Headers and body of a message that changes nothing of weight: a ping, a note, an alert that is over."""
    if source not in SAMPLES:
        raise Conflict(f"There is no sample for {source}; send one from there.")
    body = json.dumps(SAMPLES[source](now)).encode()
    delivery = f"andon-test-{now.timestamp():.0f}"
    if source == "github":
        signature = f"sha256={sign_hex(secret, body)}"
        return {"X-GitHub-Event": "ping", "X-GitHub-Delivery": delivery, "X-Hub-Signature-256": signature}, body
    return {"Authorization": f"Bearer {secret}", "Idempotency-Key": delivery}, body


def _alert(now: datetime) -> dict[str, object]:
    at = now.astimezone(UTC).isoformat().replace("+00:00", "Z")
    labels = {"alertname": "AndonTest"}
    alert = {
        "status": "resolved",
        "labels": labels,
        "annotations": {"summary": "A test from Settings"},
        "startsAt": at,
        "endsAt": at,
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


SAMPLES = {
    "github": lambda now: {"zen": "A test from Settings", "hook_id": 0},
    "event": lambda now: {"type": "note", "text": "A test from Settings", "at": now.isoformat()},
    "alertmanager": _alert,
}
