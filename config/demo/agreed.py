"""What people of the sample organisation have agreed for the weeks to come: swaps, leave, somebody who learns."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from config.demo.organisation import email
from config.demo.stage import at
from oncall.models import Person, Seat, Shift
from oncall.services import add_leave, add_shadow, offer_swap, take_swap

DAY = timedelta(days=1)
SOON = timedelta(days=3)


def arrange() -> None:
    """One swap is offered, one is taken, leave leaves a shift to be covered, and Bo learns beside Payments."""
    with at(timezone.now()):
        _offered()
        _taken()
        _away()
        add_shadow(seat=_seat("payments", "dev"), person=Person.objects.get(email=email("bo")), by=None)


def _offered() -> None:
    shift = _next("storefront", "dev")
    start = shift.during.lower + 4 * DAY
    note = "A wedding in Porto. I can take a weekend of yours."
    offer_swap(seat=shift.seat, person=shift.person, start=start, end=start + 2 * DAY, note=note, by=shift.person)


def _taken() -> None:
    shift = _next("payments", "ops")
    start = shift.during.lower + DAY
    partner = shift.seat.layers.get().participants.exclude(person=shift.person).first()
    swap = offer_swap(seat=shift.seat, person=shift.person, start=start, end=start + DAY, by=shift.person)
    if partner:
        take_swap(swap=swap, by=partner.person)


def _away() -> None:
    shift = _next("data", "ops")
    day = shift.during.lower.astimezone(ZoneInfo(shift.person.timezone)) + 2 * DAY
    start = day.replace(hour=0, minute=0)
    add_leave(person=shift.person, start=start, end=start + 3 * DAY, note="Moving house", by=shift.person)


def _next(schedule: str, seat: str) -> Shift:
    """The first shift of this seat that begins in three days or later."""
    later = Shift.objects.filter(seat=_seat(schedule, seat), during__startswith__gt=timezone.now() + SOON)
    return later.select_related("seat", "person").order_by("during")[0]


def _seat(schedule: str, name: str) -> Seat:
    return Seat.objects.get(schedule__slug=schedule, name=name)
