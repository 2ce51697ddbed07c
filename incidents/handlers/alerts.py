"""Alerts that senders told us of."""

from collections.abc import Sequence

from incidents.alerts import Batch, take_in_all
from notifications.models import Event
from notifications.outbox import in_bulk


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
