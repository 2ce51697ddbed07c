"""Answering a page: who may, for which side, and what an acknowledgement changes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, Forbidden
from oncall import pagelog
from oncall.climb import lock, settle
from oncall.models import Page, PageLogEntry, Person
from oncall.notify import withdraw
from oncall.plans import names

VIA = {"web": "on the web", "link": "by the link", "api": "through the API", "slack": "in Slack"}


def may_acknowledge(page: Page, person: Any) -> bool:
    """Responders may answer for any page they see; viewers for those that were sent to them."""
    if not person.is_active or page.state == Page.State.RESOLVED:
        return False
    return person.role != Person.Role.VIEWER or bool(sides_told(page, person))


@transaction.atomic
def acknowledge(*, page: Page, person: Person, via: str = "web") -> Page:
    """Answer for the side or sides this person stands for; once answered, it changes nothing more.

    `via`: web, link, api or slack. Raises Conflict for a page that is resolved, Forbidden for a viewer whom
    nobody asked.
    """
    page = lock(page)
    refuse_resolved(page)
    if not may_acknowledge(page, person):
        raise Forbidden("This page was not sent to you; ask an administrator to make you a responder.")
    answer(page, person, f"acknowledged {VIA.get(via, via)}")
    return page


def answer(page: Page, person: Person, words: str) -> list[str]:
    """Record this person's answer on a locked page; returns the sides it closed."""
    stands_for = sides_of(page, person)
    sides = [side for side in page.escalations.open() if side.seat in stands_for]
    if not sides:
        return []
    now = timezone.now()
    for side in sides:
        side.acknowledged_by, side.acknowledged_at, side.next_at = person, now, None
        side.save(update_fields=["acknowledged_by", "acknowledged_at", "next_at"])
    closed = [side.seat for side in sides]
    withdraw(page, closed)
    page.acknowledged_at = page.acknowledged_at or now
    settle(page)
    for seat in closed:
        text = f"{person} {words}{f' for {names([seat])}' if seat else ''}"
        pagelog.enter(page, "acknowledged", text, seat=seat, person=person, event="page.acknowledged")
    return closed


def sides_of(page: Page, person: Person) -> set[str]:
    """The sides for which this person was notified; else those of their teams' disciplines; else every side."""
    sides = set(page.escalations.values_list("seat", flat=True))
    disciplines = set(person.teams.values_list("discipline", flat=True))
    return sides_told(page, person) or (sides & disciplines) or sides


def sides_told(page: Page, person: Person) -> set[str]:
    """The sides for which this person was notified of the page."""
    told = PageLogEntry.objects.filter(page=page, person=person, kind="notified")
    return set(told.values_list("seat", flat=True))


def refuse_resolved(page: Page) -> None:
    if page.state == Page.State.RESOLVED:
        raise Conflict(f"The page “{page}” is resolved; there is nothing left to answer.", allowed=[])
