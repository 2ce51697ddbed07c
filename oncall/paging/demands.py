"""Paging: what may be asked of a page, and the one function that makes one.

How a page climbs is in `escalation.py` (pure) and `climb.py`; who is told how, in `reach.py` and `notify.py`, and when
that is refused, in `fallback.py`; answers in `answers.py`; giving a page to others in `reassigning.py`. A repeated call
with the `dedup_key` of an open page finds that page and pages nobody again.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from oncall import maintenance
from oncall.models import Escalation, Page, Person, Service, Team
from oncall.paging import pagelog
from oncall.paging.answers import answer, refuse_resolved, require_answerer, unknown_side
from oncall.paging.climb import climb, lock
from oncall.paging.notify import Telling, withdraw_all, withdraw_from_onlookers
from oncall.paging.plans import plan_of, plan_of_side

LONGEST_SNOOZE = timedelta(days=7)


@transaction.atomic
def page(
    *,
    subject: str,
    dedup_key: str = "",
    about: str = "",
    url: str = "",
    body: str = "",
    urgency: str = "high",
    service: Service | None = None,
    team: Team | None = None,
    person: Person | None = None,
    private: bool = False,
    together: bool = False,
    by: Person | None = None,
) -> Page:
    """Page a service, a team or a person: the first step is carried out in this transaction.

    `together`: Dev and Ops are paged at the same moment and each acknowledges, whatever the service's stage. Raises
    InvalidInput.
    """
    _check(subject, dedup_key, urgency, [service, team, person])
    wanted = Page(
        dedup_key=dedup_key or uuid.uuid4().hex,
        subject=subject.strip()[:250],
        about=about,
        url=url,
        body=body,
        urgency=urgency,
        service=service,
        team=team,
        person=person,
        policy=service.policy if service else None,
        private=private,
        together=together,
        created_by=by,
    )
    return Page.objects.open().filter(dedup_key=wanted.dedup_key).first() or _begin(wanted, by)


@transaction.atomic
def resolve(*, page: Page, by: Person | None = None) -> Page:
    """The page is over: nobody else is told. Resolving it again changes nothing."""
    page = lock(page)
    if page.state == Page.State.RESOLVED:
        return page
    require_answerer(page, by)
    page.escalations.update(next_at=None)
    withdraw_all(page)
    page.state, page.resolved_at, page.snoozed_until = Page.State.RESOLVED, timezone.now(), None
    page.save(update_fields=["state", "resolved_at", "snoozed_until"])
    pagelog.enter(page, "resolved", f"{by or 'Andon'} resolved the page", person=by, event="page.resolved")
    return page


@transaction.atomic
def set_private(*, about: str, private: bool) -> int:
    """Have the pages about this subject seen only by those they were sent to, or by all again; returns how many.

    What channels, webhooks and shadows were still to be told of a page that became private is taken back. The pages are
    held, so that no step that began before tells them after.
    """
    pages = Page.objects.filter(about=about)
    list(pages.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    if private:
        withdraw_from_onlookers(pages)
    return pages.update(private=private)


@transaction.atomic
def snooze(*, page: Page, by: Person, until: datetime) -> Page:
    """Acknowledge until then; every side is paged anew when the time has come and the page is still open."""
    now = timezone.now()
    if not now < until <= now + LONGEST_SNOOZE:
        raise InvalidInput(until=f"{until:%Y-%m-%d %H:%M} UTC does not do; give a time within the next 7 days.")
    page = lock(page)
    refuse_resolved(page)
    require_answerer(page, by)
    answer(page, by, "acknowledged")
    page.escalations.filter(acknowledged_at__isnull=False).update(next_at=until)
    page.snoozed_until = until
    page.save(update_fields=["snoozed_until"])
    text = f"{by} snoozed the page until {until.astimezone(now.tzinfo):%Y-%m-%d %H:%M} UTC"
    pagelog.enter(page, "snoozed", text, person=by)
    return page


@transaction.atomic
def escalate_now(*, page: Page, by: Person | None, seat: str = "") -> Page:
    """Go to the next step at once, on one side or on all that are open.

    Raises Conflict where no step is left, InvalidInput for an unknown side.
    """
    page = lock(page)
    refuse_resolved(page)
    require_answerer(page, by)
    sides = list(page.escalations.all())
    chosen = [side for side in sides if not seat or side.seat == seat]
    if not chosen:
        raise InvalidInput(seat=unknown_side(seat, sides))
    if not (waiting := [side for side in chosen if not side.acknowledged_at and not side.exhausted_at]):
        raise Conflict("Nobody is waited for there: it is acknowledged, or had its last step. Page somebody else.")
    pagelog.enter(page, "escalated", f"{by or 'Andon'} asked for the next step", seat=seat, person=by)
    for side in waiting:
        _climb_until_somebody_is_told(page, side)
    return page


def _begin(wanted: Page, by: Person | None) -> Page:
    """Store the page and carry out its first step; where another was faster with the same key, that page."""
    plan = plan_of(wanted)
    wanted.each_seat = plan.each_seat
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        return Page.objects.open().get(dedup_key=wanted.dedup_key)
    telling = Telling(wanted, timezone.now(), new=True)
    whom = wanted.service or wanted.team or wanted.person
    by_whom = f" by {by}" if by else ""
    telling.note("triggered", f"{whom} is paged{by_whom}: {wanted.subject}", person=by, event="page.triggered")
    if by and wanted.service and (window := maintenance.of(wanted.service, telling.now)):
        telling.note("maintenance", f"{wanted.service} is in maintenance until {window.told_end}: {window.reason}")
    climb(telling, [Escalation(page=wanted, seat=seat) for seat in plan.sides], plan)
    return wanted


def _climb_until_somebody_is_told(page: Page, side: Escalation) -> None:
    """Somebody asked, so steps that only wait for another side are not waited for."""
    for _ in range(len(plan_of_side(page, side).steps) + 1):
        [move] = climb(Telling(page, timezone.now()), [side])
        if move.reaches or move.then is None:
            return


def _check(subject: str, dedup_key: str, urgency: str, whom: list[object]) -> None:
    errors: dict[str, list[str]] = {}
    if not subject.strip():
        errors["subject"] = ["The subject is empty; say in a few words what is wrong."]
    if len(dedup_key) > 200:
        errors["dedup_key"] = [f"It has {len(dedup_key)} characters; use 200 at most."]
    if urgency not in Page.Urgency.values:
        errors["urgency"] = [f"“{urgency}” is not an urgency; use {' or '.join(Page.Urgency.values)}."]
    if sum(1 for one in whom if one) != 1:
        errors["service"] = ["Say whom to page: one service, one team or one person."]
    if errors:
        raise InvalidInput(errors)
