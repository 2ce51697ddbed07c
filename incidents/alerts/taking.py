"""The way of a batch of alerts: whose they are, what becomes of them, and what is told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from incidents.alert_entries import enter
from incidents.alerts.paging import settle_pages
from incidents.alerts.placing import find_places, wake
from incidents.alerts.taken import Batch, Taken, of_batch
from incidents.models import Incident, IncidentAlert
from oncall.models import Service
from telemetry import flaps, outcomes
from telemetry.alerts import note_outcome
from telemetry.models import Alert
from telemetry.rules import decision_for


def take_in(alert_ids: Iterable[int], *, integration: int | None, group_key: str, occasion: str) -> None:
    """Take in one batch."""
    take_in_all([Batch(tuple(alert_ids), integration, group_key, occasion)])


def take_in_all(batches: Sequence[Batch]) -> None:
    """Take in the batches of a storm, in this order, by a few statements for each incident they concern."""
    ids = {pk for batch in batches for pk in batch.alerts}
    _wait_for_turn(ids)
    every = _load(ids)
    alerts = {pk: alert for pk, alert in every.items() if alert.service_id}
    linked = dict(IncidentAlert.objects.filter(alert__in=alerts).values_list("alert_id", "incident_id"))
    firing = {pk: alert for pk, alert in alerts.items() if alert.status == Alert.Status.FIRING}
    decisions = {pk: decision_for(alert) for pk, alert in firing.items()}
    strangers = {pk: alert for pk, alert in firing.items() if pk not in linked}
    taken = Taken(strangers, decisions, flaps.mark(list(strangers.values())))
    find_places(taken, batches)
    IncidentAlert.objects.bulk_create(
        IncidentAlert(incident=incident, alert_id=pk) for pk, incident in taken.joined.items()
    )
    linked |= {pk: incident.pk for pk, incident in taken.joined.items()}
    wake(taken, {pk: linked[pk] for pk in firing if pk in linked})
    settle_pages(alert for alert in every.values() if alert.status == Alert.Status.RESOLVED)
    _note(taken.said | _unplaced(every, linked))
    _tell(batches, alerts, linked)


def _load(ids: Collection[int]) -> dict[int, Alert]:
    return Alert.objects.select_related("integration").prefetch_related("service__alert_rules").in_bulk(ids)


def _wait_for_turn(ids: Collection[int]) -> None:
    """One batch at a time for a service, so that two at once do not declare twice; what is read after it is true."""
    services = Service.objects.filter(pk__in=Alert.objects.filter(pk__in=ids).values("service"))
    list(services.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _unplaced(alerts: Mapping[int, Alert], linked: Collection[int]) -> dict[int, str]:
    """What is said of alerts that nothing was done about: of services we do not know, and those that were over."""
    said = {pk: outcomes.unmatched(alert.service_hint) for pk, alert in alerts.items() if alert.service_id is None}
    over = [alert for alert in alerts.values() if alert.status == Alert.Status.RESOLVED and alert.service_id]
    return said | {alert.pk: outcomes.over() for alert in over if not alert.outcome and alert.pk not in linked}


def _note(said: Mapping[int, str]) -> None:
    by_text: dict[str, list[int]] = defaultdict(list)
    for pk, text in said.items():
        by_text[text].append(pk)
    for text, ids in by_text.items():
        note_outcome(ids, text)


def _tell(batches: Sequence[Batch], alerts: Mapping[int, Alert], linked: Mapping[int, int]) -> None:
    """Enter on the timelines what the batches told of alerts that belong to an incident."""
    told: dict[int, dict[str, list[Alert]]] = defaultdict(lambda: defaultdict(list))
    for batch in batches:
        for alert in of_batch(batch, alerts):
            if alert.pk in linked:
                told[linked[alert.pk]][batch.occasion].append(alert)
    for incident in Incident.objects.filter(pk__in=told):
        enter(incident, told[incident.pk])
