"""Escalation policies: what holds of the whole, one step, one whom it reaches. The editor puts them together."""

from __future__ import annotations

from typing import Any

from django import forms

from oncall.models import Target
from oncall.target_words import TargetWords


class PolicyForm(forms.Form):
    """What holds of the whole policy."""

    name = forms.CharField(max_length=100, help_text="As people call it, such as: both sides, then the leads.")
    slug = forms.SlugField(max_length=60, label="Short name", help_text="For addresses and the API.")
    each_seat = forms.ChoiceField(
        label="Acknowledging",
        choices=[
            ("each", "Each side for itself: until Dev and Ops have both answered, the silent one is paged on"),
            ("one", "One answer stops the page for everybody"),
        ],
        widget=forms.RadioSelect,
    )
    repeat = forms.IntegerField(
        label="Repeat", min_value=0, max_value=9, help_text="How often the steps are gone through again, 0 to 9."
    )
    ack_timeout = forms.IntegerField(
        label="Page again after",
        required=False,
        min_value=1,
        max_value=7 * 24 * 60,
        help_text="Minutes for which an acknowledgement holds. Empty: until it is resolved.",
    )


class StepForm(forms.Form):
    delay = forms.IntegerField(label="Minutes to the next step", min_value=1, max_value=24 * 60)


class TargetForm(forms.Form):
    whom = forms.CharField(
        label="Reaches",
        required=False,
        max_length=500,
        widget=forms.TextInput({"list": "whom", "autocomplete": "off", "spellcheck": "false"}),
    )
    side = forms.ChoiceField(label="Counts for", required=False)

    def __init__(self, words: TargetWords, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.words = words
        sides = [(seat, seat.replace("-", " ").capitalize()) for seat in words.seats]
        self.fields["side"].choices = [("", "its own side"), *sides]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("whom"):
            try:
                cleaned["target"] = self._read(cleaned)
            except ValueError as error:
                self.add_error("whom", str(error))
        return cleaned

    def _read(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        target = self.words.read(cleaned["whom"])
        return target if target["kind"] == Target.Kind.SEAT else target | {"seat": cleaned.get("side", "")}
