"""From an event to a message for each webhook that wants it: a reaction that `outbox.emit` writes where one does.

It has a lane of its own: what wakes people never waits behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

from notifications import outbox
from notifications.models import Event, Webhook, WebhookMessage
from notifications.nudge import nudge
from notifications.outgoing import published
from notifications.outgoing.interest import wants


@outbox.in_bulk
def fan_out(events: Sequence[Event]) -> None:
    """One message for each webhook and event, however often this runs; none of what is private."""
    webhooks = list(Webhook.objects.filter(disabled_at=None))
    told = published.open_to_all(event.pk for event in events) if webhooks else set()
    bodies = published.bodies([event for event in events if event.pk in told])
    messages = [
        WebhookMessage(webhook=webhook, event=event, type=event.type, body=bodies[event.pk])
        for event in events
        for webhook in webhooks
        if event.pk in bodies and wants(webhook.events, event.type)
    ]
    if messages:
        WebhookMessage.objects.bulk_create(messages, ignore_conflicts=True)
        nudge("notifications.tasks.send_webhooks")


def fan_out_due() -> int:
    """Carry out the fan-outs that are due; returns how many."""
    return outbox.react(aside=True)
