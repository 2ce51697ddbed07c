"""Forms of exercises."""

from __future__ import annotations

from typing import Any

from django import forms

from incidents.models import Incident
from postmortems.forms import fields

OFFERED = 200


class StartForm(forms.Form):
    """Which incident is replayed: one that is over, as far as the host may see it."""

    incident = forms.ModelChoiceField(
        Incident.objects.none(), empty_label="Choose …", to_field_name="number", help_text="One that is over."
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        over = Incident.objects.visible_to(user).filter(status__in=("resolved", "closed"), merged_into=None)
        latest = over.order_by("-number").values("pk")[:OFFERED]
        self.fields["incident"].queryset = over.filter(pk__in=latest)  # type: ignore[attr-defined]


class SayForm(forms.Form):
    """What a player sees and would do, at the step they see."""

    entry = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="What do you see? What would you do?", widget=forms.Textarea(attrs={"rows": 3, "id": "say-text"})
    )


class NextForm(forms.Form):
    """`seen`: how many steps the host saw shown."""

    seen = forms.IntegerField(min_value=0)


class FindingsForm(forms.Form):
    findings = fields.markdown(
        rows=6,
        label="What we learned",
        help_text="What surprised you? What was missing: a signal, a right, a runbook?",
    )
