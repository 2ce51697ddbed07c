"""A schedule's definition between its dataclass and its rows. What rows hold is read by the same parser as the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from oncall.definition import Definition, parse_definition
from oncall.definition.write import utc
from oncall.models import Layer, Schedule, Seat

OF_SEATS = ("layers__participants__person", "overrides__people")
OF_ROWS = ("participants", "priority")  # kept in columns; the rest of a layer is its rule


def load_definition(schedule: Schedule) -> Definition:
    """The definition as it is stored, its people named by e-mail address."""
    return definition_of(schedule, schedule.seats.current().prefetch_related(*OF_SEATS))


def definition_of(schedule: Schedule, seats: Iterable[Seat]) -> Definition:
    """The same from seats that were fetched already, with what `OF_SEATS` names."""
    seats = list(seats)
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
        {"seat": seat.name, "people": people, "start": utc(override.start), "end": utc(override.end)}
        for override in seat.overrides.all()
        if (people := [person.email for person in override.people.all()])
    ]
