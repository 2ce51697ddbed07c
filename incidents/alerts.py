"""Taking alerts in: they join the open incident of their service, or declare one where a rule says so.

One group of a sender's alerts makes one incident at most, however many alerts and messages it comes in.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from incidents.alert_entries import enter
from incidents.models import Incident, IncidentAlert
from incidents.services import add_service, change_severity, declare
from incidents.severity import SEVERITIES
from oncall.models import Service
from telemetry.holding import hold_back
from telemetry.models import Alert
from telemetry.rules import severity_for


@dataclass(frozen=True)
class Batch:
    """Alerts of one group that were told together. `occasion` names the batch."""

    alerts: tuple[int, ...]
    integration: int | None
    group_key: str
    occasion: str


def take_in(alert_ids: Iterable[int], *, integration: int | None, group_key: str, occasion: str) -> None:
    """Take in one batch; alerts of services we do not know stay outside."""
    take_in_all([Batch(tuple(alert_ids), integration, group_key, occasion)])


def take_in_all(batches: Sequence[Batch]) -> None:
    """Take in the batches of a storm, in this order, by a few statements for each incident they concern."""
    ids = {pk for batch in batches for pk in batch.alerts}
    known = Alert.objects.filter(service__isnull=False).select_related("integration")
    alerts = known.prefetch_related("service__alert_rules").in_bulk(ids)
    _wait_for_turn(alerts.values())
    linked = dict(IncidentAlert.objects.filter(alert__in=alerts).values_list("alert_id", "incident_id"))
    strangers = {pk: a for pk, a in alerts.items() if pk not in linked and a.status == Alert.Status.FIRING}
    joined = _find_incidents(strangers, batches)
    _wake_for(strangers, joined)
    IncidentAlert.objects.bulk_create(IncidentAlert(incident_id=to, alert_id=pk) for pk, to in joined.items())
    linked |= joined
    told: dict[int, dict[str, list[Alert]]] = defaultdict(lambda: defaultdict(list))
    for batch in batches:
        for alert in _of(batch, alerts):
            if alert.pk in linked:
                told[linked[alert.pk]][batch.occasion].append(alert)
    for incident in Incident.objects.filter(pk__in=told):
        enter(incident, told[incident.pk])


def _of(batch: Batch, alerts: Mapping[int, Alert]) -> list[Alert]:
    """The alerts of a batch, those that began first before the others."""
    found = [alerts[pk] for pk in batch.alerts if pk in alerts]
    return sorted(found, key=lambda alert: (alert.starts_at, alert.pk))


def _wait_for_turn(alerts: Iterable[Alert]) -> None:
    """One batch at a time for a service, so that two at once do not declare twice."""
    services = Service.objects.filter(pk__in={alert.service_id for alert in alerts})
    list(services.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _find_incidents(alerts: Mapping[int, Alert], batches: Sequence[Batch]) -> dict[int, int]:
    """Which incident takes which alert, both by id: the open one of its service, else one declared for its batch.

    For a service in maintenance none is declared: its alerts are held back until that is over.
    """
    takers = _open_by_service({alert.service_id for alert in alerts.values()})
    homeless = hold_back([alert for alert in alerts.values() if alert.service_id not in takers])
    waiting = {alert.pk: alert for alert in homeless}
    found: dict[int, int] = {}
    for batch in batches:
        rest = [a for a in _of(batch, waiting) if a.pk not in found and a.service_id not in takers]
        if incident := _declare(rest, _dedup_key(batch.integration, batch.group_key, rest)):
            found |= {alert.pk: incident.pk for alert in rest}
            takers |= _open_by_service({alert.service_id for alert in rest})
    return {pk: takers[a.service_id].pk for pk, a in alerts.items() if a.service_id in takers} | found


def _wake_for(alerts: Mapping[int, Alert], joined: Mapping[int, int]) -> None:
    """Raise an incident that called nobody where an alert that joined it asks for people. Else severity is theirs."""
    quiet = [key for key, severity in SEVERITIES.items() if severity.paging == "nobody"]
    for incident in Incident.objects.filter(pk__in=set(joined.values()), severity__in=quiet):
        asked = {severity_for(alerts[pk]) for pk, to in joined.items() if to == incident.pk} - {"", *quiet}
        if asked:
            change_severity(incident=incident, severity=_gravest(asked), by=None, reason="an alert asks for it")


def _gravest(severities: Collection[str]) -> str:
    return next(key for key in SEVERITIES if key in severities)


def _open_by_service(service_ids: Iterable[int | None]) -> dict[int | None, Incident]:
    """The open incident that takes further alerts of each service in: the gravest, then the oldest."""
    candidates = Incident.objects.open().filter(
        practice=False, private=False, services__in=[pk for pk in service_ids if pk]
    )
    rows = candidates.order_by("-severity", "-number").values_list("services", "pk")
    by_service = {service: pk for service, pk in rows if service in set(service_ids)}
    incidents = Incident.objects.in_bulk(by_service.values())
    return {service: incidents[pk] for service, pk in by_service.items()}


def _declare(alerts: list[Alert], dedup_key: str) -> Incident | None:
    """One incident for these alerts, as grave as the gravest rule among them; None where no rule asks for one.

    Where their group has an open incident, it spreads to their services, and those who answer for them are called.
    """
    asking = {alert.pk: severity for alert in alerts if (severity := severity_for(alert))}
    if not asking:
        return None
    loud = [alert for alert in alerts if alert.pk in asking]
    severity = _gravest(asking.values())
    services = {alert.service_id: alert.service for alert in loud if alert.service}.values()
    now = timezone.now()
    incident, new = declare(
        title=_title(next(alert for alert in loud if asking[alert.pk] == severity)),
        severity=severity,
        services=services,
        started_at=_earlier(now, *(alert.starts_at for alert in loud)),
        detected_at=_earlier(now, *(max(alert.received_at, alert.starts_at) for alert in loud)),
        dedup_key=dedup_key,
        source=Incident.Source.ALERT,
    )
    for service in () if new else services:
        add_service(incident=incident, service=service, by=None)
    return incident


def _title(alert: Alert) -> str:
    line = next(iter(alert.summary.splitlines()), "").strip()
    return (line or f"{alert.name} on {alert.service}")[:200]


def _earlier(*moments: datetime) -> datetime:
    return min(moments)


def _dedup_key(integration: int | None, group_key: str, alerts: list[Alert]) -> str:
    """At most 200 characters. A sender without groups has one for each service."""
    group = group_key or next((f"service:{alert.service_id}" for alert in alerts), "")
    return f"alerts:{integration or 0}:{hashlib.sha256(group.encode()).hexdigest()}"
