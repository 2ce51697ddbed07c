"""Calling people to an incident: one page for all services that the same people answer for."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from django.db import transaction

from incidents import timeline
from incidents.models import Incident
from incidents.services.common import locked
from incidents.severity import SEVERITIES
from notifications.errors import Conflict
from notifications.links import absolute
from oncall import paging
from oncall.models import Page, Person, Service, Team
from oncall.permissions import require_responder


def call_out(incident: Incident, *, by: Person | None = None) -> list[Page]:
    """Page for the incident's services as its severity asks, unless that was done; returns the pages made.

    Where Dev and Ops share a service, a grave incident calls both at the same moment; that replaces a page
    which did not.
    """
    severity = SEVERITIES[incident.severity]
    if severity.paging == "nobody" or not incident.is_open:
        return []
    groups = _by_who_answers(incident.services.all())
    if not groups:
        text = "Nobody was paged, because no affected service is named: add one."
        timeline.add(incident=incident, kind="page", text=text, dedup_key="nobody paged")
    called = {_who_answers(page.service): page for page in _open_pages(incident)}
    made = []
    for who, services in groups.items():
        together = severity.paging == "both" and any(service.stage == "shared" for service in services)
        earlier = called.get(who)
        if earlier and (earlier.together or not together):
            continue
        made.append(_page(incident, services, together=together, by=by))
        if earlier:
            paging.resolve(page=earlier, by=by)
    return made


@transaction.atomic
def page_again(*, incident: Incident, by: Person | None, target: Service | Team | Person) -> Page:
    """Page a service, a team or a person for an open incident; an open page for the same target is returned."""
    require_responder(by)
    incident = locked(incident)
    if not incident.is_open:
        raise Conflict(f"Incident {incident.number} is {incident.status}: reopen it before you page for it.")
    kind = type(target).__name__.lower()
    return paging.page(
        subject=_subject(incident),
        dedup_key=f"{incident.subject}:again:{kind}:{target.pk}",
        about=incident.subject,
        url=_url(incident),
        body=incident.summary,
        service=target if isinstance(target, Service) else None,
        team=target if isinstance(target, Team) else None,
        person=target if isinstance(target, Person) else None,
        private=incident.private,
        by=by,
    )


def _page(incident: Incident, services: list[Service], *, together: bool, by: Person | None) -> Page:
    first = min(services, key=lambda service: (service.stage != "shared", service.tier, service.slug))
    names = ", ".join(sorted(service.name for service in services))
    return paging.page(
        subject=_subject(incident),
        dedup_key=f"{incident.subject}:{first.slug}{':together' if together else ''}",
        about=incident.subject,
        url=_url(incident),
        body="\n\n".join(filter(None, [f"Affected: {names}", incident.summary])),
        urgency="high",
        service=first,
        private=incident.private,
        together=together,
        by=by,
    )


def _open_pages(incident: Incident) -> Iterable[Page]:
    return (
        Page.objects.open()
        .filter(about=incident.subject, service__isnull=False)
        .select_related("service")
        .order_by("pk")
    )


def _by_who_answers(services: Iterable[Service]) -> dict[Hashable, list[Service]]:
    groups: dict[Hashable, list[Service]] = {}
    for service in services:
        groups.setdefault(_who_answers(service), []).append(service)
    return groups


def _who_answers(service: Service | None) -> Hashable:
    """Equal for services whose pages go to the same people."""
    if service is None:
        return None
    teams = () if service.schedule_id else (service.dev_team_id, service.ops_team_id)
    return service.schedule_id, service.policy_id, teams


def _subject(incident: Incident) -> str:
    practice = "PRACTICE " if incident.practice else ""
    return f"{practice}{incident.get_severity_display()} #{incident.number} {incident.title}"


def _url(incident: Incident) -> str:
    return absolute(incident.get_absolute_url())
