"""The versions of a section: what changed from one to the next, by whom, and back to any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from notifications.refusals import press
from oncall.requests import Request
from postmortems import services
from postmortems.differences import Piece, differences
from postmortems.models import SectionRevision
from postmortems.views.base import postmortem_or_404
from postmortems.views.sections import section_or_404

SITTING = timedelta(minutes=10)
"""Versions that one person saved within so short a time of each other are shown as one sitting."""


@dataclass(frozen=True)
class Change:
    """What one sitting made of the text: its last version, and the differences from the sitting before."""

    revision: SectionRevision
    versions: int
    pieces: list[Piece]


@require_GET
def history(request: Request, number: int, key: str) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    section = section_or_404(postmortem, key)
    revisions = SectionRevision.objects.filter(section=section).select_related("by").order_by("version")
    context = {
        "postmortem": postmortem,
        "section": section,
        "changes": changes(revisions)[::-1],
        "may_restore": request.user.is_responder and postmortem.status != "published",
    }
    return render(request, "postmortems/section_history.html", context)


@require_POST
def restore(request: Request, number: int, key: str, version: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    section = section_or_404(postmortem, key)
    return press(
        request,
        partial(services.restore_revision, postmortem=postmortem, key=section.key, version=version, by=request.user),
        done=f"“{section.title}” is as it was in version {version}; what stood there is kept in its history.",
        to=f"{postmortem.get_absolute_url()}#s-{section.key}",
    )


def changes(revisions: Iterable[SectionRevision]) -> list[Change]:
    """One for each sitting, the oldest first; `revisions` ascend."""
    sittings: list[list[SectionRevision]] = []
    for revision in revisions:
        last = sittings[-1][-1] if sittings else None
        if last and last.by_id == revision.by_id and revision.at - last.at < SITTING:
            sittings[-1].append(revision)
        else:
            sittings.append([revision])
    texts = ["", *(sitting[-1].body for sitting in sittings)]
    return [
        Change(sitting[-1], len(sitting), differences(before, sitting[-1].body))
        for sitting, before in zip(sittings, texts, strict=False)
    ]
