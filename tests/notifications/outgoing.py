"""What tests of outgoing webhooks share: a subscriber that answers as it is told, and how it checks signatures.

The check is written after the text of https://www.standardwebhooks.com, and uses nothing of ours.
"""

import base64
import hashlib
import hmac

from notifications.models import Webhook, WebhookMessage
from notifications.outgoing import fanout, sending
from notifications.outgoing.subscriptions import new_secret


def subscribe(url="http://127.0.0.1:9/", events=(), **fields):
    fields.setdefault("name", f"Subscriber {Webhook.objects.count()}")
    return Webhook.objects.create(url=url, events=list(events), secret=new_secret(), **fields)


def waits_for(webhook, type="incident.declared", **fields):
    body = {"id": "evt_1", "type": type, "timestamp": "2026-06-01T09:00:00Z", "data": {"number": 1}}
    return WebhookMessage.objects.create(webhook=webhook, type=type, body=body, **fields)


def settle(*, send=True):
    """Let what was told be fanned out, and sent."""
    while fanout.fan_out_due():
        pass
    return sending.send_due() if send else 0


def is_signed(secret, headers, body):
    """As the specification says: HMAC-SHA256 with the decoded secret over `id.timestamp.body`, any of several."""
    key = base64.b64decode(secret[len("whsec_") :])
    content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    versions = [signature.split(",", 1) for signature in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(given, expected) for version, given in versions)
