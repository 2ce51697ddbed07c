"""Saying which service a name means."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications.models import Integration
from oncall.models import Service


class AssignForm(forms.Form):
    """`name` is what the sender says; "" where it names nothing, and then only what waits is assigned."""

    integration = forms.ModelChoiceField(Integration.objects.all(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput, strip=False)
    service = forms.ModelChoiceField(
        Service.objects.all(),
        to_field_name="slug",
        error_messages={
            "invalid_choice": "There is no service “%(value)s”; choose one of the list.",
            "required": "Choose the service that is meant.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": False} | kwargs)
