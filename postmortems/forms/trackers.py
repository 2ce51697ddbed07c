"""An issue tracker: where it is, and what opens it."""

from __future__ import annotations

from typing import Any

from django import forms

from postmortems.models import Tracker

KEPT = "Left empty, the one there is stays."


class TrackerForm(forms.Form):
    """Of a new tracker."""

    kind = forms.ChoiceField(choices=Tracker.Kind.choices)
    name = forms.CharField(max_length=100, help_text="What people call it.")
    url = forms.CharField(
        max_length=300,
        label="Address",
        widget=forms.URLInput({"placeholder": "https://github.com"}),
        help_text="What the addresses of its issues begin with.",
    )
    api_url = forms.CharField(
        max_length=300,
        required=False,
        label="Address of its API",
        widget=forms.URLInput,
        help_text="Left empty, it follows from the address.",
    )
    account = forms.CharField(
        max_length=200, required=False, help_text="Jira Cloud only: the e-mail address whose token it is."
    )
    token = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="It reads issues and leaves a comment or a link there. It is not shown again.",
    )


class TrackerEditForm(TrackerForm):
    """Of one that is there: its kind stays, and its token where none is given."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["kind"]
        self.fields["token"].help_text = KEPT

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("token"):
            given.pop("token", None)
        return given

    @classmethod
    def initial_of(cls, tracker: Tracker) -> dict[str, str]:
        return {name: getattr(tracker, name) for name in ("name", "url", "api_url", "account")}
