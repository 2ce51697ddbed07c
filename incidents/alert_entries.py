"""What the timeline says of alerts: one by one, or in one entry where a sender told of many together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from incidents import timeline
from incidents.models import Incident, TimelineEntry
from incidents.words import tell_alert, tell_alerts, tell_flapping
from telemetry.models import Alert

ONE_BY_ONE = 20
"""Batches above this become one entry on the timeline."""


def enter(incident: Incident, batches: Mapping[str, list[Alert]]) -> None:
    """Tell what the timeline does not know yet of the alerts of these batches, by their occasions."""
    told = _told(incident, [alert for alerts in batches.values() for alert in alerts])
    entries: list[TimelineEntry] = []
    resolved = False
    for occasion, alerts in batches.items():
        news = [alert for alert in alerts if _key(alert) not in told]
        told |= {_key(alert) for alert in news}
        entries += _of_flapping([alert for alert in news if alert.flapping_since])
        news = [alert for alert in news if not alert.flapping_since]
        resolved |= any(alert.status == Alert.Status.RESOLVED for alert in news)
        for status in Alert.Status.values:
            group = [alert for alert in news if alert.status == status]
            many = len(group) > ONE_BY_ONE
            entries += [_of_many(group, status, occasion)] if many else [_of_one(alert) for alert in group]
    timeline.add_many(incident=incident, entries=entries)
    if resolved:
        _enter_if_quiet(incident)


def _told(incident: Incident, alerts: list[Alert]) -> set[str]:
    entries = TimelineEntry.objects.filter(incident=incident)
    keys = entries.filter(dedup_key__in=[_key(alert) for alert in alerts]).values_list("dedup_key", flat=True)
    told = {key for key in keys if key}
    for data in entries.filter(kind="alert", data__has_key="alerts").values_list("data", flat=True):
        told |= {f"alert:{pk}:{data['status']}" for pk in data["alerts"]}
    return told


def _key(alert: Alert) -> str:
    return f"alert:{alert.pk}:{alert.status}"


def _of_one(alert: Alert) -> TimelineEntry:
    service = alert.service and alert.service.slug
    data = {"alert": alert.pk, "status": alert.status, "name": alert.name, "service": service}
    return TimelineEntry(
        kind="alert",
        text=tell_alert(alert, alert.status),
        at=_when(alert),
        source=_source(alert),
        data=data | ({"url": alert.url} if alert.url else {}),
        dedup_key=_key(alert),
    )


def _of_flapping(alerts: list[Alert]) -> list[TimelineEntry]:
    """One entry for each episode, however often the alert starts and ends in it."""
    entries = {}
    for alert in alerts:
        episode = f"flapping:{alert.integration_id or 0}:{alert.fingerprint}:{alert.flapping_since:%Y%m%dT%H%M%S}"
        entries[episode] = TimelineEntry(
            kind="alert",
            text=tell_flapping(alert),
            at=alert.starts_at,
            source=_source(alert),
            data={"alert": alert.pk, "status": "flapping", "name": alert.name},
            dedup_key=episode,
        )
    return list(entries.values())


def _of_many(alerts: list[Alert], status: str, occasion: str) -> TimelineEntry:
    return TimelineEntry(
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
