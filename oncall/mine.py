"""One person's on-call: their shifts, what they may give away or take, and whether a page would reach them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from oncall.checks.contact_check import Concern, reachable
from oncall.models import Leave, Person, Schedule, Seat, Shadow, Shift, Swap, Urgency
from oncall.paging.reach import ways_to
from oncall.paging.way_words import words_of_ways

AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Check:
    """Whether pages reach a person: `tone` ok, warn or bad, and a sentence."""

    tone: str
    text: str


def shifts_ahead(person: Person, schedule: Schedule | None = None, *, most: int | None = None) -> list[Shift]:
    """Their shifts that run now or begin within 30 days, on seats that still are: all, or the first so many."""
    now = timezone.now()
    shifts = Shift.objects.overlapping(now, now + AHEAD).filter(person=person, seat__retired_at=None)
    if schedule:
        shifts = shifts.filter(seat__schedule=schedule)
    return list(shifts.select_related("seat__schedule").order_by("during", "id")[:most])


def own_swaps(person: Person) -> list[Swap]:
    """What they offered, or need covered, that is not over; and what they took of others."""
    theirs = Q(person=person) | Q(taken_by=person, state=Swap.State.TAKEN)
    found = Swap.objects.filter(theirs, end__gt=timezone.now()).exclude(
        state__in=(Swap.State.WITHDRAWN, Swap.State.LAPSED)
    )
    return list(found.select_related("seat__schedule", "person", "taken_by"))


def offers_to(person: Person) -> QuerySet[Swap]:
    """What this person could take: of seats on which they take turns, or of their team's discipline and services.

    Not while they are away or stand there anyhow.
    """
    if not person.is_responder:
        return Swap.objects.none()
    serves = Q(schedule__services__dev_team__members=person) | Q(schedule__services__ops_team__members=person)
    disciplines = person.teams.values("discipline")
    seats = Seat.objects.current().filter(Q(layers__participants__person=person) | serves & Q(name__in=disciplines))
    same_time = Q(start__lt=OuterRef("end"), end__gt=OuterRef("start"))
    there = Shift.objects.filter(
        person=person,
        seat=OuterRef("seat"),
        during__startswith__lt=OuterRef("end"),
        during__endswith__gt=OuterRef("start"),
    )
    found = Swap.objects.takeable().filter(seat__in=seats.values("pk")).exclude(person=person)
    found = found.filter(~Exists(Leave.objects.filter(same_time, person=person)), ~Exists(there))
    return found.select_related("seat__schedule", "person", "taken_by")


def leave_ahead(person: Person) -> list[Leave]:
    """What is not over yet, the nearest first."""
    return list(Leave.objects.filter(person=person, end__gt=timezone.now()))


def days_in_words(leave: Leave) -> str:
    """In the viewer's zone: whole days by name, anything else with its times."""
    start, end = timezone.localtime(leave.start), timezone.localtime(leave.end)
    if start.time() == end.time() == time.min:
        last = end - timedelta(days=1)
        first = f"{start:%a %-d %b %Y}"
        return first if last.date() == start.date() else f"{first} – {last:%a %-d %b %Y}"
    return f"{start:%a %-d %b %Y, %H:%M} – {end:%a %-d %b %Y, %H:%M}"


def shadowing(person: Person) -> list[Shadow]:
    """The seats this person learns beside, now or later."""
    found = Shadow.objects.filter(Q(end=None) | Q(end__gt=timezone.now()), person=person)
    return list(found.select_related("seat__schedule"))


def check_contact(person: Person, concerns: Sequence[Concern]) -> Check:
    """Whether this person would be told of a page, and how; `concerns` as `contact_check` finds them. Two queries."""
    if not reachable(person):
        return Check("bad", f"Pages do not reach you. {concerns[0].text}")
    high, low = (
        words_of_ways((way.method, way.delay) for way in ways_to(person, urgency))
        for urgency in (Urgency.HIGH, Urgency.LOW)
    )
    quiet = f"; none from {person.quiet_from:%H:%M} to {person.quiet_to:%H:%M}" if person.quiet_from else ""
    less = f" Of low urgency: {low}{quiet}." if low != high or quiet else ""
    return Check("warn" if concerns else "ok", f"You can be reached: {high}.{less}")
