"""Shifts that need cover: leave and public holidays ask for it by themselves, and requests follow the duty they are of.

Asking twice asks once: what a person took back they chose to keep, and what nobody took is not asked for again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from notifications import live, outbox
from oncall.models import Leave, Person, Schedule, Shift, Swap
from oncall.rotas.asked import reconcile
from oncall.rotas.coverage import Interval, common, without
from oncall.rotas.public_holidays import Holiday, holidays_between
from oncall.standing import this_second

log = structlog.get_logger(__name__)

HOLIDAYS_AHEAD = timedelta(days=30)
FAR = datetime.max.replace(tzinfo=UTC)
NEEDS = (Swap.Reason.LEAVE, Swap.Reason.HOLIDAY)
State = Swap.State
SeatAndPerson = tuple[int, int]  # their ids


@dataclass(frozen=True, slots=True)
class Need:
    """A stretch that should be covered, and the words that go with it."""

    time: Interval
    note: str = ""


def follow(schedule: Schedule, *, by: Person | None = None) -> None:
    """Bring requests in line with the stored shifts of this schedule, and ask for what leave leaves to be covered.

    Its caller holds the schedule. `by` needs no telling of what is asked in their name.
    """
    now = this_second()
    _fit(schedule, now)
    rows = Shift.objects.filter(seat__schedule=schedule, seat__retired_at=None, during__endswith__gt=now)
    away: dict[int, list[Interval]] = defaultdict(list)
    for leave in Leave.objects.filter(end__gt=now, person__in=rows.values("person"), person__is_active=True):
        away[leave.person_id].append(Interval.of(leave))
    held = _held(rows.filter(person__in=away))
    needs = {key: [Need(part) for part in common(spans, away[key[1]])] for key, spans in held.items()}
    _ask(schedule, needs, Swap.Reason.LEAVE, Interval(now, FAR), by)


def ask_due() -> int:
    """Ask for cover of shifts on public holidays of the next 30 days; returns on how many schedules any are."""
    now = this_second()
    schedules = Schedule.objects.filter(pk__in=_on_holiday_maybe(now, now + HOLIDAYS_AHEAD).values("seat__schedule"))
    asked = 0
    for schedule in schedules.order_by("pk"):
        try:
            _ask_for_holidays(schedule, now)
        except Exception:
            log.exception("cover_not_asked", schedule=schedule.slug)
        else:
            asked += 1
    return asked


@transaction.atomic
def expire_due() -> int:
    """What begins untaken is expired and its person told; what was offered while it ran, once it is over."""
    now = timezone.now()
    due = Q(start__lte=now, created_at__lt=F("start")) | Q(end__lte=now)
    rows = Swap.objects.open().filter(due).select_for_update(skip_locked=True, of=("self",))
    swaps = list(rows.select_related("seat__schedule").order_by("pk")[:500])
    for swap in swaps:
        swap.state = State.EXPIRED
        swap.save(update_fields=["state"])
        outbox.emit("swap.expired", {"swap": swap.pk})
        live.publish(f"schedule:{swap.seat.schedule.slug}")
    return len(swaps)


def lapse(swaps: Iterable[Swap]) -> None:
    """These requests are no longer needed."""
    for swap in swaps:
        swap.state = State.LAPSED
        swap.save(update_fields=["state"])


def forget_holidays(person: Person) -> None:
    """They live under other holidays now: what was asked for the old ones is no longer needed."""
    lapse(Swap.objects.open().filter(person=person, reason=Swap.Reason.HOLIDAY))


def announce(swaps: Collection[Swap], *, by: Person | None, but: Person | None = None) -> None:
    """Ask those who may take them, in one message for all that one person asks on one seat; `but` knows already."""
    by_asker: dict[SeatAndPerson, list[Swap]] = defaultdict(list)
    for swap in swaps:
        by_asker[swap.seat_id, swap.person_id].append(swap)
    for (seat, person), asked in by_asker.items():
        numbers = [swap.pk for swap in sorted(asked, key=lambda swap: swap.start)]
        payload = {"swap": numbers[0], "swaps": numbers, "seat": seat, "person": person, "by": by.pk if by else None}
        payload |= {"but": but.pk} if but else {}
        outbox.emit("swap.offered", payload)


@transaction.atomic
def _ask_for_holidays(schedule: Schedule, now: datetime) -> None:
    Schedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    window = Interval(now, now + HOLIDAYS_AHEAD)
    rows = _on_holiday_maybe(*window).filter(seat__schedule=schedule)
    people = Person.objects.in_bulk(rows.values_list("person", flat=True).distinct())
    days = {pk: holidays_between(person.country, person.timezone, *window) for pk, person in people.items()}
    needs = {key: _needs(held, days[key[1]]) for key, held in _held(rows).items()}
    _ask(schedule, needs, Swap.Reason.HOLIDAY, window, None)


def _on_holiday_maybe(since: datetime, until: datetime) -> QuerySet[Shift]:
    """Shifts by rota of people whose country is known: who took one over on purpose knows the day."""
    rows = Shift.objects.overlapping(since, until).filter(seat__retired_at=None, overridden=False)
    return rows.filter(person__is_active=True).exclude(person__country="")


def _held(rows: Iterable[Shift]) -> dict[SeatAndPerson, list[Interval]]:
    """By seat and person, when they are on duty."""
    held: dict[SeatAndPerson, list[Interval]] = defaultdict(list)
    for row in rows:
        held[row.seat_id, row.person_id].append(Interval.of(row))
    return held


def _needs(held: list[Interval], days: Iterable[Holiday]) -> list[Need]:
    return [Need(part, day.name[:200]) for day in days for part in common(held, [day.time])]


def _fit(schedule: Schedule, now: datetime) -> None:
    """Requests whose duty went elsewhere lapse; of one that went in part, the parts that are left stand."""
    standing = Swap.objects.open().filter(seat__schedule=schedule, end__gt=now)
    swaps = list(standing)
    if not swaps:
        return
    rows = Shift.objects.filter(seat__schedule=schedule, seat__retired_at=None, during__endswith__gt=now)
    held = _held(rows.filter(person__in={swap.person_id for swap in swaps}))
    for swap in swaps:
        left = common(held.get((swap.seat_id, swap.person_id), []), [Interval.of(swap)])
        if not left:
            lapse([swap])
        elif left != [Interval.of(swap)]:
            _split(swap, left)


def _split(swap: Swap, left: list[Interval]) -> None:
    swap.start, swap.end = left[0]
    swap.save(update_fields=["start", "end"])
    for start, end in left[1:]:
        _request(swap.seat_id, swap.person_id, Interval(start, end), swap.reason, swap.note)


def _ask(
    schedule: Schedule,
    needs: dict[SeatAndPerson, list[Need]],
    reason: Swap.Reason,
    window: Interval,
    by: Person | None,
) -> None:
    """Have exactly these needs asked for, of those that begin within the window."""
    made = []
    rows = Swap.objects.filter(seat__schedule=schedule, end__gt=window.start)
    known: dict[SeatAndPerson, list[Swap]] = defaultdict(list)
    for swap in rows.exclude(state__in=(State.TAKEN, State.LAPSED)):
        known[swap.seat_id, swap.person_id].append(swap)
    for key in needs.keys() | known.keys():
        made += _ask_one(key, needs.get(key, []), known[key], reason, window)
    announce(made, by=by)


def _ask_one(
    key: SeatAndPerson, needs: list[Need], known: list[Swap], reason: Swap.Reason, window: Interval
) -> list[Swap]:
    standing = {
        swap.pk: swap
        for swap in known
        if swap.state == State.OPEN and swap.reason == reason and window.start < swap.start < window.end
    }
    settled = [
        Interval.of(swap)
        for swap in known
        if swap.pk not in standing and (swap.state == State.OPEN or swap.reason in NEEDS)
    ]
    ahead = Interval(window.start, FAR)
    wanted = {part: need.note for need in needs for part in without(common([need.time], [ahead]), settled)}
    plan = reconcile(wanted, {pk: Interval.of(swap) for pk, swap in standing.items()})
    lapse(standing[pk] for pk in plan.drop)
    for pk, part in plan.move.items():
        Swap.objects.filter(pk=pk).update(start=part.start, end=part.end, note=wanted[part])
    return [_request(*key, part, reason, wanted[part]) for part in plan.add]


def _request(seat: int, person: int, part: Interval, reason: str, note: str) -> Swap:
    return Swap.objects.create(seat_id=seat, person_id=person, start=part.start, end=part.end, reason=reason, note=note)
