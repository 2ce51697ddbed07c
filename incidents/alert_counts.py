"""How many alerts an incident has taken in, and of which names: a thousand as easily read as three."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from incidents.models import Incident
from telemetry.models import Alert

NAMED = 8


@dataclass(frozen=True)
class Name:
    """Alerts of one name: how many there are, and how many of them fire."""

    name: str
    total: int
    firing: int


@dataclass(frozen=True)
class AlertCounts:
    """All alerts of an incident, those of the most frequent names before the others."""

    names: list[Name]

    @property
    def total(self) -> int:
        return sum(one.total for one in self.names)

    @property
    def firing(self) -> int:
        return sum(one.firing for one in self.names)

    @property
    def first(self) -> list[Name]:
        return self.names[:NAMED]

    @property
    def others(self) -> int:
        """How many names are not among the first."""
        return len(self.names[NAMED:])


def count_alerts(incident: Incident) -> AlertCounts:
    """One query, however many there are."""
    by_name = Alert.objects.filter(incidents=incident).order_by().values_list("name")
    counted = by_name.annotate(total=Count("pk"), firing=Count("pk", filter=Q(status=Alert.Status.FIRING)))
    return AlertCounts([Name(*row) for row in counted.order_by("-total", "name")])
