"""Times and days as people fill them in."""

from __future__ import annotations

from typing import Any

from django import forms

WALL = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeField):
    """An instant, as wall time in the viewer's zone."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format=WALL)
        super().__init__(widget=widget, input_formats=[WALL, f"{WALL}:%S"], **options)


class Day(forms.DateInput):
    """A browser's own calendar."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)
