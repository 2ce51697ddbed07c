"""What would lose a page in the next two weeks: seats that stand empty, people who cannot be reached, services without.

The schedule page shows the warnings of its schedule; `manage.py check_oncall` shows all, once a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from oncall.contact_check import working
from oncall.coverage import Interval, gaps
from oncall.models import Person, Policy, Schedule, Seat, Service, Shift, Swap, Team

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Concern:
    """Something to mend: what it concerns, and a sentence that says what is wrong and what to do."""

    about: str
    text: str


def warnings(now: datetime | None = None) -> list[Concern]:
    """Everything that would lose a page within two weeks of `now`."""
    schedules = Schedule.objects.order_by("slug")
    of_schedules = [found for schedule in schedules for found in warnings_of(schedule, now)]
    return of_schedules + list(_services_without()) + list(_still_named())


def warnings_of(schedule: Schedule, now: datetime | None = None) -> list[Concern]:
    """What would lose a page that this schedule answers for."""
    now = now or timezone.now()
    shifts = Shift.objects.overlapping(now, now + AHEAD).filter(seat__schedule=schedule, seat__retired_at=None)
    held: dict[int, list[Interval]] = defaultdict(list)
    for shift in shifts:
        held[shift.seat_id].append(Interval(shift.during.lower, shift.during.upper))
    seats = Seat.objects.current().filter(schedule=schedule)
    empty = [found for seat in seats if (found := _empty(schedule, seat, gaps(held[seat.pk], now, now + AHEAD)))]
    people = Person.objects.filter(pk__in=shifts.values("person")).order_by("name")
    unreachable = [found for person in people if (found := _unreachable(schedule, person, now))]
    return [*empty, *_gone(schedule), *_uncovered(schedule, now), *unreachable]


def _empty(schedule: Schedule, seat: Seat, empty: list[Interval]) -> Concern | None:
    if not empty:
        return None
    first = empty[0]
    times = "once" if len(empty) == 1 else f"{len(empty)} times"
    text = (
        f"Nobody has the seat {seat.name} {times} in the next {AHEAD.days} days, first from "
        f"{first.start:%Y-%m-%d %H:%M} until {first.end:%Y-%m-%d %H:%M} UTC: add a layer or an override."
    )
    return Concern(schedule.slug, text)


def _gone(schedule: Schedule) -> Iterator[Concern]:
    turns = Person.objects.filter(is_active=False, rotations__layer__seat__in=schedule.seats.current())
    for person in turns.distinct():
        yield Concern(schedule.slug, f"{person} is gone, and their turns stand empty: give them to somebody else.")


def _uncovered(schedule: Schedule, now: datetime) -> Iterator[Concern]:
    needs = Swap.objects.takeable(now).filter(seat__schedule=schedule, start__lt=now + AHEAD)
    for swap in needs.exclude(reason=Swap.Reason.OFFER).select_related("seat", "person"):
        yield Concern(
            schedule.slug,
            f"{swap.person} has the seat {swap.seat.name} from {swap.start:%Y-%m-%d %H:%M} until "
            f"{swap.end:%Y-%m-%d %H:%M} UTC and is away ({swap.get_reason_display()}): somebody should take it.",
        )


def _unreachable(schedule: Schedule, person: Person, now: datetime) -> Concern | None:
    if not person.is_active:
        return Concern(schedule.slug, f"{person} is on call and no longer active: give the turns to somebody else.")
    if working(now).filter(person=person).exists():
        return None
    text = f"{person} is on call and has no contact method that works: add one, or see why theirs refuse."
    return Concern(schedule.slug, text)


def _still_named() -> Iterator[Concern]:
    for policy in Policy.objects.filter(steps__targets__person__is_active=False).distinct().order_by("slug"):
        yield Concern(policy.slug, f"The policy {policy} names somebody who is gone: put somebody else in that step.")
    for team in Team.objects.filter(lead__is_active=False).select_related("lead").order_by("slug"):
        yield Concern(team.slug, f"{team.lead} leads {team} and is gone: give the team another lead.")


def _services_without() -> Iterator[Concern]:
    services = Service.objects.order_by("slug").select_related("dev_team", "ops_team")
    for service in services.filter(schedule=None, policy=None, dev_team=None, ops_team=None):
        yield Concern(service.slug, f"A page for {service} reaches nobody: give it a schedule, a policy or a team.")
