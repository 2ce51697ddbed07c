"""Correcting what was said of an incident: its words, times, severity, and who may see it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from incidents import timeline
from incidents.models import Incident, Participant
from incidents.services.callout import call_out
from incidents.services.common import LONGEST_SUMMARY, choice, locked, moment, tell, words
from incidents.severity import SEVERITIES, is_graver
from notifications.errors import InvalidInput
from oncall import paging
from oncall.models import Person
from oncall.permissions import require_responder

NAMES = {"title": "title", "summary": "summary", "started_at": "start", "detected_at": "time of detection"}


@transaction.atomic
def edit(
    *,
    incident: Incident,
    by: Person | None,
    title: str | None = None,
    summary: str | None = None,
    started_at: datetime | None = None,
    detected_at: datetime | None = None,
) -> Incident:
    """Correct what is given; None leaves it as it is. The timeline keeps what it was before."""
    require_responder(by)
    incident = locked(incident)
    given = {
        "title": None if title is None else words("title", title, most=200),
        "summary": None if summary is None else words("summary", summary, most=LONGEST_SUMMARY, required=False),
        "started_at": None if started_at is None else moment("started_at", started_at),
        "detected_at": None if detected_at is None else moment("detected_at", detected_at),
    }
    before = {
        name: getattr(incident, name)
        for name, value in given.items()
        if value is not None and value != getattr(incident, name)
    }
    if not before:
        return incident
    for name in before:
        setattr(incident, name, given[name])
    _check_order(incident, blame="started_at" if "started_at" in before else "detected_at")
    incident.save(update_fields=list(before))
    timeline.add(
        incident=incident,
        kind="system",
        text=" ".join(_said(incident, name) for name in before),
        actor=by,
        data={"before": {name: _plain(value) for name, value in before.items()}},
    )
    tell(incident, "incident.edited")
    return incident


def _check_order(incident: Incident, *, blame: str) -> None:
    if incident.started_at > incident.detected_at:
        raise InvalidInput(
            {
                blame: [
                    f"The harm would begin at {incident.started_at:%Y-%m-%d %H:%M:%S} UTC, after it was noticed"
                    f" at {incident.detected_at:%Y-%m-%d %H:%M:%S} UTC: correct the one or the other."
                ]
            }
        )
    ended = incident.mitigated_at or incident.resolved_at
    if ended and incident.started_at > ended:
        raise InvalidInput({blame: [f"The harm ended at {ended:%Y-%m-%d %H:%M:%S} UTC: give an earlier start."]})


def _said(incident: Incident, name: str) -> str:
    value = getattr(incident, name)
    shown = f" to {value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else ""
    return f"Corrected the {NAMES[name]}{f': {value}' if name == 'title' else shown}."


def _plain(value: datetime | str) -> str:
    return value.isoformat() if isinstance(value, datetime) else value


@transaction.atomic
def change_severity(*, incident: Incident, severity: str, by: Person | None, reason: str = "") -> Incident:
    """Say how grave it is. A graver severity pages where it asks for more, and brings the next update forward."""
    require_responder(by)
    severity = choice("severity", severity, list(SEVERITIES))
    reason = words("reason", reason, required=False)
    incident = locked(incident)
    before = incident.severity
    if severity == before:
        return incident
    incident.severity = severity
    incident.next_update_due_at = _sooner(incident)
    incident.save(update_fields=["severity", "next_update_due_at"])
    direction = "Raised" if is_graver(severity, before) else "Lowered"
    text = f"{direction} from {before.upper()} to {severity.upper()}"
    timeline.add(
        incident=incident,
        kind="severity",
        text=f"{text}: {reason}" if reason else text,
        actor=by,
        data={"from": before, "to": severity, "reason": reason},
    )
    if direction == "Raised":
        call_out(incident, by=by)
    tell(incident, "incident.severity_changed", **{"from": before, "to": severity})
    return incident


def _sooner(incident: Incident) -> datetime | None:
    """The next update as the new severity asks, never later than was promised."""
    asked = SEVERITIES[incident.severity].update_minutes
    if not incident.is_open or asked is None:
        return None
    due = timezone.now() + timedelta(minutes=asked)
    return min(due, incident.next_update_due_at or due)


@transaction.atomic
def set_private(*, incident: Incident, private: bool, by: Person | None) -> Incident:
    """Let only participants see it, or everybody again. Who makes it private takes part from then on."""
    require_responder(by)
    incident = locked(incident)
    if incident.private == private:
        return incident
    incident.private = private
    incident.save(update_fields=["private"])
    if private and by:
        Participant.objects.get_or_create(incident=incident, person=by, defaults={"how": Participant.How.JOINED})
    paging.set_private(about=incident.subject, private=private)
    text = "Made private: participants only." if private else "Made public again."
    timeline.add(incident=incident, kind="system", text=text, actor=by, data={"private": private})
    tell(incident, "incident.edited")
    return incident
