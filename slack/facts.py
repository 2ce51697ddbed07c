"""Rows as the plain facts that the Block Kit builders show."""

from __future__ import annotations

from incidents.models import Incident
from incidents.models.work import Role
from notifications.links import absolute
from oncall.models import Person
from slack import blocks


def url_of(incident: Incident) -> str:
    """The incident's room."""
    return absolute(incident.get_absolute_url())


def person(one: Person | None, name: str = "") -> blocks.Person | None:
    """A person as Slack knows them; by name where they have no account; None for nobody."""
    if one is None:
        return blocks.Person(name) if name else None
    return blocks.Person(str(one), one.slack_id or None)


def incident_facts(incident: Incident) -> blocks.IncidentFacts:
    """What Slack shows of an incident (three queries)."""
    held = incident.roles.filter(role=Role.COMMANDER, until=None).select_related("person").first()
    return blocks.IncidentFacts(
        number=incident.number,
        title=incident.title,
        severity=incident.severity,
        status=incident.status,
        url=url_of(incident),
        services=[service.name for service in incident.services.all()],
        commander=person(held.person) if held else None,
        declared_by=person(incident.declared_by, incident.declared_by_name),
        practice=incident.practice,
    )
