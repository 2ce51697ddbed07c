"""What is sent to a contact method for its own sake, a code or a test: worth nothing after a quarter of an hour."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications import deliveries
from notifications.errors import Conflict
from notifications.links import absolute
from notifications.models import ContactMethod, Delivery
from oncall.models import Person
from oncall.permissions import require_self_or_administrator

STALE = timedelta(minutes=15)
MOST_TESTS = 10  # within STALE


@transaction.atomic
def send_test(*, method: ContactMethod, by: Person | None = None) -> Delivery:
    """Send a message there that says it is a test, the way a page goes. Raises Conflict: not verified, or too often."""
    require_self_or_administrator(method.person, by)
    withdraw(method, "test")
    row = ContactMethod.objects.select_for_update().get(pk=method.pk)
    if row.verified_at is None:
        raise Conflict("This contact method is not verified yet; enter its code first.")
    recent = sent_to(row, "test").filter(created_at__gt=timezone.now() - STALE)
    if recent.count() >= MOST_TESTS:
        raise Conflict(f"{MOST_TESTS} tests were sent there within a quarter of an hour; try again later.")
    asker = "you" if by is None or by == row.person else str(by)
    return enqueue(
        row,
        "test",
        subject="Test: Andon reaches you here",
        text=f"This is a test that {asker} asked for. Nothing is wrong and there is nothing to do. "
        "A page will look like this.",
        queue=Delivery.Queue.PAGES,
    )


def withdraw_stale() -> int:
    """Take back the codes and tests that nobody took in time; returns how many."""
    old = Delivery.objects.filter(dedup_key__startswith="contact-", created_at__lt=timezone.now() - STALE)
    return old.filter(state=Delivery.State.WAITING).update(state=Delivery.State.WITHDRAWN)


def sent_to(method: ContactMethod, what: str) -> Any:
    """Deliveries to this method of a `code` or `test`."""
    return Delivery.objects.filter(dedup_key__startswith=f"contact-{what}:{method.pk}:")


def withdraw(method: ContactMethod, what: str) -> None:
    """A newer one takes the place of what still waits. To be done before the method is locked: a worker that notes what
    came of a message locks the message first, too."""
    sent_to(method, what).filter(state=Delivery.State.WAITING).update(state=Delivery.State.WITHDRAWN)


def enqueue(
    method: ContactMethod,
    what: str,
    *,
    subject: str,
    text: str,
    queue: str = Delivery.Queue.DEFAULT,
    extra: dict[str, Any] | None = None,
) -> Delivery:
    """`extra` is for webhooks, which programs read."""
    return deliveries.enqueue_to(
        method,
        dedup_key=f"contact-{what}:{method.pk}:{uuid.uuid4()}",
        about=f"contact:{method.person_id}",
        message={
            "kind": what,
            "subject": subject,
            "text": text,
            "url": absolute(f"/people/{method.person_id}/"),
            "webhook": {"kind": what, **(extra or {})},
        },
        queue=queue,
    )
