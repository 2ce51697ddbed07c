"""The log of a page: every step in words, for the page's own list and, as an event, for an incident's timeline."""

from __future__ import annotations

from django.utils import timezone

from notifications import live, outbox
from oncall.models import Page, PageLogEntry, Person

LONGEST = 300


def enter(
    page: Page, kind: str, text: str, *, seat: str = "", person: Person | None = None, event: str = ""
) -> PageLogEntry:
    """Write an entry; with `event`, tell the other rooms too. Open pages of the browser follow."""
    entry = PageLogEntry.objects.create(
        page=page, kind=kind, text=_cut(text), seat=seat, person=person, at=timezone.now()
    )
    if event:
        outbox.emit(
            event,
            {
                "page": page.pk,
                "about": page.about,
                "seat": seat,
                "person": person.pk if person else None,
                "text": entry.text,
                "at": entry.at.isoformat(),
            },
        )
    live.publish(f"page:{page.pk}")
    return entry


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
