"""What waits because nobody knew its service is looked at again when names, rules or services change.

The rooms above have their own such things, changes and alerts; how they are gone through is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from notifications import outbox
from notifications.models import Event, Integration
from oncall.catalogue import find_services
from oncall.mapping import Said
from oncall.models import Service

AT_ONCE = 500  # rows that one reaction looks at: few enough for a transaction of a second or two


def place_waiting(
    event: Event,
    *,
    room: str,
    waiting: QuerySet[Any],
    said: Callable[[Any], Said],
    place: Callable[[list[int], Service], Any],
) -> None:
    """React to `integration.mapped` or `service.named`: place what now has a service, the newest first.

    `waiting` are rows without a service that have an `integration`; `said` tells what a row's sender said; `place`
    gives rows (by id) of one integration to a service. Where more wait than are looked at at once, the event is told
    again to the same `room` for the rest.
    """
    told = event.payload
    if told.get("room", room) != room:
        return
    if "integration" in told:
        waiting = waiting.filter(integration=told["integration"])
    if "before" in told:
        waiting = waiting.filter(pk__lt=told["before"])
    rows = list(waiting.filter(service=None).select_related("integration").order_by("-pk")[:AT_ONCE])
    by_sender = sorted(rows, key=lambda row: row.integration_id or 0)
    for _, some in groupby(by_sender, key=lambda row: row.integration_id):
        _place(list(some), said, place)
    if len(rows) == AT_ONCE:
        outbox.emit(event.type, told | {"room": room, "before": rows[-1].pk})


def _place(rows: Sequence[Any], said: Callable[[Any], Said], place: Callable[[list[int], Service], Any]) -> None:
    integration: Integration | None = rows[0].integration
    of: dict[Service, list[int]] = {}
    for row, service in zip(rows, find_services([said(row) for row in rows], integration), strict=True):
        if service:
            of.setdefault(service, []).append(row.pk)
    for service, ids in of.items():
        place(sorted(ids), service)
