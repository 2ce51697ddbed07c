"""Events: what happened, told to other rooms in the same transaction.

`emit()` writes the event and a reaction for each handler that `settings.REACTIONS` names. A worker carries the
reactions out, each in one transaction: a handler's effect and the fact that it is done are kept or lost together.
Handlers write rows; what must leave the house is a delivery or another leased row, never a call from a handler.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from notifications.leases import backoff
from notifications.models import Event, Reaction
from notifications.nudge import nudge

log = structlog.get_logger(__name__)


def emit(type: str, payload: dict[str, Any]) -> Event:
    """Tell that something happened. Must run in the transaction that makes it true."""
    [event] = emit_many([(type, payload)])
    return event


def emit_many(happened: Iterable[tuple[str, dict[str, Any]]]) -> list[Event]:
    """Tell several things (type, payload) at once, in this order: two statements, however many they are."""
    reactions = import_string(settings.REACTIONS)
    events = [Event(type=type, payload=payload) for type, payload in happened]
    for event in events:
        if not connection.in_atomic_block:
            raise RuntimeError(f"{event.type} must be emitted in the transaction that makes it true")
        if event.type not in reactions:
            raise LookupError(f"{event.type} is not in {settings.REACTIONS}: name who reacts to it, if only nobody")
    Event.objects.bulk_create(events)
    wanted = [Reaction(event=event, handler=handler) for event in events for handler in reactions[event.type]]
    if wanted:
        Reaction.objects.bulk_create(wanted)
        nudge("notifications.tasks.react")
    return events


def react(*, limit: int = 200) -> int:
    """Carry out due reactions, oldest first; returns how many were tried."""
    tried = 0
    while tried < limit and _react_once():
        tried += 1
    return tried


def _react_once() -> bool:
    with transaction.atomic():
        due = Reaction.objects.filter(done_at=None, next_at__lte=timezone.now()).order_by("next_at", "id")
        reaction = due.select_related("event").select_for_update(skip_locked=True, of=("self",)).first()
        if reaction is None:
            return False
        _carry_out(reaction)
    return True


def _carry_out(reaction: Reaction) -> None:
    try:
        with transaction.atomic():
            import_string(reaction.handler)(reaction.event)
    except Exception as error:
        reaction.attempts += 1
        reaction.error = f"{type(error).__name__}: {error}"
        reaction.next_at = backoff(reaction.attempts)
        log.exception("reaction_failed", handler=reaction.handler, event_id=reaction.event_id)
    else:
        reaction.done_at = timezone.now()
    reaction.save(update_fields=["attempts", "error", "next_at", "done_at"])
