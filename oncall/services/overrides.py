"""Overrides: people take a seat for an interval, whoever was due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from oncall.models import Override, Person, Seat
from oncall.permissions import require_responder
from oncall.shifts import rebuild


@transaction.atomic
def add_override(
    *,
    seat: Seat,
    people: Iterable[Person],
    start: datetime,
    end: datetime,
    by: Person | None,
    reason: str = "",
) -> Override:
    """These people have the seat in [start, end). Raises InvalidInput."""
    require_responder(by)
    takers = list(dict.fromkeys(people))
    errors: dict[str, list[str]] = {}
    if not takers:
        errors["people"] = ["Nobody is named; name at least one person."]
    for person in takers:
        if not person.is_active:
            errors.setdefault("people", []).append(f"{person} is no longer active; name somebody else.")
    if end <= start:
        errors["end"] = [f"{end:%Y-%m-%d %H:%M} is not after the start; give a later time."]
    elif end <= timezone.now():
        errors["end"] = [f"{end:%Y-%m-%d %H:%M} has passed, and past shifts are a record; give a later time."]
    if len(reason) > 200:
        errors["reason"] = [f"The reason has {len(reason)} characters; use 200 at most."]
    if errors:
        raise InvalidInput(errors)
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    override = Override.objects.create(seat=seat, start=start, end=end, reason=reason, created_by=by)
    override.people.set(takers)
    rebuild(seat.schedule)
    return override


@transaction.atomic
def remove_override(*, override: Override, by: Person | None) -> None:
    """What is to come of it goes back to whoever is due; what was worked stays. Raises Conflict when it is over."""
    require_responder(by)
    if override.end <= timezone.now():
        raise Conflict("This override is over; past shifts are a record and stay as they were.")
    schedule = override.seat.schedule
    override.delete()
    rebuild(schedule)
