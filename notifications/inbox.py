"""The inbox: verify, keep, commit, answer 2xx, process afterwards. A replay has one effect.

A sender is four functions, registered under its source in `settings.SENDERS`. `parse` is pure and runs twice: before
the message is kept, so that the sender hears what is malformed, and when it is processed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.module_loading import import_string

from notifications.leases import backoff
from notifications.models import InboundMessage, Integration
from notifications.nudge import nudge
from notifications.payloads import MalformedPayload, body_digest, read_json

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=9)  # of what has to be prepared
AT_ONCE = 50  # messages that are used together, each at most SMALL
SMALL = 100_000  # bytes
AT_ONCE_TOLD = timedelta(seconds=10)  # equal messages without a key are one, if no more lies between them
MOST_ATTEMPTS = 12  # with backoff() this is about an hour and a half


@dataclass(frozen=True)
class Sender:
    """How messages of one source are told apart, read and used.

    `verify(secrets, body, headers)` says whether it is authentic; `key(headers, body)` is the sender's own delivery id,
    or None where it has none; `parse(headers, body)` gives the events in it (none: ignored) or raises MalformedPayload;
    `apply(message, events)` makes them true, idempotently, in one transaction, and returns the outcome in words.
    `prepare(events)`, where there is one, runs before that transaction: what has to be asked of the network first.
    `apply_many`, where there is one, is `apply` for several messages of one integration, the oldest first: in a storm
    they are used together; where that fails, each is used alone.
    `in_query`: the query parameter that may carry the secret itself, of senders who cannot sign (Jira Server).
    `one_body_for_each_key`: the sender's key promises one body, and another body under it is refused. Of senders who
    never hear of it, or who give up on a 4xx, the first body counts and a repetition is accepted.
    """

    verify: Callable[[Sequence[str], bytes, Mapping[str, str]], bool]
    key: Callable[[Mapping[str, str], bytes], str | None]
    parse: Callable[[Mapping[str, str], bytes], Sequence[Any]]
    apply: Callable[[InboundMessage, Sequence[Any]], str]
    prepare: Callable[[Sequence[Any]], None] | None = None
    apply_many: Callable[[Sequence[tuple[InboundMessage, Sequence[Any]]]], Sequence[str]] | None = None
    one_body_for_each_key: bool = False
    in_query: str = ""


def sender(source: str) -> Sender | None:
    """The registered sender of this name."""
    return import_string(settings.SENDERS).get(source)


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
    state = InboundMessage.State.IGNORED if empty else InboundMessage.State.WAITING
    told = {"source": source, "integration": integration, "key": key}
    try:
        with transaction.atomic():  # one statement: most messages come once
            message = InboundMessage.objects.create(**told, headers=dict(headers), body=body, state=state)
            if not empty:
                nudge(task)
    except IntegrityError:
        return InboundMessage.objects.get(**told), False
    return message, True


def key_of_body(source: str, integration: Integration, body: bytes) -> str:
    """The key of a message whose sender gives it none: the same body again at once is the same message.

    After `AT_ONCE_TOLD`, or after this sender told anything else, it tells of something that happened again: what is
    switched on, off and on within a second was switched three times.
    """
    now, digest = timezone.now(), body_digest(body)
    lately = InboundMessage.objects.filter(source=source, integration=integration, received_at__gt=now - AT_ONCE_TOLD)
    other = lately.exclude(key__startswith=f"body:{digest}:").order_by("-pk").values_list("pk", flat=True).first()
    span = int(now.timestamp() // AT_ONCE_TOLD.total_seconds())
    before, key = (f"body:{digest}:{span - ago}:{other or 0}" for ago in (1, 0))
    return before if lately.filter(key=before).exists() else key


def says_the_same(one: bytes, other: bytes) -> bool:
    """Whether two bodies are equal, as bytes or as JSON."""
    if one == other:
        return True
    try:
        return json.dumps(read_json(one), sort_keys=True) == json.dumps(read_json(other), sort_keys=True)
    except MalformedPayload:
        return False


def process_due(*, limit: int = 200, source: str = "") -> int:
    """Process what waits, of one source or of all, oldest first; returns how many messages were tried.

    A message is held by the lock on its row while it is processed: if the worker dies, another takes it at once.
    """
    tried = 0
    while tried < limit and (some := _process_next(source)):
        tried += some
    return tried


def _process_next(source: str) -> int:
    with transaction.atomic():
        message = _due(source).first()
        if message is None:
            return 0
        message.attempts += 1
        if not _must_prepare(message):
            return _process_with_others(message)
        message.next_at = timezone.now() + LEASE
        message.save(update_fields=["next_at", "attempts"])
    _prepare(message)
    with transaction.atomic():
        _process(message)
    return 1


def _due(source: str) -> models.QuerySet[InboundMessage]:
    """What is due and nobody holds, oldest first, to be locked by whoever takes it."""
    due = InboundMessage.objects.filter(state=InboundMessage.State.WAITING, next_at__lte=timezone.now())
    free = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return (free.filter(source=source) if source else free).select_related("integration").order_by("next_at", "pk")


def _must_prepare(message: InboundMessage) -> bool:
    registered = sender(message.source)
    return registered is not None and registered.prepare is not None


def _prepare(message: InboundMessage) -> None:
    """Ask the network what is to be asked. The message is processed although that fails, and tells what it lacks."""
    registered = sender(message.source)
    try:
        if registered and registered.prepare:
            registered.prepare(registered.parse(message.headers, bytes(message.body)))
    except Exception:
        log.exception("inbound_not_prepared", source=message.source, message_id=message.pk)


def _process_with_others(message: InboundMessage) -> int:
    """Use a message that is held and, where its sender takes many, small ones that wait behind it; returns how many."""
    registered = sender(message.source)
    if registered is None or registered.apply_many is None:
        _process(message)
        return 1
    behind = _due(message.source).filter(integration=message.integration).exclude(pk=message.pk)
    messages = [message, *behind.alias(size=Length("body")).filter(size__lte=SMALL)[: AT_ONCE - 1]]
    for other in messages[1:]:
        other.attempts += 1
    try:
        with transaction.atomic():
            told = [(one, registered.parse(one.headers, bytes(one.body))) for one in messages]
            outcomes = registered.apply_many(told)
    except Exception:
        log.exception("inbound_failed_together", source=message.source, message_ids=[one.pk for one in messages])
        for one in messages:
            _process(one)
    else:
        for one, outcome in zip(messages, outcomes, strict=True):
            one.state, one.outcome = InboundMessage.State.DONE, outcome
        InboundMessage.objects.bulk_update(messages, ["state", "outcome", "attempts"])
    return len(messages)


def _process(message: InboundMessage) -> None:
    """Use a message that is held, and record what came of it."""
    try:
        with transaction.atomic():
            message.outcome = _apply(message)
        message.state = InboundMessage.State.DONE
    except Exception as error:
        log.exception("inbound_failed", source=message.source, message_id=message.pk)
        message.outcome = f"{type(error).__name__}: {error}"
        message.state = (
            InboundMessage.State.FAILED if message.attempts >= MOST_ATTEMPTS else InboundMessage.State.WAITING
        )
        message.next_at = backoff(message.attempts)
    message.save(update_fields=["state", "outcome", "next_at", "attempts"])


def _apply(message: InboundMessage) -> str:
    registered = sender(message.source)
    if registered is None:
        raise LookupError(f"no sender is registered for {message.source}")
    return registered.apply(message, registered.parse(message.headers, bytes(message.body)))


@transaction.atomic
def replay(message: InboundMessage) -> None:
    """Process a message again, from its stored bytes."""
    message.state, message.attempts, message.next_at = InboundMessage.State.WAITING, 0, timezone.now()
    message.save(update_fields=["state", "attempts", "next_at"])
    nudge("notifications.tasks.process_inbox")


@transaction.atomic
def replay_failed(integration: Integration) -> int:
    """Process again all that failed, of one integration; returns how many there are."""
    failed = integration.messages.filter(state=InboundMessage.State.FAILED)
    count = failed.update(state=InboundMessage.State.WAITING, attempts=0, next_at=timezone.now())
    if count:
        nudge("notifications.tasks.process_inbox")
    return count
