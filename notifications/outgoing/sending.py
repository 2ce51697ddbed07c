"""Messages on their way to webhooks: leased, sent side by side without a transaction, and each attempt recorded.

One subscriber that is slow holds some places, never all. Where somebody answers so slowly that the time is up though
bytes keep coming, the run takes up nothing more and ends, which closes the connection; the next run goes on.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from notifications import health, http
from notifications.leases import claim
from notifications.models import WebhookMessage
from notifications.outgoing import envelope, outcomes, published
from notifications.outgoing.outcomes import Attempt

TIMEOUT = 5.0  # seconds for each wait: to connect, to send, for the answer
LONGEST = 15.0  # seconds for all of an attempt
LEASE = timedelta(seconds=20)  # longer than an attempt: what a worker that died was sending is sent again after it
AT_ONCE = 16
AT_ONE_WEBHOOK = 4
LONGEST_RUN = 10.0  # seconds after which a run takes up nothing more, so that it holds no worker for long
LOOK_AGAIN = 0.5
EXCERPT = 1000  # bytes of an answer that are kept
BEAT = "webhooks"

log = structlog.get_logger(__name__)
_one_run = threading.Lock()  # in a process: however often it is nudged, one of its threads sends


def send_due() -> int:
    """Send what is due, oldest first, and what falls due meanwhile; returns how many attempts were made."""
    health.beat(BEAT)
    if not _enabled().filter(next_at__lte=timezone.now()).exists() or not _one_run.acquire(blocking=False):
        return 0
    pool = ThreadPoolExecutor(max_workers=AT_ONCE)
    client = http.Client(max_bytes=EXCERPT, allow_private=settings.ANDON_ALLOW_PRIVATE_TARGETS)
    try:
        return _run(pool, client)
    finally:
        client.close()
        pool.shutdown(wait=False)
        _one_run.release()


def waiting() -> QuerySet[WebhookMessage]:
    """First attempts that are due while nobody sends at all. A subscriber that is slow is no illness of ours."""
    due = _enabled().filter(attempts=0)
    return due if health.age(BEAT) >= health.WELL else due.none()


def _run(pool: ThreadPoolExecutor, client: http.Client) -> int:
    going: dict[Future[Attempt], tuple[WebhookMessage, float]] = {}
    attempts, until = 0, time.monotonic() + LONGEST_RUN
    while True:
        places = AT_ONCE - len(going) if time.monotonic() < until else 0
        for message in _claim([held for held, _ in going.values()], places):
            going[pool.submit(_attempt, client, message)] = message, time.monotonic() + LONGEST
            attempts += 1
        if not going:
            return attempts
        done, _ = wait(going, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
        for finished in done:
            message, _ = going.pop(finished)
            outcomes.record(message, finished.result())
        for future in [future for future, (_, end) in going.items() if time.monotonic() > end]:
            message, _ = going.pop(future)
            outcomes.record(message, Attempt(took=LONGEST, error=f"The answer was not whole within {LONGEST:g} s"))
            until = 0.0


def _enabled() -> QuerySet[WebhookMessage]:
    return WebhookMessage.objects.filter(state=WebhookMessage.State.WAITING, webhook__disabled_at=None)


def _claim(going: Collection[WebhookMessage], places: int) -> list[WebhookMessage]:
    """A few that are due and may be told, leased to us."""
    if places <= 0:
        return []
    busy = Counter(message.webhook_id for message in going)
    crowded = [webhook for webhook, count in busy.items() if count >= AT_ONE_WEBHOOK]
    due = _enabled().exclude(webhook__in=crowded).select_related("webhook")
    while claimed := claim(due, limit=min(places, AT_ONE_WEBHOOK), lease=LEASE):
        if told := _take_back_hidden(claimed):
            return told
    return []


def _take_back_hidden(claimed: list[WebhookMessage]) -> list[WebhookMessage]:
    """Those that may still be told outside; the others are taken back."""
    told = published.open_to_all(message.event_id for message in claimed if message.event_id)
    hidden = [message for message in claimed if message.event_id and message.event_id not in told]
    for message in hidden:
        outcomes.take_back(message)
    return [message for message in claimed if message not in hidden]


def _attempt(client: http.Client, message: WebhookMessage) -> Attempt:
    """Send it once; in a thread, without the database."""
    webhook, began, at = message.webhook, time.monotonic(), timezone.now()
    content = envelope.encode(message.body)
    live = [webhook.secret, webhook.former_secret]
    signed = envelope.headers(message=message.pk, at=at, secrets=live, content=content)
    try:
        answer = client.deliver(webhook.url, content=content, headers=signed, timeout=TIMEOUT)
    except http.HttpError as error:
        return Attempt(at=at, took=time.monotonic() - began, error=str(error))
    except Exception as error:
        log.exception("webhook_defect", message_id=message.pk)
        return Attempt(at=at, took=time.monotonic() - began, error=f"{type(error).__name__}: {error}")
    asked = http.parse_retry_after(answer.headers.get("Retry-After"), timezone.now())
    said = answer.body.decode("utf-8", "replace").replace("\x00", "")
    return Attempt(at=at, took=time.monotonic() - began, status=answer.status, answer=said, asked=asked)
