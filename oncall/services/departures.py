"""Somebody goes, or comes back: their turns stay theirs, and stand empty meanwhile. Never quietly."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from notifications import outbox
from oncall.cover import lapse
from oncall.duties import OpenedGap, gaps_without
from oncall.models import Person, Schedule, Shadow, Swap
from oncall.services.stand_ins import cancel
from oncall.services.swaps import reopen
from oncall.shifts import rebuild

MOST_NAMED = 20


def let_go(person: Person, by: Person | None) -> None:
    """Their future shifts become gaps now, for all to hear. Called once they are no longer active, in its transaction.

    What they offered lapses; what they took and has not begun is open again.
    """
    now = timezone.now()
    schedules = _schedules(person)
    opened = {schedule: gaps_without(person, schedule, now) for schedule in schedules}
    for swap in Swap.objects.filter(taken_by=person, state=Swap.State.TAKEN, start__gt=now).select_related("seat"):
        cancel(swap, swap.start)
        reopen(swap, by=by)
    lapse(Swap.objects.takeable(now).filter(person=person))
    Shadow.objects.filter(person=person, start__gt=now).delete()
    Shadow.objects.open_after(now).filter(person=person).update(end=now)
    for schedule in schedules:
        rebuild(schedule, told=[person], by=by)
        if gaps := opened[schedule]:
            _tell(person, schedule, gaps, by)


def take_up_again(person: Person, by: Person | None) -> None:
    """They are back, and with them the turns that are theirs."""
    for schedule in _schedules(person):
        rebuild(schedule, by=by)


def _schedules(person: Person) -> list[Schedule]:
    """Those that name them; held until the transaction ends."""
    found = Schedule.objects.filter(
        Q(pk__in=person.shifts.filter(during__endswith__gt=timezone.now()).values("seat__schedule"))
        | Q(pk__in=person.rotations.values("layer__seat__schedule"))
        | Q(pk__in=person.overrides.filter(end__gt=timezone.now()).values("seat__schedule"))
        | Q(pk__in=person.swaps.filter(end__gt=timezone.now()).values("seat__schedule"))
    )
    return list(found.order_by("pk").select_for_update(no_key=True))


def _tell(person: Person, schedule: Schedule, gaps: list[OpenedGap], by: Person | None) -> None:
    named = [{"seat": gap.seat, **gap.time.as_json()} for gap in sorted(gaps, key=lambda gap: gap.time.start)]
    outbox.emit(
        "shift.gaps_opened",
        {
            "person": person.pk,
            "schedule": schedule.pk,
            "by": by.pk if by else None,
            "count": len(named),
            "now": sorted({gap.seat for gap in gaps if gap.is_now}),
            "gaps": named[:MOST_NAMED],
        },
    )
