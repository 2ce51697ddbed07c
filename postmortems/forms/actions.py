"""Forms of action items."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from notifications.forms import Day
from postmortems.forms import fields
from postmortems.models import Action
from postmortems.reminder_days import LONGEST_PAUSE, LONGEST_SNOOZE

AFTER = {"7": "in a week", "14": "in two weeks", "30": "in a month", "90": "in three months"}


class ActionFields(forms.Form):
    title = forms.CharField(
        max_length=200,
        label="What will change",
        help_text="In a system, a check or a default.",
    )
    kind = forms.ChoiceField(choices=Action.Kind.choices, help_text="What it does about the next time.")
    priority = forms.ChoiceField(choices=Action.Priority.choices, initial="medium")
    owner = fields.person()
    team = fields.team(label="Owning team")
    due_on = forms.DateField(widget=Day, label="Due", help_text="Another date ends a snooze.")
    url = forms.URLField(
        required=False, max_length=500, assume_scheme="https", label="Issue", help_text="Where the work is tracked."
    )


class ActionForm(ActionFields):
    """`due_on` left empty comes from the priority; `section` is filled in where words were selected in one."""

    due_on = forms.DateField(required=False, widget=Day, label="Due", help_text="Left empty: by priority.")
    section = forms.SlugField(required=False, widget=forms.HiddenInput)
    excerpt = fields.markdown(rows=2, label="Words it came from", help_text="Select them in the text, or copy them.")


class ActionEditForm(ActionFields):
    remind_every = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_PAUSE,
        label="Days between reminders",
        help_text="Once it is late. They go on until it is done, or will not be.",
    )

    @classmethod
    def initial_of(cls, action: Action) -> dict[str, Any]:
        given = {name: getattr(action, name) for name in ("title", "kind", "priority", "due_on", "url", "remind_every")}
        return given | {"owner": action.owner_id, "team": action.team_id}


class ActionMoveForm(forms.Form):
    to = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(required=False, label="Why it will not be done")


class SnoozeForm(forms.Form):
    """One of the usual pauses, or a day."""

    after = forms.ChoiceField(
        choices=[("", "On the day below"), *AFTER.items()], required=False, initial="7", label="Remind again"
    )
    until = forms.DateField(required=False, widget=Day, label="Day", help_text=f"Within {LONGEST_SNOOZE} days.")

    def clean(self) -> dict[str, Any]:
        """`until` alone."""
        given = super().clean() or self.cleaned_data
        if given.get("after"):
            return {"until": timezone.localdate() + timedelta(days=int(given["after"]))}
        if not given.get("until") and "until" not in self.errors:
            self.add_error("until", "Choose a day, or one of the pauses above.")
        return {"until": given.get("until")}
