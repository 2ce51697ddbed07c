"""Every message of a page with what became of it, as its page on the web and the API show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from notifications.models import Delivery
from oncall.models import Page, PageNotice
from oncall.paging.way_words import words_of_method, words_of_place


@dataclass(frozen=True, slots=True)
class Attempt:
    """One message: to whom, how, when it is or was due, and its outcome as a word with a tone."""

    notice: PageNotice
    whom: str
    how: str
    outcome: str
    tone: str

    @property
    def due_at(self) -> datetime:
        return self.notice.at

    @property
    def attempted_at(self) -> datetime | None:
        return self.notice.delivery.first_attempt_at if self.notice.delivery else None

    @property
    def sent_at(self) -> datetime | None:
        return self.notice.delivery.sent_at if self.notice.delivery else None

    @property
    def trouble(self) -> str:
        """What the channel said, where it did not take the message."""
        return self.notice.delivery.error if self.notice.delivery else ""


def notices_of(page: Page) -> QuerySet[PageNotice]:
    """The notices of a page in the order in which they are due, without the words of their messages."""
    return page.notices.select_related("person", "method", "delivery").defer("delivery__message")


def attempts_of(page: Page) -> list[Attempt]:
    return [_attempt(notice) for notice in notices_of(page)]


def whom_of(notice: PageNotice) -> str:
    return words_of_place(notice.place) if notice.place else str(notice.person)


def how_of(notice: PageNotice) -> str:
    """The method's name; for a place, or where the method was removed since, its channel's."""
    if notice.method:
        return words_of_method(notice.method)
    return notice.delivery.get_channel_display() if notice.delivery else ""


def _attempt(notice: PageNotice) -> Attempt:
    outcome, tone = _outcome(notice.delivery)
    return Attempt(notice, whom_of(notice), how_of(notice), outcome, tone)


def _outcome(delivery: Delivery | None) -> tuple[str, str]:
    if delivery is None:
        return "gathered with others", "info"
    match delivery.state:
        case Delivery.State.SENT:
            return "delivered", "ok"
        case Delivery.State.FAILED:
            return "refused", "bad"
        case Delivery.State.WITHDRAWN:
            return "no longer needed", ""
    if delivery.attempts:
        return "tried again soon", "warn"
    return ("waits", "") if delivery.next_at > timezone.now() else ("on its way", "info")
