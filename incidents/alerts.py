"""Taking alerts in: they join the open incident of their service, or declare one where a rule says so.

One group of a sender's alerts makes one incident at most, however many alerts and messages it comes in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from incidents import timeline
from incidents.models import Incident, IncidentAlert, TimelineEntry
from incidents.services import declare
from incidents.severity import is_graver
from incidents.words import tell_alert, tell_alerts
from oncall.models import Service
from telemetry.models import Alert
from telemetry.rules import severity_for

ONE_BY_ONE = 20
"""Batches above this become one entry on the timeline."""


def take_in(alert_ids: Iterable[int], *, integration: int | None, group_key: str, occasion: str) -> None:
    """Take in a batch of one group. `occasion` names the batch; alerts of services we do not know stay outside."""
    alerts = list(
        Alert.objects.filter(pk__in=list(alert_ids), service__isnull=False)
        .order_by("starts_at", "pk")
        .prefetch_related("service__alert_rules")
    )
    _wait_for_turn(alerts)
    linked = dict(IncidentAlert.objects.filter(alert__in=alerts).values_list("alert_id", "incident_id"))
    strangers = [a for a in alerts if a.pk not in linked and a.status == Alert.Status.FIRING]
    taken: dict[int, list[Alert]] = {}
    for incident, group in _incidents_for(strangers, integration, group_key):
        IncidentAlert.objects.bulk_create(IncidentAlert(incident=incident, alert=alert) for alert in group)
        taken.setdefault(incident.pk, []).extend(group)
    for alert in alerts:
        if alert.pk in linked:
            taken.setdefault(linked[alert.pk], []).append(alert)
    for incident in Incident.objects.filter(pk__in=taken):
        _enter(incident, taken[incident.pk], occasion)


def _wait_for_turn(alerts: list[Alert]) -> None:
    """One batch at a time for a service, so that two at once do not declare twice."""
    services = Service.objects.filter(pk__in={alert.service_id for alert in alerts})
    list(services.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _incidents_for(alerts: list[Alert], integration: int | None, group_key: str) -> list[tuple[Incident, list[Alert]]]:
    """Which incident takes which alerts: the open one of their service, else one declared for all the rest."""
    takers = _open_by_service({alert.service_id for alert in alerts})
    found = [(takers[alert.service_id], [alert]) for alert in alerts if alert.service_id in takers]
    rest = [alert for alert in alerts if alert.service_id not in takers]
    if incident := _declare(rest, _dedup_key(integration, group_key, rest)):
        found.append((incident, rest))
    return found


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
    """One incident for these alerts, as grave as the gravest rule among them; None where no rule asks for one."""
    asking = {alert.pk: severity for alert in alerts if (severity := severity_for(alert))}
    if not asking:
        return None
    loud = [alert for alert in alerts if alert.pk in asking]
    gravest = loud[0]
    for alert in loud[1:]:
        if is_graver(asking[alert.pk], asking[gravest.pk]):
            gravest = alert
    now = timezone.now()
    incident, _ = declare(
        title=_title(gravest),
        severity=asking[gravest.pk],
        services={alert.service_id: alert.service for alert in loud if alert.service}.values(),
        started_at=_earlier(now, *(alert.starts_at for alert in loud)),
        detected_at=_earlier(now, *(max(alert.received_at, alert.starts_at) for alert in loud)),
        dedup_key=dedup_key,
        source=Incident.Source.ALERT,
    )
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


def _enter(incident: Incident, alerts: list[Alert], occasion: str) -> None:
    """Tell what the timeline does not know yet; many alerts at once are one entry."""
    news = _news(incident, alerts)
    for status in Alert.Status.values:
        group = [alert for alert in news if alert.status == status]
        if len(group) > ONE_BY_ONE:
            _enter_many(incident, group, status, occasion)
        else:
            for alert in group:
                _enter_one(incident, alert)
    if any(alert.status == Alert.Status.RESOLVED for alert in news):
        _enter_if_quiet(incident)


def _news(incident: Incident, alerts: list[Alert]) -> list[Alert]:
    entries = TimelineEntry.objects.filter(incident=incident)
    told = set(entries.filter(dedup_key__in=[_key(alert) for alert in alerts]).values_list("dedup_key", flat=True))
    for data in entries.filter(kind="alert", data__has_key="alerts").values_list("data", flat=True):
        told |= {f"alert:{pk}:{data['status']}" for pk in data["alerts"]}
    return [alert for alert in alerts if _key(alert) not in told]


def _key(alert: Alert) -> str:
    return f"alert:{alert.pk}:{alert.status}"


def _enter_one(incident: Incident, alert: Alert) -> None:
    timeline.add(
        incident=incident,
        kind="alert",
        text=tell_alert(alert, alert.status),
        at=_when(alert),
        source=_source(alert),
        data={"alert": alert.pk, "status": alert.status, "service": alert.service and alert.service.slug}
        | ({"url": alert.url} if alert.url else {}),
        dedup_key=_key(alert),
    )


def _enter_many(incident: Incident, alerts: list[Alert], status: str, occasion: str) -> None:
    timeline.add(
        incident=incident,
        kind="alert",
        text=tell_alerts(alerts, status),
        at=min(_when(alert) for alert in alerts),
        source=_source(alerts[0]),
        data={"alerts": [alert.pk for alert in alerts], "status": status},
        dedup_key=f"alerts:{occasion}:{status}",
    )


def _enter_if_quiet(incident: Incident) -> None:
    alerts = Alert.objects.filter(incidents=incident)
    if alerts.filter(status=Alert.Status.FIRING).exists():
        return
    count = alerts.count()
    text = "The alert of this incident is resolved" if count == 1 else f"All {count} alerts are resolved"
    timeline.add(
        incident=incident,
        kind="alert",
        text=f"{text}: is the service restored?",
        data={"quiet": count},
        dedup_key=f"alerts:quiet:{count}",
    )


def _when(alert: Alert) -> datetime:
    return alert.starts_at if alert.status == Alert.Status.FIRING else alert.ends_at or alert.updated_at


def _source(alert: Alert) -> str:
    return alert.integration.source if alert.integration else "andon"
