"""Overrides: people take a seat for an interval, whoever was due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from oncall.models import Override, Person, Seat
from oncall.permissions import require_responder
from oncall.rotas.coverage import Interval
from oncall.rotas.schedule import Override as OverrideDefinition
from oncall.shifts import rebuild
from oncall.standing import hold, said

Key = tuple[datetime, datetime, frozenset[int], bool]  # start, end, people, exclusive


@transaction.atomic
def add_override(
    *,
    seat: Seat,
    people: Iterable[Person],
    start: datetime,
    end: datetime,
    by: Person | None,
    reason: str = "",
    exclusive: bool = False,
) -> Override:
    """These people have the seat in [start, end). A later override beats an earlier one, unless one is exclusive.

    Raises InvalidInput; Conflict where it is exclusive and overlaps another, or overlaps one that is.
    """
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
    schedule = hold(seat)
    _refuse_beside_exclusive(seat, start, end, exclusive)
    fields = {"start": start, "end": end, "reason": reason, "exclusive": exclusive, "created_by": by}
    override = Override.objects.create(seat=seat, **fields)
    override.people.set(takers)
    rebuild(schedule, by=by)
    return override


@transaction.atomic
def remove_override(*, override: Override, by: Person | None) -> None:
    """What is to come of it goes back to whoever is due; what was worked stays.

    Raises Conflict when it is over, or came of a swap.
    """
    require_responder(by)
    if override.end <= timezone.now():
        raise Conflict("This override is over; past shifts are a record and stay as they were.")
    if override.swap:
        raise Conflict(
            f"This came of a swap between {override.swap.person} and {override.swap.taken_by}; take it back there."
        )
    schedule = override.seat.schedule
    override.delete()
    rebuild(schedule, by=by)


def write_overrides(
    seat: Seat, definition: Iterable[OverrideDefinition], people: Mapping[str, Person], by: Person | None
) -> None:
    """Make a seat's overrides those of a definition. Those that stand already keep their reason and author.

    The order they were made in is the definition's. What came of a taken swap is decided by the swap alone: a
    definition that was read before it was taken, or before it was given back, changes nothing of it.
    """
    by_swap: dict[int, list[Override]] = defaultdict(list)
    by_key: dict[Key, Override] = {}
    for row in seat.overrides.prefetch_related("people"):
        if row.swap_id:
            by_swap[row.swap_id].append(row)
        else:
            by_key[_key(row)] = row
    swaps = set(seat.swaps.values_list("pk", flat=True))
    order: list[Override] = []
    made = False
    for override in definition:
        if override.swap in swaps:
            order += by_swap.pop(override.swap, [])
            continue
        stands = by_key.get(_key_of(override, people))
        made = made or stands is None
        order.append(stands or _make(seat, override, people, by))
    kept = [row.pk for row in order]
    seat.overrides.filter(end__gt=timezone.now(), swap=None).exclude(pk__in=kept).delete()
    if made:
        _make_in_order([*order, *(row for rows in by_swap.values() for row in rows)])


def _refuse_beside_exclusive(seat: Seat, start: datetime, end: datetime, exclusive: bool) -> None:
    others = seat.overrides.filter(start__lt=end, end__gt=start, swap=None)
    other = (others if exclusive else others.filter(exclusive=True)).prefetch_related("people").first()
    if other:
        names = ", ".join(str(person) for person in other.people.all())
        alone = "This override is to be exclusive" if exclusive else "That one is exclusive"
        raise Conflict(
            f"{names} has {seat.name} by an override already: {said([Interval.of(other)])}. {alone}; "
            "choose another time, or remove the other first.",
            override=other.pk,
        )


def _make(seat: Seat, override: OverrideDefinition, people: Mapping[str, Person], by: Person | None) -> Override:
    fields = {"start": override.start, "end": override.end, "exclusive": override.exclusive, "created_by": by}
    row = Override.objects.create(seat=seat, **fields)
    row.people.set([people[email] for email in override.people])
    return row


def _make_in_order(rows: Iterable[Override]) -> None:
    now = timezone.now()
    for index, row in enumerate(rows):
        Override.objects.filter(pk=row.pk).update(created_at=now + timedelta(microseconds=index))


def _key(row: Override) -> Key:
    return (row.start, row.end, frozenset(person.pk for person in row.people.all()), row.exclusive)


def _key_of(override: OverrideDefinition, people: Mapping[str, Person]) -> Key:
    present = frozenset(people[email].pk for email in override.people)
    return (override.start, override.end, present, override.exclusive)
