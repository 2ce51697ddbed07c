"""The watchdog: what must never stand in the database, found and mended, so that no defect of ours loses a page.

Nothing here should ever find anything. Whatever it mends is counted (`andon_repairs_total` in /metrics), logged as an
error, and entered in the page's log: it is a defect to be found. Each page is mended under its lock, after a second
look, so that a page that is just being answered is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from notifications.models import Delivery
from notifications.nudge import nudge
from notifications.numbers import next_number
from oncall.models import Escalation, Page, PageNotice
from oncall.paging import pagelog
from oncall.paging.climb import lock
from oncall.paging.escalation import State
from oncall.paging.notify import Telling, withdraw_all
from oncall.paging.plans import plan_of

log = structlog.get_logger(__name__)

REPAIRED = "repaired."  # how the counters of repairs are called
AT_ONCE = 200


def escalations_waiting() -> QuerySet[Escalation]:
    """For `settings.OVERDUE`."""
    return Escalation.objects.filter(next_at__isnull=False)


def notices_waiting() -> QuerySet[PageNotice]:
    """For `settings.OVERDUE`."""
    return PageNotice.objects.waiting()


@dataclass(frozen=True)
class Defect:
    """Something that must not be: the pages it stands on, and how one of them is mended."""

    kind: str
    words: str
    pages: Callable[[], QuerySet[Page]]
    mend: Callable[[Page], object]


def repair() -> int:
    """Mend what is found; returns on how many pages."""
    return sum(_mend(defect, page) for defect in DEFECTS for page in defect.pages()[:AT_ONCE])


def _mend(defect: Defect, page: Page) -> bool:
    try:
        with transaction.atomic():
            page = lock(page)
            if not defect.pages().filter(pk=page.pk).exists():
                return False
            defect.mend(page)
            next_number(f"{REPAIRED}{defect.kind}")
            pagelog.enter(page, "repaired", defect.words)
    except Exception:  # one page's defect must not keep the others from being mended
        log.exception("not_repaired", defect=defect.kind, page_id=page.pk)
        return False
    log.error("repaired", defect=defect.kind, page_id=page.pk)
    return True


def _without_sides() -> QuerySet[Page]:
    return Page.objects.open().filter(escalations=None)


def _begin_sides(page: Page) -> None:
    now = timezone.now()
    Escalation.objects.bulk_create(Escalation(page=page, seat=seat, next_at=now) for seat in plan_of(page).sides)
    nudge("oncall.tasks.escalate")


def _with_side_forgotten() -> QuerySet[Page]:
    return Page.objects.open().filter(Exists(_forgotten().filter(page=OuterRef("pk"))))


def _forgotten() -> QuerySet[Escalation]:
    return Escalation.objects.open().filter(next_at=None, exhausted_at=None)


def _remember_sides(page: Page) -> None:
    _forgotten().filter(page=page).update(next_at=timezone.now())
    nudge("oncall.tasks.escalate")


def _overslept() -> QuerySet[Page]:
    due = Escalation.objects.filter(page=OuterRef("pk"), next_at__isnull=False)
    return Page.objects.open().filter(~Exists(due), snoozed_until__lt=timezone.now())


def _wake(page: Page) -> None:
    page.escalations.filter(acknowledged_at__isnull=False).update(next_at=timezone.now())
    nudge("oncall.tasks.escalate")


def _with_notice_unsent() -> QuerySet[Page]:
    return Page.objects.open().filter(Exists(_unsent().filter(page=OuterRef("pk"))))


def _unsent() -> QuerySet[PageNotice]:
    return PageNotice.objects.filter(delivery=None, bundle=None, next_at=None)


def _tell_again(page: Page) -> None:
    unsent = list(_unsent().filter(page=page).select_related("person"))
    PageNotice.objects.filter(pk__in=[notice.pk for notice in unsent]).delete()
    telling = Telling(page, timezone.now())
    for notice in unsent:
        at = State(notice.step, notice.round)
        if notice.place:
            telling.tell_place(notice.place, at=at, seat=notice.seat)
        elif notice.person and not notice.shadow:
            telling.tell(notice.person, at=at, seat=notice.seat)
    telling.send()


def _resolved_and_still_telling() -> QuerySet[Page]:
    alone = PageNotice.objects.filter(bundle=None)  # one with a list tells of other pages too
    waiting = alone.filter(page=OuterRef("pk"), delivery__state=Delivery.State.WAITING)
    return Page.objects.filter(Exists(waiting), state=Page.State.RESOLVED)


DEFECTS = (
    Defect("no_side", "Nobody climbed for the page: it begins now", _without_sides, _begin_sides),
    Defect("forgotten_side", "A side without an answer had no next step: now", _with_side_forgotten, _remember_sides),
    Defect("overslept", "The snooze was over and nobody was due: paged again", _overslept, _wake),
    Defect("unsent_notice", "A message was noted and never made: it is made now", _with_notice_unsent, _tell_again),
    Defect("told_after_end", "Messages still waited: they are withdrawn", _resolved_and_still_telling, withdraw_all),
)
