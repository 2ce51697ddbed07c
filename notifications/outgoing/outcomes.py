"""What came of one attempt at a message, and what follows from it for the message and for its webhook."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from notifications.models import Webhook, WebhookMessage
from notifications.outgoing import schedule, subscriptions

log = structlog.get_logger(__name__)

GONE = 410
BUSY = (429, 503)  # with Retry-After they ask for a pause of all that goes there
DEAD_AFTER = timedelta(days=5)
TRIES_KEPT = 20
WITHDRAWN = "Not sent: what it tells of is private now."


@dataclass(frozen=True)
class Attempt:
    """One attempt: seconds it took, and the answer's status and beginning, or an error where none came."""

    took: float
    at: datetime = field(default_factory=timezone.now)
    status: int | None = None
    answer: str = ""
    asked: float | None = None
    error: str = ""

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "status": self.status,
            "took": round(self.took, 3),
            "error": self.error or ("" if self.taken else f"answered {self.status}"),
            "answer": self.answer,
        }


@transaction.atomic
def record(claimed: WebhookMessage, attempt: Attempt) -> None:
    """Note the attempt, and when to try again. Nothing, where the webhook was deleted meanwhile."""
    webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=claimed.webhook_id).first()
    message = WebhookMessage.objects.select_for_update().filter(pk=claimed.pk).first()
    if webhook is None or message is None:
        return
    message.tries = [*message.tries, attempt.as_json()][-TRIES_KEPT:]
    if attempt.taken:
        _taken(message, webhook)
    elif message.state == WebhookMessage.State.WAITING and message.attempts == claimed.attempts:
        _not_taken(message, webhook, attempt)  # else another attempt at it, or a person, has gone on from here
    message.save(update_fields=["tries", "state", "next_at", "sent_at"])
    if attempt.status == GONE and not webhook.disabled_at:
        subscriptions.disable_by_itself(webhook=webhook, why="It answered 410 Gone: nobody is there any more.")


def take_back(message: WebhookMessage) -> None:
    """It is not told: neither now nor on a replay. What it would have said is not kept either."""
    message.state, message.next_at, message.body = WebhookMessage.State.FAILED, None, {}
    message.tries = [{"at": timezone.now().isoformat(), "status": None, "took": 0, "error": WITHDRAWN, "answer": ""}]
    message.save(update_fields=["state", "next_at", "body", "tries"])


def _taken(message: WebhookMessage, webhook: Webhook) -> None:
    message.state, message.next_at = WebhookMessage.State.SENT, None
    message.sent_at = message.sent_at or timezone.now()
    if webhook.failing_since:
        webhook.failing_since = None
        webhook.save(update_fields=["failing_since"])


def _not_taken(message: WebhookMessage, webhook: Webhook, attempt: Attempt) -> None:
    now = timezone.now()
    message.next_at = schedule.next_try(attempts=message.attempts, now=now, message=message.pk, asked=attempt.asked)
    if message.next_at is None or attempt.status == GONE:
        message.state, message.next_at = WebhookMessage.State.FAILED, None
    log.info("webhook_refused", webhook_id=webhook.pk, message_id=message.pk, status=attempt.status)
    if attempt.asked and attempt.status in BUSY:
        _pause(webhook, now + schedule.asked_pause(attempt.asked))
    if webhook.failing_since is None:
        webhook.failing_since = now
        webhook.save(update_fields=["failing_since"])
    elif now - webhook.failing_since >= DEAD_AFTER and not webhook.disabled_at:
        why = f"It has taken nothing for {DEAD_AFTER.days} days; the last attempt: {attempt.as_json()['error']}."
        message.state, message.next_at = WebhookMessage.State.FAILED, None
        subscriptions.disable_by_itself(webhook=webhook, why=why)


def _pause(webhook: Webhook, until: datetime) -> None:
    """All that waits for it waits so long."""
    waiting = WebhookMessage.objects.filter(webhook=webhook, state=WebhookMessage.State.WAITING, next_at__lt=until)
    waiting.update(next_at=until)
