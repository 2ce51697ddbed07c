"""What the deploy gate decided, on the timelines of the incidents that it has to do with."""

from __future__ import annotations

from django.db.models import Q

from changes.gate.words import about
from changes.models import GateCheck
from incidents import timeline
from incidents.gate import open_for
from incidents.models import Incident
from notifications.links import absolute
from notifications.models import Event

OF_INCIDENTS = {"incident", "rollback", "override"}
"""Rules that speak of what goes on: their decisions are entered wherever it does, others where they are named."""


def enter_gate_decision(event: Event) -> None:
    """Enter it on the incident that the change is for, and on those that are in its way or that it goes past."""
    check = GateCheck.objects.select_related("service").get(pk=event.payload["check"])
    if check.decision == GateCheck.Decision.INVALID or check.service_id is None:
        return
    numbers = [] if check.incident is None else [check.incident]
    if OF_INCIDENTS & {reason["rule"] for reason in check.reasons}:
        numbers += [one.number for one in open_for([check.service_id], None) if one.blocks]
    open_or_named = Q(number=check.incident) | Q(pk__in=Incident.objects.open().values("pk"))
    for incident in Incident.objects.filter(open_or_named, number__in=numbers):
        _enter(incident, check)


def _enter(incident: Incident, check: GateCheck) -> None:
    first = check.reasons[0] if check.reasons else {"rule": check.rule, "text": ""}
    timeline.add(
        incident=incident,
        kind="change",
        text=f"Gate: {about(check)} {check.get_decision_display()}. {first['text']}",
        at=check.decided_at,
        source="gate",
        actor_name=check.actor,
        data={
            "gate_check": check.pk,
            "decision": check.decision,
            "rule": check.rule,
            "service": check.service.slug if check.service else None,
            "revision": check.revision,
            "environment": check.environment,
            "url": absolute(check.get_absolute_url()),
        },
        dedup_key=f"gate:{check.pk}:{check.decision}:{check.rule}",
    )
