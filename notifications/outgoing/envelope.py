"""What a subscriber gets: a thin JSON body and three headers (Standard Webhooks, symmetric signatures). No Django here.

    {"id": "evt_71", "type": "incident.declared", "timestamp": "2026-06-01T09:30:00.000000Z", "data": {…}}

`webhook-id` is the same for every attempt at one message, so that a subscriber can tell a repetition; the signature
covers it, the time of the attempt and the very bytes of the body.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from notifications.signatures import sign_standard_webhooks

FIRST = ("id", "type", "timestamp", "data")
TEST = "webhook.test"


def body(*, id: str, type: str, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """The body as JSON will say it; `at`, aware, is when it happened."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"id": id, "type": type, "timestamp": moment, "data": dict(data)}


def encode(body: Mapping[str, Any]) -> bytes:
    """The bytes that are sent and signed: the same for the same body, in whatever order it was kept."""
    ordered = {name: body[name] for name in FIRST if name in body}
    return json.dumps(ordered, sort_keys=False, separators=(",", ":"), ensure_ascii=False).encode()


def headers(*, message: int, at: datetime, secrets: Sequence[str], content: bytes) -> dict[str, str]:
    """The headers of one attempt at this message; one signature for each secret, so that one can be rotated."""
    webhook_id, timestamp = webhook_id_of(message), int(at.timestamp())
    signed = [sign_standard_webhooks(secret, webhook_id, timestamp, content) for secret in secrets if secret]
    return {
        "Content-Type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }


def webhook_id_of(message: int) -> str:
    """`msg_7`: the number of the message, whichever attempt it is."""
    return f"msg_{message}"
