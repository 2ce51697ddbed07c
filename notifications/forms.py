"""Times, days and lengths of time as people fill them in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from notifications import durations

WALL = "%Y-%m-%dT%H:%M"
YEARS = range(1971, 2191)  # what calendars, zones and arithmetic agree on


def within_reach(value: date) -> None:
    """A validator of days and times: those of other ages are slips of the hand."""
    if value.year not in YEARS:
        raise ValidationError(f"The year {value.year} does not do; give one from {YEARS[0]} to {YEARS[-1]}.")


class Moment(forms.DateTimeField):
    """An instant, as wall time in the viewer's zone."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format=WALL)
        super().__init__(widget=widget, input_formats=[WALL, f"{WALL}:%S"], validators=[within_reach], **options)


class Day(forms.DateInput):
    """A browser's own calendar."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class Length(forms.Field):
    """A length of time, as one says it."""

    def to_python(self, value: Any) -> timedelta | None:
        text = str(value or "").strip()
        try:
            return durations.read(text) if text else None
        except ValueError as error:
            raise ValidationError(str(error)) from error
