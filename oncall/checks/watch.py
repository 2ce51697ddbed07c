"""What would lose a page in the next two weeks: empty seats, people who cannot be reached, or are away; empty steps.

The schedule page shows the warnings of its schedule; `manage.py check_oncall` shows all, once a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from oncall.checks.concerns import Concern
from oncall.checks.contact_check import working
from oncall.checks.watch_steps import empty_steps, silent_services
from oncall.models import Leave, Person, Policy, Schedule, Seat, Shift, Swap, Team
from oncall.rotas.coverage import Interval, gaps

AHEAD = timedelta(days=14)


def warnings(now: datetime | None = None, ahead: timedelta = AHEAD) -> list[Concern]:
    """Everything that would lose a page within `ahead` of `now`."""
    now = now or timezone.now()
    schedules = Schedule.objects.order_by("slug")
    of_schedules = [found for schedule in schedules for found in warnings_of(schedule, now, ahead)]
    return [*of_schedules, *silent_services(now), *empty_steps(), *_still_named()]


def warnings_of(schedule: Schedule, now: datetime | None = None, ahead: timedelta = AHEAD) -> list[Concern]:
    """What would lose a page that this schedule answers for."""
    now = now or timezone.now()
    until = now + ahead
    shifts = Shift.objects.overlapping(now, until).filter(seat__schedule=schedule, seat__retired_at=None)
    held: dict[int, list[Interval]] = defaultdict(list)
    for shift in shifts:
        held[shift.seat_id].append(Interval.of(shift))
    seats = Seat.objects.current().filter(schedule=schedule)
    empty = [found for seat in seats if (found := _empty(schedule, seat, gaps(held[seat.pk], now, until), ahead))]
    people = Person.objects.filter(pk__in=shifts.values("person")).order_by("name")
    unreachable = [found for person in people if (found := _unreachable(schedule, person, now))]
    needs = list(_needs(schedule, now, until))
    uncovered = [_uncovered(schedule, swap) for swap in needs]
    return [*empty, *_gone(schedule), *uncovered, *_away(schedule, shifts, needs, until), *unreachable]


def _empty(schedule: Schedule, seat: Seat, empty: list[Interval], ahead: timedelta) -> Concern | None:
    if not empty:
        return None
    first = empty[0]
    times = "once" if len(empty) == 1 else f"{len(empty)} times"
    text = (
        f"Nobody has the seat {seat.name} {times} in the next {ahead.days} days, first from "
        f"{first.start:%Y-%m-%d %H:%M} until {first.end:%Y-%m-%d %H:%M} UTC: add a layer or an override."
    )
    return Concern(schedule.slug, text)


def _gone(schedule: Schedule) -> Iterator[Concern]:
    turns = Person.objects.filter(is_active=False, rotations__layer__seat__in=schedule.seats.current())
    for person in turns.distinct():
        yield Concern(schedule.slug, f"{person} is gone, and their turns stand empty: give them to somebody else.")


def _needs(schedule: Schedule, now: datetime, until: datetime) -> Iterator[Swap]:
    """What asks to be covered and nobody has taken."""
    needs = Swap.objects.takeable(now).filter(seat__schedule=schedule, start__lt=until)
    yield from needs.exclude(reason=Swap.Reason.OFFER).select_related("seat", "person")


def _uncovered(schedule: Schedule, swap: Swap) -> Concern:
    text = (
        f"{swap.person} has the seat {swap.seat.name} from {swap.start:%Y-%m-%d %H:%M} until "
        f"{swap.end:%Y-%m-%d %H:%M} UTC and is away ({swap.get_reason_display()}): somebody should take it."
    )
    return Concern(schedule.slug, text)


def _away(schedule: Schedule, shifts: Iterable[Shift], needs: Iterable[Swap], until: datetime) -> Iterator[Concern]:
    """Leave in which its person is on duty all the same, but where that asks to be covered already."""
    rows = [(shift.person_id, shift.seat_id, shift.start, shift.end) for shift in shifts]
    asked = [(swap.person_id, swap.seat_id, swap.start, swap.end) for swap in needs]
    leave = Leave.objects.filter(person__in={row[0] for row in rows}, start__lt=until).select_related("person")
    for away in leave:
        due = [row for row in rows if row[0] == away.person_id and row[2] < away.end and away.start < row[3]]
        for person, seat, start, end in due:
            known = any(one[:2] == (person, seat) and one[2] < end and start < one[3] for one in asked)
            if not known:
                text = f"{away}, and is on call then: somebody should cover for them."
                yield Concern(schedule.slug, text)
                break


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
