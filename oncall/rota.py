"""Stored shifts as a reader of a rota sees them: by seat, those on duty together named together, and the gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from django.db.models import Min
from django.utils import timezone

from oncall.models import Person, Schedule
from oncall.models import Shift as ShiftRow
from oncall.rotas.coverage import Interval
from oncall.rotas.layer import Shift
from oncall.rotas.schedule import merge, seat_gaps


@dataclass(slots=True)
class SeatRota:
    """One seat over a window. Shifts name people by e-mail address."""

    name: str
    shifts: list[Shift]
    gaps: list[Interval]

    def as_read(self) -> list[Shift]:
        """The shifts for whom an override is a shift like any other."""
        return merge(replace(shift, overridden=False) for shift in self.shifts)


@dataclass(slots=True)
class Rota:
    """The seats in their order, and everybody named on them by e-mail address."""

    seats: list[SeatRota] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)


def stored_rota(schedule: Schedule, since: datetime, until: datetime) -> Rota:
    """The stored shifts of a schedule, cut to [since, until); gaps only as far as shifts are known. Four queries.

    A seat that is retired shows what was worked on it, and has no gaps.
    """
    known_since, known_until = _known(schedule, since, until)
    rows: dict[int, list[ShiftRow]] = defaultdict(list)
    found = ShiftRow.objects.overlapping(since, until).filter(seat__schedule=schedule).select_related("person")
    for row in found.order_by("during__startswith", "id"):
        rows[row.seat_id].append(row)
    rota = Rota(people={row.person.email: row.person for held in rows.values() for row in held})
    for seat in schedule.seats.all():
        if seat.retired_at and seat.pk not in rows:
            continue
        shifts = merge(together(rows[seat.pk], since, until))
        known = not seat.retired_at and known_since < known_until
        gaps = seat_gaps([s for s in shifts if s.start < known_until], known_since, known_until) if known else []
        rota.seats.append(SeatRota(seat.name, shifts, gaps))
    return rota


def _known(schedule: Schedule, since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """The part of [since, until) for which shifts are known: from the first of them, and all that is still to come.

    What has passed before anybody was on is no gap; that nobody is on until the first shift begins is one.
    """
    stored = ShiftRow.objects.filter(seat__schedule=schedule).aggregate(first=Min("during__startswith"))
    begins = min(stored["first"], timezone.now()) if stored["first"] else since
    return max(since, begins), min(until, schedule.resolved_until or since)


def together(rows: Iterable[ShiftRow], since: datetime, until: datetime) -> list[Shift]:
    """Rows of one person each as shifts of everybody who is on at once, cut to [since, until)."""
    begin, over = defaultdict(list), defaultdict(list)
    for row in rows:
        begin[max(row.during.lower, since)].append(row)
        over[min(row.during.upper, until)].append(row)
    on_duty: dict[int, ShiftRow] = {}
    shifts = []
    for start, end in pairwise(sorted({*begin, *over})):
        for row in over[start]:
            del on_duty[row.pk]
        on_duty |= {row.pk: row for row in begin[start]}
        if on_duty:
            held = on_duty.values()
            shifts.append(
                Shift(start, end, tuple(row.person.email for row in held), any(row.overridden for row in held))
            )
    return shifts
