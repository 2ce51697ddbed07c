"""Who stands where on a seat, by its stored shifts; and holding a schedule still while that is changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from notifications.errors import Conflict
from oncall.models import Person, Schedule, Seat
from oncall.models import Shift as ShiftRow
from oncall.rota import together
from oncall.rotas import substitution
from oncall.rotas.coverage import Interval
from oncall.rotas.layer import Shift


def hold(seat: Seat) -> Schedule:
    """Until the transaction ends, nobody else changes who works this schedule. Raises Conflict for a seat that is gone.

    Always the first lock that is taken, before any row of a swap.
    """
    if seat.retired_at:
        raise Conflict(f"{seat.name} is no longer a seat of {seat.schedule}; nobody works it.")
    return Schedule.objects.select_for_update(no_key=True).get(pk=seat.schedule_id)


def shifts_of(seat: Seat, start: datetime, end: datetime) -> list[Shift]:
    """The final shifts of a seat in [start, end), people by e-mail address."""
    rows = ShiftRow.objects.overlapping(start, end).filter(seat=seat).select_related("person")
    return together(rows.order_by("during", "id"), start, end)


def duties_of(seat: Seat, person: Person, start: datetime, end: datetime) -> list[Interval]:
    """When this person stands on the seat within [start, end)."""
    return substitution.duties(shifts_of(seat, start, end), person.email, start, end)


def elsewhere(person: Person, seat: Seat, start: datetime, end: datetime) -> list[ShiftRow]:
    """What else this person is on call for in that time: it may be too much for one, and may be just right."""
    rows = ShiftRow.objects.overlapping(start, end).filter(person=person, seat__retired_at=None).exclude(seat=seat)
    return list(rows.select_related("seat__schedule").order_by("during", "id"))


def this_second() -> datetime:
    """Now, as schedules count time: in whole seconds."""
    return timezone.now().replace(microsecond=0)


def said(intervals: Iterable[Interval], most: int = 3) -> str:
    """Intervals in an error's words: 2026-06-01 09:00 – 2026-06-02 09:00 UTC."""
    intervals = list(intervals)
    words = [f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M}" for start, end in intervals[:most]]
    more = f" and {len(intervals) - most} more" if len(intervals) > most else ""
    return f"{', '.join(words)}{more} UTC"
