"""Making an integration, and changing what it means by our services."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications.models import Integration
from oncall.models import Service

WORDS = {
    "github": "GitHub: deployments, workflow runs, pushes",
    "gitlab": "GitLab: deployments, pipelines, pushes",
    "argocd": "Argo CD: syncs of applications",
    "jenkins": "Jenkins: builds",
    "cdevents": "CDEvents: deployments and incidents, over CloudEvents",
    "alertmanager": "Prometheus Alertmanager: alerts",
    "grafana": "Grafana: alerts",
    "pagerduty": "PagerDuty: incidents, as alerts",
    "sentry": "Sentry: issues and alerts",
    "datadog": "Datadog: monitors, as alerts",
    "event": "Anything else: JSON, a form, or one line of text",
}


class IntegrationEditForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="Such as: shop organisation, or production Prometheus.")
    service = forms.ModelChoiceField(
        Service.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label="Each message says it itself",
        help_text="Choose one where everything from this sender concerns it.",
    )
    mapping = forms.CharField(
        widget=forms.Textarea({"rows": 3, "class": "mono"}),
        required=False,
        label="Names",
        help_text="Where the sender calls services otherwise: one a line, as sender's name = our short name.",
    )

    def clean_mapping(self) -> dict[str, str]:
        found = {}
        for line in filter(None, map(str.strip, self.cleaned_data["mapping"].splitlines())):
            theirs, equals, ours = (part.strip() for part in line.rpartition("="))
            if not (equals and theirs and ours):
                raise forms.ValidationError(f"“{line}” is not a pair; write sender's name = our short name.")
            found[theirs] = ours
        return found

    def given(self) -> dict[str, Any]:
        """As the service takes it: by slug."""
        service = self.cleaned_data["service"]
        return self.cleaned_data | {"service": service.slug if service else ""}

    @staticmethod
    def initial_of(integration: Integration) -> dict[str, str]:
        names = "\n".join(f"{theirs} = {ours}" for theirs, ours in integration.mapping.items())
        return {"name": integration.name, "service": integration.service, "mapping": names}


class IntegrationForm(IntegrationEditForm):
    source = forms.ChoiceField(label="What sends", widget=forms.RadioSelect)
    field_order = ("source",)

    def __init__(self, sources: list[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(source, WORDS.get(source, source.capitalize())) for source in sources]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]


class SecretForm(forms.Form):
    secret = forms.CharField(
        max_length=200,
        label="Their secret",
        widget=forms.TextInput({"class": "mono", "autocomplete": "off", "spellcheck": "false"}),
        help_text="As the sender shows it: the signing secret of PagerDuty's webhook, Sentry's client secret.",
    )
