"""Which of our events are told outside, and in which words: the table of config/outgoing.py, and its questions.

A `Teller` describes events of its room: by their keys, the `data` of a message; one it cannot describe is left out.
A `Veil` leaves of a queryset of events those that a person may see, and for None those that everybody may. What is
behind a private incident is thus decided in one place for the log, the fan-out and each attempt at sending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from notifications.models import Event
from notifications.outgoing import envelope

Teller = Callable[[Sequence[Event]], dict[int, dict[str, Any]]]
Veil = Callable[[QuerySet[Event], Any], QuerySet[Event]]


def published() -> dict[str, str]:
    """By type of event, the dotted path of its teller."""
    table: dict[str, str] = import_string(settings.PUBLISHED)
    return table


def families() -> dict[str, list[str]]:
    """The types by their first word: `{"incident": ["incident.declared", …]}`."""
    return {family: list(types) for family, types in groupby(published(), key=lambda type: type.partition(".")[0])}


def visible_events(person: Any) -> QuerySet[Event]:
    """Published events that this person may see; for None, those that may be told outside."""
    events = Event.objects.filter(type__in=published())
    for path in import_string(settings.PUBLISHED_TO):
        veil: Veil = import_string(path)
        events = veil(events, person)
    return events


def open_to_all(ids: Iterable[int]) -> set[int]:
    """Of these events, those that may be told outside, as things stand now."""
    return set(visible_events(None).filter(pk__in=list(ids)).values_list("pk", flat=True))


def bodies(events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    """The bodies of these events by their keys, in as many queries for many as for one; see that they may be told."""
    table = published()
    found: dict[int, dict[str, Any]] = {}
    for path in sorted({table[event.type] for event in events if event.type in table}):
        teller: Teller = import_string(path)
        told = teller([event for event in events if table.get(event.type) == path])
        found |= {event.pk: body_of(event, told[event.pk]) for event in events if event.pk in told}
    return found


def body_of(event: Event, data: dict[str, Any]) -> dict[str, Any]:
    return envelope.body(id=event_id(event.pk), type=event.type, at=event.at, data=data)


def event_id(pk: int) -> str:
    """How programs know an event: `evt_71`."""
    return f"evt_{pk}"
