"""One message that came in, as administrators may look at it: what it said, and what it was read as."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from notifications import inbox
from notifications.models import InboundMessage
from notifications.payloads import MalformedPayload
from notifications.showing import shown_body, shown_events, shown_headers

MOST_EVENTS = 20


def described(message: InboundMessage) -> dict[str, Any]:
    """A message as it may be shown: nothing in it is a secret of the integration's, or looks like one."""
    secrets = message.integration.secrets.values_list("secret", flat=True) if message.integration else []
    live, body = list(secrets), bytes(message.body)
    read_at = timezone.now()
    events, unreadable = _events(message, body)
    return {
        "message": message,
        "integration": message.integration,
        "size": len(body),
        "headers": shown_headers(message.headers, live),
        "body": shown_body(body, live),
        "events": shown_events(events[:MOST_EVENTS], live, read_at=read_at, came_at=message.received_at),
        "more": max(0, len(events) - MOST_EVENTS),
        "unreadable": unreadable,
    }


def _events(message: InboundMessage, body: bytes) -> tuple[list[Any], str]:
    """What the message is read as, else why it cannot be."""
    sender = inbox.sender(message.source)
    if sender is None:
        return [], f"No sender is registered for {message.source}."
    try:
        return list(sender.parse(message.headers, body)), ""
    except MalformedPayload as error:
        return [], str(error)
