"""Messages to people and channels: kept first, sent after, at least once, never by two at the same time.

`enqueue()` writes a row in the caller's transaction. `send_due()` leases due rows, sends them side by side without
holding a transaction, and records each outcome with an event, so that other rooms can go on (the next contact method,
an entry in a page's log). Whoever hangs delays nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from notifications import outbox
from notifications.channels import CHANNELS, ChannelError
from notifications.leases import backoff, claim
from notifications.models import ContactMethod, Delivery
from notifications.nudge import nudge

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=6)  # renewed while it is sent; what a worker that died was sending is sent again after it
AT_ONCE = 16
AT_ONE_ADDRESS = 4  # a receiver that hangs keeps some places busy, never all
LOOK_AGAIN = 0.5  # seconds, while nothing is answered
LONGEST_WAIT = {"pages": timedelta(seconds=8), "default": timedelta(minutes=10)}
LEAST_WAIT = timedelta(seconds=1)
STALLED = 3  # failed attempts after which another way is tried beside this one
LONG_PAUSE = 20  # seconds asked for, after which nobody waits for a second attempt either


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt: a receipt, or an error."""

    delivery: Delivery
    began: datetime
    receipt: dict[str, Any] = field(default_factory=dict)
    error: ChannelError | None = None


def enqueue(
    *,
    dedup_key: str,
    about: str,
    channel: str,
    address: str,
    message: dict[str, Any],
    queue: str = Delivery.Queue.DEFAULT,
    method: ContactMethod | None = None,
    next_at: datetime | None = None,
) -> Delivery:
    """Have this message sent once, whatever else happens. The same `dedup_key` again is the same delivery.

    `next_at`: not before then, unless it is withdrawn first.
    """
    wanted = Delivery(
        dedup_key=dedup_key,
        about=about,
        channel=channel,
        address=address,
        message=message,
        queue=queue,
        method=method,
        next_at=next_at or timezone.now(),
    )
    Delivery.objects.bulk_create([wanted], ignore_conflicts=True)
    _nudge([wanted])
    return Delivery.objects.get(dedup_key=dedup_key)


def enqueue_to(
    method: ContactMethod,
    *,
    dedup_key: str,
    about: str,
    message: dict[str, Any],
    queue: str = Delivery.Queue.DEFAULT,
    next_at: datetime | None = None,
) -> Delivery:
    """As `enqueue()`, to a person by this contact method of theirs."""
    return enqueue(
        dedup_key=dedup_key,
        about=about,
        channel=method.kind,
        address=method.address,
        message=message,
        queue=queue,
        method=method,
        next_at=next_at,
    )


def enqueue_many(wanted: Sequence[Delivery]) -> None:
    """As `enqueue()`, for deliveries whose fields are filled in, in one statement; gives each its `pk`.

    One whose `dedup_key` was there already stays as it was; of the row given here, only `pk` is then true.
    """
    if wanted:
        Delivery.objects.bulk_create(
            wanted, update_conflicts=True, unique_fields=["dedup_key"], update_fields=["dedup_key"]
        )
        _nudge(wanted)


def withdraw(*, about: str) -> int:
    """Take back what was not sent yet about this subject; returns how many messages."""
    waiting = Delivery.objects.filter(about=about, state=Delivery.State.WAITING, first_attempt_at=None)
    return waiting.update(state=Delivery.State.WITHDRAWN)


@transaction.atomic
def give_up(*, method: ContactMethod, reason: str) -> int:
    """Nothing more is sent by this method: what waits has failed, so that whoever wanted it told goes on by another.

    Returns how many messages waited.
    """
    waiting = Delivery.objects.select_for_update().filter(method=method, state=Delivery.State.WAITING)
    given_up = list(waiting.order_by("pk"))
    for delivery in given_up:
        _record_refused(delivery, reason)
    return len(given_up)


def send_due(queue: str, *, limit: int = 400) -> int:
    """Send what is due in `queue`, oldest first, and what falls due meanwhile; returns how many attempts were made."""
    going: dict[Future[Outcome], Delivery] = {}
    attempts = 0
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        while True:
            claimed = _claim(queue, going.values(), min(AT_ONCE - len(going), limit - attempts))
            going |= {pool.submit(_send, delivery): delivery for delivery in claimed}
            attempts += len(claimed)
            if not going:
                return attempts
            done, _ = wait(going, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
            for finished in done:
                del going[finished]
                _record(finished.result())
            _renew(going.values())


def _nudge(wanted: Sequence[Delivery]) -> None:
    """Wake who sends them; what is for later is found by the sweep when its time has come."""
    now = timezone.now()
    for queue in {delivery.queue for delivery in wanted if delivery.next_at <= now}:
        nudge(f"notifications.tasks.send_{queue}")


def _claim(queue: str, going: Collection[Delivery], places: int) -> list[Delivery]:
    """A few that are due, leased to us. Addresses that hold many places already wait, however much is due there."""
    if places <= 0:
        return []
    busy = Counter(delivery.address for delivery in going)
    crowded = [address for address, count in busy.items() if count >= AT_ONE_ADDRESS]
    due = Delivery.objects.filter(queue=queue, state=Delivery.State.WAITING).exclude(address__in=crowded)
    with transaction.atomic():
        claimed = claim(due, limit=min(places, AT_ONE_ADDRESS), lease=LEASE)
        first = [delivery.pk for delivery in claimed if delivery.first_attempt_at is None]
        Delivery.objects.filter(pk__in=first).update(first_attempt_at=timezone.now())
    return claimed


def _renew(going: Collection[Delivery]) -> None:
    """Keep what takes long from being sent by another as well. Whoever dies renews nothing."""
    now = timezone.now()
    old = [delivery for delivery in going if delivery.next_at < now + LEASE / 2]
    for delivery in old:
        delivery.next_at = now + LEASE
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in old]).update(next_at=now + LEASE)


def _send(delivery: Delivery) -> Outcome:
    began = timezone.now()
    try:
        receipt = CHANNELS[delivery.channel]().send(delivery.address, delivery.message, key=delivery.dedup_key)
    except ChannelError as error:
        return Outcome(delivery, began, error=error)
    except Exception as error:
        log.exception("channel_defect", channel=delivery.channel, delivery_id=delivery.pk)
        return Outcome(delivery, began, error=ChannelError(f"{type(error).__name__}: {error}", permanent=False))
    return Outcome(delivery, began, receipt=receipt)


@transaction.atomic
def _record(outcome: Outcome) -> None:
    delivery, error = outcome.delivery, outcome.error
    if error is None:
        _record_sent(delivery, outcome.receipt)
    elif error.permanent:
        _record_refused(delivery, str(error))
    else:
        _record_trouble(delivery, outcome.began, error)


def _record_sent(delivery: Delivery, receipt: dict[str, Any]) -> None:
    delivery.state, delivery.receipt, delivery.sent_at, delivery.error = (
        Delivery.State.SENT,
        receipt,
        timezone.now(),
        "",
    )
    delivery.save(update_fields=["state", "receipt", "sent_at", "error"])
    if delivery.method_id:
        ContactMethod.objects.filter(pk=delivery.method_id).update(refused_at=None, refusal="")
    outbox.emit("delivery.sent", {"delivery": delivery.pk, "about": delivery.about})


def _record_refused(delivery: Delivery, reason: str) -> None:
    delivery.state, delivery.error = Delivery.State.FAILED, reason
    delivery.save(update_fields=["state", "error"])
    if delivery.method_id:
        ContactMethod.objects.filter(pk=delivery.method_id).update(refused_at=timezone.now(), refusal=reason[:300])
    log.warning("delivery_refused", delivery_id=delivery.pk, channel=delivery.channel, reason=reason)
    outbox.emit("delivery.failed", {"delivery": delivery.pk, "about": delivery.about, "reason": reason})


def _record_trouble(delivery: Delivery, began: datetime, error: ChannelError) -> None:
    """Try again later, counted from when this attempt began: who let us wait for an answer has had part of the pause.

    Who asked for a pause gets it, for all that waits for this channel and address.
    """
    now = timezone.now()
    delivery.error = str(error)
    if error.retry_after is None:
        later = backoff(delivery.attempts, now=began, most=LONGEST_WAIT[delivery.queue])
        delivery.next_at = max(later, now + LEAST_WAIT)
    else:
        delivery.next_at = now + timedelta(seconds=error.retry_after)
        same = Delivery.objects.filter(state=Delivery.State.WAITING, channel=delivery.channel, address=delivery.address)
        same.filter(next_at__lt=delivery.next_at).update(next_at=delivery.next_at)
    delivery.save(update_fields=["next_at", "error"])
    news = {"delivery": delivery.pk, "about": delivery.about, "reason": str(error)}
    if delivery.attempts == 1:
        outbox.emit("delivery.delayed", news)
    if delivery.attempts == STALLED or (delivery.attempts == 1 and (error.retry_after or 0) >= LONG_PAUSE):
        outbox.emit("delivery.stalled", news)
