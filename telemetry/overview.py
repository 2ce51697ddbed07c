"""What there is to see of a service in a window: its panels, and all that stands on their axis."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from oncall.models import Person, Service
from telemetry.models import Alert, Snapshot
from telemetry.panels import Mark, alert_mark
from telemetry.snapshots import look_through
from telemetry.windows import Window

MOST_ALERTS = 50


@dataclass(frozen=True)
class Overview:
    """Panels as they were fetched last, and marks that the asker may see, the earliest first."""

    service: Service
    window: Window
    snapshots: list[Snapshot]
    marks: list[Mark]

    @property
    def is_waiting(self) -> bool:
        """Whether something is on its way."""
        return any(snapshot.next_at for snapshot in self.snapshots)

    @property
    def missing(self) -> list[str]:
        """What could not be had and why; panels that lack the same are named together."""
        names: dict[str, list[str]] = {}
        for snapshot in self.snapshots:
            if snapshot.error:
                names.setdefault(snapshot.error, []).append(snapshot.name)
        return [f"{', '.join(panels)}: {error}" for error, panels in names.items()]


def overview(*, service: Service, window: Window, by: Person) -> Overview:
    """The window as it is known now; what is missing or old is asked for, and comes with a later look."""
    snapshots = look_through(service=service, window=window)
    touching = Alert.objects.visible_to(by).touching([service.pk], window.since, window.until)
    alerts = map(alert_mark, touching.order_by("-starts_at", "-pk")[:MOST_ALERTS])
    others = (
        one for path in settings.PANEL_MARKS for one in import_string(path)(service, window.since, window.until, by)
    )
    marks = [one for one in (*others, *alerts) if window.since.timestamp() <= one["t"] <= window.until.timestamp()]
    return Overview(service, window, snapshots, sorted(marks, key=lambda one: one["t"]))
