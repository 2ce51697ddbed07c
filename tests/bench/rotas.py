"""A seat's year beside the same rota expanded from a calendar; who is on call now on a thousand schedules."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from oncall.rotas.layer import Layer
from oncall.rotas.rotation import HOURS, Kind, Rotation
from oncall.rotas.schedule import Seat, resolve
from tests.bench.load import percentile
from tests.running import Andon

ZONE = ZoneInfo("Europe/London")
SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
START = datetime(2025, 6, 2, 9)  # noqa: DTZ001 - a wall time
PEOPLE = [f"person{number}" for number in range(8)]
SCHEDULES, ON_CALL, WEEKS = 1000, 50, 26
ROUNDS = 9


def seat_year(kind: Kind) -> tuple[float, float]:
    """Seconds to resolve a year of eight people's turns, and to expand it by `recurring-ical-events`; medians."""
    seat = Seat("dev", (Layer(Rotation(kind, START, ZONE), tuple((person,) for person in PEOPLE)),))
    calendar = _calendar(kind)
    ours = [(shift.start, shift.people[0]) for shift in resolve(seat, SINCE, UNTIL)][1:]
    theirs = [(event.start.astimezone(UTC), str(event["SUMMARY"])) for event in _expanded(calendar)]
    if ours != sorted(one for one in theirs if one[0] > SINCE):
        raise SystemExit("The two do not tell the same shifts: nothing is measured")
    return _median(lambda: resolve(seat, SINCE, UNTIL)), _median(lambda: _expanded(calendar))


def now_on_call(running: Andon) -> tuple[float, float]:
    """Seconds for who is on call on a thousand schedules, and for the bare query by psycopg; p99 of a warm process."""
    said = running.manage("shell", "-v", "0", "-c", "from tests.bench.rotas import measure_now; measure_now()")
    ours, bare = said.split()[-2:]
    return float(ours), float(bare)


def measure_now() -> None:
    """Prints both figures. The thousand schedules are seen by this transaction alone, and rolled back."""
    from django.db import connection, transaction

    from oncall.models import Service
    from oncall.shifts import on_call

    with transaction.atomic():
        _fill()
        services = list(Service.objects.filter(slug__startswith="bench-now-"))
        schedules = [service.schedule_id for service in services]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE oncall_seat, oncall_shift, oncall_person")
            bare = cursor.connection.cursor()  # psycopg's own
            times = [_p99(lambda: on_call(services)), _p99(lambda: bare.execute(BARE, [schedules]).fetchall())]
        transaction.set_rollback(True)
    print(*times)  # noqa: T201


BARE = """
    SELECT seat.schedule_id, seat.name, person.id, person.email, person.name
    FROM oncall_seat seat
    LEFT JOIN oncall_shift shift ON shift.seat_id = seat.id AND shift.during @> now()
    LEFT JOIN oncall_person person ON person.id = shift.person_id
    WHERE seat.schedule_id = ANY(%s) ORDER BY seat.position, seat.id, shift.id
"""


def _fill() -> None:
    from django.utils import timezone

    from oncall.models import Person, Schedule, Service, Shift
    from oncall.models import Seat as SeatRow

    now = timezone.now()
    people = Person.objects.bulk_create(
        Person(email=f"bench-now-{number}@example.com", name=f"Person {number}") for number in range(ON_CALL)
    )
    schedules = Schedule.objects.bulk_create(
        Schedule(slug=f"bench-now-{number}", name=f"Now {number}", timezone="UTC") for number in range(SCHEDULES)
    )
    Service.objects.bulk_create(Service(slug=s.slug, name=s.name, schedule=s) for s in schedules)
    seats = SeatRow.objects.bulk_create(
        SeatRow(schedule=schedule, name=name, position=position)
        for schedule in schedules
        for position, name in enumerate(("dev", "ops"))
    )
    rows: list[Shift] = []
    for number, seat in enumerate(seats):
        monday = now - timedelta(hours=number % 167)
        for week in range(WEEKS):
            start = monday + timedelta(weeks=week)
            during = (start, start + timedelta(weeks=1))
            rows.append(Shift(seat=seat, person=people[(number + week) % ON_CALL], during=during))
    Shift.objects.bulk_create(rows, batch_size=5000)


def _calendar(kind: Kind) -> icalendar.Calendar:
    """The rota as other products export it: an event for each person, which comes again every eighth turn."""
    calendar = icalendar.Calendar()
    for turn, person in enumerate(PEOPLE):
        start = (START + timedelta(hours=turn * HOURS[kind])).replace(tzinfo=ZONE)
        event = icalendar.Event()
        event.add("UID", person)
        event.add("SUMMARY", person)
        event.add("DTSTART", start)
        event.add("DTEND", start + timedelta(hours=HOURS[kind]))
        event.add("RRULE", {"FREQ": [kind.value.upper()], "INTERVAL": [len(PEOPLE)]})
        calendar.add_component(event)
    return calendar


def _expanded(calendar: icalendar.Calendar) -> list[Any]:
    return list(recurring_ical_events.of(calendar).between(SINCE, UNTIL))


def _median(work: Callable[[], object]) -> float:
    return statistics.median(_timed(work, ROUNDS))


def _p99(work: Callable[[], object]) -> float:
    return percentile(_timed(work, 200), 99)


def _timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Seconds of each round, after a few that only warm up."""
    for _ in range(3):
        work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times
