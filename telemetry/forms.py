"""Forms of this room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from notifications import durations
from telemetry.models import Heartbeat
from telemetry.severity import Rule

EXAMPLE = "severity=critical"


class RuleForm(forms.Form):
    """One rule: labels as `name=value`, separated by commas; none fit every alert."""

    labels = forms.CharField(
        required=False, max_length=500, label="Labels", widget=forms.TextInput(attrs={"placeholder": EXAMPLE})
    )
    incident_severity = forms.ChoiceField(
        required=False,
        label="Declares",
        choices=[("", "nothing"), ("sev1", "SEV1"), ("sev2", "SEV2"), ("sev3", "SEV3"), ("sev4", "SEV4")],
    )

    def clean_labels(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for part in filter(None, map(str.strip, self.cleaned_data["labels"].split(","))):
            name, equals, value = part.partition("=")
            if not (name.strip() and equals and value.strip()):
                raise forms.ValidationError(f"“{part}” is no label; write it as {EXAMPLE}.")
            labels[name.strip()] = value.strip()
        return labels


RuleFormSet = forms.formset_factory(RuleForm, extra=1, can_delete=True, max_num=50, absolute_max=60)


def rules_from(formset: forms.BaseFormSet[RuleForm]) -> list[Rule]:
    """The rules of a valid formset in their order; lines left empty or marked to go are not among them."""
    lines = [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data["DELETE"]]
    rules = [Rule(line["labels"], line["incident_severity"]) for line in lines]
    return [rule for rule in rules if rule.labels or rule.incident_severity]


def initial_from(rules: tuple[Rule, ...]) -> list[dict[str, str]]:
    """What the formset shows for these rules."""
    return [
        {
            "labels": ", ".join(f"{name}={value}" for name, value in rule.labels.items()),
            "incident_severity": rule.incident_severity,
        }
        for rule in rules
    ]


class Length(forms.Field):
    """A length of time, as one says it."""

    def to_python(self, value: Any) -> timedelta | None:
        text = str(value or "").strip()
        try:
            return durations.read(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


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
