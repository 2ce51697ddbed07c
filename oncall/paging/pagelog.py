"""The log of a page: every step in words, for the page's own list and, as an event, for an incident's timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from notifications import live, outbox
from oncall.models import Page, PageLogEntry, Person

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be written; with `event`, the other rooms are told too."""

    page: Page
    kind: str
    text: str
    seat: str = ""
    person: Person | None = None
    event: str = ""


def enter(page: Page, kind: str, text: str, *, seat: str = "", person: Person | None = None, event: str = "") -> None:
    """Write one line. Open pages of the browser follow."""
    write([Line(page, kind, text, seat, person, event)])
    follow([page])


def write(lines: Sequence[Line]) -> None:
    """Write these lines, in this order, with as many statements for a thousand as for one."""
    now = timezone.now()
    PageLogEntry.objects.bulk_create(
        PageLogEntry(page=line.page, kind=line.kind, text=_cut(line.text), seat=line.seat, person=line.person, at=now)
        for line in lines
    )
    if told := [(line.event, _payload(line, now)) for line in lines if line.event]:
        outbox.emit_many(told)


def follow(pages: Iterable[Page]) -> None:
    """Have browsers that show these pages fetch them anew."""
    if topics := {f"page:{page.pk}" for page in pages}:
        live.publish(*topics)


def _payload(line: Line, at: datetime) -> dict[str, Any]:
    return {
        "page": line.page.pk,
        "about": line.page.about,
        "seat": line.seat,
        "person": line.person.pk if line.person else None,
        "text": _cut(line.text),
        "at": at.isoformat(),
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
