"""Leave: days on which somebody is away. Shifts within them ask for cover at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from notifications.errors import Conflict, InvalidInput
from oncall.cover import follow, lapse
from oncall.models import Leave, Person, Schedule, Swap
from oncall.permissions import require_responder
from oncall.rotas.coverage import Interval
from oncall.standing import said, this_second

LONGEST = timedelta(days=400)
LONGEST_NOTE = 200


@transaction.atomic
def add_leave(*, person: Person, start: datetime, end: datetime, note: str = "", by: Person | None) -> Leave:
    """This person is away in [start, end): their shifts within it ask for cover, as far ahead as shifts are stored.

    Raises InvalidInput; Conflict where it overlaps other leave of theirs.
    """
    require_responder(by)
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    _check(person, start, end, note)
    schedules = _schedules(person)
    other = Leave.objects.overlapping(start, end).filter(person=person).first()
    if other:
        when = said([Interval.of(other)])
        raise Conflict(f"{person} is on leave then already: {when}. Remove that first, or give other days.")
    leave = Leave.objects.create(person=person, start=start, end=end, note=note.strip(), created_by=by)
    for schedule in schedules:
        follow(schedule, by=by)
    return leave


@transaction.atomic
def remove_leave(*, leave: Leave, by: Person | None) -> None:
    """They are here after all: what nobody took yet is no longer asked; what was taken stays with the taker.

    Raises Conflict when it is over.
    """
    require_responder(by)
    if leave.end <= this_second():
        raise Conflict("This leave is over; it stays as a record.")
    schedules = _schedules(leave.person)
    asked = Swap.objects.takeable().filter(person=leave.person, reason=Swap.Reason.LEAVE)
    lapse(asked.overlapping(leave.start, leave.end))
    leave.delete()
    for schedule in schedules:
        follow(schedule, by=by)


def _schedules(person: Person) -> list[Schedule]:
    """Those on which they have shifts to come, or asked for cover; held until the transaction ends."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    now = this_second()
    shifts = person.shifts.filter(during__endswith__gt=now).values("seat__schedule")
    swaps = person.swaps.filter(end__gt=now).values("seat__schedule")
    found = Schedule.objects.filter(pk__in=shifts) | Schedule.objects.filter(pk__in=swaps)
    return list(found.order_by("pk").select_for_update(no_key=True))


def _check(person: Person, start: datetime, end: datetime, note: str) -> None:
    errors: dict[str, list[str]] = {}
    if not person.is_active:
        errors["person"] = [f"{person} is no longer active; name somebody else."]
    if end <= start:
        errors["end"] = [f"{end:%Y-%m-%d %H:%M} UTC is not after the start; give a later time."]
    elif end <= this_second():
        errors["end"] = [f"{end:%Y-%m-%d %H:%M} UTC has passed; give a later time."]
    elif end - start > LONGEST:
        errors["end"] = [f"That is {(end - start).days} days; give {LONGEST.days} at most."]
    if len(note) > LONGEST_NOTE:
        errors["note"] = [f"The note has {len(note)} characters; use {LONGEST_NOTE} at most."]
    if errors:
        raise InvalidInput(errors)
