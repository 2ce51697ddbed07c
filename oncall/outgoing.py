"""Pages as outsiders are told of them (config/outgoing.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from notifications.links import absolute
from notifications.models import Event
from oncall.models import Page


def tell(events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    """The page as it stands now, which side this event is of, and when it happened."""
    keys = {event.payload["page"] for event in events}
    pages = Page.objects.select_related("service", "team").in_bulk(keys)
    return {event.pk: _page(pages[key], event) for event in events if (key := event.payload["page"]) in pages}


def visible(events: QuerySet[Event], person: Any) -> QuerySet[Event]:
    """Without the events of private pages that are not this person's."""
    hidden = Page.objects.filter(private=True)
    if person:
        hidden = hidden.exclude(pk__in=Page.objects.filter(private=True).visible_to(person).values("pk"))
    keys = hidden.annotate(text=Cast("pk", CharField())).values("text")
    return events.alias(of_page=KT("payload__page")).exclude(type__startswith="page.", of_page__in=keys)


def _page(page: Page, event: Event) -> dict[str, Any]:
    kind, _, number = page.about.partition(":")
    return {
        "id": page.pk,
        "title": page.subject,
        "status": page.state,
        "urgency": page.urgency,
        "services": [page.service.slug] if page.service else [],
        "team": page.team.slug if page.team else None,
        "seat": event.payload.get("seat", ""),
        "incident": int(number) if kind == "incident" and number.isdecimal() else None,
        "url": absolute(f"/pages/{page.pk}/"),
        "at": event.payload.get("at") or event.at.isoformat(),
    }
