"""One person standing in for another: the overrides that a taken swap comes to, and how they are undone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from notifications import outbox
from notifications.errors import Conflict
from oncall.models import Leave, Override, Person, Swap
from oncall.rotas.coverage import Interval, common, union
from oncall.rotas.layer import Shift
from oncall.rotas.schedule import Override as OverrideDefinition
from oncall.rotas.substitution import AlreadyThere, handed_back, substitute
from oncall.standing import duties_of, said, this_second


def in_place_of(
    person: Person, taker: Person, shifts: Sequence[Shift], start: datetime, end: datetime
) -> list[OverrideDefinition]:
    """The overrides that put the taker where the person stands. Raises Conflict where the taker cannot."""
    try:
        found = substitute(shifts, person.email, taker.email, start, end)
    except AlreadyThere as error:
        raise Conflict(
            f"{taker} is on call there already, together with {person}: {said([error.part])}. Somebody else has to."
        ) from error
    away = Leave.objects.overlapping(start, end).filter(person=taker).order_by("start").first()
    if away:
        when = said([Interval.of(away)])
        raise Conflict(f"{taker} is away then: {when}. Remove that leave first, or let somebody else take it.")
    return found


def stand_in(swap: Swap, taker: Person, overrides: Collection[OverrideDefinition], by: Person | None) -> None:
    """Record that this swap is taken, and the overrides it comes to."""
    swap.state, swap.taken_by, swap.taken_at = Swap.State.TAKEN, taker, this_second()
    swap.save()
    _write(swap, overrides, reason=swap.note, created_by=by)
    outbox.emit("swap.taken", payload_of(swap, by, taker=taker.pk))


def undo(swap: Swap, since: datetime) -> list[Interval]:
    """Remove what a taken swap holds from `since` on; returns when that was. Raises Conflict if it was passed on."""
    parts = union(Interval(max(row.start, since), row.end) for row in swap.overrides.filter(end__gt=since))
    taker = swap.taken_by
    if taker is None or common(duties_of(swap.seat, taker, since, swap.end), parts) != parts:
        raise Conflict(f"{taker} no longer has all of it; see on the schedule who has, and make an override.")
    cancel(swap, since)
    return parts


def require_back(swap: Swap, parts: list[Interval]) -> None:
    """Once shifts are rebuilt. Raises Conflict where the person has not all of it again: then nothing is changed."""
    for part in parts:
        if duties_of(swap.seat, swap.person, *part) != [part]:
            raise Conflict(
                f"{swap.person} would not have all of it again: the rota or an override says otherwise by now. "
                "Make an override, or offer it as a swap of your own."
            )


def cancel(swap: Swap, since: datetime) -> None:
    """Remove what overrides of a swap hold from `since` on, and what later swaps of a partner made of them."""
    for row in swap.overrides.filter(end__gt=since):
        part = Interval(max(row.start, since), row.end)
        if row.start < since:
            row.end = since
            row.save(update_fields=["end"])
        else:
            row.delete()
        _hand_back(swap, part)


def _hand_back(swap: Swap, part: Interval) -> None:
    later = Override.objects.filter(seat=swap.seat, swap__isnull=False, start__lt=part.end, end__gt=part.start)
    for row in later.exclude(swap=swap).select_related("swap").prefetch_related("people"):
        stands = OverrideDefinition(row.start, row.end, tuple(person.email for person in row.people.all()))
        pieces = handed_back(stands, swap.taken_by.email, swap.person.email, part)  # type: ignore[union-attr]
        if pieces != [stands] and row.swap:
            row.delete()
            _write(row.swap, pieces, reason=row.reason, created_by=row.created_by, created_at=row.created_at)


def _write(swap: Swap, overrides: Collection[OverrideDefinition], **fields: object) -> None:
    emails = {email for override in overrides for email in override.people}
    people = {person.email: person for person in Person.objects.filter(email__in=emails)}
    for override in overrides:
        row = Override.objects.create(seat=swap.seat, start=override.start, end=override.end, swap=swap, **fields)
        row.people.set([people[email] for email in override.people])


def payload_of(swap: Swap, by: Person | None, **more: object) -> dict[str, object]:
    """What every event of a swap tells."""
    return {"swap": swap.pk, "person": swap.person_id, "by": by.pk if by else None} | more
