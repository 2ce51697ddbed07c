"""Events: what happened, told to other rooms in the same transaction.

`emit()` writes the event and a reaction for each handler that `settings.REACTIONS` names. A worker carries the
reactions out, each in one transaction: a handler's effect and the fact that it is done are kept or lost together.
Handlers write rows; what must leave the house is a delivery or another leased row, never a call from a handler.
A handler marked `in_bulk` takes a list of events: what is due for it at once, in a storm, is carried out together.

Where a webhook wants an event, the handler `FAN_OUT` reacts to it too, in a lane of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from notifications.leases import backoff
from notifications.models import Event, Reaction
from notifications.nudge import nudge
from notifications.outgoing.interest import wanted as wanted_outside

log = structlog.get_logger(__name__)

AT_ONCE = 100  # events for one handler that takes many: few enough for a transaction of a second or two
FAN_OUT = "notifications.outgoing.fanout.fan_out"
Handler = TypeVar("Handler", bound=Callable[[Sequence[Event]], None])


def in_bulk(handler: Handler) -> Handler:
    """Mark a handler that takes a list of events, the oldest first. Where it fails for several, each is tried alone."""
    handler.in_bulk = True  # type: ignore[attr-defined]
    return handler


def emit(type: str, payload: dict[str, Any]) -> Event:
    """Tell that something happened. Must run in the transaction that makes it true."""
    [event] = emit_many([(type, payload)])
    return event


def emit_many(happened: Iterable[tuple[str, dict[str, Any]]]) -> list[Event]:
    """Tell several things (type, payload) at once, in this order: as many statements for a hundred as for one."""
    reactions = import_string(settings.REACTIONS)
    events = [Event(type=type, payload=payload) for type, payload in happened]
    for event in events:
        if not connection.in_atomic_block:
            raise RuntimeError(f"{event.type} must be emitted in the transaction that makes it true")
        if event.type not in reactions:
            raise LookupError(f"{event.type} is not in {settings.REACTIONS}: name who reacts to it, if only nobody")
    Event.objects.bulk_create(events)
    outside = wanted_outside({event.type for event in events})
    wanted = [Reaction(event=event, handler=handler) for event in events for handler in reactions[event.type]]
    aside = [Reaction(event=event, handler=FAN_OUT) for event in events if event.type in outside]
    if wanted or aside:
        Reaction.objects.bulk_create([*wanted, *aside])
    if wanted:
        nudge("notifications.tasks.react")
    if aside:
        nudge("notifications.tasks.fan_out")
    return events


def react(*, limit: int = 200, aside: bool = False) -> int:
    """Carry out due reactions, oldest first; returns how many were tried. `aside`: those of `FAN_OUT`, and no other."""
    tried = 0
    while tried < limit and (some := _react_once(aside)):
        tried += some
    return tried


def _react_once(aside: bool) -> int:
    lane = Q(handler=FAN_OUT) if aside else ~Q(handler=FAN_OUT)
    with transaction.atomic():
        due = Reaction.objects.filter(lane, done_at=None, next_at__lte=timezone.now()).order_by("next_at", "id")
        free = due.select_related("event").select_for_update(skip_locked=True, of=("self",))
        first = free.first()
        if first is None:
            return 0
        handler = import_string(first.handler)
        if not hasattr(handler, "in_bulk"):
            _carry_out([first], handler)
            return 1
        more = free.filter(handler=first.handler).exclude(pk=first.pk)[: AT_ONCE - 1]
        together = sorted([first, *more], key=lambda reaction: reaction.event_id)
        _carry_out(together, lambda *events: handler(events))
    return len(together)


def _carry_out(reactions: Sequence[Reaction], handler: Callable[..., None]) -> None:
    try:
        with transaction.atomic():
            handler(*(reaction.event for reaction in reactions))
    except Exception as error:
        log.exception("reaction_failed", handler=reactions[0].handler, event_ids=[one.event_id for one in reactions])
        if len(reactions) == 1:
            return _postpone(reactions[0], error)
        for reaction in reactions:
            _carry_out([reaction], handler)
    else:
        Reaction.objects.filter(pk__in=[reaction.pk for reaction in reactions]).update(done_at=timezone.now())


def _postpone(reaction: Reaction, error: Exception) -> None:
    reaction.attempts += 1
    reaction.error = f"{type(error).__name__}: {error}"
    reaction.next_at = backoff(reaction.attempts)
    reaction.save(update_fields=["attempts", "error", "next_at"])
