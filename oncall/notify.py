"""Notifying one person of one page by one contact method: a delivery, a notice that it was made, a line in the log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from notifications import deliveries
from notifications.links import absolute
from notifications.models import ContactMethod, Delivery
from oncall import links
from oncall.escalation import State
from oncall.models import Page, PageLogEntry, PageNotice, Person
from oncall.plans import names


def notify(page: Page, person: Person, method: ContactMethod, *, at: State, seat: str) -> PageNotice | None:
    """Have this person told by this method, once for each step and round; None if they were told already."""
    key = {"page": page, "step": at.step, "round": at.round, "person": person, "method": method}
    if PageNotice.objects.filter(**key).exists():
        return None
    delivery = deliveries.enqueue(
        dedup_key=f"page:{page.pk}:{at.step}:{at.round}:{person.pk}:{method.pk}",
        about=f"page:{page.pk}",
        channel=method.kind,
        address=method.address,
        message=message_of(page, person, seat),
        queue=Delivery.Queue.PAGES,
        method=method,
    )
    return PageNotice.objects.create(**key, seat=seat, delivery=delivery)


def message_of(page: Page, person: Person, seat: str = "") -> dict[str, Any]:
    """What is sent: words for every channel, and buttons for those that have them."""
    facts = [
        ("Service", page.service.name if page.service else ""),
        ("You answer for", names([seat])),
        ("Urgency", page.urgency),
    ]
    value = links.token(page, person)
    actions = [
        {"id": "page.acknowledge", "label": "Acknowledge", "value": value, "style": "primary"},
        {"id": "page.escalate", "label": "Escalate", "value": value},
    ]
    if page.url:
        actions.append({"id": "open", "label": "Open room", "url": absolute(page.url)})
    return {
        "kind": "page",
        "page": page.pk,
        "subject": f"Page: {page.subject}",
        "text": "\n".join(part for part in (f"You are paged: {page.subject}", page.body) if part),
        "url": links.acknowledge_url(page, person),
        "facts": [[label, fact] for label, fact in facts if fact],
        "actions": actions,
    }


def withdraw(page: Page, sides: Iterable[str]) -> int:
    """Take back what is still to be sent to these sides, but to those whom an open side needs; returns how many."""
    told = PageLogEntry.objects.filter(page=page, kind="notified")
    open_sides = page.escalations.open().exclude(seat__in=list(sides)).values("seat")
    needed = told.filter(seat__in=open_sides).values("person")
    notices = PageNotice.objects.filter(page=page, seat__in=list(sides)).exclude(person__in=needed)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, pk__in=notices.values("delivery"))
    return waiting.update(state=Delivery.State.WITHDRAWN)
