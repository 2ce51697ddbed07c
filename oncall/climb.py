"""Carrying out what `oncall/escalation.py` says: reading who can be reached, notifying, and moving `next_at`.

The page's row is the lock for all that concerns the page. Whoever holds it sees every side, and no two ever carry out
the same step. Due sides are claimed with SKIP LOCKED; the transaction that moves a side on also inserts what is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from oncall import pagelog
from oncall.escalation import Move, Plan, State, advance
from oncall.models import Escalation, Page, PageLogEntry, Person
from oncall.notify import notify
from oncall.plans import names, plan_of
from oncall.reach import Reach, methods_of

log = structlog.get_logger(__name__)

AFTER_DEFECT = timedelta(seconds=30)


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
                climb(lock(first.page), list(sides), now)
        except Exception:  # one page's defect must not hold up all the others
            log.exception("escalation_failed", page_id=first.page_id)
            sides.update(next_at=now + AFTER_DEFECT)
    return True


def climb(page: Page, sides: Iterable[Escalation], now: datetime, plan: Plan | None = None) -> list[Move]:
    """Move these sides of a locked page on by one step each, of its plan."""
    plan = plan or plan_of(page)
    reach = Reach(page, plan, now)
    moves = []
    for escalation in sides:
        if escalation.acknowledged_at:
            _wake(page, escalation)
        state = State(escalation.step, escalation.round - escalation.first_round)
        move = advance(reach.rungs(escalation.seat), state, plan.repeat)
        _log_passed_over(page, escalation, move, reach)
        _notify_all(page, escalation, move, reach)
        _go_on(page, escalation, move, now)
        moves.append(move)
    return moves


def settle(page: Page) -> None:
    """A page is acknowledged when every side that could be reached at all has answered."""
    told = set(PageLogEntry.objects.filter(page=page, kind="notified").values_list("seat", flat=True))
    sides = list(page.escalations.all())
    waiting = [side for side in sides if not side.acknowledged_at and (side.seat in told or not side.exhausted_at)]
    answered = any(side.acknowledged_at for side in sides)
    page.state = Page.State.ACKNOWLEDGED if answered and not waiting else Page.State.TRIGGERED
    page.save(update_fields=["state", "acknowledged_at", "snoozed_until"])


def _wake(page: Page, side: Escalation) -> None:
    """The snooze is over: the climb begins anew, at rounds of its own so that everybody is told again."""
    side.acknowledged_at = side.acknowledged_by = side.exhausted_at = None
    side.step, side.first_round, side.round = 0, side.round + 1, side.round + 1
    side.save()
    if page.snoozed_until:
        page.snoozed_until, page.state = None, Page.State.TRIGGERED
        page.save(update_fields=["snoozed_until", "state"])
        pagelog.enter(page, "triggered", "The snooze is over: paged again", event="page.triggered")


def _log_passed_over(page: Page, side: Escalation, move: Move, reach: Reach) -> None:
    seen: set[Person] = set()
    for state in (*move.skipped, move.at) if move.people else move.skipped:
        targets = reach.plan.steps[state.step].of(side.seat)
        for person in reach.unreachable(targets):
            if person not in seen:
                text = f"{person} has no contact method and could not be told"
                pagelog.enter(page, "unreachable", text, seat=side.seat, person=person)
                log.error("person_unreachable", page_id=page.pk, person_id=person.pk)
            seen.add(person)
    for state in move.skipped:
        text = f"{_of(side)}step {state.step + 1} reaches nobody and was passed over"
        pagelog.enter(page, "skipped", _sentence(text), seat=side.seat)


def _notify_all(page: Page, side: Escalation, move: Move, reach: Reach) -> None:
    if not move.people:
        return
    if page.log.filter(kind="notified", seat=side.seat).exists():
        round_ = f", round {move.at.round + 1}" if move.at.round else ""
        text = _sentence(f"{_of(side)}no answer yet: on to step {move.at.step + 1}{round_}")
        pagelog.enter(page, "escalated", text, seat=side.seat, event="page.escalated")
    at = State(move.at.step, side.first_round + move.at.round)
    for pk in move.people:
        person = reach.people[pk]
        method = methods_of(person)[0]
        if notify(page, person, method, at=at, seat=side.seat):
            text = f"{person} is paged{_for(side)} by {method.get_kind_display()}"
            pagelog.enter(page, "notified", text, seat=side.seat, person=person, event="page.notified")
        else:
            text = f"{person} was told a moment ago, and stands{_for(side)} too"
            pagelog.enter(page, "notified", text, seat=side.seat, person=person)


def _go_on(page: Page, side: Escalation, move: Move, now: datetime) -> None:
    if move.then is None:
        side.next_at, side.exhausted_at = None, now
        side.save(update_fields=["next_at", "exhausted_at"])
        text = _sentence(f"{_of(side)}the last step of the last round had no answer")
        pagelog.enter(page, "exhausted", text, seat=side.seat, event="page.exhausted")
        log.error("page_exhausted", page_id=page.pk, seat=side.seat)
        settle(page)
        return
    if move.skipped and not move.people:
        minutes = int(move.wait.total_seconds() // 60)
        text = f"{_of(side)}nobody could be reached in this round; again in {minutes} min"
        pagelog.enter(page, "skipped", _sentence(text), seat=side.seat)
        log.error("page_reaches_nobody", page_id=page.pk, seat=side.seat)
    side.step, side.round, side.next_at = move.then.step, side.first_round + move.then.round, now + move.wait
    side.save(update_fields=["step", "round", "next_at"])


def _of(side: Escalation) -> str:
    return f"{names([side.seat])}: " if side.seat else ""


def _for(side: Escalation) -> str:
    return f" for {names([side.seat])}" if side.seat else ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
