"""A harmless message of each source, sent to ourselves through the very view that senders use."""

from __future__ import annotations

import json
from datetime import datetime

from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from notifications import intake
from notifications.errors import Conflict
from notifications.models import Integration
from oncall.samples import alerts, changes
from oncall.samples.signing import headers_of
from oncall.services.integrations import live_secrets

SAMPLES = changes.SAMPLES | alerts.SAMPLES


def send_sample(integration: Integration) -> HttpResponse:
    """What our intake answers to a signed sample. Raises Conflict where no secret is live or no sample is known."""
    if not (secret := live_secrets(integration).last()):
        raise Conflict("No secret is live; make one first.")
    headers, body = sample(integration.source, secret.secret, timezone.now())
    request = RequestFactory(headers=headers).post(integration.path, body, content_type="application/json")
    return intake.hook(request, integration.source, str(integration.key))


def sample(source: str, secret: str, now: datetime) -> tuple[dict[str, str], bytes]:
    """Headers and body of a message that changes nothing of weight: a ping, a note, an alert that is over."""
    if source not in SAMPLES:
        raise Conflict(f"There is no sample for {source}; send one from there.")
    body = json.dumps(SAMPLES[source](now)).encode()
    return headers_of(source, secret, body, f"andon-test-{now.timestamp():.6f}"), body
