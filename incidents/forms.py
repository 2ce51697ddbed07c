"""What people write on the pages of this room. Forms read types; what fits is for the services to say."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import Q

from incidents.severity import SEVERITIES
from notifications.forms import Day, Moment
from oncall.models import Person, Service, Team

DUE = [("", "as the severity asks")] + [
    (str(minutes), words)
    for minutes, words in ((15, "15 minutes"), (30, "30 minutes"), (60, "1 hour"), (120, "2 hours"), (240, "4 hours"))
]


class PersonField(forms.CharField):
    """Somebody by e-mail address, or by name where only one person has it."""

    def clean(self, value: Any) -> Person | None:
        words = super().clean(value)
        if not words:
            return None
        found = list(Person.objects.active().filter(Q(email__iexact=words) | Q(name__iexact=words))[:2])
        if len(found) != 1:
            trouble = "Several people are called" if found else "Nobody here is"
            raise forms.ValidationError(f"{trouble} “{words}”: give an e-mail address.")
        return found[0]


class ServiceField(forms.CharField):
    """A service by slug, or by name in any case."""

    def clean(self, value: Any) -> Service | None:
        words = super().clean(value)
        found = Service.objects.filter(Q(slug__iexact=words) | Q(name__iexact=words)).first() if words else None
        if words and found is None:
            raise forms.ValidationError(f"There is no service “{words}”: choose one of the list.")
        return found


class TargetField(forms.CharField):
    """Whom to page: a service or a team by slug or name, else a person."""

    def clean(self, value: Any) -> Service | Team | Person | None:
        words = super().clean(value)
        for kind in (Service, Team):
            found = kind.objects.filter(Q(slug__iexact=words) | Q(name__iexact=words)).first()
            if found:
                return found
        return PersonField(required=self.required).clean(words)


class DeclareForm(forms.Form):
    title = forms.CharField(
        label="What is wrong?",
        max_length=200,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "placeholder": "Checkout returns 500s"}
        ),
        help_text="A few words are enough. Everything else can wait, and can be corrected later.",
    )
    severity = forms.ChoiceField(
        choices=[(one.key, one.key.upper()) for one in SEVERITIES.values()],
        widget=forms.RadioSelect,
        initial="sev3",
        required=False,
        label="How bad is it?",
    )
    services = forms.ModelMultipleChoiceField(
        queryset=Service.objects.none(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Which services?",
    )
    summary = forms.CharField(
        label="What do you see?", required=False, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )
    started_at = Moment(label="When did it begin?", required=False, help_text="Empty means now.")
    private = forms.BooleanField(
        label="Private", required=False, help_text="Only people who take part see it. For security and personal data."
    )
    practice = forms.BooleanField(label="Practice", required=False, help_text="A game day: never counted in figures.")
    nonce = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60, initial=secrets.token_urlsafe)

    def __init__(self, *args: Any, services: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["services"].queryset = services  # type: ignore[attr-defined]


class SayForm(forms.Form):
    """A note for the record, or news for stakeholders; `at` is for notes, `next_due_in` for updates."""

    text = forms.CharField(
        required=False,
        label="Add to the timeline",
        widget=forms.Textarea(attrs={"rows": 2, "id": "say", "placeholder": "What do you see? What did you do?"}),
    )
    act = forms.ChoiceField(choices=[("note", "note"), ("update", "update")], required=False)
    next_due_in = forms.TypedChoiceField(
        choices=DUE, coerce=int, empty_value=None, required=False, label="Next update in"
    )
    at = Moment(label="It happened earlier, at", required=False)


class StatusForm(forms.Form):
    """`to` is checked by the table of moves, which names the allowed ones."""

    to = forms.CharField(label="Move to")
    reason = forms.CharField(
        required=False, label="Reason", help_text="Needed to cancel or reopen; the timeline keeps it."
    )


class SeverityForm(forms.Form):
    severity = forms.CharField(label="Severity")
    reason = forms.CharField(required=False, label="Reason")


class PrivateForm(forms.Form):
    private = forms.BooleanField(required=False)


class MergeForm(forms.Form):
    into = forms.IntegerField(label="Merge into incident number", min_value=1)


class TaskForm(forms.Form):
    title = forms.CharField(required=False, label="Task")
    assignee = PersonField(required=False, label="Assign to")


class TickForm(forms.Form):
    done = forms.BooleanField(required=False)


class Nothing(forms.Form):
    """A button alone."""


class JudgeForm(forms.Form):
    verdict = forms.CharField()


class RoleForm(forms.Form):
    """An empty `person` lays the role down."""

    role = forms.CharField()
    person = PersonField(required=False, label="Give to")


class PersonForm(forms.Form):
    person = PersonField(label="Add somebody")


class ServiceForm(forms.Form):
    service = ServiceField(label="Add a service")


class CallForm(forms.Form):
    target = TargetField(label="Page a service, a team or a person")


class PageForm(forms.Form):
    seat = forms.SlugField(required=False)


class EditForm(forms.Form):
    title = forms.CharField(max_length=200, required=False)
    summary = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 6}))
    started_at = Moment(label="Harm began", required=False)
    detected_at = Moment(label="First noticed", required=False)


class FilterForm(forms.Form):
    """Filters of the list; what cannot be read filters nothing and says so."""

    q = forms.CharField(required=False, label="Words")
    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Any status"),
            ("open", "Open"),
            *((s, s.capitalize()) for s in ("investigating", "identified", "monitoring", "resolved", "closed")),
            ("cancelled", "False alarm"),
        ],
    )
    severity = forms.ChoiceField(
        required=False, choices=[("", "Any severity"), *((key, key.upper()) for key in SEVERITIES)]
    )
    service = forms.ChoiceField(required=False)
    since = forms.DateField(required=False, widget=Day)
    until = forms.DateField(required=False, widget=Day)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        services = Service.objects.order_by("name").values_list("slug", "name")
        self.fields["service"].choices = [("", "Any service"), *services]  # type: ignore[attr-defined]
        for name in ("status", "severity", "service"):
            self.fields[name].widget.attrs["data-autosubmit"] = True
