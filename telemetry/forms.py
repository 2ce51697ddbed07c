"""Forms of this room."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications import durations
from notifications.forms import Length
from telemetry.labels import read_labels
from telemetry.models import AlertRule, Heartbeat
from telemetry.rules import SEVERITIES
from telemetry.severity import URGENCIES, Rule

EXAMPLE = "severity=critical"


class Labels(forms.CharField):
    """Labels as `name=value`, separated by commas or lines."""

    def clean(self, value: Any) -> dict[str, str]:
        try:
            return read_labels(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class RuleForm(forms.Form):
    """One rule; without labels it fits every alert."""

    labels = Labels(
        required=False, max_length=500, label="Labels", widget=forms.TextInput(attrs={"placeholder": EXAMPLE})
    )
    action = forms.ChoiceField(required=False, label="Does", choices=AlertRule.Action.choices)
    incident_severity = forms.ChoiceField(
        required=False,
        label="Severity of the incident",
        choices=[("", "none: declares nothing"), *((key, key.upper()) for key in SEVERITIES if key)],
    )
    urgency = forms.ChoiceField(
        required=False, label="Urgency of the page", choices=[(urgency, urgency) for urgency in URGENCIES]
    )


class TryOutForm(forms.Form):
    """The labels of an alert, to see which rule decides about it."""

    labels = Labels(
        max_length=5000,
        label="Labels of an alert",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": f"{EXAMPLE}, team=shop"}),
        help_text="As Prometheus shows them, or one on each line.",
    )


RuleFormSet = forms.formset_factory(RuleForm, extra=1, can_delete=True, max_num=50, absolute_max=60)


def rules_from(formset: forms.BaseFormSet[RuleForm]) -> list[Rule]:
    """The rules of a valid formset in their order; lines left empty or marked to go are not among them."""
    lines = [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data["DELETE"]]
    rules = [
        Rule(line["labels"], line["incident_severity"], line["action"] or "declare", line["urgency"] or "high")
        for line in lines
    ]
    return [rule for rule in rules if rule.labels or rule.incident_severity or rule.action != "declare"]


def initial_from(rules: tuple[Rule, ...]) -> list[dict[str, str]]:
    """What the formset shows for these rules."""
    return [
        {
            "labels": rule.fits_what,
            "action": rule.action,
            "incident_severity": rule.incident_severity,
            "urgency": rule.urgency,
        }
        for rule in rules
    ]


class HeartbeatForm(forms.Form):
    """Fields as `telemetry.heartbeats` takes them."""

    name = forms.CharField(max_length=100, help_text="The job that calls, such as: Nightly backup.")
    every = Length(label="Calls every", initial="1 d", help_text="As 5 min, 24 h or 1 d; 1 minute to 30 days.")
    grace = Length(label="May be late by", initial="5 min", help_text="Then an alert fires.")
    severity = forms.CharField(
        max_length=60,
        initial="critical",
        label="Severity label",
        help_text="The label of the alert; the alert rules of the service say what it declares.",
    )

    @staticmethod
    def initial_of(heartbeat: Heartbeat) -> dict[str, str]:
        return {
            "name": heartbeat.name,
            "every": durations.written(heartbeat.every),
            "grace": durations.written(heartbeat.grace),
            "severity": heartbeat.severity,
        }
