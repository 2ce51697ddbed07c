"""Paging somebody by hand."""

from __future__ import annotations

from typing import Any

from django import forms

from oncall.models import Page, Person, Service, Team
from oncall.paging.plans import names

SNOOZES = [(15, "15 minutes"), (30, "30 minutes"), (60, "1 hour"), (240, "4 hours"), (480, "8 hours")]


class PageForm(forms.Form):
    subject = forms.CharField(max_length=250, label="What is wrong")
    service = forms.ModelChoiceField(Service.objects.all(), to_field_name="slug", required=False)
    team = forms.ModelChoiceField(Team.objects.all(), to_field_name="slug", required=False)
    person = forms.ModelChoiceField(Person.objects.active(), required=False)
    body = forms.CharField(label="More", widget=forms.Textarea({"rows": 3}), required=False)
    urgency = forms.ChoiceField(choices=Page.Urgency.choices, initial="high", widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if sum(1 for name in ("service", "team", "person") if cleaned.get(name)) != 1:
            self.add_error("service", "Say whom to page: one service, one team or one person.")
        return cleaned


class ReassignForm(forms.Form):
    """Who takes a page, or one side of it."""

    seat = forms.ChoiceField(label="What they take", required=False)
    person = forms.ModelChoiceField(Person.objects.active(), required=False)
    team = forms.ModelChoiceField(Team.objects.all(), to_field_name="slug", required=False)

    def __init__(self, *args: Any, sides: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        whole = [("", "The whole page")]
        self.fields["seat"].choices = whole + [(side, names([side])) for side in sides]  # type: ignore[attr-defined]
        if len(sides) < 2:
            del self.fields["seat"]


class SnoozeForm(forms.Form):
    minutes = forms.TypedChoiceField(choices=SNOOZES, coerce=int, label="Snooze for")
