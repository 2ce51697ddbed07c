"""Forms of the timeline: how a moment stands there, moments that are added afterwards, what to choose from."""

from __future__ import annotations

from typing import Any

from django import forms

from incidents.models import Incident
from incidents.room import SHOWN
from notifications.forms import Moment
from postmortems.forms import fields
from postmortems.models import CuratedEntry, Postmortem


class MomentForm(forms.Form):
    """How one moment stands in the post-mortem's timeline."""

    phase = forms.ChoiceField(choices=CuratedEntry.Phase.choices, initial="diagnosis")
    key_moment = forms.BooleanField(required=False, label="A moment that turned things")
    how_it_looked = fields.markdown(rows=2, label="How it looked then", help_text="To those who were there.")


class OwnMomentForm(MomentForm):
    """A moment that is written down now."""

    at = Moment(label="When it happened", help_text="In your time zone.")
    text = forms.CharField(label="What happened", widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ["at", "text", "phase", "key_moment", "how_it_looked"]


class AddMomentForm(OwnMomentForm):
    """It becomes an entry of `incident`; which of them is asked only where there are several."""

    incident = forms.ModelChoiceField(Incident.objects.none(), empty_label="Choose …", help_text="Its timeline has it.")
    field_order = ["at", "incident", *OwnMomentForm.field_order[1:]]

    def __init__(self, *args: Any, postmortem: Postmortem, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        incidents = Incident.objects.visible_to(user).filter(postmortems=postmortem).order_by("number")
        if len(incidents) > 1:
            self.fields["incident"].queryset = incidents  # type: ignore[attr-defined]
        else:
            del self.fields["incident"]


class NarrowForm(forms.Form):
    """Which entries are offered; what cannot be read narrows nothing."""

    q = forms.CharField(required=False, label="Words", widget=forms.TextInput(attrs={"type": "search"}))
    show = forms.ChoiceField(
        required=False, label="Kind", choices=[("", "All kinds"), *((key, label) for key, (label, _) in SHOWN.items())]
    )
    incident = forms.ModelChoiceField(
        Incident.objects.none(), required=False, empty_label="All incidents", to_field_name="number"
    )
    picked = forms.BooleanField(required=False, label="Picked only")

    def __init__(self, *args: Any, incidents: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["incident"].queryset = incidents  # type: ignore[attr-defined]
        if len(incidents) < 2:
            del self.fields["incident"]
        for name in ("show", "incident", "picked"):
            if name in self.fields:
                self.fields[name].widget.attrs["data-autosubmit"] = True
