"""Forms of this room."""

from __future__ import annotations

from django import forms

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
