"""Temporary cover: one person for another over an interval, arranged at once and without asking around."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from notifications.errors import InvalidInput
from oncall.models import Override, Person, Seat, Swap
from oncall.permissions import require_responder
from oncall.services.stand_ins import in_place_of, stand_in
from oncall.services.swaps import LONGEST_NOTE, what_they_have
from oncall.shifts import rebuild
from oncall.standing import hold, shifts_of, this_second


@transaction.atomic
def cover(
    *,
    seat: Seat,
    person: Person,
    by_person: Person,
    start: datetime,
    end: datetime,
    by: Person | None,
    reason: str = "",
) -> list[Override]:
    """`by_person` stands wherever `person` stands on this seat within [start, end); their partners stay.

    It is a swap that is taken from the beginning, so it can be taken back and given back like any. A start that has
    passed becomes now. Raises InvalidInput; Conflict where `by_person` stands there anyhow, or is away then.
    """
    require_responder(by)
    start, end = max(start.replace(microsecond=0), this_second()), end.replace(microsecond=0)
    schedule = hold(seat)
    _check(person, by_person, start, end, known_until=schedule.resolved_until, reason=reason)
    shifts = shifts_of(seat, start, end)
    overrides = in_place_of(person, by_person, shifts, start, end)
    if not overrides:
        said = f"{person} is not on call on {seat.name} in that time. {what_they_have(seat, person)}"
        raise InvalidInput(person=said)
    swap = Swap(seat=seat, person=person, start=start, end=end, note=reason.strip())
    stand_in(swap, by_person, overrides, by)
    rebuild(schedule, told=[person, by_person], by=by)
    return list(swap.overrides.order_by("start"))


def _check(
    person: Person, by_person: Person, start: datetime, end: datetime, *, known_until: datetime | None, reason: str
) -> None:
    errors: dict[str, list[str]] = {}
    if not by_person.is_active:
        errors["by_person"] = [f"{by_person} is no longer active; name somebody else."]
    elif by_person == person:
        errors["by_person"] = [f"{person} cannot stand in for themselves; name somebody else."]
    if end <= start:
        errors["end"] = [f"{end:%Y-%m-%d %H:%M} UTC is not after the start, or has passed; give a later time."]
    elif known_until is None or end > known_until:
        known = f"until {known_until:%Y-%m-%d %H:%M} UTC" if known_until else "not at all yet"
        errors["end"] = [f"{end:%Y-%m-%d %H:%M} UTC is too far ahead: shifts are known {known}; give an earlier time."]
    if len(reason) > LONGEST_NOTE:
        errors["reason"] = [f"The reason has {len(reason)} characters; use {LONGEST_NOTE} at most."]
    if errors:
        raise InvalidInput(errors)
