"""Alerts that a sender told us of."""

from incidents.alerts import take_in
from notifications.models import Event


def take_in_alerts(event: Event) -> None:
    """Have the alerts join or declare an incident."""
    take_in(
        event.payload["alerts"],
        integration=event.payload.get("integration"),
        group_key=event.payload.get("group_key", ""),
        occasion=str(event.pk),
    )
