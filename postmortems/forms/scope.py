"""Forms on what a post-mortem is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from incidents.models import Incident
from postmortems.forms import fields
from postmortems.forms.problems import recent


class AddIncidentForm(forms.Form):
    incident = forms.ModelChoiceField(Incident.objects.none(), empty_label="Choose …")
    another = forms.BooleanField(required=False, label="Though it has a post-mortem already")

    def __init__(self, *args: Any, others: QuerySet[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident"].queryset = recent(others)  # type: ignore[attr-defined]


class ServicesForm(forms.Form):
    services = fields.services(help_text="Those that it nearly hit. Services of incidents are known without it.")
