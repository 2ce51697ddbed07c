"""Making and changing a webhook: events by families, in boxes to tick."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications.models import Webhook
from notifications.outgoing.published import families

ALL = "all"
NAMES = {
    "incident": "Incidents",
    "page": "Pages",
    "change": "Changes",
    "gate": "Deploy gate",
    "pipeline": "Pipelines",
    "postmortem": "Post-mortems",
    "problem": "Problems",
    "action": "Action items",
}


class WebhookForm(forms.Form):
    """`name`, `url`, whether all events are told, and which of each family otherwise."""

    name = forms.CharField(max_length=100, help_text="Who listens, such as: status page.")
    url = forms.CharField(
        max_length=500,
        label="Address",
        widget=forms.URLInput({"placeholder": "https://example.com/andon"}),
        help_text="Each event is posted there as JSON, signed. Redirects are not followed.",
    )
    which = forms.ChoiceField(
        label="Events",
        widget=forms.RadioSelect,
        choices=[(ALL, "All events, also those that come with later versions"), ("some", "Those ticked below")],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for family, types in families().items():
            everything = (f"{family}.*", "all of them")
            self.fields[f"of_{family}"] = forms.MultipleChoiceField(
                label=NAMES.get(family, family.capitalize()),
                choices=[everything, *((type, _words(type)) for type in types)],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("which") == "some" and not self._ticked():
            self.add_error("which", "Tick at least one event below, or choose all of them.")
        return given

    def given(self) -> dict[str, Any]:
        """The arguments of `create_webhook()` and `change_webhook()`."""
        events = [] if self.cleaned_data["which"] == ALL else self._ticked()
        return {"name": self.cleaned_data["name"], "url": self.cleaned_data["url"], "events": events}

    def _ticked(self) -> list[str]:
        return [type for name, types in self.cleaned_data.items() if name.startswith("of_") for type in types]


class LogForm(forms.Form):
    """Filters of a webhook's log."""

    state = forms.ChoiceField(
        required=False, choices=[("", "any"), ("waiting", "waiting"), ("sent", "sent"), ("failed", "failed")]
    )
    type = forms.CharField(required=False, max_length=60, widget=forms.TextInput({"placeholder": "incident.declared"}))


def initial_of(webhook: Webhook) -> dict[str, Any]:
    ticked: dict[str, list[str]] = {}
    for type in webhook.events:
        ticked.setdefault(f"of_{type.partition('.')[0]}", []).append(type)
    return {"name": webhook.name, "url": webhook.url, "which": "some" if webhook.events else ALL} | ticked


def _words(type: str) -> str:
    """`update_posted` of `incident.update_posted`, as words."""
    return type.partition(".")[2].replace("_", " ")
