"""Pages about an incident: on its timeline, in its list of people, ended with it."""

from __future__ import annotations

from incidents import timeline
from incidents.handlers.subject import incident_about, incident_of, moment_of
from incidents.models import Incident, Participant
from incidents.services.people import note_participant
from notifications import live
from notifications.models import Event
from oncall import paging
from oncall.models import Page, Person


def enter_page(event: Event) -> None:
    """Enter what happened to a page; whoever was notified takes part from then on."""
    incident = incident_about(event.payload["about"])
    if incident is None:
        return
    person = _person(event)
    if event.type == "page.notified" and person:
        note_participant(incident, person, how=Participant.How.PAGED, side=event.payload.get("seat", ""))
    timeline.add(
        incident=incident,
        kind="page",
        text=event.payload["text"],
        at=moment_of(event),
        actor=person if event.type == "page.acknowledged" else None,
        data={
            "event": event.type,
            "page": event.payload["page"],
            "seat": event.payload.get("seat", ""),
            "person": person and person.email,
        },
        dedup_key=f"event:{event.pk}",
    )


def note_acknowledgement(event: Event) -> None:
    """The first acknowledgement is the incident's; who gave it takes part, on the side they stood for."""
    incident = incident_about(event.payload["about"])
    if incident is None:
        return
    at = max(moment_of(event), incident.declared_at)
    Incident.objects.filter(pk=incident.pk, acknowledged_at=None).update(acknowledged_at=at)
    if person := _person(event):
        side = event.payload.get("seat", "")
        note_participant(incident, person, how=Participant.How.ACKNOWLEDGED, side=side, since=at)
    live.publish(incident.subject)


def settle_pages(event: Event) -> None:
    """Nobody needs to be woken any more for what is over."""
    incident = incident_of(event)
    if not incident.is_open:
        for page in Page.objects.open().filter(about=incident.subject).order_by("pk"):
            paging.resolve(page=page)


def _person(event: Event) -> Person | None:
    return Person.objects.filter(pk=event.payload.get("person")).first()
