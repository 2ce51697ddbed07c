"""The only writer of the ledger: every change, whoever tells of it, is recorded here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from changes import joining
from changes.events import ChangeEvent
from changes.models import Change, LedgerEntry
from changes.querysets import ChangeQuerySet
from changes.summary import ENDED, Step, Summary, sum_up
from notifications import outbox
from notifications.models import Integration
from notifications.weblinks import web_address
from oncall import mapping
from oncall.catalogue import find_service, find_services
from oncall.models import Service

LONGEST = {
    "kind": 20,
    "service_hint": 200,
    "environment": 60,
    "revision": 100,
    "ref": 200,
    "repository": 200,
    "actor": 200,
    "description": 10_000,
}
TOLD = (*LONGEST, "url")
FOUND = "service_id"  # in an entry's data, beside its slug: the service that was found by what its sender said
MOST_LABELS = 50


@transaction.atomic
def record(
    *,
    event: ChangeEvent,
    source: str,
    integration: Integration | None = None,
    service: Service | None = None,
    change: Change | None = None,
) -> Change:
    """Enter one step of a change, once: the same step told again changes nothing.

    Steps share a change by source, integration and `external_id`; the first one may find that the gate was asked about
    it before (changes/joining.py). `change` is given where the teller speaks of one that is there. `service` is given
    where the teller knows it; otherwise it is found, and a change of a service nobody knows is kept without one.
    """
    told = _told(event, service)
    identity = change.key if change else key(source, integration, event.external_id)
    change = (
        _known(identity) or _told_of(identity, event, told, integration, service) or _new(identity, event, integration)
    )
    steps = list(change.entries.values_list("state", "at", "data"))
    if any((state, at) == (event.state, event.occurred_at) for state, at, _ in steps):
        return change
    data = {**event.data, **told, **_marks(event)}
    _sum_up(change, [*steps, (event.state, event.occurred_at, data)])
    data |= {"service": change.service.slug if change.service else "", FOUND: change.service_id}
    step = {"state": event.state, "at": event.occurred_at, "actor": told["actor"], "why": event.why}
    entry = LedgerEntry.objects.create(change=change, data=data, **step)
    outbox.emit("change.recorded", {"change": change.pk, "entry": entry.pk})
    return change


@transaction.atomic
def place(*, changes: ChangeQuerySet, service: Service) -> int:
    """Say of which service these changes are, as far as they have none yet; returns how many there were.

    Each is told of again, because incidents of that service have not heard of it.
    """
    waiting = list(changes.filter(service=None).order_by("pk").select_for_update(of=("self",)))
    for change in waiting:
        change.service = service
        _sum_up(change, list(change.entries.values_list("state", "at", "data")))
        latest = change.entries.order_by("at", "pk").last()
        outbox.emit("change.recorded", {"change": change.pk, "entry": latest.pk if latest else None})
    return len(waiting)


def summary_of(entries: Iterable[tuple[str, datetime, Mapping[str, Any]]]) -> Summary:
    """What entries (state, at, data) add up to."""
    return sum_up(
        Step(
            state=state,
            at=at,
            told={name: data.get(name, "") for name in TOLD},
            type=data.get("type", ""),
            overridden=data.get("overridden", False),
        )
        for state, at, data in entries
    )


def said_of(change: Change, told: Iterable[Mapping[str, Any]]) -> mapping.Said:
    """What a change's sender said in the data of its entries, as an integration's rules look at it."""
    labels: dict[str, str] = {}
    environment = ""
    for data in told:
        labels |= data.get("labels", {})
        environment = data.get("environment", "") or environment
    return mapping.said(name=change.service_hint, repository=change.repository, environment=environment, labels=labels)


def key(source: str, integration: Integration | None, external_id: str) -> str:
    """The identity of a change, at most 200 characters."""
    prefix = f"{source}:{integration.pk if integration else '-'}:"
    if len(prefix) + len(external_id) > 200:
        external_id = hashlib.sha256(external_id.encode()).hexdigest()
    return prefix + external_id


def _known(identity: str) -> Change | None:
    """The change of this identity, held until the transaction ends."""
    rows = Change.objects.select_for_update(of=("self",))
    return rows.filter(Q(key=identity) | Q(told_as=identity)).first()


def _told_of(
    identity: str,
    event: ChangeEvent,
    told: Mapping[str, str],
    integration: Integration | None,
    service: Service | None,
) -> Change | None:
    """The change that this continues without a name for it, or that the gate was asked about, if this is that one."""
    if not told["revision"] or identity.startswith(joining.OF_THE_GATE):
        return None
    said = mapping.said(environment=told["environment"], labels=event.labels)
    meant = service or find_service(told["service_hint"], told["repository"], integration, said)
    if meant is None:
        return None
    about = joining.About(
        service=meant,
        environment=told["environment"] or meant.environment or "production",
        kind=event.kind,
        revision=told["revision"],
        state=event.state,
        at=event.occurred_at,
    )
    if event.nameless and event.state in ENDED:
        sender = identity.removesuffix(identity.split(":", 2)[2])
        if found := joining.under_way(about, sender=sender):
            return found
    return joining.asked_before(about, identity=identity, integration=integration)


def _new(identity: str, event: ChangeEvent, integration: Integration | None) -> Change:
    """A change that nobody told of yet, unless somebody does at this very moment."""
    begun = {"integration": integration, "kind": event.kind, "state": event.state, "started_at": event.occurred_at}
    rows = Change.objects.select_for_update(of=("self",))
    return rows.get_or_create(key=identity, defaults=begun)[0]


def _told(event: ChangeEvent, service: Service | None) -> dict[str, str]:
    """What the event says, each text cut to the length of its column."""
    hint = service.slug if service else event.service_hint or ""
    whole = {name: getattr(event, name) for name in LONGEST if name != "service_hint"} | {"service_hint": hint}
    told = {name: whole[name][:longest] for name, longest in LONGEST.items()}
    return told | {"url": web_address(event.url, longest=500)}


def _marks(event: ChangeEvent) -> dict[str, Any]:
    """What else the row is summed up from; always written, so that a sender's own `data` cannot stand for it."""
    labels = {name[:100]: value[:200] for name, value in list(event.labels.items())[:MOST_LABELS]}
    return {"type": event.type, "overridden": event.overridden, "labels": labels}


def _sum_up(change: Change, entries: Sequence[tuple[str, datetime, Mapping[str, Any]]]) -> None:
    """Bring the row up to these, which are all of its entries."""
    summary = summary_of(entries)
    for name in TOLD:
        setattr(change, name, summary.told.get(name, ""))
    change.state, change.started_at, change.finished_at = summary.state, summary.started_at, summary.finished_at
    change.type, change.overridden = summary.type, summary.overridden
    said = said_of(change, (data for _, _, data in entries))
    change.service = find_services([said], change.integration)[0] or change.service
    change.environment = change.environment or (change.service.environment if change.service else "production")
    change.save()
