"""Swaps: somebody offers an interval of theirs, somebody else takes it; both can change their mind."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from notifications import live, outbox
from notifications.errors import Conflict, InvalidInput
from oncall.cover import announce
from oncall.models import Person, Schedule, Seat, Shift, Swap
from oncall.permissions import require_responder
from oncall.rotas.coverage import Interval
from oncall.rotas.substitution import duties
from oncall.services.stand_ins import in_place_of, payload_of, require_back, stand_in, undo
from oncall.shifts import rebuild
from oncall.standing import duties_of, hold, said, shifts_of, this_second

State = Swap.State
LONGEST_NOTE = 200


@transaction.atomic
def offer_swap(
    *, seat: Seat, person: Person, start: datetime, end: datetime, note: str = "", by: Person | None
) -> Swap:
    """Offer [start, end) of this person's duty on a seat to whoever takes it. A start that has passed becomes now.

    Raises InvalidInput where they do not have all of it; Conflict where some of it is offered already.
    """
    require_responder(by)
    start, end = max(start.replace(microsecond=0), this_second()), end.replace(microsecond=0)
    _check(person, start, end, note)
    schedule = hold(seat)
    if duties_of(seat, person, start, end) != [Interval(start, end)]:
        said_so = f"{person} is not on call on {seat.name} for all of that time."
        raise InvalidInput(start=f"{said_so} {what_they_have(seat, person)}")
    same = Swap.objects.takeable().filter(seat=seat, person=person).overlapping(start, end).first()
    if same:
        raise Conflict(f"This is offered already: {said([Interval.of(same)])}.", swap=same.pk)
    swap = Swap.objects.create(seat=seat, person=person, start=start, end=end, note=note.strip())
    announce([swap], by=by)
    live.publish(f"schedule:{schedule.slug}")
    return swap


@transaction.atomic
def take_swap(*, swap: Swap, by: Person) -> Swap:
    """`by` stands in for whoever offered it; of one that runs already, for the rest. Taking it twice takes it once.

    Raises Conflict, saying why, where it cannot be had: another was faster, it was taken back, the person no longer has
    it, the taker offered it, stands there anyhow, or is away then.
    """
    require_responder(by)
    schedule, swap = _held(swap)
    if swap.state == State.TAKEN and swap.taken_by == by:
        return swap
    _refuse_untakeable(swap, by)
    start = max(swap.start, this_second())
    shifts = shifts_of(swap.seat, start, swap.end)
    has = duties(shifts, swap.person.email, start, swap.end)
    if has != [Interval(start, swap.end)]:
        left = f"only {said(has)}" if has else "none of it"
        raise Conflict(f"{swap.person} no longer has all of this: {left}. Ask them to offer what is left.")
    swap.start = start
    stand_in(swap, by, in_place_of(swap.person, by, shifts, start, swap.end), by)
    rebuild(schedule, told=[swap.person, by], by=by)
    return swap


@transaction.atomic
def take_back(*, swap: Swap, by: Person | None) -> Swap:
    """The person keeps, or has again, what they offered. Of one that runs already: the rest of it.

    Raises Conflict when it is over, was passed on, or would not be theirs again as the rota is now.
    """
    require_responder(by)
    schedule, swap = _held(swap)
    now = this_second()
    if swap.state in (State.WITHDRAWN, State.LAPSED):
        raise Conflict(f"It is {swap.get_state_display()} already.")
    if swap.end <= now:
        raise Conflict("It is over; past shifts are a record and stay as they were.")
    taker, rest = swap.taken_by, Interval(max(swap.start, now), swap.end)
    parts: list[Interval] = []
    if swap.state != State.TAKEN:
        swap.state = State.WITHDRAWN
    else:
        parts = undo(swap, now)
        if swap.start < now:
            swap.end = now
        else:
            swap.state = State.WITHDRAWN
    swap.save(update_fields=["state", "end"])
    if taker:
        _tell_returned(swap, "taken back", taker, rest, by)
    rebuild(schedule, told=[swap.person, *([taker] if taker else [])], by=by)
    require_back(swap, parts)
    return swap


@transaction.atomic
def give_back(*, swap: Swap, by: Person | None) -> Swap:
    """The taker cannot after all: it is open again, and others are asked. Only before it begins. Raises Conflict."""
    require_responder(by)
    schedule, swap = _held(swap)
    if swap.state != State.TAKEN or swap.taken_by is None:
        raise Conflict(f"Nobody has taken it: it is {swap.get_state_display()}.")
    if swap.start <= this_second():
        raise Conflict("It has begun; offer the rest of it as a swap of your own instead.")
    taker = swap.taken_by
    parts = undo(swap, swap.start)
    reopen(swap, by=by)
    rebuild(schedule, told=[swap.person, taker], by=by)
    require_back(swap, parts)
    return swap


def reopen(swap: Swap, *, by: Person | None) -> None:
    """A taken swap is open again, its overrides gone."""
    taker = swap.taken_by
    swap.state, swap.taken_by, swap.taken_at = State.OPEN, None, None
    swap.save(update_fields=["state", "taken_by", "taken_at"])
    if taker:
        _tell_returned(swap, "given back", taker, Interval.of(swap), by)
    announce([swap], by=swap.person, but=taker)


def what_they_have(seat: Seat, person: Person) -> str:
    """What an error says of somebody's next duties on a seat."""
    ahead = Shift.objects.filter(seat=seat, person=person, during__endswith__gt=this_second()).order_by("during")[:3]
    if not ahead:
        return f"{person} has no shift to come there."
    return f"{person} has {said([Interval.of(shift) for shift in ahead])}."


def _check(person: Person, start: datetime, end: datetime, note: str) -> None:
    errors: dict[str, list[str]] = {}
    if not person.is_active:
        errors["person"] = [f"{person} is no longer active; name somebody else."]
    if end <= this_second():
        errors["end"] = [f"{end:%Y-%m-%d %H:%M} UTC has passed; give a later time."]
    elif end <= start:
        errors["end"] = [f"{end:%Y-%m-%d %H:%M} UTC is not after the start; give a later time."]
    if len(note) > LONGEST_NOTE:
        errors["note"] = [f"The note has {len(note)} characters; use {LONGEST_NOTE} at most."]
    if errors:
        raise InvalidInput(errors)


def _held(swap: Swap) -> tuple[Schedule, Swap]:
    """The schedule and the swap, both locked, in this order."""
    schedule = hold(swap.seat)
    rows = Swap.objects.select_related("seat", "person", "taken_by").select_for_update(of=("self",))
    return schedule, rows.get(pk=swap.pk)


def _refuse_untakeable(swap: Swap, by: Person) -> None:
    if swap.state == State.TAKEN:
        raise Conflict(f"{swap.taken_by} took it at {swap.taken_at:%Y-%m-%d %H:%M} UTC.", taken_by=str(swap.taken_by))
    if swap.state in (State.WITHDRAWN, State.LAPSED):
        raise Conflict(f"It is {swap.get_state_display()}; there is nothing to take.")
    if swap.end <= this_second():
        raise Conflict("It is over.")
    if swap.person == by:
        raise Conflict("This is your own; take it back instead, or leave it to others.")


def _tell_returned(swap: Swap, how: str, taker: Person, rest: Interval, by: Person | None) -> None:
    outbox.emit("swap.returned", payload_of(swap, by, how=how, taker=taker.pk, **rest.as_json()))
