"""In a storm one person gets a few messages and a list, not a thousand messages. `pacing.py` decides; this carries out.

A notice that does not go out at once waits: it has a `next_at` and no delivery, and nothing else was written for it.
`send_due()` finds it, and makes one message of all that waits for its person and method, leaving out what was answered
meanwhile. Those rows are all there is, so whoever dies in between loses and doubles nothing.

Two transactions that page the same person at once must not both count themselves the first. A page is told under the
lock of its row, and one transaction may tell of many pages, so a lock for a person that is waited for would sooner or
later be waited for in a circle. Hence nobody waits: who does not get the person's advisory lock at once, or finds too
much told already, lets the notice wait, and the sweep decides a moment later, for one person in a transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from notifications import deliveries
from notifications.models import ContactMethod, Delivery
from notifications.nudge import nudge
from oncall.models import Bundle, Escalation, Page, PageLogEntry, PageNotice
from oncall.paging import pacing, pagelog
from oncall.paging.bundle_messages import message_of_bundle
from oncall.paging.hearing import heard_by, take
from oncall.paging.messages import message_of, message_to_shadow
from oncall.paging.reach import methods_of

log = structlog.get_logger(__name__)

AFTER_DEFECT = timedelta(seconds=30)


def hold_back(notices: Sequence[PageNotice]) -> None:
    """Of these notices, not stored yet, those that are too many for their person wait, without a delivery."""
    paced = [notice for notice in notices if notice.person_id and notice.method_id]
    if not paced:
        return
    now = _let_through(paced)
    if now:
        mine = take({paced[place].method_id or 0 for place in now})
        now &= _let_through([notice if notice.method_id in mine else None for notice in paced])
    for place, notice in enumerate(paced):
        if place not in now:
            notice.delivery, notice.next_at = None, notice.at
    if len(now) < len(paced):
        nudge("oncall.tasks.tell_waiting")


def send_due(*, limit: int = 500) -> int:
    """Tell whom something waits for that is due, the longest overdue first; returns how many messages were made."""
    waiting = PageNotice.objects.waiting().filter(next_at__lte=timezone.now()).order_by()
    whom = waiting.values_list("person", "method").annotate(first=Min("next_at")).order_by("first")
    return sum(_send_to(person, method) for person, method, _ in whom[:limit])


def _send_to(person_id: int, method_id: int | None) -> int:
    """Tell one person by one method, unless another does; one person's defect must not hold up all the others."""
    try:
        with transaction.atomic():
            if method_id is None:
                return _choose_another(person_id)
            return _tell(ContactMethod.objects.select_related("person").get(pk=method_id)) if take([method_id]) else 0
    except Exception:
        log.exception("bundle_failed", person_id=person_id, method_id=method_id)
        waiting = PageNotice.objects.waiting().filter(person=person_id, method=method_id)
        waiting.update(next_at=timezone.now() + AFTER_DEFECT)
        return 0


def _tell(method: ContactMethod) -> int:
    now = timezone.now()
    waiting = PageNotice.objects.waiting().filter(person=method.person_id, method=method, at__lte=now)
    pages = waiting.select_related("page__service", "page__team", "page__person", "person")
    notices = list(pages.order_by("at", "id"))
    wanted, over = _by_need(notices)
    move = pacing.move(heard_by(notices)[method.pk], len(wanted), now)
    for notice in wanted[: move.alone]:
        delivery = _enqueue(method, f"notice:{notice.pk}", f"page:{notice.page_id}", _message_of_one(notice))
        _update([notice], delivery=delivery, next_at=None)
    rest = wanted[move.alone :]
    if rest and move.together:
        _gather(method, rest)
    else:
        _update(rest, next_at=move.at)
    if over:
        _update(over, bundle=Bundle.objects.create(person_id=method.person_id, method=method), next_at=None)
    return move.alone + move.together


def _gather(method: ContactMethod, notices: list[PageNotice]) -> None:
    """One message of all these."""
    bundle = Bundle.objects.create(person_id=method.person_id, method=method)
    bundle.delivery = _enqueue(method, f"bundle:{bundle.pk}", f"bundle:{bundle.pk}", message_of_bundle(bundle, notices))
    bundle.save(update_fields=["delivery"])
    _update(notices, bundle=bundle, delivery=bundle.delivery, next_at=None)
    text = f"{method.person} is told of this page and {len(notices) - 1} others in one message"
    pagelog.write([pagelog.Line(one.page, "bundled", text, one.seat, one.person) for one in notices])


def _update(notices: Iterable[PageNotice], **fields: Any) -> None:
    PageNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(**fields)


def _by_need(notices: Sequence[PageNotice]) -> tuple[list[PageNotice], list[PageNotice]]:
    """Those whose page has an open side that this person was asked for, or learns beside, one for each page; and those
    that are over, or ask nothing that those do not."""
    pages = {notice.page_id for notice in notices if notice.page.state != Page.State.RESOLVED}
    open_sides = set(Escalation.objects.open().filter(page__in=pages).values_list("page", "seat"))
    told = PageLogEntry.objects.filter(page__in=pages, kind="notified", person__in={n.person_id for n in notices})
    asked = open_sides & set(told.values_list("page", "seat"))
    wanting = {page for page, _ in asked}
    wanted: dict[int, PageNotice] = {}
    for notice in sorted(notices, key=lambda one: (one.shadow, one.at)):
        if (notice.page_id, notice.seat) in open_sides if notice.shadow else notice.page_id in wanting:
            wanted.setdefault(notice.page_id, notice)
    kept = {notice.pk for notice in wanted.values()}
    return [one for one in notices if one.pk in kept], [one for one in notices if one.pk not in kept]


def _choose_another(person: int) -> int:
    """The method was removed while something waited for it: the person's first one takes its place, once a step."""
    orphans = list(PageNotice.objects.waiting().filter(person=person, method=None).select_related("person"))
    told = PageNotice.objects.filter(person=person, page__in={one.page_id for one in orphans}).exclude(method=None)
    steps = set(told.values_list("page", "step", "round"))
    kept = {
        (one.page_id, one.step, one.round): one for one in orphans if (one.page_id, one.step, one.round) not in steps
    }
    PageNotice.objects.filter(pk__in={one.pk for one in orphans} - {one.pk for one in kept.values()}).delete()
    methods = methods_of(orphans[0].person) if orphans and orphans[0].person else []
    if methods:
        _update(kept.values(), method=methods[0], attempt=0)
    else:
        log.error("person_unreachable", person_id=person, page_ids=[page for page, _, _ in kept])
        _update(kept.values(), bundle=Bundle.objects.create(person_id=person), next_at=None)
    return 0


def _message_of_one(notice: PageNotice) -> dict[str, Any]:
    if notice.shadow or notice.person is None:
        return message_to_shadow(notice.page, notice.seat)
    return message_of(notice.page, notice.person, notice.seat)


def _enqueue(method: ContactMethod, key: str, about: str, message: dict[str, Any]) -> Delivery:
    return deliveries.enqueue_to(method, dedup_key=key, about=about, message=message, queue=Delivery.Queue.PAGES)


def _waited_for(methods: Collection[int]) -> set[int | None]:
    """The methods for which something waits now; what has long been overdue holds nobody up."""
    now = timezone.now()
    waiting = PageNotice.objects.waiting().filter(method__in=methods, at__gt=now - pacing.AFTER_MESSAGES, at__lte=now)
    return set(waiting.values_list("method", flat=True))


def _let_through(notices: Sequence[PageNotice | None]) -> set[int]:
    """The places of those that may go out by themselves, by what their people have heard, these among them.

    Where others wait already, all wait for the next message: who overtook them would put them off once more.
    """
    behind = _waited_for({notice.method_id or 0 for notice in notices if notice})
    given = [(place, notice) for place, notice in enumerate(notices) if notice and notice.method_id not in behind]
    heard = heard_by([notice for _, notice in given])
    through = set()
    for place, notice in sorted(given, key=lambda pair: pair[1].at):
        method = notice.method_id or 0
        if pacing.free_at(heard[method], notice.at) <= notice.at:
            heard[method] += (pacing.Message(notice.at),)
            through.add(place)
    return through
