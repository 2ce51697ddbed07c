"""Who leads the conversation and who takes part, and how long actions soak."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from incidents.models import Incident
from incidents.models.work import RoleAssignment
from notifications.errors import Conflict, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from oncall.zones import zone_or_utc
from postmortems.facilitating.meeting import soak_objection
from postmortems.models import Invitation, Postmortem
from postmortems.services.common import choice, locked, must_see, tell, words
from postmortems.services.meeting import tell_meeting


@transaction.atomic
def set_facilitator(*, postmortem: Postmortem, person: Person | None, by: Person | None) -> Postmortem:
    """Name who facilitates, or nobody. They are told, unless they named themselves.

    Raises `InvalidInput` for one who commanded an incident it is about, who is not active or may not see it.
    """
    require_responder(by)
    postmortem = locked(postmortem)
    if postmortem.facilitator_id == (person.pk if person else None):
        return postmortem
    incidents = list(postmortem.incidents.all())
    if person and not (person.is_active and person.is_responder):
        raise InvalidInput(facilitator=f"{person} cannot facilitate: choose an active responder.")
    may_facilitate(person, incidents)
    must_see("facilitator", person, incidents)
    before = postmortem.facilitator
    postmortem.facilitator = person
    postmortem.save(update_fields=["facilitator"])
    invited = set(postmortem.invitations.values_list("person", flat=True))
    if person and person != by:
        tell(postmortem, "postmortem.facilitator_named", facilitator=person.pk)
    tell_meeting(
        postmortem,
        added=[person.pk] if person and person.pk not in invited else [],
        removed=[before.pk] if before and before.pk not in invited else [],
    )
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


@transaction.atomic
def invite(*, postmortem: Postmortem, person: Person, by: Person | None, side: str = "") -> Invitation:
    """Have somebody take part, for a side (dev, ops, other; left out, that of their team). Once invited, they get the
    meeting there is.

    Again with another side changes it. Raises `InvalidInput` for one who is not active or may not see it.
    """
    require_responder(by)
    postmortem = locked(postmortem)
    side = choice("side", side or side_of(person), Invitation.Side.values)
    if not person.is_active:
        raise InvalidInput(person=f"{person} is no longer active: invite somebody else of their team.")
    must_see("person", person, postmortem.incidents.all())
    invitation, new = Invitation.objects.get_or_create(postmortem=postmortem, person=person, defaults={"side": side})
    if not new and invitation.side != side:
        invitation.side = side
        invitation.save(update_fields=["side"])
    if new and person.pk != postmortem.facilitator_id:
        tell_meeting(postmortem, added=[person.pk])
    tell(postmortem)
    return invitation


@transaction.atomic
def uninvite(*, invitation: Invitation, by: Person | None) -> Postmortem:
    """Do without them; a meeting that stands is taken out of their calendar."""
    require_responder(by)
    postmortem = locked(invitation.postmortem)
    person = invitation.person_id
    invitation.delete()
    if person != postmortem.facilitator_id:
        tell_meeting(postmortem, removed=[person])
    tell(postmortem)
    return postmortem


@transaction.atomic
def set_soak(*, postmortem: Postmortem, until: date | None, by: Person | None) -> Postmortem:
    """Say from which day on actions are agreed; None ends the soak. Nothing is enforced: proposals are always welcome.

    Raises `InvalidInput` for a day that is not ahead, `Conflict` once published.
    """
    require_responder(by)
    postmortem = locked(postmortem)
    if until is not None:
        if postmortem.status == Postmortem.Status.PUBLISHED:
            raise Conflict(f"Post-mortem {postmortem.number} is published: its actions are agreed.")
        today = timezone.localdate(timezone=zone_or_utc(by.timezone) if by else None)
        if wrong := soak_objection(until, today):
            raise InvalidInput(until=wrong)
    postmortem.soak_until = until
    postmortem.save(update_fields=["soak_until"])
    tell(postmortem)
    return postmortem


def side_of(person: Person) -> str:
    """dev or ops by their teams; `other` for those of neither or of both."""
    sides = set(person.teams.filter(discipline__in=("dev", "ops")).values_list("discipline", flat=True))
    return sides.pop() if len(sides) == 1 else "other"


def may_facilitate(person: Person | None, incidents: Iterable[Incident]) -> None:
    """Raises `InvalidInput` for somebody who commanded one of the incidents."""
    led = RoleAssignment.objects.filter(incident__in=list(incidents), role="commander", person=person)
    if person and (assignment := led.select_related("incident").first()):
        raise InvalidInput(
            facilitator=f"{person} commanded incident #{assignment.incident.number}: choose somebody who did not."
        )
