"""Sending once more what was sent or has failed; a test; and forgetting what is old."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from notifications.errors import Conflict
from notifications.models import Webhook, WebhookMessage
from notifications.nudge import nudge
from notifications.outgoing import envelope, published

KEPT = timedelta(days=30)
AT_ONCE = 2_000

State = WebhookMessage.State


def replay(*, message: WebhookMessage) -> WebhookMessage:
    """Send it again, from the beginning of the schedule, under the same id. Raises Conflict where it may not be."""
    _require_enabled(message.webhook)
    if not message.body or (message.event_id and not published.open_to_all([message.event_id])):
        raise Conflict("What this message tells of is private now: it is not sent again.")
    _again(WebhookMessage.objects.filter(pk=message.pk))
    message.refresh_from_db()
    return message


def replay_failed(*, webhook: Webhook, since: datetime) -> int:
    """Send again all that has failed since then; returns how many. What became private stays where it is."""
    _require_enabled(webhook)
    return _again(WebhookMessage.objects.filter(webhook=webhook, state=State.FAILED, created_at__gte=since))


def send_test(*, webhook: Webhook) -> WebhookMessage:
    """A message of the type `webhook.test`, which no subscription has to name."""
    _require_enabled(webhook)
    body = envelope.body(
        id=f"test_{secrets.token_hex(8)}",
        type=envelope.TEST,
        at=timezone.now(),
        data={"message": "Andon can reach you.", "webhook": webhook.name},
    )
    message = WebhookMessage.objects.create(webhook=webhook, type=envelope.TEST, body=body)
    nudge("notifications.tasks.send_webhooks")
    return message


def forget() -> int:
    """Drop messages older than `KEPT`, some at a time; returns how many."""
    old = WebhookMessage.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")
    dropped, _ = WebhookMessage.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
    return dropped


def _again(messages: QuerySet[WebhookMessage]) -> int:
    # taken back before, because of what it tells of, it has no body left
    count = messages.exclude(body={}).update(state=State.WAITING, next_at=timezone.now(), attempts=0)
    if count:
        nudge("notifications.tasks.send_webhooks")
    return count


def _require_enabled(webhook: Webhook) -> None:
    if webhook.disabled_at:
        raise Conflict(f"“{webhook.name}” is disabled; enable it first.")
