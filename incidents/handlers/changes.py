"""Changes on the timelines of the incidents they may have to do with."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from changes.models import Change, LedgerEntry, State
from incidents import timeline
from incidents.dependencies import depending_on, within_reach
from incidents.handlers.subject import incident_of
from incidents.models import Incident
from incidents.suspects import LONG_WINDOW, WINDOW
from incidents.words import tell_change
from notifications.models import Event

AFTERWARDS = timedelta(hours=1)
"""How long after it was resolved an incident still takes changes in: the fix is often finished then."""
LONG_KINDS = (Change.Kind.CONFIG, Change.Kind.FLAG)


def enter_change(event: Event) -> None:
    """Enter a step of a change on every incident whose services, or what they depend on, it touches."""
    step = LedgerEntry.objects.select_related("change__service").get(pk=event.payload["entry"])
    if step.change.service_id is None:
        return
    recent = Q(status="resolved", resolved_at__gte=timezone.now() - AFTERWARDS)
    affected = Incident.objects.filter(services__in=depending_on(step.change.service_id)).distinct()
    for incident in affected.filter(Q(pk__in=Incident.objects.open().values("pk")) | recent):
        if step.at >= incident.started_at - _window(step.change):
            _enter(incident, step)


def enter_earlier_changes(event: Event) -> None:
    """Enter where the changes stand that came before the incident was declared, or its services named."""
    incident = incident_of(event)
    near = within_reach(incident.services.values_list("pk", flat=True))
    since = incident.started_at - LONG_WINDOW
    for change in Change.objects.touching(near, since, timezone.now()).select_related("service"):
        if (change.finished_at or change.started_at) >= incident.started_at - _window(change):
            step = change.entries.filter(state=change.state).last()
            if step:
                step.change = change
                _enter(incident, step)


def _window(change: Change) -> timedelta:
    return LONG_WINDOW if change.kind in LONG_KINDS else WINDOW


def _enter(incident: Incident, step: LedgerEntry) -> None:
    change = step.change
    timeline.add(
        incident=incident,
        kind="change",
        text=tell_change(change, step.state, said=State(step.state).label),
        at=step.at,
        source=change.key.partition(":")[0],
        actor_name=step.actor or change.actor,
        data={
            "change": change.pk,
            "state": step.state,
            "kind": change.kind,
            "service": change.service and change.service.slug,
            "revision": change.revision,
            "environment": change.environment,
            "url": change.url,
        },
        dedup_key=f"change:{change.pk}:{step.state}",
    )
