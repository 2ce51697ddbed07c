"""The service catalogue's form."""

from __future__ import annotations

from typing import Any

from django import forms

from oncall.models import Panel, Policy, Schedule, Service, Team

STAGES = [
    ("dev-run", "Dev-run: its developers are paged first"),
    ("shared", "Shared: Dev and Ops are paged together"),
    ("ops-run", "Ops-run: Ops are paged first, Dev at the second step"),
]
TIERS = [(1, "1: the business cannot be without it"), (2, "2"), (3, "3"), (4, "4: nobody would be woken for it")]


class ServiceForm(forms.Form):
    """Fields as `oncall.services.save_service` takes them."""

    name = forms.CharField(max_length=100)
    slug = forms.SlugField(max_length=60, label="Short name", help_text="For addresses, senders and the API.")
    description = forms.CharField(widget=forms.Textarea({"rows": 2}), required=False)
    stage = forms.ChoiceField(choices=STAGES, widget=forms.RadioSelect, initial="shared")
    tier = forms.TypedChoiceField(choices=TIERS, coerce=int, initial=2)
    environment = forms.CharField(max_length=60, initial="production")
    platform = forms.SlugField(required=False, help_text="What it shares with others, such as a cluster.")
    dev_team = forms.ModelChoiceField(
        Team.objects.all(), to_field_name="slug", required=False, label="Dev team", empty_label="None yet"
    )
    ops_team = forms.ModelChoiceField(
        Team.objects.all(), to_field_name="slug", required=False, label="Ops team", empty_label="None yet"
    )
    schedule = forms.ModelChoiceField(
        Schedule.objects.all(), to_field_name="slug", required=False, empty_label="None yet: a page goes to the teams"
    )
    policy = forms.ModelChoiceField(
        Policy.objects.all(),
        to_field_name="slug",
        required=False,
        label="Escalation policy",
        empty_label="As its stage says",
    )
    depends_on = forms.ModelMultipleChoiceField(
        Service.objects.all(),
        to_field_name="slug",
        required=False,
        label="Depends on",
        widget=forms.CheckboxSelectMultiple,
    )
    repositories = forms.CharField(
        widget=forms.Textarea({"rows": 2}), required=False, help_text="One a line, as owner/name."
    )

    def __init__(self, *args: Any, service: Service | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if service:
            others = Service.objects.exclude(pk=service.pk)
            self.fields["depends_on"].queryset = others  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What was filled in, as the service takes it: by slug."""
        fields = dict(self.cleaned_data)
        for name in ("dev_team", "ops_team", "schedule", "policy"):
            fields[name] = fields[name].slug if fields[name] else ""
        fields["depends_on"] = [service.slug for service in fields["depends_on"]]
        fields["repositories"] = fields["repositories"].split()
        return fields

    @staticmethod
    def initial_of(service: Service) -> dict[str, Any]:
        fields = {
            name: getattr(service, name)
            for name in ("name", "slug", "description", "stage", "tier", "environment", "platform")
        }
        for name in ("dev_team", "ops_team", "schedule", "policy"):
            named = getattr(service, name)
            fields[name] = named.slug if named else ""
        return fields | {
            "depends_on": [needed.slug for needed in service.depends_on.all()],
            "repositories": "\n".join(service.repositories),
        }


class PanelForm(forms.Form):
    name = forms.CharField(max_length=100, required=False)
    unit = forms.CharField(max_length=20, required=False)
    source = forms.ChoiceField(choices=Panel.Source.choices, required=False)
    query = forms.CharField(required=False, widget=forms.TextInput({"class": "mono", "spellcheck": "false"}))


PanelForms = forms.formset_factory(PanelForm, extra=2, max_num=12)


def panels_of(panels: Any) -> list[dict[str, str]]:
    """Those that were filled in at all."""
    given = [form.cleaned_data for form in panels]
    return [panel for panel in given if panel.get("name") or panel.get("query")]
