"""Moving an incident along its life. The table of moves is in `incidents/lifecycle.py`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from incidents import lifecycle, timeline
from incidents.models import Incident
from incidents.services.callout import call_out
from incidents.services.common import locked, moment, tell, words
from incidents.severity import SEVERITIES
from notifications.errors import Conflict, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder


@transaction.atomic
def transition(
    *, incident: Incident, to: str, by: Person | None, reason: str = "", at: datetime | None = None
) -> Incident:
    """Move to `to`: identified, monitoring, resolved, closed, cancelled, reopened, …, as of `at` (now, if not told).

    Reopening pages again, because those who were called have gone. Raises `Conflict` with `allowed` for a move
    that the table does not have, and `InvalidInput` where the move needs a reason or `at` lies before the
    incident's start or in the future.
    """
    require_responder(by)
    incident = locked(incident)
    outcome = _checked(incident, to, words("reason", reason, required=False))
    earliest = incident.resolved_at if to == "closed" else None
    at = moment("at", at, not_before=earliest or incident.started_at)
    before, incident.status = incident.status, outcome.status
    for field in outcome.sets:
        setattr(incident, field, at)
    for field in outcome.clears:
        setattr(incident, field, None)
    incident.next_update_due_at = _next_update(incident)
    incident.save()
    timeline.add(
        incident=incident,
        kind="status",
        text=f"{to.capitalize()}: {outcome.reason}" if outcome.reason else to.capitalize(),
        at=at,
        actor=by,
        data={"from": before, "to": to, "reason": outcome.reason},
    )
    if to == "reopened":
        call_out(incident, by=by)
    tell(incident, "incident.transitioned", **{"from": before, "to": to, "at": at.isoformat()})
    return incident


def _checked(incident: Incident, to: str, reason: str) -> lifecycle.Outcome:
    if incident.merged_into_id and incident.merged_into:
        raise Conflict(
            f"Incident {incident.number} is merged into #{incident.merged_into.number}: move that one.", allowed=[]
        )
    try:
        outcome = lifecycle.check(incident.status, to, reason)
    except lifecycle.NotAllowed as error:
        raise Conflict(str(error), allowed=list(error.allowed)) from error
    except lifecycle.ReasonRequired as error:
        raise InvalidInput(reason=str(error)) from error
    if to == "reopened" and incident.dedup_key:
        _check_key_is_free(incident)
    return outcome


def _check_key_is_free(incident: Incident) -> None:
    other = Incident.objects.open().filter(dedup_key=incident.dedup_key).first()
    if other:
        raise Conflict(
            f"Incident #{other.number} is open for the same dedup_key {incident.dedup_key!r}: work there.",
            allowed=["closed"],
        )


def _next_update(incident: Incident) -> datetime | None:
    """What was due stays due while it is open; a reopened one starts counting now."""
    asked = SEVERITIES[incident.severity].update_minutes
    if not incident.is_open or asked is None:
        return None
    return incident.next_update_due_at or timezone.now() + timedelta(minutes=asked)
