"""Giving a page, or one side of it, to somebody else."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from notifications.errors import InvalidInput
from oncall.models import Escalation, Page, Person, Team
from oncall.paging import pagelog
from oncall.paging.answers import refuse_resolved, require_answerer, unknown_side
from oncall.paging.climb import climb, fresh_round, lock, settle, start_anew
from oncall.paging.notify import Telling, withdraw
from oncall.paging.plans import names


@transaction.atomic
def reassign(
    *, page: Page, by: Person | None, seat: str = "", person: Person | None = None, team: Team | None = None
) -> Page:
    """Give one side (`seat`), or all, to another person or team: they are paged at once, and asked again and again.

    What the side was still to be sent is taken back, and its answer or snooze ends. Raises Conflict for a page that is
    resolved, Forbidden for a viewer whom nobody asked, InvalidInput for an unknown side and unless one person or one
    team is named who is active.
    """
    page = lock(page)
    refuse_resolved(page)
    require_answerer(page, by)
    sides = list(page.escalations.select_related("acknowledged_by"))
    chosen = [side for side in sides if not seat or side.seat == seat]
    _check(sides, chosen, seat, person, team)
    withdraw(page, [side.seat for side in chosen])
    anew = fresh_round(page)
    for side in chosen:
        side.to_person, side.to_team = person, team
        start_anew(side, anew)
    _end_snooze(page, sides)
    whom = f"the team {team}" if team else str(person)
    what = names([seat]) or "the page"
    text = f"{by or 'Andon'} gave {what} to {whom}"
    pagelog.enter(page, "reassigned", text, seat=seat, person=person, event="page.reassigned")
    climb(Telling(page, timezone.now()), chosen)
    settle(page)
    return page


def _end_snooze(page: Page, sides: list[Escalation]) -> None:
    """A snooze holds for the sides that stay answered; where none does, it is over."""
    if not any(side.acknowledged_at for side in sides):
        page.snoozed_until = None


def _check(
    sides: list[Escalation], chosen: list[Escalation], seat: str, person: Person | None, team: Team | None
) -> None:
    errors: dict[str, list[str]] = {}
    if not chosen:
        errors["seat"] = [unknown_side(seat, sides)]
    if (person is None) == (team is None):
        errors["person"] = ["Say who takes it: one person or one team."]
    elif person and not person.is_active:
        errors["person"] = [f"{person} is no longer active; name somebody else."]
    if errors:
        raise InvalidInput(errors)
