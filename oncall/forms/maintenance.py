"""Planning maintenance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from notifications.forms import Moment
from oncall.models import Maintenance, Service


class MaintenanceForm(forms.Form):
    """Fields as `oncall.services.maintenance` takes them; one that has begun keeps its start."""

    reason = forms.CharField(max_length=200, label="What for", help_text="Such as: new disks in the database.")
    start = Moment(label="From", help_text="Now at the earliest.")
    end = Moment(label="Until", help_text="30 days at most.")
    services = forms.ModelMultipleChoiceField(
        Service.objects.all(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        help_text="Their alerts are kept, and page nobody before it is over.",
    )

    def __init__(self, *args: Any, maintenance: Maintenance | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if maintenance and maintenance.state != "upcoming":
            del self.fields["start"]


def suggested(slug: str) -> dict[str, Any]:
    """What a new one begins with: this service, for an hour from now."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    return {"start": now, "end": now + timedelta(hours=1), "services": [slug] if slug else []}


def initial_of(maintenance: Maintenance) -> dict[str, Any]:
    return {
        "reason": maintenance.reason,
        "start": maintenance.start,
        "end": maintenance.end,
        "services": [service.slug for service in maintenance.services.all()],
    }
