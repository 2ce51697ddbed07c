"""Integrations, tokens, and the first administrator."""

from __future__ import annotations

from typing import Any

from django import forms

from oncall.models import Service

WORDS = {
    "github": "GitHub: deployments, releases, pushes, workflow runs",
    "alertmanager": "Prometheus Alertmanager: alerts",
    "event": "Anything else: JSON, a form, or one line of text",
}


class IntegrationForm(forms.Form):
    source = forms.ChoiceField(label="What sends", widget=forms.RadioSelect)
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

    def __init__(self, sources: list[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(source, WORDS.get(source, source.capitalize())) for source in sources]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]

    def clean_mapping(self) -> dict[str, str]:
        found = {}
        for line in filter(None, map(str.strip, self.cleaned_data["mapping"].splitlines())):
            theirs, equals, ours = (part.strip() for part in line.rpartition("="))
            if not (equals and theirs and ours):
                raise forms.ValidationError(f"“{line}” is not a pair; write sender's name = our short name.")
            found[theirs] = ours
        return found

    def given(self) -> dict[str, Any]:
        service = self.cleaned_data["service"]
        return self.cleaned_data | {"service": service.slug if service else ""}


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="What will use it, such as: deploy pipeline of checkout.")


class WelcomeForm(forms.Form):
    name = forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput({"autocomplete": "username"}))
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="Twelve characters at least.",
    )
