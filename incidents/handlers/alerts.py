"""Alerts that senders told us of."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from incidents.alerts import Batch, take_in_all
from incidents.handlers.subject import incident_of
from notifications.models import Event
from notifications.outbox import in_bulk
from telemetry import alerts
from telemetry.models import Alert

EARLIER = timedelta(hours=1)
"""An alert that began longer before the trouble is no sign of it."""


@in_bulk
def take_in_alerts(events: Sequence[Event]) -> None:
    """Have the alerts join or declare incidents."""
    take_in_all(
        [
            Batch(
                tuple(event.payload["alerts"]),
                event.payload.get("integration"),
                event.payload.get("group_key", ""),
                occasion=str(event.pk),
            )
            for event in events
        ]
    )


def take_in_firing(event: Event) -> None:
    """What fires already on the affected services, and nobody declared an incident for, joins the one that somebody
    declares: it is told of again, as if it had just been received."""
    incident = incident_of(event)
    if not incident.is_open or incident.practice or incident.private:
        return
    services = incident.services.values("pk")
    firing = Alert.objects.firing().filter(service__in=services, incidents=None, held_at=None)
    news = firing.filter(starts_at__gte=incident.started_at - EARLIER).order_by("integration", "group_key", "pk")
    for (integration, group), told in groupby(news, key=lambda alert: (alert.integration_id, alert.group_key)):
        alerts.tell([alert.pk for alert in told], integration, group)
