"""The versions of a section: what each sitting changed, by whom; any two compared; and back to any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from notifications.refusals import press
from oncall.models import Person
from oncall.requests import Request
from postmortems import services
from postmortems.models import Section, SectionRevision
from postmortems.text.differences import Piece, differences, shortened
from postmortems.text.sittings import Save, Sitting, sittings
from postmortems.views.base import postmortem_or_404
from postmortems.views.sections import section_or_404

ON_A_PAGE = 20


@dataclass(frozen=True)
class Difference:
    """From one text to another: what changed, and how many words came and went."""

    whole: list[Piece]

    @property
    def pieces(self) -> list[Piece]:
        return shortened(self.whole)

    @property
    def added(self) -> int:
        return sum(len(piece.text.split()) for piece in self.whole if piece.kind == "in")

    @property
    def removed(self) -> int:
        return sum(len(piece.text.split()) for piece in self.whole if piece.kind == "out")


@dataclass(frozen=True)
class Entry:
    """One sitting as the page shows it."""

    version: int
    versions: int
    people: list[Person]
    since: datetime
    until: datetime
    difference: Difference


@require_GET
def history(request: Request, number: int, key: str) -> HttpResponse:
    """Every sitting, the newest first; `?from=3&to=7` compares two versions, `?undo=6` takes back a restore."""
    postmortem = postmortem_or_404(request, number)
    section = section_or_404(postmortem, key)
    page = _page(request, section)
    undo = request.GET.get("undo", "")
    context = {
        "postmortem": postmortem,
        "section": section,
        "page": page,
        "entries": _entries(section, list(page)),
        "may_restore": request.user.is_responder and postmortem.status != "published",
        "undo": int(undo) if undo.isdecimal() and undo == str(section.version - 1) else None,
        **_compared(request, section),
    }
    return render(request, "postmortems/section_history.html", context)


@require_POST
def restore(request: Request, number: int, key: str, version: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    section = section_or_404(postmortem, key)
    return press(
        request,
        partial(services.restore_revision, postmortem=postmortem, key=section.key, version=version, by=request.user),
        done=f"“{section.title}” is as it was in version {version}; what stood there is kept here.",
        to=f"{reverse('postmortems:history', args=[number, key])}?undo={section.version}",
    )


def _page(request: Request, section: Section) -> Page[Sitting]:
    rows = SectionRevision.objects.filter(section=section, version__gt=0).order_by("version")
    found = sittings(Save(*row) for row in rows.values_list("version", "by_id", "at"))
    return Paginator(found[::-1], ON_A_PAGE).get_page(request.GET.get("page"))


def _entries(section: Section, shown: list[Sitting]) -> list[Entry]:
    texts = _texts(section, {number for one in shown for number in (one.first.version - 1, one.last.version)})
    people = Person.objects.in_bulk({key for one in shown for key in one.people if key})
    return [
        Entry(
            version=one.last.version,
            versions=len(one.saves),
            people=[people[key] for key in one.people if key in people],
            since=one.first.at,
            until=one.last.at,
            difference=Difference(differences(texts[one.first.version - 1], texts[one.last.version])),
        )
        for one in shown
    ]


def _texts(section: Section, versions: set[int]) -> dict[int, str]:
    """These versions' texts; where one is not kept (version 0 of an empty section), it is empty."""
    kept = SectionRevision.objects.filter(section=section, version__in=versions).values_list("version", "body")
    return dict.fromkeys(versions, "") | dict(kept)


def _compared(request: Request, section: Section) -> dict[str, Any]:
    """What two versions differ in, where two are asked for; `wrong` says why they cannot be compared."""
    asked = {"from": request.GET.get("from", ""), "to": request.GET.get("to", "")}
    if not any(asked.values()):
        return {"older": max(section.version - 1, 0), "newer": section.version}
    for value in asked.values():
        if not (value.isdecimal() and len(value) < 10 and int(value) <= section.version):
            return {"wrong": f"There is no version {value[:20]!r}: give two numbers from 0 to {section.version}."}
    older, newer = (int(value) for value in asked.values())
    texts = _texts(section, {older, newer})
    return {"older": older, "newer": newer, "compared": Difference(differences(texts[older], texts[newer]))}
