"""The schedules that a form can express: one layer a seat, a turn a week or a day, no windows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from oncall.definition import Definition, parse_definition, to_json
from oncall.definition.values import zone
from oncall.models import Person
from oncall.rotas.layer import Advance, Layer
from oncall.rotas.rotation import Kind
from oncall.rotas.schedule import Seat, now_and_next
from oncall.rotas.walltime import wall_of

SEATS = ("dev", "ops")
Turns = list[list[str]]


@dataclass(frozen=True, slots=True)
class SimpleSeat:
    """`rotation` weekly or daily; `day` 0 is Monday; `turns` are e-mail addresses."""

    rotation: str
    day: int
    time: time
    turns: Turns


def as_simple(definition: Definition) -> dict[str, SimpleSeat] | None:
    """The seats as a form shows them; None where it would lose something."""
    found = {}
    for seat in definition.seats:
        if seat.name not in SEATS or len(seat.layers) != 1 or not _is_simple(seat.layers[0], definition):
            return None
        layer = seat.layers[0]
        start = wall_of(layer.rotation.start, layer.rotation.zone)
        turns = [list(group) for group in layer.participants]
        found[seat.name] = SimpleSeat(layer.rotation.kind.value, start.weekday(), start.time(), turns)
    return found


def _is_simple(layer: Layer, definition: Definition) -> bool:
    rotation = layer.rotation
    return (
        rotation.kind in (Kind.WEEKLY, Kind.DAILY)
        and (rotation.every, layer.priority, layer.advance) == (1, 1, Advance.HANDOFF)
        and not (rotation.duration or rotation.until or layer.restrict)
        and rotation.zone == definition.zone
    )


def definition_of(zone_name: str, seats: Mapping[str, SimpleSeat], current: Definition | None) -> Definition:
    """The definition a form asks for. A seat that is unchanged keeps its layer; overrides stay.

    A changed one begins at the last handoff, and with whoever is on duty now, if they still take turns.
    """
    stands = {seat.name: seat for seat in current.seats} if current else {}
    before = as_simple(current) if current else None
    written: dict[str, Any] = to_json(current) if current else {}
    layers = {seat["name"]: seat["layers"] for seat in written.get("seats", [])}
    same_zone = written.get("timezone") == zone_name
    return parse_definition(
        {
            "timezone": zone_name,
            "seats": [
                {
                    "name": side,
                    "layers": layers[side]
                    if same_zone and before and before.get(side) == seat
                    else [_layer(zone_name, seat, stands.get(side))],
                }
                for side, seat in seats.items()
            ],
            "overrides": [one for one in written.get("overrides", []) if one["seat"] in seats],
        }
    )


def _layer(zone_name: str, seat: SimpleSeat, current: Seat | None) -> dict[str, Any]:
    return {
        "kind": seat.rotation,
        "start": _last_handoff(zone_name, seat).isoformat(timespec="minutes"),
        "participants": seat.turns,
        "first": _on_duty(seat.turns, current),
    }


def _last_handoff(zone_name: str, seat: SimpleSeat) -> datetime:
    """The last wall time at which a turn passed on."""
    try:
        now = timezone.now().astimezone(zone(zone_name)).replace(tzinfo=None)
    except ValueError:  # the definition's own error says it better
        now = timezone.now().replace(tzinfo=None)
    handoff = datetime.combine(now.date(), seat.time)
    if seat.rotation == Kind.WEEKLY.value:
        handoff -= timedelta(days=(handoff.weekday() - seat.day) % 7)
    step = timedelta(days=7 if seat.rotation == Kind.WEEKLY.value else 1)
    return handoff if handoff <= now else handoff - step


def _on_duty(turns: Turns, current: Seat | None) -> int:
    people = set(now_and_next(current, timezone.now()).people) if current else set()
    return next((index for index, group in enumerate(turns) if set(group) == people), 0)


def read_turns(text: str) -> tuple[Turns, list[str]]:
    """Groups of e-mail addresses from lines of addresses or names; and the names that nobody has."""
    lines = [[word.strip() for word in re.split("[,;]", line) if word.strip()] for line in text.splitlines()]
    people = Person.objects.active().values_list("email", "name")
    known = {name.casefold(): email for email, name in people} | {email.casefold(): email for email, _ in people}
    unknown = [word for line in lines for word in line if word.casefold() not in known]
    turns = [list(dict.fromkeys(known[word.casefold()] for word in line if word.casefold() in known)) for line in lines]
    return [group for group in turns if group], list(dict.fromkeys(unknown))
