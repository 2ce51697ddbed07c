"""Forms about one seat of a schedule."""

from __future__ import annotations

from typing import Any

from django import forms

from oncall.models import Schedule, Seat


class SeatField(forms.ModelChoiceField):
    """A seat, by its name."""

    def label_from_instance(self, seat: Seat) -> str:
        return seat.name.capitalize()


class OfSeat(forms.Form):
    """Something on one of the schedule's seats that must be filled."""

    seat = SeatField(Seat.objects.none(), to_field_name="name", empty_label=None)

    def __init__(self, schedule: Schedule, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seat"].queryset = schedule.seats.current()  # type: ignore[attr-defined]
