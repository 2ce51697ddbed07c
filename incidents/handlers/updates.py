"""Reminding whoever leads that an update is overdue."""

from __future__ import annotations

from django.utils.dateparse import parse_datetime

from incidents import timeline
from incidents.handlers.subject import incident_of
from incidents.models import Incident, RoleAssignment
from incidents.models.work import Role
from notifications.deliveries import enqueue
from notifications.links import absolute
from notifications.models import Event
from oncall.models import Person


def remind_of_update(event: Event) -> None:
    """Tell the commander, else the declarer, by their first way that works; silent where it has come meanwhile."""
    incident = incident_of(event)
    due = parse_datetime(event.payload["due_at"])
    if due is None or not incident.is_open or incident.next_update_due_at != due:
        return
    text = f"The update that was due at {due:%H:%M} UTC is overdue"
    timeline.add(
        incident=incident,
        kind="system",
        text=text,
        at=due,
        dedup_key=f"update overdue:{due.isoformat()}",
    )
    if person := _who_leads(incident):
        _remind(incident, person, text, key=f"update-overdue:{event.pk}")


def _who_leads(incident: Incident) -> Person | None:
    held = RoleAssignment.objects.filter(incident=incident, role=Role.COMMANDER, until=None)
    commander = held.select_related("person").first()
    return commander.person if commander else incident.declared_by


def _remind(incident: Incident, person: Person, text: str, *, key: str) -> None:
    method = person.contact_methods.filter(refused_at=None).first()
    if method is None:
        return
    enqueue(
        dedup_key=key,
        about=incident.subject,
        channel=method.kind,
        address=method.address,
        method=method,
        message={
            "kind": "update_overdue",
            "subject": f"#{incident.number}: an update is overdue",
            "text": f"{text} for #{incident.number} {incident.title}. Say what is known, and when you will say more.",
            "url": absolute(incident.get_absolute_url()),
        },
    )
