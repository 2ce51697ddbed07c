"""Who takes part. Participants see an incident though it is private."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from incidents import timeline
from incidents.models import Incident, Participant
from incidents.services.common import words
from notifications import live
from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder


@transaction.atomic
def join(*, incident: Incident, person: Person) -> Participant:
    """Take part by one's own choice."""
    require_responder(person)
    participant, new = note_participant(incident, person, how=Participant.How.JOINED)
    if new:
        timeline.add(incident=incident, kind="role", text=f"{person} joined", actor=person)
    return participant


@transaction.atomic
def add_person(*, incident: Incident, person: Person, by: Person | None, side: str = "") -> Participant:
    """Have somebody take part, so that they see it though it is private."""
    require_responder(by)
    if not person.is_active:
        raise InvalidInput(person=f"{person.email} has left: choose somebody who is active.")
    side = words("side", side, most=30, required=False)
    participant, new = note_participant(incident, person, how=Participant.How.ADDED, side=side)
    if new:
        timeline.add(incident=incident, kind="role", text=f"Added {person}", actor=by, data={"person": person.email})
    return participant


def note_participant(
    incident: Incident, person: Person, *, how: str, side: str = "", since: datetime | None = None
) -> tuple[Participant, bool]:
    """Keep that somebody takes part; returns the row and whether it is new. A side once known is kept."""
    participant, new = Participant.objects.get_or_create(
        incident=incident,
        person=person,
        defaults={"how": how, "side": side, "since": since or timezone.now()},
    )
    was_paged = participant.how == Participant.How.PAGED
    if not new and ((was_paged and how != participant.how) or (side and not participant.side)):
        participant.how = how if was_paged else participant.how
        participant.side = side or participant.side
        participant.save(update_fields=["how", "side"])
    live.publish(incident.subject)
    return participant, new
