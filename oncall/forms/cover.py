"""Giving duty away and taking it over: swaps, cover, shadows, leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from notifications.forms import Day, Moment, within_reach
from oncall.forms.overrides import read_moment
from oncall.forms.seats import OfSeat
from oncall.models import Person, Shift


class SwapForm(OfSeat):
    start = Moment(label="From")
    end = Moment(label="Until")
    note = forms.CharField(max_length=200, required=False, help_text="Such as: a wedding; I can take your Friday.")


class CoverForm(OfSeat):
    person = forms.ModelChoiceField(Person.objects.active(), label="Cover for")
    by_person = forms.ModelChoiceField(Person.objects.active(), label="Who stands in")
    start = Moment(label="From")
    end = Moment(label="Until")
    reason = forms.CharField(max_length=200, required=False, help_text="Such as: ill since this morning.")


class ShadowForm(OfSeat):
    person = forms.ModelChoiceField(Person.objects.active(), label="Who learns")
    start = Moment(label="From", required=False, help_text="Empty: from now on.")
    end = Moment(label="Until", required=False, help_text="Empty: until it is ended.")


class LeaveForm(forms.Form):
    """Whole days, in the zone of whoever fills it in."""

    first = forms.DateField(label="First day", widget=Day(), validators=[within_reach])
    last = forms.DateField(label="Last day", widget=Day(), validators=[within_reach])
    note = forms.CharField(max_length=200, required=False)

    def given(self) -> dict[str, Any]:
        """As `add_leave` takes it."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"] + timedelta(days=1)
        midnights = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last))
        return dict(zip(("start", "end"), midnights, strict=True)) | {"note": self.cleaned_data["note"]}


def suggested_part(given: Mapping[str, str], shift: Shift | None) -> dict[str, Any]:
    """What a form of duty begins with: what was followed to it, else the shift, else a day from the next full hour."""
    hour = timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    start, end = (shift.start, shift.end) if shift else (hour, hour + timedelta(days=1))
    return {
        "seat": given.get("seat") or (shift.seat.name if shift else ""),
        "start": max(read_moment(given.get("start", ""), timezone.localtime(start)), timezone.localtime()),
        "end": read_moment(given.get("end", ""), timezone.localtime(end)),
    }
