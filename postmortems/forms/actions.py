"""Forms of action items."""

from django import forms

from notifications.forms import Day
from postmortems.forms import fields
from postmortems.models import Action


class ActionForm(forms.Form):
    """`due_on` left empty comes from the priority."""

    title = forms.CharField(
        max_length=200,
        label="What will change",
        help_text="In a system, a check or a default.",
    )
    kind = forms.ChoiceField(choices=Action.Kind.choices, help_text="What it does about the next time.")
    priority = forms.ChoiceField(choices=Action.Priority.choices, initial="medium")
    owner = fields.person()
    team = fields.team(label="Owning team")
    due_on = forms.DateField(required=False, widget=Day, label="Due", help_text="Left empty: by priority.")
    url = forms.URLField(
        required=False, max_length=500, assume_scheme="https", label="Issue", help_text="Where the work is tracked."
    )


class ActionEditForm(ActionForm):
    due_on = forms.DateField(widget=Day, label="Due")


class ActionMoveForm(forms.Form):
    to = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(required=False, label="Why it will not be done")
