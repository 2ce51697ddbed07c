"""One week of a team's time for improvement: planned before, reported after."""

from __future__ import annotations

from typing import Any

from django import forms


class WeekForm(forms.Form):
    """What is left empty stays unsaid."""

    planned_hours = forms.DecimalField(
        min_value=0, max_digits=6, decimal_places=1, required=False, label="Planned", widget=forms.NumberInput
    )
    spent_hours = forms.DecimalField(
        min_value=0, max_digits=6, decimal_places=1, required=False, label="Spent", widget=forms.NumberInput
    )
    note = forms.CharField(max_length=300, required=False, label="What came of it")

    def __init__(self, *args: Any, begun: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not begun:
            del self.fields["spent_hours"], self.fields["note"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("planned_hours") is None:
            given.pop("planned_hours", None)
        return given
