"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms

from oncall.models import Person, Service, Team


def person(*, required: bool = False, empty: str = "Nobody yet", **more: Any) -> forms.ModelChoiceField:
    """Somebody active, by name."""
    return forms.ModelChoiceField(Person.objects.filter(is_active=True), required=required, empty_label=empty, **more)


def team(**more: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Team.objects.all(), required=False, empty_label="No team yet", **more)


def services(**more: Any) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(Service.objects.all(), required=False, **more)


def markdown(*, rows: int = 4, required: bool = False, **more: Any) -> forms.CharField:
    """Text of several lines, kept as it was written."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), required=required, strip=False, **more)
