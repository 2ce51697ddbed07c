"""Carrying out what `oncall/paging/escalation.py` says: reading who can be reached, notifying, and moving `next_at`.

The page's row is the lock for all that concerns the page. Whoever holds it sees every side, and no two ever carry out
the same step. Due sides are claimed with SKIP LOCKED; the transaction that moves a side on also inserts what is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from oncall.models import Escalation, Page, PageLogEntry
from oncall.paging.escalation import Move, Plan, State, advance
from oncall.paging.notify import Telling
from oncall.paging.plans import names, plan_of_side
from oncall.paging.reach import Reach

log = structlog.get_logger(__name__)

AFTER_DEFECT = timedelta(seconds=30)
CLIMBED = [
    "step",
    "round",
    "first_round",
    "next_at",
    "acknowledged_at",
    "acknowledged_by",
    "exhausted_at",
    "to_person",
    "to_team",
]


def lock(page: Page) -> Page:
    """The page as it is now, held until the transaction ends."""
    pages = Page.objects.select_related("service__dev_team", "service__ops_team", "team", "policy")
    return pages.select_for_update(no_key=True, of=("self",)).get(pk=page.pk)


def escalate_due(*, limit: int = 500) -> int:
    """Carry out every escalation that is due, the longest overdue first; returns how many pages moved."""
    moved = 0
    while moved < limit and _climb_next():
        moved += 1
    return moved


def _climb_next() -> bool:
    now = timezone.now()
    with transaction.atomic():
        due = Escalation.objects.due(now).select_related("page").order_by("next_at", "id")
        first = due.select_for_update(skip_locked=True, of=("self", "page"), no_key=True).first()
        if first is None:
            return False
        sides = Escalation.objects.due(now).filter(page=first.page_id)
        try:
            with transaction.atomic():
                climb(Telling(lock(first.page), now), sides.select_related("acknowledged_by", "to_person", "to_team"))
        except Exception:  # one page's defect must not hold up all the others
            log.exception("escalation_failed", page_id=first.page_id)
            sides.update(next_at=now + AFTER_DEFECT)
    return True


def climb(telling: Telling, sides: Iterable[Escalation], plan: Plan | None = None) -> list[Move]:
    """Move these sides of a locked page on by one step each, and write all that comes of it; `plan` is the page's."""
    page, sides = telling.page, list(sides)
    over = _what_is_over(page)
    anew = fresh_round(page) if any(side.acknowledged_at for side in sides) else 0
    reaches: dict[tuple[int | None, int | None], Reach] = {}
    if plan:
        reaches[None, None] = Reach(page, plan, telling.now)
    moves = []
    for side in sides:
        if side.acknowledged_at:
            _wake(telling, side, over, anew)
        whose = (side.to_person_id, side.to_team_id)
        if whose not in reaches:
            reaches[whose] = Reach(page, plan_of_side(page, side), telling.now)
        moves.append(_step_up(telling, side, reaches[whose]))
    _store(sides)
    telling.send()
    if any(side.exhausted_at for side in sides):
        settle(page)
    return moves


def settle(page: Page) -> None:
    """A page is acknowledged when every side that could be reached at all has answered."""
    told = set(PageLogEntry.objects.filter(page=page, kind="notified").values_list("seat", flat=True))
    sides = list(page.escalations.all())
    waiting = [side for side in sides if not side.acknowledged_at and (side.seat in told or not side.exhausted_at)]
    answered = any(side.acknowledged_at for side in sides)
    page.state = Page.State.ACKNOWLEDGED if answered and not waiting else Page.State.TRIGGERED
    page.save(update_fields=["state", "acknowledged_at", "snoozed_until"])


def _step_up(telling: Telling, side: Escalation, reach: Reach) -> Move:
    state = State(side.step, side.round - side.first_round)
    move = advance(reach.rungs(side.seat), state, reach.plan.repeat)
    _note_passed_over(telling, side, move, reach)
    if state != State() and move.reaches and telling.was_asked(side.seat):
        _note_escalated(telling, side, move.at)
    begin = _tell(telling, side, move, reach) if move.reaches else telling.now
    _go_on(telling, side, move, begin)
    return move


def _what_is_over(page: Page) -> str:
    """Why a side that was answered is due again; empty where its acknowledgement expired by itself."""
    return "The snooze is over: paged again" if page.snoozed_until else ""


def _wake(telling: Telling, side: Escalation, over: str, round_: int) -> None:
    """The answer holds no longer: the climb begins anew, at rounds of its own so that everybody is told again."""
    page = telling.page
    text = over or f"The acknowledgement of {side.acknowledged_by or 'somebody'} expired: paged again"
    start_anew(side, round_)
    if over and page.snoozed_until is None:
        return  # said with the first side that woke
    page.snoozed_until, page.state = None, Page.State.TRIGGERED
    page.save(update_fields=["snoozed_until", "state"])
    telling.note("triggered", text, seat="" if over else side.seat, event="page.triggered")


def start_anew(side: Escalation, round_: int) -> None:
    """Have this side begin at its first step, unanswered, with rounds from this one on; not stored yet."""
    side.acknowledged_at = side.acknowledged_by = side.exhausted_at = None
    side.step, side.first_round, side.round = 0, round_, round_


def fresh_round(page: Page) -> int:
    """A round at which nobody was told of the page yet, for any side."""
    latest: int | None = page.escalations.aggregate(latest=Max("round"))["latest"]
    return (latest or 0) + 1


def _note_passed_over(telling: Telling, side: Escalation, move: Move, reach: Reach) -> None:
    passed = (*move.skipped, move.at) if move.reaches else move.skipped
    targets = [target for state in passed for target in reach.plan.steps[state.step].of(side.seat)]
    for person in reach.unreachable(targets):
        unverified = " that was verified" if person.contact_methods.all() else ""
        text = f"{person} has no contact method{unverified} and could not be told"
        telling.note("unreachable", text, seat=side.seat, person=person)
        log.error("person_unreachable", page_id=telling.page.pk, person_id=person.pk)
    for state in move.skipped:
        telling.note("skipped", f"{_of(side)}step {state.step + 1} reaches nobody and was passed over", seat=side.seat)


def _note_escalated(telling: Telling, side: Escalation, at: State) -> None:
    round_ = f", round {at.round + 1}" if at.round else ""
    text = f"{_of(side)}no answer yet: on to step {at.step + 1}{round_}"
    telling.note("escalated", text, seat=side.seat, event="page.escalated")


def _tell(telling: Telling, side: Escalation, move: Move, reach: Reach) -> datetime:
    """Tell everybody of this step; returns when the first of those who are to answer hears of it."""
    at = State(move.at.step, side.first_round + move.at.round)
    begins = [telling.tell(reach.people[pk], at=at, seat=side.seat) for pk in move.people]
    for place in move.places:
        telling.tell_place(place, at=at, seat=side.seat)
    for person, seat in reach.shadows(reach.plan.steps[move.at.step].of(side.seat)):
        telling.tell_shadow(person, at=at, seat=side.seat, beside=seat)
    return min(begins, default=telling.now)


def _go_on(telling: Telling, side: Escalation, move: Move, begin: datetime) -> None:
    page = telling.page
    if move.then is None:
        side.next_at, side.exhausted_at = None, telling.now
        text = f"{_of(side)}the last step of the last round had no answer"
        telling.note("exhausted", text, seat=side.seat, event="page.exhausted")
        log.error("page_exhausted", page_id=page.pk, seat=side.seat)
        return
    if move.skipped and not move.reaches:
        minutes = int(move.wait.total_seconds() // 60)
        text = f"{_of(side)}nobody could be reached in this round; again in {minutes} min"
        telling.note("skipped", text, seat=side.seat)
        log.error("page_reaches_nobody", page_id=page.pk, seat=side.seat)
    side.step, side.round, side.next_at = move.then.step, side.first_round + move.then.round, begin + move.wait


def _store(sides: list[Escalation]) -> None:
    """All of these sides by one statement, for a new page or a known one."""
    if all(side.pk for side in sides):
        Escalation.objects.bulk_update(sides, CLIMBED)
    else:
        Escalation.objects.bulk_create(sides)


def _of(side: Escalation) -> str:
    return f"{names([side.seat])}: " if side.seat else ""
