"""Roles: who holds which, one holder at a time."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from incidents import timeline
from incidents.models import Incident, Participant, RoleAssignment
from incidents.models.work import Role
from incidents.services.common import choice, locked, tell
from incidents.services.people import note_participant
from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder

SIDES = {Role.DEV_LEAD: "dev", Role.OPS_LEAD: "ops"}


@transaction.atomic
def assign_role(*, incident: Incident, role: str, person: Person, by: Person | None) -> RoleAssignment:
    """Give a role to somebody, who takes part from then on; whoever held it lays it down."""
    require_responder(by)
    role = choice("role", role, Role.values)
    if not person.is_active:
        raise InvalidInput(person=f"{person.email} has left: choose somebody who is active.")
    incident = locked(incident)
    holder = RoleAssignment.objects.filter(incident=incident, role=role, until=None).first()
    if holder and holder.person_id == person.pk:
        return holder
    now = timezone.now()
    _lay_down(holder, now)
    assignment = RoleAssignment.objects.create(incident=incident, role=role, person=person, assigned_by=by, since=now)
    note_participant(incident, person, how=Participant.How.ROLE, side=SIDES.get(Role(role), ""))
    text = f"{person} is {assignment.get_role_display()}"
    data = {"role": role, "person": person.email}
    timeline.add(incident=incident, kind="role", text=text, at=now, actor=by, data=data)
    tell(incident, "incident.role_assigned", role=role, person=person.pk)
    return assignment


@transaction.atomic
def release_role(*, incident: Incident, role: str, by: Person | None) -> RoleAssignment | None:
    """Lay a role down, so that nobody holds it; None where nobody did."""
    require_responder(by)
    role = choice("role", role, Role.values)
    incident = locked(incident)
    holder = RoleAssignment.objects.filter(incident=incident, role=role, until=None).first()
    if holder is None:
        return None
    now = timezone.now()
    _lay_down(holder, now)
    text = f"{holder.person} is no longer {holder.get_role_display()}"
    data = {"role": role, "person": None}
    timeline.add(incident=incident, kind="role", text=text, at=now, actor=by, data=data)
    tell(incident, "incident.role_assigned", role=role, person=None)
    return holder


def _lay_down(holder: RoleAssignment | None, at: object) -> None:
    if holder:
        RoleAssignment.objects.filter(pk=holder.pk).update(until=at)
        holder.refresh_from_db(fields=["until"])
