"""Changes as marks on the time axis of a service's panels (`settings.PANEL_MARKS`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from changes.models import Change
from oncall.models import Person, Service

MOST = 50


def of_service(service: Service, since: datetime, until: datetime, by: Person) -> list[dict[str, Any]]:
    """`{t: epoch seconds, kind, label, url}` of the latest changes at work then, at their end or start."""
    changes = Change.objects.visible_to(by).touching([service.pk], since, until)
    return [
        {
            "t": (change.finished_at or change.started_at).timestamp(),
            "kind": "change",
            "label": f"{change}, {change.get_state_display()}",
            "url": reverse("changes:detail", args=[change.pk]),
        }
        for change in changes.order_by("-started_at", "-pk")[:MOST]
    ]
