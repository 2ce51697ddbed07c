"""Who is on call now and who comes next, by seat, for any number of schedules in three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from oncall.models import Person, Schedule, Seat, Shift


@dataclass(slots=True)
class SeatNow:
    """One seat: who has it, until when, and who takes over."""

    name: str
    people: list[Person] = field(default_factory=list)
    until: datetime | None = None
    next_people: list[Person] = field(default_factory=list)
    next_start: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.people


def now_and_next(schedules: Iterable[Schedule], at: datetime | None = None) -> dict[int, list[SeatNow]]:
    """By schedule id, its seats in order."""
    at = at or timezone.now()
    seats = Seat.objects.current().filter(schedule__in=list(schedules)).order_by("position", "id")
    found = {seat.pk: SeatNow(seat.name) for seat in seats}
    for shift in Shift.objects.at(at).filter(seat__in=found).select_related("person").order_by("id"):
        seat_now = found[shift.seat_id]
        seat_now.people.append(shift.person)
        seat_now.until = min(filter(None, (seat_now.until, shift.during.upper)))
    for shift in Shift.objects.next_after(at).filter(seat__in=found).select_related("person").order_by("id"):
        found[shift.seat_id].next_people.append(shift.person)
        found[shift.seat_id].next_start = shift.during.lower
    boards: dict[int, list[SeatNow]] = defaultdict(list)
    for seat in seats:
        boards[seat.schedule_id].append(found[seat.pk])
    return boards
