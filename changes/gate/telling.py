"""Telling those concerned by a message that wakes nobody: a team in its channel, or the people who stand for it."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from changes.models import GateCheck
from notifications import deliveries
from notifications.links import absolute
from notifications.models import ContactMethod
from oncall import shifts
from oncall.models import Person, Service, Team
from oncall.tell import tell_person


def tell_team(
    team: Team | None, *, side: str = "", service: Service | None = None, key: str, subject: str, text: str, path: str
) -> None:
    """Once for each `key`: in the team's channel, where Slack is connected; else to whoever is on call for the `side`
    of the service, else to the team's lead, else to all of it. Administrators are told where there is nobody."""
    about = f"team:{team.slug}" if team else "gate"
    if team and team.channel and settings.SLACK_BOT_TOKEN:
        message = {"kind": "notice", "subject": subject, "text": text, "url": absolute(path)}
        deliveries.enqueue(
            dedup_key=f"{key}:{team.pk}",
            about=about,
            channel=ContactMethod.Kind.SLACK,
            address=team.channel,
            message=message,
        )
        return
    for person in _people(team, side, service):
        tell_person(person, key=f"{key}:person:{person.pk}", about=about, subject=subject, text=text, url=path)


def tell_author(check: GateCheck, *, key: str, subject: str, text: str) -> None:
    """Whoever made the change, or asked."""
    person = check.author or check.asked_by
    if person:
        path = check.get_absolute_url()
        tell_person(person, key=f"{key}:author", about=f"gate:{check.pk}", subject=subject, text=text, url=path)


def _people(team: Team | None, side: str, service: Service | None) -> Iterable[Person]:
    on_call = shifts.on_call_now(service).get(side, []) if service and side else []
    if on_call:
        return on_call
    if team is None:
        return Person.objects.active().filter(role=Person.Role.ADMINISTRATOR)
    if team.lead and team.lead.is_active:
        return [team.lead]
    return team.members.filter(is_active=True)
