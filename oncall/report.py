"""How well a schedule was covered and who bore it, week by week: what managers look at.

Coverage is the union of what was on call, never the sum. Pages are counted once a seat, when somebody on it was first
told, by the clock of the schedule's zone; what was only shadowed or posted to a place counts for nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Min

from oncall.models import Page, PageNotice, Person, Schedule
from oncall.rota import SeatRota, stored_rota
from oncall.rotas.balance import Load, Pairing, is_night, loads, pairings
from oncall.rotas.coverage import Interval, covered_time, union
from oncall.rotas.public_holidays import holidays_between
from oncall.rotas.walltime import DAY, first_instant, wall_at

WEEK = timedelta(weeks=1)
FEWEST = 5  # durations of fewer pages say nothing, and are not shown
PAIRED = ("dev", "ops")


@dataclass(frozen=True, slots=True)
class SeatWeek:
    """One seat in one week. `coverage` is the share, from 0 to 1, of the time for which shifts are known; else None."""

    name: str
    coverage: float | None
    gaps: list[Interval]
    pages_by_day: int
    pages_by_night: int


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """What one person bore in one week, on all seats together."""

    person: Person
    load: Load


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week in the schedule's zone, from Monday to Monday, cut to what was asked for.

    `acknowledged` counts the pages of the week's time that were acknowledged; `time_to_acknowledge` is their median, or
    None below five.
    """

    year: int
    number: int
    time: Interval
    seats: list[SeatWeek]
    people: list[PersonWeek]
    acknowledged: int
    time_to_acknowledge: timedelta | None

    @property
    def name(self) -> str:
        """As ISO 8601 writes it: 2026-W07."""
        return f"{self.year}-W{self.number:02}"


@dataclass(frozen=True, slots=True)
class Balance:
    """What each person bore over a window, most hours first, and how often Dev and Ops were paired."""

    people: list[PersonWeek]
    pairings: list[Pairing]


def weekly(schedule: Schedule, since: datetime, until: datetime) -> list[Week]:
    """The weeks of [since, until), oldest first. Some seven queries, however many weeks."""
    zone = ZoneInfo(schedule.timezone)
    rota = stored_rota(schedule, since, until)
    off = _holidays(rota.people, schedule.timezone, since, until)
    told, answered = _told(schedule, since, until), _answered(schedule, since, until)
    weeks = []
    for week in weeks_of(zone, since, until):
        pages = Counter((seat, is_night(at, zone)) for seat, at in told if week.start <= at < week.end)
        waits = [wait for at, wait in answered if week.start <= at < week.end]
        year, number, _ = wall_at(week.start, zone).isocalendar()
        weeks.append(
            Week(
                year,
                number,
                week,
                seats=[_seat(seat, week, pages) for seat in rota.seats],
                people=_people(rota.seats, rota.people, week, zone, off),
                acknowledged=len(waits),
                time_to_acknowledge=timedelta(seconds=median(waits)) if len(waits) >= FEWEST else None,
            )
        )
    return weeks


def balance(schedule: Schedule, since: datetime, until: datetime) -> Balance:
    """The whole of [since, until) at once."""
    zone = ZoneInfo(schedule.timezone)
    rota = stored_rota(schedule, since, until)
    off = _holidays(rota.people, schedule.timezone, since, until)
    whole = Interval(since, until)
    seats = {seat.name: _duties([seat], whole) for seat in rota.seats}
    one, other = (seats.get(name, {}) for name in PAIRED)
    return Balance(_people(rota.seats, rota.people, whole, zone, off), pairings(one, other))


def weeks_of(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Interval]:
    """The ISO weeks of this zone that hold some of [since, until), cut to it."""
    day = wall_at(since, zone).date()
    monday = datetime.combine(day - day.weekday() * DAY, time())
    while (start := max(since, first_instant(monday, zone))) < until:
        monday += WEEK
        end = min(until, first_instant(monday, zone))
        if start < end:
            yield Interval(start, end)


def _seat(seat: SeatRota, week: Interval, pages: Counter[tuple[str, bool]]) -> SeatWeek:
    gaps = _cut(seat.gaps, week)
    worked = covered_time(_cut([Interval.of(shift) for shift in seat.shifts], week))
    known = worked + covered_time(gaps)
    return SeatWeek(
        seat.name,
        coverage=worked / known if known else None,
        gaps=gaps,
        pages_by_day=pages[seat.name, False],
        pages_by_night=pages[seat.name, True],
    )


def _people(
    seats: Sequence[SeatRota],
    people: Mapping[str, Person],
    window: Interval,
    zone: ZoneInfo,
    off: Mapping[str, Collection[date]],
) -> list[PersonWeek]:
    borne = loads(_duties(seats, window), zone, off)
    found = [PersonWeek(people[email], load) for email, load in borne.items()]
    return sorted(found, key=lambda one: (-one.load.time, one.person.name))


def _duties(seats: Sequence[SeatRota], window: Interval) -> dict[str, list[Interval]]:
    spans: dict[str, list[Interval]] = {}
    for seat in seats:
        for shift in seat.shifts:
            for email in shift.people:
                spans.setdefault(email, []).append(Interval.of(shift))
    return {email: _cut(found, window) for email, found in spans.items()}


def _cut(spans: Sequence[Interval], window: Interval) -> list[Interval]:
    return union(Interval(max(span.start, window.start), min(span.end, window.end)) for span in spans)


def _holidays(people: Mapping[str, Person], zone: str, since: datetime, until: datetime) -> dict[str, set[date]]:
    """The public holidays of each person's country, as dates of the schedule's calendar."""
    return {email: _dates(person.country, zone, since, until) for email, person in people.items() if person.country}


def _dates(country: str, zone: str, since: datetime, until: datetime) -> set[date]:
    found = set()
    for holiday in holidays_between(country, zone, since, until):
        day = wall_at(holiday.time.start, ZoneInfo(zone)).date()
        while day < wall_at(holiday.time.end, ZoneInfo(zone)).date():
            found.add(day)
            day += DAY
    return found


def _told(schedule: Schedule, since: datetime, until: datetime) -> list[tuple[str, datetime]]:
    """Each page of this schedule's services, once a seat: the seat, and when somebody on it was first told."""
    notices = PageNotice.objects.filter(page__service__schedule=schedule, person__isnull=False, shadow=False)
    first = notices.values("page", "seat").annotate(first=Min("at")).filter(first__gte=since, first__lt=until)
    return list(first.values_list("seat", "first"))


def _answered(schedule: Schedule, since: datetime, until: datetime) -> list[tuple[datetime, float]]:
    """When each page was sent that was acknowledged, and after how many seconds it was."""
    pages = Page.objects.filter(service__schedule=schedule, created_at__gte=since, created_at__lt=until)
    times = pages.values_list("created_at", "acknowledged_at")
    return [(sent, (answered - sent).total_seconds()) for sent, answered in times if answered]
