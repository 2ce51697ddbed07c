"""Importing a calendar of another product, once: as overrides of a seat, or as layers on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from oncall.calendar_import import CalendarRefused, Imported, convert
from oncall.definition import Definition, to_json
from oncall.models import Override, Person, Schedule, Seat
from oncall.permissions import require_responder
from oncall.rotas.layer import Layer
from oncall.rotas.schedule import Override as OverrideDefinition
from oncall.rotas.schedule import Seat as SeatDefinition
from oncall.services.schedules import write_layers
from oncall.shifts import rebuild
from oncall.standing import hold
from oncall.stored_definition import load_definition

REASON = "Imported from a calendar"


@dataclass(frozen=True)
class Plan:
    """What an import would make, and the schedule's definition as it is and as it would be."""

    imported: Imported
    before: Definition
    after: Definition


def plan_import(
    *,
    schedule: Schedule,
    seat: Seat,
    text: str,
    as_: str,
    people: Mapping[str, str],
    until: datetime | None = None,
) -> Plan:
    """What `import_calendar` would do; stores nothing. Raises CalendarRefused, UnknownPeople among it.

    What stands on the seat already is left out, so that the same file twice makes nothing twice. Layers go above those
    that are there.
    """
    before = load_definition(schedule)
    stands = next((one for one in before.seats if one.name == seat.name), None)
    if stands is None or seat.schedule_id != schedule.pk:
        raise CalendarRefused("seat", [f"“{seat.name}” is no seat of {schedule}; choose one that is."])
    imported = convert(
        text,
        as_=as_,
        zone=before.zone,
        known={person.email: person.name for person in Person.objects.active()},
        people=people,
        now=timezone.now().replace(microsecond=0),
        until=until,
        priority=max((layer.priority for layer in stands.layers), default=0) + 1,
    )
    new = _new(imported, stands)
    filled = replace(stands, layers=(*stands.layers, *new.layers), overrides=(*stands.overrides, *new.overrides))
    seats = tuple(filled if one is stands else one for one in before.seats)
    return Plan(new, before, replace(before, seats=seats))


@transaction.atomic
def import_calendar(
    *,
    schedule: Schedule,
    seat: Seat,
    text: str,
    as_: str,
    people: Mapping[str, str],
    by: Person | None,
    until: datetime | None = None,
) -> Imported:
    """Store what a calendar says of one seat, from now on: as `overrides`, or as `layer`; returns what was stored.

    `people`: for names of the file, whose e-mail address each means; empty leaves that name out. `until` ends it. All
    is stored or nothing. Raises InvalidInput; Conflict beside an exclusive override.
    """
    require_responder(by)
    held = hold(seat)
    try:
        plan = plan_import(schedule=schedule, seat=seat, text=text, as_=as_, people=people, until=until)
    except CalendarRefused as refusal:
        raise InvalidInput(refusal.errors) from refusal
    imported = plan.imported
    _refuse_beside_exclusive(seat, imported.overrides)
    named = {email for one in imported.overrides for email in one.people}
    named |= {email for layer in imported.layers for group in layer.participants for email in group}
    known = {person.email: person for person in Person.objects.filter(email__in=named)}
    _write_layers(seat, plan.after, imported.layers, known)
    _write_overrides(seat, imported.overrides, known, by)
    if imported.layers or imported.overrides:
        rebuild(held, by=by)
    return imported


def _new(imported: Imported, seat: SeatDefinition) -> Imported:
    overrides = {(one.start, one.end, frozenset(one.people)) for one in seat.overrides}
    layers = {_without_priority(layer) for layer in seat.layers}
    return replace(
        imported,
        overrides=tuple(
            one for one in imported.overrides if (one.start, one.end, frozenset(one.people)) not in overrides
        ),
        layers=tuple(layer for layer in imported.layers if _without_priority(layer) not in layers),
    )


def _without_priority(layer: Layer) -> Layer:
    return replace(layer, priority=0)


def _refuse_beside_exclusive(seat: Seat, overrides: Iterable[OverrideDefinition]) -> None:
    alone = list(seat.overrides.filter(exclusive=True, end__gt=timezone.now()))
    for override in overrides:
        for other in alone:
            if override.start < other.end and other.start < override.end:
                raise Conflict(
                    f"An exclusive override has {seat.name} from {other.start:%Y-%m-%d %H:%M} until "
                    f"{other.end:%Y-%m-%d %H:%M} UTC; remove it first, or leave that time out of the calendar.",
                    override=other.pk,
                )


def _write_layers(seat: Seat, after: Definition, layers: tuple[Layer, ...], people: Mapping[str, Person]) -> None:
    added = to_json(Definition(after.zone, (SeatDefinition(seat.name, layers),)))
    written: list[dict[str, Any]] = added["seats"][0]["layers"]  # type: ignore[index]
    last = seat.layers.order_by("position").last()
    write_layers(seat, written, people, first=last.position + 1 if last else 0)


def _write_overrides(
    seat: Seat, overrides: Iterable[OverrideDefinition], people: Mapping[str, Person], by: Person | None
) -> None:
    now, given = timezone.now(), list(overrides)
    rows = Override.objects.bulk_create(
        Override(
            seat=seat,
            start=one.start,
            end=one.end,
            reason=REASON,
            created_by=by,
            created_at=now + timedelta(microseconds=index),
        )
        for index, one in enumerate(given)
    )
    taken = Override.people.through
    taken.objects.bulk_create(
        taken(override_id=row.pk, person_id=people[email].pk)
        for row, one in zip(rows, given, strict=True)
        for email in one.people
    )
