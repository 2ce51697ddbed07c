"""Who takes turns in a rotation: people join and leave from a handoff on, and the turns agreed before it stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from oncall.definition import Definition
from oncall.models import Layer, Person, Schedule
from oncall.permissions import require_responder
from oncall.rotas import roster
from oncall.rotas.layer import Layer as Rotation
from oncall.services.schedules import save_schedule
from oncall.standing import hold
from oncall.stored_definition import load_definition


@dataclass(frozen=True, slots=True)
class RosterChange:
    """A schedule as it is and as it would be, and the handoff from which on they differ."""

    before: Definition
    after: Definition
    handoff: datetime


@transaction.atomic
def join_rotation(
    *, layer: Layer, person: Person, at: datetime | None = None, by: Person | None, beside: Person | None = None
) -> Schedule:
    """`person` takes turns from the first handoff at or after `at` (now): after everybody else, or beside somebody.

    Those whose shifts change are told. Raises InvalidInput; Conflict where the rotation ends before that handoff.
    """
    require_responder(by)
    schedule = hold(layer.seat)
    return _save(schedule, joining(layer=layer, person=person, at=at, beside=beside), by)


@transaction.atomic
def leave_rotation(*, layer: Layer, person: Person, at: datetime | None = None, by: Person | None) -> Schedule:
    """`person` takes no more turns from the first handoff at or after `at` (now) on; the others go on in their order.

    Those whose shifts change are told. Raises InvalidInput, also where nobody would be left; Conflict where the
    rotation ends before that handoff.
    """
    require_responder(by)
    schedule = hold(layer.seat)
    return _save(schedule, leaving(layer=layer, person=person, at=at), by)


def joining(*, layer: Layer, person: Person, at: datetime | None = None, beside: Person | None = None) -> RosterChange:
    """What `join_rotation` would do; raises what it raises, and changes nothing."""
    if not person.is_active:
        raise InvalidInput(join=f"{person} is no longer active; name somebody else.")
    partner = beside.email if beside else None

    def change(rotation: Rotation, moment: datetime) -> roster.Parts:
        return roster.join(rotation, person.email, moment, partner)

    def concerns(rotation: Rotation) -> bool:
        together = partner is None or roster.takes_turns(rotation, partner)
        return together and not roster.takes_turns(rotation, person.email)

    return _change(layer, at, change, concerns, "join")


def leaving(*, layer: Layer, person: Person, at: datetime | None = None) -> RosterChange:
    """What `leave_rotation` would do; raises what it raises, and changes nothing."""

    def change(rotation: Rotation, moment: datetime) -> roster.Parts:
        return roster.leave(rotation, person.email, moment)

    return _change(layer, at, change, lambda rotation: roster.takes_turns(rotation, person.email), "leave")


def _change(
    layer: Layer,
    at: datetime | None,
    change: Callable[[Rotation, datetime], roster.Parts],
    concerns: Callable[[Rotation], bool],
    field: str,
) -> RosterChange:
    """The change of this layer, and of what is planned to follow it as far as it `concerns` that too."""
    now = timezone.now()
    if at is not None and at < now:
        raise InvalidInput(at=f"{at:%Y-%m-%d %H:%M} has passed, and past shifts are a record; give a later time.")
    definition = load_definition(layer.seat.schedule)
    layers = next(seat for seat in definition.seats if seat.name == layer.seat.name).layers
    index = _index(layer)
    rotation = layers[index]
    following = [place for place in roster.successors(layers, index) if concerns(layers[place])]
    try:
        parts = {index: change(rotation, at or now)}
        parts |= {place: change(layers[place], layers[place].rotation.begins) for place in following}
    except ValueError as error:
        raise InvalidInput({field: [str(error)]}) from error
    if parts[index] == (rotation, None):
        raise Conflict("This rotation ends before its next handoff, so nothing would change; choose the one after it.")
    after = _with_parts(definition, layer.seat.name, parts, now)
    return RosterChange(definition, after, roster.handoff_after(rotation, at or now))


def _index(layer: Layer) -> int:
    """Which of its seat's layers it is in the definition, where one without people does not stand."""
    standing = layer.seat.layers.filter(participants__isnull=False).distinct()
    return [row.pk for row in standing].index(layer.pk)


def _with_parts(definition: Definition, name: str, parts: Mapping[int, roster.Parts], now: datetime) -> Definition:
    """The definition with the parts where the layers were, and on that seat without the layers that are over."""

    def changed(layers: tuple[Rotation, ...]) -> tuple[Rotation, ...]:
        found = [part for place, layer in enumerate(layers) for part in parts.get(place, (layer, None)) if part]
        return tuple(layer for layer in found if not roster.is_over(layer, now))

    seats = (replace(seat, layers=changed(seat.layers)) if seat.name == name else seat for seat in definition.seats)
    return replace(definition, seats=tuple(seats))


def _save(schedule: Schedule, change: RosterChange, by: Person | None) -> Schedule:
    return save_schedule(slug=schedule.slug, name=schedule.name, definition=change.after, schedule=schedule, by=by)
