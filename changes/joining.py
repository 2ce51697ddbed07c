"""A change that the gate was asked about, and what a sender tells of it later, are one story.

The gate makes the row when it is asked; the sender's first word of a change of the same service, environment, kind and
revision finds it, and from then on the row answers to the sender's own identity too (`Change.told_as`). A sender who
has no names for changes (`deploying 4f2a1c`, then `deployed 4f2a1c`) continues the one that is under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from changes.models import Change, GateCheck, LedgerEntry, State
from changes.revisions import same_commit
from notifications.models import Integration
from oncall.models import Service

WITHIN = timedelta(hours=24)  # between the question and the change
CLOCKS_DIFFER = timedelta(minutes=5)
OF_THE_GATE = "gate:"  # how keys of changes begin that the gate made


@dataclass(frozen=True, kw_only=True)
class About:
    """What a step is about, as far as it tells which change it belongs to."""

    service: Service
    environment: str
    kind: str
    revision: str
    state: str
    at: datetime


def asked_before(about: About, *, identity: str, integration: Integration | None) -> Change | None:
    """The change that the gate was asked about last, held until the transaction ends; None where it was not asked."""
    asked = GateCheck.objects.filter(
        service=about.service,
        kind=about.kind,
        environment__iexact=about.environment,
        change__told_as=None,
        change__key__startswith=OF_THE_GATE,
        asked_at__range=(about.at - WITHIN, about.at + CLOCKS_DIFFER),
    )
    for change_id, asked_for in asked.order_by("-asked_at", "-pk").values_list("change", "revision"):
        if same_commit(asked_for, about.revision):
            change = Change.objects.select_for_update(of=("self",)).get(pk=change_id)
            if change.told_as in (None, identity):  # or somebody else was quicker
                change.told_as, change.integration = identity, integration
                change.save(update_fields=["told_as", "integration"])
                return change
    return None


def under_way(about: About, *, sender: str) -> Change | None:
    """The change that this sender said has started, and not how it ended, or said so in these words before; held until
    the transaction ends."""
    said = Exists(LedgerEntry.objects.filter(change=OuterRef("pk"), state=about.state, at=about.at))
    theirs = Change.objects.filter(
        Q(key__startswith=sender) | Q(told_as__startswith=sender),
        Q(state=State.STARTED) | said,
        service=about.service,
        kind=about.kind,
        environment__iexact=about.environment,
        started_at__range=(about.at - WITHIN, about.at + CLOCKS_DIFFER),
    )
    for change in theirs.select_for_update(of=("self",)).order_by("-started_at", "-pk"):
        if same_commit(change.revision, about.revision):
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
