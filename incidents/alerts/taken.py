"""Alerts on their way into incidents: what was told together, and what has become of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from incidents.models import Incident
from telemetry.models import Alert
from telemetry.severity import Decision


@dataclass(frozen=True)
class Batch:
    """Alerts of one group that were told together. `occasion` names the batch."""

    alerts: tuple[int, ...]
    integration: int | None
    group_key: str
    occasion: str


@dataclass
class Taken:
    """What becomes of firing alerts that belong to no incident yet: `joined` incident and outcome, by their ids."""

    alerts: Mapping[int, Alert]
    decisions: Mapping[int, Decision]
    flapping: Collection[int]
    joined: dict[int, Incident] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)

    def join(self, alert: Alert, incident: Incident, text: str) -> None:
        self.joined[alert.pk] = incident
        self.said[alert.pk] = text

    @property
    def waiting(self) -> list[Alert]:
        """Those of which nothing is said yet."""
        return [alert for pk, alert in self.alerts.items() if pk not in self.said]


def of_batch(batch: Batch, alerts: Mapping[int, Alert]) -> list[Alert]:
    """The alerts of a batch, those that began first before the others."""
    found = [alerts[pk] for pk in batch.alerts if pk in alerts]
    return sorted(found, key=lambda alert: (alert.starts_at, alert.pk))
