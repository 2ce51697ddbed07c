"""The inbox: verify, keep, commit, answer 2xx, process afterwards. A replay has one effect.

A sender is four functions, registered under its source in `settings.SENDERS`. `parse` is pure and runs twice: before
the message is kept, so that the sender hears what is malformed, and when it is processed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from notifications.leases import backoff, claim
from notifications.models import InboundMessage, Integration
from notifications.nudge import nudge

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 12  # with backoff() this is about an hour and a half


@dataclass(frozen=True)
class Sender:
    """How messages of one source are told apart, read and used.

    `verify(secrets, body, headers)` says whether it is authentic; `key(headers, body)` is the sender's own delivery id,
    or None where it has none; `parse(headers, body)` gives the events in it (none: ignored) or raises MalformedPayload;
    `apply(message, events)` makes them true, idempotently, in one transaction, and returns the outcome in words.
    `prepare(events)`, where there is one, runs before that transaction: what has to be asked of the network first.
    """

    verify: Callable[[Sequence[str], bytes, Mapping[str, str]], bool]
    key: Callable[[Mapping[str, str], bytes], str | None]
    parse: Callable[[Mapping[str, str], bytes], Sequence[Any]]
    apply: Callable[[InboundMessage, Sequence[Any]], str]
    prepare: Callable[[Sequence[Any]], None] | None = None


def sender(source: str) -> Sender | None:
    """The registered sender of this name."""
    return import_string(settings.SENDERS).get(source)


@transaction.atomic
def keep(
    *,
    source: str,
    integration: Integration | None,
    key: str,
    headers: Mapping[str, str],
    body: bytes,
    empty: bool = False,
    task: str = "notifications.tasks.process_inbox",
) -> tuple[InboundMessage, bool]:
    """Store a message that was verified. Returns it and whether it is new; the same key again is the same message.

    `task` is woken to process it; where it is lost, the sweep does the same.
    """
    message, new = InboundMessage.objects.get_or_create(
        source=source,
        integration=integration,
        key=key,
        defaults={
            "headers": dict(headers),
            "body": body,
            "state": InboundMessage.State.IGNORED if empty else InboundMessage.State.WAITING,
        },
    )
    if new and not empty:
        nudge(task)
    return message, new


def process_due(*, limit: int = 200, source: str = "") -> int:
    """Process what waits, of one source or of all, oldest first; returns how many messages were tried."""
    waiting = InboundMessage.objects.filter(state=InboundMessage.State.WAITING)
    due = (waiting.filter(source=source) if source else waiting).select_related("integration")
    tried = 0
    while tried < limit:
        if not (claimed := claim(due, limit=1, lease=LEASE)):
            break
        for message in claimed:
            _process(message)
        tried += len(claimed)
    return tried


def _process(message: InboundMessage) -> None:
    registered = sender(message.source)
    try:
        if registered is None:
            raise LookupError(f"no sender is registered for {message.source}")
        if registered.prepare:
            registered.prepare(registered.parse(message.headers, bytes(message.body)))
        with transaction.atomic():
            events = registered.parse(message.headers, bytes(message.body))
            message.outcome = registered.apply(message, events)
            message.state = InboundMessage.State.DONE
            message.save(update_fields=["state", "outcome"])
    except Exception as error:
        log.exception("inbound_failed", source=message.source, message_id=message.pk)
        message.outcome = f"{type(error).__name__}: {error}"
        message.state = (
            InboundMessage.State.FAILED if message.attempts >= MOST_ATTEMPTS else InboundMessage.State.WAITING
        )
        message.next_at = backoff(message.attempts)
        message.save(update_fields=["state", "outcome", "next_at"])


def replay(message: InboundMessage) -> None:
    """Process a message again, from its stored bytes."""
    message.state, message.attempts, message.next_at = InboundMessage.State.WAITING, 0, timezone.now()
    with transaction.atomic():
        message.save(update_fields=["state", "attempts", "next_at"])
        nudge("notifications.tasks.process_inbox")
