"""Two incidents that turn out to be one."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from incidents import timeline
from incidents.models import Incident, IncidentAlert, Participant, Task
from incidents.models.incident import Status
from incidents.services.callout import call_out
from incidents.services.common import tell
from incidents.services.people import note_participant
from notifications.errors import Conflict, InvalidInput
from oncall.models import Page, Person
from oncall.permissions import require_responder


@transaction.atomic
def merge(*, incident: Incident, into: Incident, by: Person | None) -> Incident:
    """Close `incident` as the same as `into`, which takes over its services, alerts, people and open tasks.

    Its timeline stays where it is, linked both ways. It leaves the table of moves for good and is counted no
    more; returned is the merged one. Raises `Conflict` where the two do not fit.
    """
    require_responder(by)
    if incident.pk == into.pk:
        raise InvalidInput(into=f"Incident {incident.number} cannot be merged into itself: name another one.")
    both = {
        one.pk: one
        for one in Incident.objects.select_for_update(no_key=True).filter(pk__in=[incident.pk, into.pk]).order_by("pk")
    }
    incident, into = both[incident.pk], both[into.pk]
    _check(incident, into)
    _hand_over(incident, into)
    if Page.objects.open().filter(about=incident.subject, state=Page.State.TRIGGERED).exists():
        call_out(into, by=by)  # the merged one's pages end with it, and somebody has yet to answer
    now = timezone.now()
    before, incident.status = incident.status, Status.CLOSED
    incident.merged_into, incident.closed_at, incident.next_update_due_at = into, now, None
    incident.save(update_fields=["status", "merged_into", "closed_at", "next_update_due_at"])
    _enter(incident, into, by)
    tell(incident, "incident.transitioned", **{"from": before, "to": "closed", "at": now.isoformat()})
    tell(into, "incident.services_changed", merged=incident.number)
    return incident


def _check(incident: Incident, into: Incident) -> None:
    if incident.merged_into:
        raise Conflict(f"Incident {incident.number} is merged already, into #{incident.merged_into.number}.")
    if into.merged_into:
        number = into.merged_into.number
        raise Conflict(f"Incident {into.number} is itself merged: merge into #{number} instead.", into=number)
    if not into.is_open:
        raise Conflict(f"Incident {into.number} is {into.status}: reopen it first, or merge the other way round.")
    if incident.practice != into.practice:
        raise Conflict("One of the two is practice and the other is not: they cannot be the same.")
    if incident.private and not into.private:
        raise Conflict(
            f"Incident {incident.number} is private and {into.number} is not: make them alike before merging."
        )


def _hand_over(incident: Incident, into: Incident) -> None:
    into.services.add(*incident.services.all())
    IncidentAlert.objects.filter(incident=incident).update(incident=into)
    Task.objects.filter(incident=incident, done_at=None).update(incident=into)
    for participant in Participant.objects.filter(incident=incident).select_related("person"):
        note_participant(into, participant.person, how=participant.how, side=participant.side)
    if incident.started_at < into.started_at:
        into.started_at = incident.started_at
        into.save(update_fields=["started_at"])


def _enter(incident: Incident, into: Incident, by: Person | None) -> None:
    timeline.add(
        incident=incident,
        kind="link",
        text=f"Merged into #{into.number}",
        actor=by,
        data={"merged_into": into.number},
        dedup_key="merged",
    )
    timeline.add(
        incident=into,
        kind="link",
        text=f"Merged #{incident.number} into this one: {incident.title}",
        actor=by,
        data={"merged": incident.number},
        dedup_key=f"merged:{incident.number}",
    )
