"""Forms of knowledge records."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications.forms import Day
from postmortems.forms import fields
from postmortems.models import Article, Postmortem, Problem


class ArticleForm(forms.Form):
    """What to do next time."""

    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=Article.Kind.choices)
    issue = fields.markdown(required=True, help_text="In the words of those who meet it.")
    environment = fields.markdown(rows=2, help_text="Where it shows: service, version, place.")
    resolution = fields.markdown(rows=6, help_text="What to do, step by step. No personal data.")
    cause = fields.markdown(rows=2)
    services = fields.services()
    audience = forms.ChoiceField(choices=Article.Audience.choices, initial=Article.Audience.COMPANY)
    team = fields.team(label="Owner team")
    review_on = forms.DateField(required=False, widget=Day, label="Look at it again on")
    problems = forms.ModelMultipleChoiceField(Problem.objects.none(), required=False)
    postmortems = forms.ModelMultipleChoiceField(Postmortem.objects.none(), required=False, label="Post-mortems")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["problems"].queryset = Problem.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["postmortems"].queryset = Postmortem.objects.visible_to(user)  # type: ignore[attr-defined]


class ConfidenceForm(forms.Form):
    confidence = forms.ChoiceField(choices=Article.Confidence.choices)


class ReviewForm(forms.Form):
    next_on = forms.DateField(
        required=False, widget=Day, label="Look at it again on", help_text="Half a year on, unless you say."
    )


class UseForm(forms.Form):
    incident = forms.IntegerField(min_value=1, label="Incident number")
