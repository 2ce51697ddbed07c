"""Asking the gate by hand, and saying something of a check."""

from __future__ import annotations

from typing import Any

from django import forms

from changes.gate import Question
from changes.models import Change, GateCheck
from oncall.models import Service


class AskForm(forms.Form):
    """A question to the gate, as `Question` has it."""

    service = forms.ModelChoiceField(Service.objects.all(), to_field_name="slug")
    environment = forms.CharField(max_length=60, initial="production")
    kind = forms.ChoiceField(choices=Change.Kind.choices, initial=Change.Kind.DEPLOY)
    revision = forms.CharField(
        max_length=100, required=False, help_text="A commit or a tag. A flag, or a change of data, needs none."
    )
    description = forms.CharField(
        max_length=10_000, required=False, label="What it is", widget=forms.Textarea({"rows": 2})
    )
    incident = forms.IntegerField(required=False, min_value=1, help_text="The number of the incident that it is for.")
    paths = forms.CharField(
        required=False, widget=forms.Textarea({"rows": 2}), help_text="The files it touches, one a line."
    )
    rollback = forms.BooleanField(required=False, label="It takes back an earlier change")
    emergency = forms.BooleanField(
        required=False, label="It cannot wait", help_text="It passes, and is to be reviewed within 24 hours."
    )

    def clean_service(self) -> str:
        return str(self.cleaned_data["service"].slug)

    def clean_paths(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["paths"].splitlines())

    def question(self) -> Question:
        """What was filled in."""
        given: dict[str, Any] = self.cleaned_data
        return Question(**given)


class WhyForm(forms.Form):
    """Why somebody authorises, refuses, overrides or reviews."""

    why = forms.CharField(
        max_length=2_000, required=False, widget=forms.Textarea({"rows": 2}), help_text="It stays on record."
    )


class FilterForm(forms.Form):
    """What the list of checks is narrowed by."""

    service = forms.ModelChoiceField(
        Service.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label="Every service",
        widget=forms.Select({"data-autosubmit": ""}),
    )
    environment = forms.CharField(max_length=60, required=False)
    decision = forms.ChoiceField(
        choices=[("", "Every decision"), *GateCheck.Decision.choices],
        required=False,
        widget=forms.Select({"data-autosubmit": ""}),
    )
