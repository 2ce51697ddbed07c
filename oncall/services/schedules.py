"""Schedules: from a definition to rows, and to the shifts that come of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict
from oncall.definition import Definition, to_json
from oncall.models import Layer, LayerParticipant, Person, Schedule, Seat, Shadow
from oncall.permissions import require_responder
from oncall.services.findings import Findings, write
from oncall.services.overrides import write_overrides
from oncall.shifts import rebuild
from oncall.stored_definition import OF_ROWS, absentees, load_definition

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
    people = _people(findings, definition, schedule)
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
    """A schedule ends now: those who lose shifts are told, its short name is free, and what was worked stays.

    Raises Conflict while services use it.
    """
    require_responder(by)
    if slugs := list(schedule.services.values_list("slug", flat=True)):
        raise Conflict(f"“{schedule}” says who is on call for {', '.join(slugs)}; give them another schedule first.")
    now = timezone.now()
    schedule = Schedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    schedule.seats.current().update(retired_at=now)
    Shadow.objects.filter(seat__schedule=schedule, start__gte=now).delete()
    Shadow.objects.open_after(now).filter(seat__schedule=schedule).update(end=now)
    rebuild(schedule, by=by)
    write(schedule, {"retired_at": now, "resolved_until": now, "slug": f"{schedule.slug[:40]}-{schedule.pk}-retired"})


def _people(findings: Findings, definition: Definition, schedule: Schedule | None) -> dict[str, Person]:
    """Everybody a definition names, by the name it uses. Who is gone may keep the turns they have, which are empty."""
    named = {
        email for seat in definition.seats for layer in seat.layers for group in layer.participants for email in group
    }
    named |= {email for seat in definition.seats for override in seat.overrides for email in override.people}
    gone = absentees(schedule) if schedule else set()
    kept = {person.email.lower(): person for person in Person.objects.filter(email__in=gone)}
    present = [email for email in sorted(named) if email.strip().lower() not in kept]
    found = kept | {person.email.lower(): person for person in findings.people("definition", present)}
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
        row.layers.all().delete()
        write_layers(row, written["layers"], people)
        write_overrides(row, seat.overrides, people, by)


def write_layers(seat: Seat, layers: Iterable[dict[str, Any]], people: Mapping[str, Person], *, first: int = 0) -> None:
    """Store these layers of a definition's JSON on a seat, from the position `first` on; `people` by the names used."""
    for position, layer in enumerate(layers, first):
        rule = {name: value for name, value in layer.items() if name not in OF_ROWS}
        row = Layer.objects.create(seat=seat, position=position, priority=layer["priority"], rule=rule)
        LayerParticipant.objects.bulk_create(
            LayerParticipant(layer=row, turn=turn, person=people[email])
            for turn, group in enumerate(layer["participants"])
            for email in group
        )
