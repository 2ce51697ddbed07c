"""Forms of the Learning page and of the reading club."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from notifications.forms import Moment
from oncall.models import Service, Team
from postmortems.forms import fields
from postmortems.models import Factor, Postmortem, Subscription


class SubscriptionForm(forms.Form):
    """Nothing chosen is everything."""

    service = forms.ModelChoiceField(Service.objects.all(), required=False, empty_label="Any service")
    team = forms.ModelChoiceField(Team.objects.all(), required=False, empty_label="Any team")
    factor = forms.ModelChoiceField(Factor.objects.filter(retired_at=None), required=False, empty_label="Any factor")
    cadence = forms.ChoiceField(choices=Subscription.Cadence.choices, initial="weekly", label="Hear of it")


class _OfPublished(forms.Form):
    """About one post-mortem of those that may be chosen."""

    postmortem = forms.ModelChoiceField(Postmortem.objects.none(), empty_label="Choose …", label="Post-mortem")

    def __init__(self, *args: Any, published: QuerySet[Postmortem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["postmortem"]
        field.queryset = published  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"PM{one.number} {one.title}"  # type: ignore[attr-defined]


class OfTheMonthForm(_OfPublished):
    why = forms.CharField(max_length=300, label="Why everybody should read it")


class SessionForm(_OfPublished):
    at = Moment(label="When")
    place = forms.CharField(max_length=500, required=False, help_text="A room, or the address of a call.")
    questions = fields.markdown(rows=5, help_text="What to talk about. Left empty, a few good ones are put in.")


class EditSessionForm(forms.Form):
    at = Moment(label="When")
    place = forms.CharField(max_length=500, required=False)
    host = fields.person(required=True)
    questions = fields.markdown(rows=5)
    findings = fields.markdown(rows=5, label="What came out of it")
