"""Declaring an incident for alerts that ask for one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from incidents.models import Incident
from incidents.services import add_service, change_severity, declare
from incidents.severity import SEVERITIES
from telemetry.models import Alert
from telemetry.severity import Decision

QUIET = [key for key, severity in SEVERITIES.items() if severity.paging == "nobody"]
"""Severities for which nobody is called."""


def declare_for(
    alerts: Sequence[Alert], decisions: Mapping[int, Decision], dedup_key: str
) -> tuple[Incident, bool] | None:
    """One incident for these alerts, as grave as the gravest rule among them, and whether it is new; None where no rule
    asks for one.

    Where their group has an open incident, it spreads to their services, and those who answer for them are called.
    """
    asking = {alert.pk: severity for alert in alerts if (severity := decisions[alert.pk].declares)}
    if not asking:
        return None
    loud = [alert for alert in alerts if alert.pk in asking]
    severity = gravest(asking.values())
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
    return incident, new


def wake_for(asked: Mapping[int, Collection[str]]) -> None:
    """Raise incidents, by id, that called nobody where an alert that joined asks for people: `asked` severities. Else
    severity is theirs who work on it.
    """
    for incident in Incident.objects.filter(pk__in=asked, severity__in=QUIET):
        if louder := set(asked[incident.pk]) - {"", *QUIET}:
            change_severity(incident=incident, severity=gravest(louder), by=None, reason="an alert asks for it")


def gravest(severities: Collection[str]) -> str:
    return next(key for key in SEVERITIES if key in severities)


def dedup_key(integration: int | None, group_key: str, alerts: Sequence[Alert]) -> str:
    """At most 200 characters. A sender without groups has one for each service."""
    group = group_key or next((f"service:{alert.service_id}" for alert in alerts), "")
    return f"alerts:{integration or 0}:{hashlib.sha256(group.encode()).hexdigest()}"


def _title(alert: Alert) -> str:
    line = next(iter(alert.summary.splitlines()), "").strip()
    return (line or f"{alert.name} on {alert.service}")[:200]


def _earlier(*moments: datetime) -> datetime:
    return min(moments)
