"""Recording a change by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from changes.models import Change
from notifications.forms import Moment
from oncall.models import Service


class ManualChangeForm(forms.Form):
    """A change that no sender tells of, as `changes.manual.record_manually` takes it."""

    service = forms.ModelChoiceField(Service.objects.all(), to_field_name="slug")
    kind = forms.ChoiceField(choices=Change.Kind.choices, initial=Change.Kind.CONFIG)
    description = forms.CharField(
        max_length=10_000,
        label="What was done",
        widget=forms.Textarea({"rows": 3}),
        help_text="Such as: raised the connection pool of checkout from 20 to 40.",
    )
    at = Moment(label="When", help_text="When it took effect, in your own zone.")
    why = forms.CharField(
        required=False, max_length=10_000, label="Why it was allowed", help_text="Who agreed to it, or what it was for."
    )
    environment = forms.CharField(required=False, max_length=60, help_text="Empty: where the service runs.")
    url = forms.URLField(required=False, max_length=500, label="Link", assume_scheme="https")
    emergency = forms.BooleanField(required=False, label="It was an emergency change")

    @staticmethod
    def begun(service: str) -> dict[str, Any]:
        """What a new one begins with: this service, now."""
        return {"service": service, "at": timezone.localtime().replace(second=0, microsecond=0)}
