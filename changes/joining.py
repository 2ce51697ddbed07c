"""A change that the gate was asked about, and what a sender tells of it later, are one story.

The gate makes the row when it is asked; the sender's first word of a change of the same service, environment, kind and
revision finds it, and from then on the row answers to the sender's own identity too (`Change.told_as`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from changes.models import Change, GateCheck, State
from changes.revisions import same_commit
from notifications.models import Integration
from oncall.models import Service

WITHIN = timedelta(hours=24)  # between the question and the change
CLOCKS_DIFFER = timedelta(minutes=5)
OF_THE_GATE = "gate:"  # how keys of changes begin that the gate made


def asked_before(
    *,
    identity: str,
    integration: Integration | None,
    service: Service,
    environment: str,
    kind: str,
    revision: str,
    at: datetime,
) -> Change | None:
    """The change that the gate was asked about last, held until the transaction ends; None where it was not asked."""
    environment = environment or service.environment or "production"
    asked = GateCheck.objects.filter(
        service=service,
        kind=kind,
        environment__iexact=environment,
        change__told_as=None,
        change__key__startswith=OF_THE_GATE,
        asked_at__range=(at - WITHIN, at + CLOCKS_DIFFER),
    )
    for change_id, asked_for in asked.order_by("-asked_at", "-pk").values_list("change", "revision"):
        if same_commit(asked_for, revision):
            change = Change.objects.select_for_update(of=("self",)).get(pk=change_id)
            if change.told_as in (None, identity):  # or somebody else was quicker
                change.told_as, change.integration = identity, integration
                change.save(update_fields=["told_as", "integration"])
                return change
    return None


def told_before(*, service: Service, environment: str, kind: str, revision: str, at: datetime) -> Change | None:
    """The change that a sender has told of, but which has not begun: GitHub tells of a deployment before it asks."""
    if not revision:
        return None
    waiting = Change.objects.filter(
        service=service,
        kind=kind,
        environment__iexact=environment,
        state=State.REQUESTED,
        started_at__gte=at - WITHIN,
        gate_checks=None,
    )
    same = (change for change in waiting.order_by("-started_at", "-pk") if same_commit(change.revision, revision))
    return next(same, None)
