"""Forms of the post-mortem page and of opening one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from incidents.models import Incident
from postmortems.forms import fields
from postmortems.models import Factor, FactorFinding, Review, Template


class OpenForm(forms.Form):
    """Incidents, or for a near miss a title."""

    incidents = forms.ModelMultipleChoiceField(
        Incident.objects.none(), required=False, help_text="One or several. None for a near miss."
    )
    title = forms.CharField(
        max_length=200,
        required=False,
        help_text="Left empty, it is that of the gravest incident. A near miss needs one.",
    )
    template = forms.ChoiceField(
        widget=forms.RadioSelect, required=False, help_text="Your choice, unless the severity asks for one."
    )
    services = fields.services(help_text="For a near miss: those that it nearly hit.")
    facilitator = fields.person(help_text="Leads the conversation; somebody who did not command the response.")

    def __init__(self, *args: Any, incidents: QuerySet[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incidents"].queryset = incidents  # type: ignore[attr-defined]
        templates = Template.objects.filter(retired_at=None)
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            ("", "The one that fits: what the severity asks for, or the usual one"),
            *((one.slug, f"{one.name}: {one.description}") for one in templates),
        ]
        self.fields["template"].initial = ""


class ReasonForm(forms.Form):
    """Why an incident needs none, why one is reopened, why a note is set aside."""

    reason = forms.CharField(max_length=300, widget=forms.TextInput)


class SectionForm(forms.Form):
    """What was written, and on top of which version."""

    body = forms.CharField(widget=forms.Textarea, required=False, strip=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_body(self) -> str:
        """Browsers send CR LF; we keep LF, so that the same text is the same."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")


class DismissForm(forms.Form):
    category = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.HiddenInput, strip=False)
    reason = forms.CharField(max_length=300, label="Why it may stand")


class FactorForm(forms.Form):
    kind = forms.ChoiceField(choices=FactorFinding.Kind.choices, widget=forms.HiddenInput)
    factor = forms.ModelChoiceField(Factor.objects.filter(retired_at=None), empty_label="Choose …")
    note = forms.CharField(required=False, label="How it showed", widget=forms.TextInput)


class ReviewerForm(forms.Form):
    person = fields.person(required=True, empty="Choose …", label="Reviewer")
    side = forms.ChoiceField(choices=Review.Side.choices, label="For")


class SignOffForm(forms.Form):
    note = forms.CharField(required=False, max_length=300, label="A word with it", widget=forms.TextInput)


class FactsForm(forms.Form):
    title = forms.CharField(max_length=200)
    facilitator = fields.person(help_text="Somebody who did not command the response.")
