"""Telling: what one page says to people and places in one transaction, gathered first and written all at once.

Each message is a notice (that somebody was told at this step and round) and a delivery (the message on its way); a
line of the log says so in words. Unique notices make sure that nobody is told twice of the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property, partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from notifications import deliveries
from notifications.models import Delivery
from oncall.models import Page, PageLogEntry, PageNotice, Person
from oncall.paging import pagelog
from oncall.paging.bundles import hold_back
from oncall.paging.escalation import State
from oncall.paging.messages import message_of, message_to_place, message_to_shadow
from oncall.paging.plans import for_side, names
from oncall.paging.quiet import quiet_until
from oncall.paging.reach import Way, ways_to
from oncall.paging.way_words import words_of_place, words_of_ways

Key = tuple[int, int, int]  # step, round, person


class Telling:
    """Gathers notices and lines for one locked page; `send()` writes them. `new`: nothing was told of it before."""

    def __init__(self, page: Page, now: datetime, *, new: bool = False) -> None:
        self.page, self.now, self.new = page, now, new
        self._notices: list[PageNotice] = []
        self._lines: list[pagelog.Line] = []
        self._places: dict[str, Delivery] = {}
        self._shadows: list[Callable[[], None]] = []

    def note(self, kind: str, text: str, *, seat: str = "", person: Person | None = None, event: str = "") -> None:
        """A line for the log."""
        self._lines.append(pagelog.Line(self.page, kind, text[:1].upper() + text[1:], seat, person, event))

    def tell(self, person: Person, *, at: State, seat: str) -> datetime:
        """Have this person told by their rules, once for a step and round; returns when that begins.

        Pages of low urgency wait for the end of their quiet hours. What rules say for later is a delivery that waits.
        """
        key = (at.step, at.round, person.pk)
        if known := self._told.get(key):
            text = f"{person} was told a moment ago, and stands{for_side(seat)} too"
            self.note("notified", text, seat=seat, person=person)
            return known
        quiet, ways = self._quiet_until(person), ways_to(person, self.page.urgency, self.now)
        if not ways:
            self.note("unreachable", f"{person} has no contact method and could not be told", seat=seat, person=person)
            return self.now
        self._told[key] = begin = quiet or self.now
        self._add(person, ways, message_of(self.page, person, seat), at=at, seat=seat, begin=begin)
        how = f"paged{for_side(seat)} {words_of_ways((way.method, way.delay) for way in ways)}"
        text = (
            f"{person} has quiet hours until {_local(quiet, person)}, and is then {how}"
            if quiet
            else f"{person} is {how}"
        )
        self.note("notified", text, seat=seat, person=person, event="page.notified")
        return begin

    def tell_shadow(self, person: Person, *, at: State, seat: str, beside: str) -> None:
        """Have somebody who learns beside a seat told, by the first of their ways, unless they are asked anyway: that
        is known when all of it is sent."""
        self._shadows.append(partial(self._tell_shadow, person, at, seat, beside))

    def tell_place(self, place: str, *, at: State, seat: str) -> None:
        """Have a channel or a webhook told: one message for a step and round, whichever sides hear of it there."""
        kind, _, address = place.partition(":")
        key = f"{at.step}:{at.round}:{hashlib.sha256(place.encode()).hexdigest()[:20]}"
        if key not in self._places:
            channel = "slack" if kind == "channel" else "webhook"
            message = message_to_place(self.page)
            self._places[key] = self._delivery(key, message, self.now, channel=channel, address=address)
        self._notices.append(self._notice(at, seat, self.now, place=place, delivery=self._places[key]))
        self.note("notified", f"{words_of_place(place)} is told{for_side(seat)}", seat=seat, event="page.notified")

    def was_asked(self, seat: str) -> bool:
        """Whether somebody was notified for this side before."""
        return seat in self._sides_asked

    def send(self) -> None:
        """Write all of it, but for messages that are too many for their person. Browsers follow, but for a page that
        none can show yet."""
        for tell in self._shadows:
            tell()
        hold_back(self._notices)
        going = {notice.delivery.dedup_key: notice.delivery for notice in self._notices if notice.delivery}
        deliveries.enqueue_many(list(going.values()))
        PageNotice.objects.bulk_create(self._notices)
        pagelog.write(self._lines)
        if not self.new:
            pagelog.follow([self.page])

    def _tell_shadow(self, person: Person, at: State, seat: str, beside: str) -> None:
        key = (at.step, at.round, person.pk)
        if key in self._told or key in self._shadows_told:
            return
        self._shadows_told.add(key)
        ways, begin = ways_to(person, self.page.urgency, self.now)[:1], self._quiet_until(person) or self.now
        message = message_to_shadow(self.page, beside)
        self._add(person, ways, message, at=at, seat=seat, begin=begin, shadow=True)
        how = f"is told {words_of_ways((way.method, way.delay) for way in ways)}" if ways else "has no contact method"
        self.note("shadow", f"{person} shadows {names([beside])} and {how}", seat=seat, person=person)

    def _add(
        self,
        person: Person,
        ways: Iterable[Way],
        message: dict[str, Any],
        *,
        at: State,
        seat: str,
        begin: datetime,
        shadow: bool = False,
    ) -> None:
        uses: Counter[int] = Counter()
        for way in ways:
            attempt, moment = uses[way.method.pk], begin + way.delay
            uses[way.method.pk] += 1
            key = f"{at.step}:{at.round}:{person.pk}:{way.method.pk}" + (f":{attempt}" if attempt else "")
            key += ":shadow" if shadow else ""
            to = {"channel": way.method.kind, "address": way.method.address, "method": way.method}
            delivery = self._delivery(key, message, moment, **to)
            self._notices.append(
                self._notice(
                    at,
                    seat,
                    moment,
                    person=person,
                    method=way.method,
                    attempt=attempt,
                    shadow=shadow,
                    delivery=delivery,
                )
            )

    def _notice(self, at: State, seat: str, moment: datetime, **fields: Any) -> PageNotice:
        return PageNotice(page=self.page, seat=seat, step=at.step, round=at.round, at=moment, **fields)

    def _delivery(self, key: str, message: dict[str, Any], moment: datetime, **to: Any) -> Delivery:
        return Delivery(
            dedup_key=f"page:{self.page.pk}:{key}",
            about=f"page:{self.page.pk}",
            queue=Delivery.Queue.PAGES,
            message=message,
            next_at=moment,
            **to,
        )

    def _quiet_until(self, person: Person) -> datetime | None:
        if self.page.urgency != Page.Urgency.LOW:
            return None
        return quiet_until(person.quiet_from, person.quiet_to, person.timezone, self.now)

    @cached_property
    def _told(self) -> dict[Key, datetime]:
        """When each of those who are to answer was first told, by step and round."""
        return {key: at for key, at, shadow in self._known if not shadow}

    @cached_property
    def _shadows_told(self) -> set[Key]:
        return {key for key, _, shadow in self._known if shadow}

    @cached_property
    def _known(self) -> list[tuple[Key, datetime, bool]]:
        """Who was told before, when, and whether as a shadow; the latest first."""
        if self.new:
            return []
        notices = PageNotice.objects.filter(page=self.page, person__isnull=False).order_by("-at")
        rows = notices.values_list("step", "round", "person", "at", "shadow")
        return [((step, round_, person), at, shadow) for step, round_, person, at, shadow in rows]

    @cached_property
    def _sides_asked(self) -> set[str]:
        if self.new:
            return set()
        told = PageLogEntry.objects.filter(page=self.page, kind="notified")
        return set(told.order_by().values_list("seat", flat=True).distinct())


def withdraw(page: Page, sides: Iterable[str]) -> int:
    """These sides need nobody any more: take back what no open side needs; returns how many messages.

    Somebody who stands for several sides has one notice, of the first. A place is told for all sides. A bundle tells of
    other pages too, and looks by itself which of them are open.
    """
    open_sides = list(page.escalations.open().exclude(seat__in=list(sides)).values_list("seat", flat=True))
    told = PageLogEntry.objects.filter(page=page, kind="notified", seat__in=open_sides, person__isnull=False)
    over = PageNotice.objects.filter(page=page, bundle=None).exclude(seat__in=open_sides)
    over = over.exclude(person__in=told.values("person"))
    return _withdraw(over.filter(place="") if open_sides else over)


def withdraw_all(page: Page) -> int:
    """Nobody is needed any more for this page: take back whatever was still to be sent; returns how many messages."""
    return _withdraw(PageNotice.objects.filter(page=page, bundle=None))


def withdraw_from_onlookers(pages: QuerySet[Page]) -> int:
    """Take back what places and shadows were still to be told; returns how many messages."""
    onlookers = PageNotice.objects.filter(page__in=pages, bundle=None)
    return _withdraw(onlookers.filter(~Q(place="") | Q(shadow=True)))


def _withdraw(notices: QuerySet[PageNotice]) -> int:
    held_back = notices.filter(delivery=None, next_at__isnull=False)  # nobody heard of them
    locked = held_back.select_for_update(of=("self",)).order_by("at", "pk")  # in the order in which bundles take them
    PageNotice.objects.filter(pk__in=list(locked.values_list("pk", flat=True))).delete()
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, pk__in=notices.values("delivery"))
    return waiting.update(state=Delivery.State.WITHDRAWN)


def _local(moment: datetime, person: Person) -> str:
    return f"{moment.astimezone(ZoneInfo(person.timezone)):%a %d %b %H:%M} ({person.timezone})"
