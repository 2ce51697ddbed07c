"""Shadows: people who learn beside a seat. They are told of its pages and need not acknowledge any."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from notifications import live, outbox
from notifications.errors import Conflict, InvalidInput
from oncall.models import Person, Seat, Shadow
from oncall.permissions import require_responder
from oncall.rotas.coverage import Interval
from oncall.standing import hold, said, this_second


@transaction.atomic
def add_shadow(
    *, seat: Seat, person: Person, start: datetime | None = None, end: datetime | None = None, by: Person | None
) -> Shadow:
    """This person shadows the seat from `start` (now) until `end` (until it is ended).

    Somebody who takes turns there may: while they have the seat, they are paged as whoever has it, and not told twice.

    Raises InvalidInput; Conflict where they shadow the seat then already.
    """
    require_responder(by)
    now = this_second()
    start = max(start.replace(microsecond=0), now) if start else now
    end = end.replace(microsecond=0) if end else None
    errors: dict[str, list[str]] = {}
    if not person.is_active:
        errors["person"] = [f"{person} is no longer active; name somebody else."]
    if end and end <= start:
        errors["end"] = [f"{end:%Y-%m-%d %H:%M} UTC is not after the start, or has passed; give a later time."]
    if errors:
        raise InvalidInput(errors)
    schedule = hold(seat)
    others = Shadow.objects.filter(seat=seat, person=person)
    other = (others.overlapping(start, end) if end else others.open_after(start)).first()
    if other:
        when = said([Interval(other.start, other.end)]) if other.end else f"from {other.start:%Y-%m-%d %H:%M} UTC on"
        raise Conflict(f"{person} shadows {seat.name} then already: {when}.", shadow=other.pk)
    shadow = Shadow.objects.create(seat=seat, person=person, start=start, end=end, created_by=by)
    outbox.emit("shadow.added", {"shadow": shadow.pk, "person": person.pk, "by": by.pk if by else None})
    live.publish(f"schedule:{schedule.slug}")
    return shadow


@transaction.atomic
def end_shadow(*, shadow: Shadow, by: Person | None) -> None:
    """They no longer shadow the seat; that they did stays known. Raises Conflict when it ended before."""
    require_responder(by)
    now = this_second()
    shadow = Shadow.objects.select_for_update(of=("self",)).select_related("seat__schedule").get(pk=shadow.pk)
    if shadow.end and shadow.end <= now:
        raise Conflict(f"It ended at {shadow.end:%Y-%m-%d %H:%M} UTC.")
    if shadow.start >= now:
        shadow.delete()
    else:
        shadow.end = now
        shadow.save(update_fields=["end"])
    live.publish(f"schedule:{shadow.seat.schedule.slug}")
