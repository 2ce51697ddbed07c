"""What a post-mortem is about: incidents that are added or removed later, and the services of a near miss."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from incidents.models import Incident
from notifications.errors import Conflict, InvalidInput
from oncall.models import Person, Service
from oncall.permissions import require_responder
from postmortems.due_dates import postmortem_due
from postmortems.models import CuratedEntry, Exemption, Postmortem
from postmortems.services.common import must_see, tell
from postmortems.services.facilitation import may_facilitate
from postmortems.services.opening import pick_timeline, refuse_second, refuse_unfit, required_for, wants
from postmortems.services.reviews import withdraw_sign_offs
from postmortems.services.sections import writable


@transaction.atomic
def add_incident(*, postmortem: Postmortem, incident: Incident, by: Person | None, another: bool = False) -> Postmortem:
    """Let it be about this incident, too: the likely entries of its timeline are picked, its exemption is taken back.

    In review it withdraws the sign-offs. Raises `Conflict` once published, and for an incident that has another
    post-mortem (unless `another`); `InvalidInput` for one that was merged or cancelled, that asks for another
    template, or that is private and closed to somebody who leads, reviews or takes part.
    """
    require_responder(by)
    postmortem = writable(postmortem)
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    if postmortem.incidents.filter(pk=incident.pk).exists():
        return postmortem
    refuse_unfit([incident])
    if not another:
        refuse_second([incident])
    _fit(postmortem, incident)
    postmortem.incidents.add(incident)
    sooner = postmortem_due(incident.severity, postmortem.opened_at)
    if postmortem.due_at is None or sooner < postmortem.due_at:
        postmortem.due_at = sooner
        postmortem.save(update_fields=["due_at"])
    pick_timeline(postmortem, incident)
    Exemption.objects.filter(incident=incident).delete()
    withdraw_sign_offs(postmortem)
    tell(postmortem, "postmortem.incident_added", incident=incident.number)
    return postmortem


@transaction.atomic
def remove_incident(*, postmortem: Postmortem, incident: Incident, by: Person | None) -> Postmortem:
    """Let it be about this incident no more; its entries leave the curated timeline and stay on the incident's.

    In review it withdraws the sign-offs. Raises `InvalidInput` for one that it is not about; `Conflict` once
    published, for the last one, and for a private one once anything is written, which others would then read: in a
    text or its history, in the title, or in what stands around it.
    """
    require_responder(by)
    postmortem = writable(postmortem)
    incidents = {one.pk: one for one in postmortem.incidents.all()}
    if incident.pk not in incidents:
        raise InvalidInput(incident=f"Post-mortem {postmortem.number} is not about incident #{incident.number}.")
    if len(incidents) == 1:
        raise Conflict("It is about no other incident: add the right one first.")
    if incidents[incident.pk].private and _may_tell_of(postmortem, incident):
        raise Conflict(
            f"Incident #{incident.number} is private, and the title or what is written here may tell of it to those "
            "who may not know: leave it linked, and open another post-mortem for the rest."
        )
    postmortem.incidents.remove(incident)
    CuratedEntry.objects.filter(postmortem=postmortem, entry__incident=incident).delete()
    withdraw_sign_offs(postmortem)
    tell(postmortem, "postmortem.incident_removed", incident=incident.number)
    return postmortem


@transaction.atomic
def set_services(*, postmortem: Postmortem, services: Iterable[Service], by: Person | None) -> Postmortem:
    """Say which services a near miss was about; those of incidents are known. Raises `Conflict` once published."""
    require_responder(by)
    postmortem = writable(postmortem)
    postmortem.services.set(services)
    tell(postmortem)
    return postmortem


def _may_tell_of(postmortem: Postmortem, incident: Incident) -> bool:
    """Whether anything here is in words that may come from this incident; an emptied section keeps its history."""
    written = (
        postmortem.sections.filter(~Q(body="") | Q(version__gt=0) | Q(comments__isnull=False)),
        *(postmortem.own_moments, postmortem.findings, postmortem.actions, postmortem.images, postmortem.interviews),
    )
    return postmortem.title == incident.title or any(rows.exists() for rows in written)


def _fit(postmortem: Postmortem, incident: Incident) -> None:
    required = required_for([incident])
    if required and required.template_id != postmortem.template_id:
        instead = f"and this one is with {postmortem.template.name!r}; open one of its own"
        raise InvalidInput(incident=wants(required, instead))
    may_facilitate(postmortem.facilitator, [incident])
    people = [postmortem.facilitator]
    people += [review.person for review in postmortem.reviews.select_related("person")]
    people += [invitation.person for invitation in postmortem.invitations.select_related("person")]
    for person in people:
        must_see("incident", person, [incident])
