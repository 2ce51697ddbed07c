"""A schedule's definition between its dataclass and its rows. What rows hold is read by the same parser as the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from oncall.definition import Definition, parse_definition
from oncall.definition.write import utc
from oncall.models import Layer, Override, Person, Schedule, Seat
from oncall.rotas.absent import vacate

OF_SEATS = ("layers__participants__person", "overrides__people")
OF_ROWS = ("participants", "priority")  # kept in columns; the rest of a layer is its rule


def load_definition(schedule: Schedule) -> Definition:
    """The definition as it is stored, its people named by e-mail address."""
    return definition_of(schedule, schedule.seats.current().prefetch_related(*OF_SEATS))


def load_worked(schedule: Schedule) -> Definition:
    """The definition as it is worked: the turns of people who are gone stand empty."""
    definition = load_definition(schedule)
    gone = absentees(schedule)
    return replace(definition, seats=tuple(vacate(seat, gone) for seat in definition.seats))


def absentees(schedule: Schedule) -> set[str]:
    """E-mail addresses of those whom the definition names and who are no longer active."""
    seats = schedule.seats.current()
    named = Q(rotations__layer__seat__in=seats) | Q(overrides__seat__in=seats)
    return set(Person.objects.filter(named, is_active=False).values_list("email", flat=True))


def definition_of(schedule: Schedule, seats: Iterable[Seat]) -> Definition:
    """The same from seats that were fetched already, with what `OF_SEATS` names."""
    seats = list(seats)
    if not seats:
        return Definition(ZoneInfo(schedule.timezone), ())
    return parse_definition(
        {
            "timezone": schedule.timezone,
            "seats": [{"name": seat.name, "layers": _layers(seat)} for seat in seats],
            "overrides": [override for seat in seats for override in _overrides(seat)],
        }
    )


def _layers(seat: Seat) -> list[dict[str, Any]]:
    found = []
    for layer in seat.layers.all():
        if groups := _groups(layer):
            first = int(layer.rule.get("first", 0)) % len(groups)
            found.append(layer.rule | {"priority": layer.priority, "participants": groups, "first": first})
    return found


def _groups(layer: Layer) -> list[list[str]]:
    turns: dict[int, list[str]] = {}
    for participant in layer.participants.all():
        turns.setdefault(participant.turn, []).append(participant.person.email)
    return list(turns.values())


def _overrides(seat: Seat) -> list[dict[str, Any]]:
    return [
        {"seat": seat.name, "people": people, "start": utc(override.start), "end": utc(override.end)} | _marks(override)
        for override in seat.overrides.all()
        if (people := [person.email for person in override.people.all()])
    ]


def _marks(override: Override) -> dict[str, Any]:
    """What few overrides have."""
    marks = {"exclusive": override.exclusive or None, "swap": override.swap_id}
    return {name: value for name, value in marks.items() if value is not None}
