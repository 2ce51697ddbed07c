"""Interview notes as they stand on the page: one's own, and those of others once released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from oncall.requests import Request
from postmortems.forms.facilitation import InterviewForm
from postmortems.models import InterviewNote, Postmortem
from postmortems.text.rendering import to_html


@dataclass(frozen=True)
class Told:
    """One note as it is shown; `form` to edit it, where it is one's own, private, and asked for."""

    note: InterviewNote
    html: SafeString
    mine: bool
    form: InterviewForm | None = None


def context(request: Request, postmortem: Postmortem) -> dict[str, Any]:
    return {
        "told": told(request, postmortem),
        "may_interview": request.user.is_responder and postmortem.facilitator_id == request.user.pk,
        "interview_form": InterviewForm(prefix="interview"),
    }


def told(request: Request, postmortem: Postmortem, refused: InterviewForm | None = None) -> list[Told]:
    """Those that the viewer may read; `?note=7` edits that one. `refused`: an edit that was not taken, in its place."""
    notes = InterviewNote.objects.visible_to(request.user).filter(postmortem=postmortem).select_related("person", "by")
    return [_shown(note, note.by_id == request.user.pk, request.GET.get("note", ""), refused) for note in notes]


def _shown(note: InterviewNote, mine: bool, wanted: str, refused: InterviewForm | None) -> Told:
    form = None
    if mine and note.released_at is None:
        if refused is not None and refused.prefix == f"note-{note.pk}":
            form = refused
        elif wanted == str(note.pk):
            form = InterviewForm.of(note)
    return Told(note, to_html(note.body), mine, form)
