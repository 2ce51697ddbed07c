"""Changes as marks on the time axis of a service's panels (`settings.PANEL_MARKS`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from changes.models import Change
from oncall.models import Service

MOST = 50


def of_service(service: Service, since: datetime) -> list[dict[str, Any]]:
    """`{t: epoch seconds, kind, label}` of the latest changes that were at work since then, at their end or start."""
    changes = Change.objects.filter(service=service).since(since)[:MOST]
    return [
        {"t": (change.finished_at or change.started_at).timestamp(), "kind": "change", "label": str(change)}
        for change in changes
    ]
