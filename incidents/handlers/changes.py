"""Changes on the timelines of the incidents they may have to do with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from changes.models import Change, LedgerEntry, State
from incidents import timeline
from incidents.dependencies import depending_on, within_reach
from incidents.handlers.subject import incident_of
from incidents.models import Incident, TimelineEntry
from incidents.suspects import LONG_WINDOW, WINDOW
from incidents.words import tell_change
from notifications.models import Event
from notifications.outbox import in_bulk

AFTERWARDS = timedelta(hours=1)
"""How long after it was resolved an incident still takes changes in: the fix is often finished then."""
OF_THE_GATE = "gate_check"
"""In the data of steps that the gate took, which `handlers.gate` enters."""
LONG_KINDS = (Change.Kind.CONFIG, Change.Kind.FLAG)


@in_bulk
def enter_change(events: Sequence[Event]) -> None:
    """Enter steps of changes on every incident whose services, or what they depend on, they touch."""
    steps = LedgerEntry.objects.select_related("change__service").in_bulk([event.payload["entry"] for event in events])
    concerned: dict[int, list[Incident]] = {}
    told: dict[Incident, list[TimelineEntry]] = defaultdict(list)
    for step in steps.values():
        service = step.change.service_id
        if service is None or OF_THE_GATE in step.data:
            continue
        if service not in concerned:
            concerned[service] = _concerned_by(service)
        for incident in concerned[service]:
            if step.at >= incident.started_at - _window(step.change):
                told[incident].append(_entry(step))
    for incident, entries in sorted(told.items(), key=lambda one: one[0].pk):
        timeline.add_many(incident=incident, entries=entries)


def enter_earlier_changes(event: Event) -> None:
    """Enter where the changes stand that came before the incident was declared, or its services named."""
    incident = incident_of(event)
    near = within_reach(incident.services.values_list("pk", flat=True))
    since = incident.started_at - LONG_WINDOW
    entries = []
    for change in Change.objects.touching(near, since, timezone.now()).select_related("service"):
        if (change.finished_at or change.started_at) >= incident.started_at - _window(change):
            step = change.entries.filter(state=change.state).last()
            if step and OF_THE_GATE not in step.data:
                step.change = change
                entries.append(_entry(step))
    timeline.add_many(incident=incident, entries=entries)


def _concerned_by(service_id: int) -> list[Incident]:
    """Incidents that a change of this service may have to do with: open ones, and those just resolved."""
    recent = Q(status="resolved", resolved_at__gte=timezone.now() - AFTERWARDS)
    affected = Incident.objects.filter(services__in=depending_on(service_id)).distinct()
    return list(affected.filter(Q(pk__in=Incident.objects.open().values("pk")) | recent))


def _window(change: Change) -> timedelta:
    return LONG_WINDOW if change.kind in LONG_KINDS else WINDOW


def _entry(step: LedgerEntry) -> TimelineEntry:
    change = step.change
    return TimelineEntry(
        kind="change",
        text=tell_change(change, step.state, said=State(step.state).label),
        at=step.at,
        source=change.key.partition(":")[0][:20],
        actor_name=(step.actor or change.actor)[:200],
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
