"""Telling people what concerns them in a meeting: invitations for their calendar, and that they were named facilitator.

Each handler runs once for each event; running again sends nothing again, for a message is sent once for each key. Who
may not see the post-mortem (any more) is told nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from notifications.models import Event
from oncall.models import Person
from oncall.tell import tell_person
from postmortems.facilitating import meetings
from postmortems.models import Postmortem


def send_invitations(event: Event) -> None:
    """Bring the calendars of those concerned up to the meeting as it is now.

    Payload: `sequence`; `added`, `removed`: people by key, where it is about them alone; `was`: when the meeting was to
    be that is called off.
    """
    told: dict[str, Any] = event.payload
    postmortem = Postmortem.objects.select_related("facilitator").get(number=told["postmortem"])
    everybody = {person.pk: person for person in meetings.people(postmortem)}
    if postmortem.meeting_at is None:
        if was := told.get("was"):
            meetings.call_off(postmortem, list(everybody.values()), datetime.fromisoformat(was), told["sequence"])
        return
    gone = [pk for pk in told.get("removed", ()) if pk not in everybody]
    meetings.leave_out(postmortem, Person.objects.active().filter(pk__in=gone), told["sequence"])
    concerned: Collection[int] = told.get("added", everybody.keys())
    meetings.send(postmortem, [person for pk, person in everybody.items() if pk in concerned])


def tell_facilitator(event: Event) -> None:
    """Tell somebody that they were named (`facilitator`), where that still holds; once for each time."""
    postmortem = Postmortem.objects.select_related("facilitator").get(number=event.payload["postmortem"])
    person = postmortem.facilitator
    if person is None or person.pk != event.payload["facilitator"] or not meetings.may_see(postmortem, person):
        return
    tell_person(
        person,
        key=f"postmortem:{postmortem.number}:facilitator:{event.pk}",
        about=f"postmortem:{postmortem.number}",
        subject=f"You facilitate: {postmortem.title}",
        text="Invite both sides, find a time, and read the guide if it is your first. Say so if you cannot.",
        url=f"{postmortem.get_absolute_url()}facilitation/",
    )
