"""When a message was refused for good: the person's next method at once, or the next step where there is none. When it
is merely late again and again: the next method beside it.

A delivery may carry many notices (a bundle of a storm, a place that several sides hear of); it takes the same few
statements for a thousand of them as for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog
from django.utils import timezone

from notifications import deliveries
from notifications.models import ContactMethod, Delivery
from notifications.nudge import nudge
from oncall.models import Escalation, Page, PageLogEntry, PageNotice, Person
from oncall.paging import pagelog
from oncall.paging.reach import methods_of
from oncall.paging.way_words import words_of_method

log = structlog.get_logger(__name__)

ALIVE = (Delivery.State.WAITING, Delivery.State.SENT)


@dataclass(frozen=True)
class Refused:
    """A notice whose message was refused, with the sides of its page that still wait for that person or place."""

    notice: PageNotice
    sides: list[Escalation]
    same_page: list[PageNotice]  # every notice of the page

    @property
    def same_step(self) -> list[PageNotice]:
        """What else was told at the same step and round."""
        step = (self.notice.step, self.notice.round)
        return [n for n in self.same_page if (n.step, n.round) == step and n.delivery_id != self.notice.delivery_id]

    @property
    def own(self) -> list[PageNotice]:
        """What else the same person was, or will be, told at that step, to answer or to learn as here."""
        who = (self.notice.person_id, self.notice.place, self.notice.shadow)
        return [n for n in self.same_step if (n.person_id, n.place, n.shadow) == who]

    @property
    def reached_nobody(self) -> list[Escalation]:
        """The sides that wait for an answer to this very step and have nobody else who may give it."""
        asked = [n for n in self.same_page if not n.shadow]
        latest = max(((n.round, n.step) for n in asked if n.seat == self.notice.seat), default=None)
        if latest != (self.notice.round, self.notice.step):
            return []
        reached = {n.seat for n in self.same_step if not n.shadow and n not in self.own and _alive(n)}
        return [side for side in self.sides if side.seat not in reached]


def go_on(notices: Sequence[PageNotice]) -> None:
    """React to the refusal of the one delivery that these notices share, where somebody still waits for an answer."""
    refused = _still_wanted(notices)
    if not refused:
        return
    first = refused[0].notice
    if first.person is None:
        _hasten(refused)
    elif not _tell_otherwise(refused, first.person, "instead"):
        _give_up([one for one in refused if not any(map(_alive, one.own))], first.person)


def try_beside(notices: Sequence[PageNotice]) -> None:
    """React to the one delivery that these notices share being late again and again: it is tried on, another beside."""
    late = _still_wanted(notices)
    if late and late[0].notice.person:
        _tell_otherwise(late, late[0].notice.person, "too")


def _tell_otherwise(refused: list[Refused], person: Person, word: str) -> bool:
    """By what the person's rules have for later, else by a method not tried yet; False where there is none."""
    if sooner := _planned(refused):
        _bring_forward(refused[0], sooner, word)
    elif method := _untried(refused, person):
        _tell_by(refused, person, method, word)
    else:
        return False
    return True


def _still_wanted(notices: Sequence[PageNotice]) -> list[Refused]:
    """Those whose page has an open side for whom they were told. Locks the pages, in one order."""
    asked = {notice.page_id for notice in notices}
    locked = Page.objects.open().filter(pk__in=asked).select_for_update(no_key=True, of=("self",)).order_by("pk")
    pages = {page.pk: page for page in locked}
    sides, rows = defaultdict(list), defaultdict(list)
    for side in Escalation.objects.open().filter(page__in=pages):
        sides[side.page_id].append(side)
    for row in PageNotice.objects.filter(page__in=pages).select_related("delivery").defer("delivery__message"):
        rows[row.page_id].append(row)
    told = PageLogEntry.objects.filter(page__in=pages, kind="notified", person=notices[0].person_id)
    stands = set(told.values_list("page", "seat"))
    refused = []
    for notice in notices:
        if notice.page_id in pages:
            notice.page = pages[notice.page_id]
            answers = notice.person_id and not notice.shadow
            own = [
                s
                for s in sides[notice.page_id]
                if ((s.page_id, s.seat) in stands if answers else s.seat == notice.seat)
            ]
            refused.append(Refused(notice, own, rows[notice.page_id]))
    return [one for one in refused if one.sides]


def _planned(refused: list[Refused]) -> PageNotice | None:
    """The next message that the person's own rules have for later, by another method."""
    if len(refused) > 1:
        return None
    [one] = refused
    later = [
        n
        for n in one.own
        if n.delivery and n.delivery.state == Delivery.State.WAITING and n.method_id != one.notice.method_id
        if n.at > timezone.now()
    ]
    return min(later, key=lambda notice: notice.at, default=None)


def _bring_forward(refused: Refused, planned: PageNotice, word: str) -> None:
    now, person = timezone.now(), refused.notice.person
    PageNotice.objects.filter(pk=planned.pk).update(at=now)
    Delivery.objects.filter(notices=planned).update(next_at=now)
    nudge("notifications.tasks.send_pages")
    how = words_of_method(planned.method) if planned.method else "the next method"
    _note([refused], "notified", f"{person} is paged by {how} now {word}", event="page.notified")


def _untried(refused: list[Refused], person: Person) -> ContactMethod | None:
    tried = {one.notice.method_id for one in refused} | {n.method_id for one in refused for n in one.own}
    return next((method for method in methods_of(person) if method.pk not in tried), None)


def _tell_by(refused: list[Refused], person: Person, method: ContactMethod, word: str) -> None:
    """The same message by another method, for all of its pages."""
    failed = Delivery.objects.get(notices=refused[0].notice)
    delivery = deliveries.enqueue_to(
        method,
        dedup_key=f"{failed.dedup_key}>{method.pk}",
        about=failed.about,
        message=failed.message,
        queue=Delivery.Queue.PAGES,
    )
    PageNotice.objects.bulk_create(
        PageNotice(
            page=one.notice.page,
            seat=one.notice.seat,
            step=one.notice.step,
            round=one.notice.round,
            person=person,
            shadow=one.notice.shadow,
            method=method,
            delivery=delivery,
            bundle_id=one.notice.bundle_id,
        )
        for one in refused
    )
    text = f"{person} is paged by {words_of_method(method)} {word}"
    _note([one for one in refused if not one.notice.shadow], "notified", text, event="page.notified")
    _note(
        [one for one in refused if one.notice.shadow],
        "shadow",
        f"{person} is told by {words_of_method(method)} {word}",
    )


def _give_up(refused: list[Refused], person: Person) -> None:
    asked = [one for one in refused if not one.notice.shadow]
    _note(asked, "unreachable", f"{person} could not be told: every contact method refused")
    for one in asked:
        log.error("person_unreachable", page_id=one.notice.page_id, person_id=person.pk)
    _hasten(asked)


def _hasten(refused: Iterable[Refused]) -> None:
    """Nobody of these sides was told: their next step is due now."""
    due = [side.pk for one in refused for side in one.reached_nobody if side.next_at]
    if due:
        Escalation.objects.filter(pk__in=due).update(next_at=timezone.now())
        nudge("oncall.tasks.escalate")


def _note(refused: list[Refused], kind: str, text: str, *, event: str = "") -> None:
    pagelog.write(
        [pagelog.Line(one.notice.page, kind, text, one.notice.seat, one.notice.person, event) for one in refused]
    )
    pagelog.follow([one.notice.page for one in refused])


def _alive(notice: PageNotice) -> bool:
    """Whether it went out, or still may."""
    return notice.delivery is None or notice.delivery.state in ALIVE
