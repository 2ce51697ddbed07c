"""What people told the facilitator. A note is seen by nobody but its writer until they release it: nothing here tells
another room that it exists, and no error repeats its words."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, Forbidden
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import InterviewNote, Postmortem
from postmortems.services.common import locked, must_see, prose, tell, words


@transaction.atomic
def write_interview(*, postmortem: Postmortem, body: str, by: Person, person: Person | None = None) -> InterviewNote:
    """Keep what somebody told (`person`, who may stay unnamed). Only the facilitator may: else `Forbidden`."""
    require_responder(by)
    postmortem = locked(postmortem)
    if postmortem.facilitator_id != by.pk:
        raise Forbidden("Only the facilitator keeps interview notes: have yourself named as facilitator first.")
    must_see("person", person, postmortem.incidents.all())
    words("body", body)
    return InterviewNote.objects.create(postmortem=postmortem, by=by, person=person, body=prose("body", body))


@transaction.atomic
def edit_interview(*, note: InterviewNote, body: str, person: Person | None, by: Person) -> InterviewNote:
    """Write it anew, while nobody else has read it. Raises `Conflict` once released."""
    note = _own(note, by)
    if note.released_at:
        raise Conflict("This note was released, and others may rely on its words: take it back to change it.")
    must_see("person", person, note.postmortem.incidents.all())
    words("body", body)
    note.body, note.person, note.edited_at = prose("body", body), person, timezone.now()
    note.save(update_fields=["body", "person", "edited_at"])
    return note


@transaction.atomic
def release_interview(*, note: InterviewNote, by: Person) -> InterviewNote:
    """Show it to everybody who may see the post-mortem."""
    note = _own(note, by)
    if note.released_at is None:
        note.released_at = timezone.now()
        note.save(update_fields=["released_at"])
        tell(note.postmortem)
    return note


@transaction.atomic
def take_back_interview(*, note: InterviewNote, by: Person) -> InterviewNote:
    """Make it private again, as whoever was interviewed may ask. Who read it meanwhile has read it."""
    note = _own(note, by)
    if note.released_at:
        note.released_at = None
        note.save(update_fields=["released_at"])
        tell(note.postmortem)
    return note


@transaction.atomic
def delete_interview(*, note: InterviewNote, by: Person) -> None:
    """Destroy it for good; nothing of it is kept."""
    note = _own(note, by)
    postmortem, released = note.postmortem, note.released_at
    note.delete()
    if released:
        tell(postmortem)


def _own(note: InterviewNote, by: Person) -> InterviewNote:
    """The note, locked. Raises `Forbidden` for all but its writer, also for administrators."""
    require_responder(by)
    note = InterviewNote.objects.select_for_update(no_key=True).select_related(None).get(pk=note.pk)
    if note.by_id != by.pk:
        raise Forbidden("Only who wrote an interview note may change it, release it or take it back.")
    return note
