"""What counts on a person: shifts that would stand empty, policies, teams. Said before they go, and told after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from oncall.models import Person, Policy, Schedule, Seat, Shift, Team
from oncall.rotas.absent import vacate
from oncall.rotas.coverage import Interval, without
from oncall.rotas.schedule import resolve
from oncall.stored_definition import load_worked


@dataclass(frozen=True, slots=True)
class OpenedGap:
    """A stretch in which nobody would have a seat of this schedule."""

    schedule: Schedule
    seat: str
    time: Interval
    is_now: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """What it leaves open that somebody goes."""

    gaps: list[OpenedGap]
    policies: list[Policy]
    teams: list[Team]

    @property
    def empty_now(self) -> list[OpenedGap]:
        """Seats that nobody would have at this moment."""
        return [gap for gap in self.gaps if gap.is_now]

    def __bool__(self) -> bool:
        return bool(self.gaps or self.policies or self.teams)


def leaving(person: Person) -> Leaving:
    """Which stored shifts become gaps, which policies name them, and which teams they lead."""
    now = timezone.now()
    ahead = Shift.objects.filter(person=person, during__endswith__gt=now, seat__retired_at=None)
    schedules = Schedule.objects.filter(pk__in=ahead.values("seat__schedule")).order_by("slug")
    return Leaving(
        gaps=[gap for schedule in schedules for gap in gaps_without(person, schedule, now)],
        policies=list(Policy.objects.filter(steps__targets__person=person).distinct()),
        teams=list(Team.objects.filter(lead=person)),
    )


def gaps_without(person: Person, schedule: Schedule, now: datetime) -> list[OpenedGap]:
    """What is covered on a schedule and no longer would be, as far ahead as shifts are stored."""
    seats = Seat.objects.current().filter(schedule=schedule, shifts__person=person, shifts__during__endswith__gt=now)
    known = {seat.name: seat for seat in seats.distinct()}
    until = schedule.resolved_until or now
    found = []
    for definition in load_worked(schedule).seats:
        if definition.name not in known:
            continue
        rows = Shift.objects.overlapping(now, until).filter(seat=known[definition.name])
        before = [Interval(max(row.start, now), row.end) for row in rows]
        after = resolve(vacate(definition, {person.email}), now, until)
        opened = without(before, (Interval.of(shift) for shift in after))
        found += [OpenedGap(schedule, definition.name, gap, gap.start <= now) for gap in opened]
    return found
