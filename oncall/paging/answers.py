"""Answering a page: who may, for which side, and what an acknowledgement changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, Forbidden
from oncall.models import Escalation, Page, PageLogEntry, Person
from oncall.paging import pagelog
from oncall.paging.climb import lock, settle
from oncall.paging.notify import withdraw
from oncall.paging.plans import for_side

VIA = {"web": "on the web", "link": "by the link", "api": "through the API", "slack": "in Slack"}
SCARCELY_LONGER = timedelta(minutes=1)  # so that a button pressed twice is no renewal


def may_acknowledge(page: Page, person: Any) -> bool:
    """Responders may answer for any page they see; viewers for those that were sent to them."""
    if not person.is_active or page.state == Page.State.RESOLVED:
        return False
    return person.role != Person.Role.VIEWER or bool(sides_told(page, person))


@transaction.atomic
def acknowledge(*, page: Page, person: Person, via: str = "web") -> Page:
    """Answer for the side or sides this person stands for; once answered, it changes nothing more.

    Where the policy lets acknowledgements expire, answering again renews it. `via`: web, link, api or slack. Raises
    Conflict for a page that is resolved, Forbidden for a viewer whom nobody asked.
    """
    page = lock(page)
    refuse_resolved(page)
    require_answerer(page, person)
    if not answer(page, person, f"acknowledged {VIA.get(via, via)}"):
        _renew(page, person)
    return page


def answer(page: Page, person: Person, words: str) -> list[str]:
    """Record this person's answer on a locked page; returns the sides it closed."""
    stands_for = sides_of(page, person)
    sides = [side for side in page.escalations.open() if side.seat in stands_for]
    if not sides:
        return []
    now = timezone.now()
    for side in sides:
        side.acknowledged_by, side.acknowledged_at, side.next_at = person, now, _holds_until(page, now)
        side.save(update_fields=["acknowledged_by", "acknowledged_at", "next_at"])
    closed = [side.seat for side in sides]
    withdraw(page, closed)
    page.acknowledged_at = page.acknowledged_at or now
    settle(page)
    for seat in closed:
        pagelog.enter(
            page,
            "acknowledged",
            f"{person} {words}{for_side(seat)}",
            seat=seat,
            person=person,
            event="page.acknowledged",
        )
    return closed


def _renew(page: Page, person: Person) -> None:
    """Have the answers of this person's sides hold for as long again, where they would expire."""
    until = _holds_until(page, timezone.now())
    if until is None:
        return
    sides = page.escalations.filter(acknowledged_at__isnull=False, seat__in=sides_of(page, person))
    for side in sides.filter(next_at__lt=until - SCARCELY_LONGER):
        side.acknowledged_by, side.next_at = person, until
        side.save(update_fields=["acknowledged_by", "next_at"])
        text = f"{person} renewed the acknowledgement{for_side(side.seat)}: it holds until {until:%H:%M} UTC"
        pagelog.enter(page, "renewed", text, seat=side.seat, person=person)


def _holds_until(page: Page, now: datetime) -> datetime | None:
    """When an answer given now expires by the page's policy, never within a snooze; None: never."""
    if page.policy is None or page.policy.ack_timeout is None:
        return None
    return max(now + page.policy.ack_timeout, page.snoozed_until or now)


def sides_of(page: Page, person: Person) -> set[str]:
    """The sides for which this person was notified; else those of their teams' disciplines; else every side."""
    sides = set(page.escalations.values_list("seat", flat=True))
    disciplines = set(person.teams.values_list("discipline", flat=True))
    return sides_told(page, person) or (sides & disciplines) or sides


def sides_told(page: Page, person: Person) -> set[str]:
    """The sides for which this person was notified of the page."""
    told = PageLogEntry.objects.filter(page=page, person=person, kind="notified")
    return set(told.values_list("seat", flat=True))


def require_answerer(page: Page, by: Person | None) -> None:
    """Raises Forbidden for somebody who may not answer; nobody (None) is Andon itself."""
    if by is not None and not may_acknowledge(page, by):
        raise Forbidden("This page was not sent to you; ask an administrator to make you a responder.")


def unknown_side(seat: str, sides: Iterable[Escalation]) -> str:
    """What to tell somebody who named a side that is none of these."""
    known = [side.seat for side in sides if side.seat]
    there_are = f"its sides are {', '.join(known)}" if known else "it has no sides; leave this out"
    return f"“{seat}” is no side of this page: {there_are}."


def refuse_resolved(page: Page) -> None:
    if page.state == Page.State.RESOLVED:
        raise Conflict(f"The page “{page}” is resolved; there is nothing left to answer.", allowed=[])
