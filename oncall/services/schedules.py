"""Schedules: from a definition to rows, and to the shifts that come of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict
from oncall.definition import Definition, to_json
from oncall.models import Layer, LayerParticipant, Override, Person, Schedule, Seat
from oncall.permissions import require_responder
from oncall.schedule import Override as OverrideDefinition
from oncall.schedule import Seat as SeatDefinition
from oncall.services.findings import Findings, write
from oncall.shifts import rebuild
from oncall.stored_definition import OF_ROWS, load_definition

__all__ = ["delete_schedule", "load_definition", "save_schedule"]


@transaction.atomic
def save_schedule(
    *,
    slug: str,
    name: str,
    definition: Definition,
    by: Person | None = None,
    schedule: Schedule | None = None,
) -> Schedule:
    """Create a schedule, or change the one given, and bring its shifts in line from now on.

    People are named by e-mail address. What was worked stays as it was: a seat that goes is retired, an override that
    is over is kept. Raises InvalidInput.
    """
    require_responder(by)
    findings = Findings()
    fields = {
        "slug": findings.slug("slug", slug, Schedule.objects.all(), most=60, own=schedule),
        "name": findings.text("name", name, 100),
        "timezone": definition.zone.key,
    }
    people = _people(findings, definition)
    _check_seats(findings, definition)
    findings.raise_if_any()
    if schedule:
        Schedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    schedule = write(schedule or Schedule(), fields)
    _write_seats(schedule, definition, people, by)
    rebuild(schedule)
    schedule.refresh_from_db()
    return schedule


@transaction.atomic
def delete_schedule(*, schedule: Schedule, by: Person | None = None) -> None:
    """Delete a schedule and its shifts. Raises Conflict while services use it."""
    require_responder(by)
    if slugs := list(schedule.services.values_list("slug", flat=True)):
        raise Conflict(f"“{schedule}” says who is on call for {', '.join(slugs)}; give them another schedule first.")
    schedule.delete()


def _people(findings: Findings, definition: Definition) -> dict[str, Person]:
    """Everybody a definition names, by the name it uses."""
    named = {
        email for seat in definition.seats for layer in seat.layers for group in layer.participants for email in group
    }
    named |= {email for seat in definition.seats for override in seat.overrides for email in override.people}
    found = {person.email.lower(): person for person in findings.people("definition", sorted(named))}
    return {email: found[email.strip().lower()] for email in named if email.strip().lower() in found}


def _check_seats(findings: Findings, definition: Definition) -> None:
    for index, seat in enumerate(definition.seats):
        try:
            validate_slug(seat.name)
        except ValidationError:
            findings.add(f"seats[{index}].name", f"“{seat.name}” does not do; use letters, digits and hyphens.")
        if len(seat.name) > 30:
            findings.add(f"seats[{index}].name", f"“{seat.name}” is too long; use 30 characters at most.")


def _write_seats(schedule: Schedule, definition: Definition, people: dict[str, Person], by: Person | None) -> None:
    layers: list[Any] = to_json(definition)["seats"]  # type: ignore[assignment]
    schedule.seats.exclude(name__in=[seat.name for seat in definition.seats]).update(retired_at=timezone.now())
    for position, (seat, written) in enumerate(zip(definition.seats, layers, strict=True)):
        fields = {"position": position, "retired_at": None}
        row, _ = Seat.objects.update_or_create(schedule=schedule, name=seat.name, defaults=fields)
        _write_layers(row, written["layers"], people)
        _write_overrides(row, seat, people, by)


def _write_layers(seat: Seat, layers: Iterable[dict[str, Any]], people: dict[str, Person]) -> None:
    seat.layers.all().delete()
    for position, layer in enumerate(layers):
        rule = {name: value for name, value in layer.items() if name not in OF_ROWS}
        row = Layer.objects.create(seat=seat, position=position, priority=layer["priority"], rule=rule)
        LayerParticipant.objects.bulk_create(
            LayerParticipant(layer=row, turn=turn, person=people[email])
            for turn, group in enumerate(layer["participants"])
            for email in group
        )


def _write_overrides(seat: Seat, definition: SeatDefinition, people: dict[str, Person], by: Person | None) -> None:
    """Those that stand already keep their reason and author; the order they were made in is the definition's."""
    now = timezone.now()
    stored = {_key(row): row for row in seat.overrides.prefetch_related("people")}
    kept = set()
    remade = False
    for index, override in enumerate(definition.overrides):
        key = _key_of(override, people)
        row = stored.get(key)
        moment = now + timedelta(microseconds=index)
        if row is None:
            row = Override.objects.create(
                seat=seat, start=override.start, end=override.end, created_by=by, created_at=moment
            )
            row.people.set([people[email] for email in override.people])
            remade = True
        elif remade:
            Override.objects.filter(pk=row.pk).update(created_at=moment)
        kept.add(row.pk)
    seat.overrides.filter(end__gt=now).exclude(pk__in=kept).delete()


def _key(row: Override) -> tuple[Any, ...]:
    return (row.start, row.end, frozenset(person.pk for person in row.people.all()))


def _key_of(override: OverrideDefinition, people: dict[str, Person]) -> tuple[Any, ...]:
    return (override.start, override.end, frozenset(people[email].pk for email in override.people))
