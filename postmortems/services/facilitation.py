"""Who leads the conversation: somebody who did not lead the response."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from incidents.models import Incident
from incidents.models.work import RoleAssignment
from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import Postmortem
from postmortems.services.common import locked, must_see, tell, words


@transaction.atomic
def set_facilitator(*, postmortem: Postmortem, person: Person | None, by: Person | None) -> Postmortem:
    """Name who facilitates, or nobody. Raises `InvalidInput` for one who commanded an incident it is about."""
    require_responder(by)
    postmortem = locked(postmortem)
    incidents = list(postmortem.incidents.all())
    may_facilitate(person, incidents)
    must_see("facilitator", person, incidents)
    postmortem.facilitator = person
    postmortem.save(update_fields=["facilitator"])
    tell(postmortem)
    return postmortem


@transaction.atomic
def rename(*, postmortem: Postmortem, title: str, by: Person | None) -> Postmortem:
    """Give it another title."""
    require_responder(by)
    postmortem = locked(postmortem)
    postmortem.title = words("title", title, most=200)
    postmortem.save(update_fields=["title"])
    tell(postmortem)
    return postmortem


def may_facilitate(person: Person | None, incidents: Iterable[Incident]) -> None:
    """Raises `InvalidInput` for somebody who commanded one of the incidents."""
    led = RoleAssignment.objects.filter(incident__in=list(incidents), role="commander", person=person)
    if person and (assignment := led.select_related("incident").first()):
        raise InvalidInput(
            facilitator=f"{person} commanded incident #{assignment.incident.number}: choose somebody who did not."
        )
