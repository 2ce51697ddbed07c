"""Taking a seat for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from notifications.forms import Moment
from oncall.forms.seats import OfSeat
from oncall.models import Person


class OverrideForm(OfSeat):
    person = forms.ModelChoiceField(Person.objects.active(), label="Who takes it")
    start = Moment(label="From")
    end = Moment(label="Until")
    reason = forms.CharField(max_length=200, required=False, help_text="Such as: at the dentist.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error(
                "end", f"{timezone.localtime(end):%a %-d %b, %H:%M} is not after the start; give a later time."
            )
        return cleaned


def suggested(seat: str, start: str, end: str) -> dict[str, Any]:
    """What the form begins with: a gap that was clicked, else the next full hour for a day."""
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return {"seat": seat, "start": read_moment(start, now), "end": read_moment(end, now + timedelta(days=1))}


def read_moment(text: str, otherwise: datetime) -> datetime:
    """An instant from an address, in the viewer's zone; what cannot be read is `otherwise`."""
    try:
        return timezone.localtime(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return otherwise
