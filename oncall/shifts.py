"""Final shifts as rows: made from now to 180 days ahead, replaced from a moment on, read by everybody.

Past shifts are a record and never change. A rebuild holds the schedule's row, so that rebuilds of one schedule follow
one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import FilteredRelation, Q
from django.utils import timezone

from notifications import live, outbox
from oncall import cover
from oncall.models import Person, Schedule, Seat, Service, Shift
from oncall.rotas.changed_shifts import Changes, Duty, changes, difference, joined
from oncall.rotas.coverage import Interval
from oncall.rotas.schedule import Seat as SeatDefinition
from oncall.rotas.schedule import resolve
from oncall.stored_definition import load_worked

log = structlog.get_logger(__name__)

AHEAD = timedelta(days=180)
EXTEND_WHEN_LEFT = timedelta(days=179)
PERSON = ("id", "email", "name", "timezone", "slack_id", "is_active")  # the rest is fetched where it is asked for
PERSON_VALUES = [f"now__person__{name}" for name in PERSON]
MOST_TOLD = 20  # intervals named to a person whose shifts changed


@transaction.atomic
def rebuild(
    schedule: Schedule, *, since: datetime | None = None, told: Collection[Person] = (), by: Person | None = None
) -> None:
    """Bring the stored shifts in line with the definition, from `since` (never earlier than now) on.

    Those whose shifts change are told, but for the people in `told`, who know it already. Requests for cover follow.
    """
    schedule = Schedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    now = timezone.now()
    since, known_until = max(since or now, now), schedule.resolved_until
    until = since + AHEAD if known_until is None else max(since + AHEAD, known_until)
    definition = {seat.name: seat for seat in load_worked(schedule).seats}
    changed: dict[int, dict[str, list[dict[str, str]]]] = {}
    for seat in schedule.seats.all():
        stored, wanted = _stored(seat, since), _wanted(definition.get(seat.name), since, until)
        _write(seat, changes(stored, wanted, since))
        if known_until and since < known_until:
            for person, (gained, lost) in difference(stored, wanted, Interval(since, known_until)).items():
                notes = changed.setdefault(person, {"gained": [], "lost": []})
                notes["gained"] += [_note(seat, interval) for interval in gained]
                notes["lost"] += [_note(seat, interval) for interval in lost]
    schedule.resolved_until = until
    Schedule.objects.filter(pk=schedule.pk).update(resolved_until=until)
    for one in told:
        changed.pop(one.pk, None)
    _tell(schedule, changed)
    cover.follow(schedule, by=by)
    live.publish(f"schedule:{schedule.slug}")


def extend_all() -> int:
    """Make the shifts that have come into the 180 days; returns for how many schedules. A failure stops no other."""
    soon = timezone.now() + EXTEND_WHEN_LEFT
    extended = 0
    for schedule in Schedule.objects.filter(Q(resolved_until=None) | Q(resolved_until__lt=soon)):
        try:
            rebuild(schedule)
        except Exception:
            log.exception("schedule_not_extended", schedule=schedule.slug)
        else:
            extended += 1
    return extended


def on_call(services: Iterable[Service], at: datetime | None = None) -> dict[int, dict[str, list[Person]]]:
    """By service id, who fills each seat of its schedule at `at` (now); an empty seat has nobody.

    One query for a thousand schedules, and each person made once, of the columns that lists and messages show.
    """
    services = list(services)
    holds = FilteredRelation("shifts", condition=Q(shifts__during__contains=at or timezone.now()))
    seats = Seat.objects.current().of_schedules({s.schedule_id for s in services if s.schedule_id})
    rows = seats.annotate(now=holds).order_by("position", "id", "now__id")
    people: dict[int, Person] = {}
    seated: dict[int, dict[str, list[Person]]] = defaultdict(dict)
    for row in rows.values_list("schedule", "name", *PERSON_VALUES):
        filling = seated[row[0]].setdefault(row[1], [])
        if (person := row[2]) is not None:
            if person not in people:
                people[person] = Person.from_db(None, PERSON, row[2:])
            filling.append(people[person])
    return {service.pk: seated.get(service.schedule_id or 0, {}) for service in services}


def on_call_now(service: Service, at: datetime | None = None) -> dict[str, list[Person]]:
    """Who fills each seat of this service's schedule at `at`."""
    return on_call([service], at)[service.pk]


def next_on_call(service: Service, at: datetime | None = None) -> dict[str, dict[str, Any]]:
    """By seat, the `people` of the shift that begins next after `at`, and its `start`; a seat without is left out."""
    upcoming = Shift.objects.next_after(at or timezone.now())
    upcoming = upcoming.filter(seat__schedule=service.schedule_id, seat__retired_at=None)
    found: dict[str, dict[str, Any]] = {}
    for shift in upcoming.select_related("seat", "person").order_by("seat__position", "id"):
        entry = found.setdefault(shift.seat.name, {"people": [], "start": shift.during.lower})
        entry["people"].append(shift.person)
    return found


def _stored(seat: Seat, since: datetime) -> list[Duty]:
    rows = Shift.objects.filter(seat=seat, during__endswith__gt=since)
    return [Duty(row.person_id, row.start, row.end, row.overridden, row.pk) for row in rows.order_by("during")]


def _wanted(definition: SeatDefinition | None, since: datetime, until: datetime) -> list[Duty]:
    if definition is None:
        return []
    found = resolve(definition, since, until)
    emails = {email for shift in found for email in shift.people}
    ids = dict(Person.objects.filter(email__in=emails).values_list("email", "pk"))
    return joined(
        Duty(ids[email], shift.start, shift.end, shift.overridden) for shift in found for email in shift.people
    )


def _write(seat: Seat, plan: Changes) -> None:
    Shift.objects.filter(pk__in=plan.remove).delete()
    ending = Shift.objects.in_bulk(plan.ends)
    for row, end in plan.ends.items():
        ending[row].during, ending[row].changed_at = (ending[row].start, end), timezone.now()
    Shift.objects.bulk_update(ending.values(), ["during", "changed_at"])
    Shift.objects.bulk_create(
        Shift(seat=seat, person_id=duty.person, during=(duty.start, duty.end), overridden=duty.overridden)
        for duty in plan.add
    )


def _note(seat: Seat, interval: Interval) -> dict[str, str]:
    return {"seat": seat.name, **interval.as_json()}


def _tell(schedule: Schedule, changed: dict[int, dict[str, list[dict[str, str]]]]) -> None:
    for person, notes in changed.items():
        first = {name: sorted(found, key=lambda note: note["start"])[:MOST_TOLD] for name, found in notes.items()}
        outbox.emit("shift.changed", {"person": person, "schedule": schedule.pk, **first})
