"""Forms of problem records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from changes.models import Change
from incidents.models import Incident
from notifications.forms import Day
from postmortems.forms import fields
from postmortems.models import Postmortem, Problem


class LevelField(forms.TypedChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Problem.Level.choices, coerce=int, initial=Problem.Level.MEDIUM, **kwargs)


class ProblemForm(forms.Form):
    """What is said of a problem."""

    title = forms.CharField(max_length=200)
    statement = fields.markdown(help_text="What happens, where, under which conditions.")
    services = fields.services()
    impact = LevelField(help_text="How much it harms when it shows.")
    urgency = LevelField(help_text="How soon it will show again.")
    origin = forms.ChoiceField(
        choices=[("reactive", "an incident showed it"), ("proactive", "we looked for it")], label="How it was found"
    )
    owner = fields.person()
    team = fields.team()
    workaround = fields.markdown(help_text="What to do until it is fixed, for somebody who reads it at night.")
    cause_notes = fields.markdown(label="What is known of the cause")
    fix_notes = fields.markdown(label="What would remove it")


class OpenProblemForm(ProblemForm):
    """With what it came from."""

    incidents = forms.ModelMultipleChoiceField(Incident.objects.none(), required=False)
    postmortem = forms.ModelChoiceField(Postmortem.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incidents"].queryset = recent(Incident.objects.visible_to(user))  # type: ignore[attr-defined]
        self.fields["postmortem"].queryset = Postmortem.objects.visible_to(user)  # type: ignore[attr-defined]


class KnownErrorForm(forms.Form):
    cause_notes = fields.markdown(required=True, label="What is known of the cause")
    workaround = fields.markdown(help_text="What to do until it is fixed. Empty where there is none.")


class ResolveForm(forms.Form):
    outcome = forms.ChoiceField(choices=Problem.Outcome.choices)
    review_on = forms.DateField(
        required=False, widget=Day, label="Look at it again on", help_text="For an accepted risk."
    )
    duplicate_of = forms.ModelChoiceField(
        Problem.objects.none(), required=False, empty_label="None", help_text="For a duplicate."
    )
    reason = fields.markdown(rows=2, label="What was done, or why it is none")

    def __init__(self, *args: Any, problems: QuerySet[Problem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duplicate_of"].queryset = problems  # type: ignore[attr-defined]


class LinkForm(forms.Form):
    """Adds one incident, post-mortem or change to a problem, by its number or revision."""

    kind = forms.ChoiceField(
        choices=[("incidents", "Incident"), ("postmortems", "Post-mortem"), ("changes", "Change that fixes it")]
    )
    key = forms.CharField(max_length=100, label="Number or revision", help_text="42, or the first letters of a commit.")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Adds `row`, the record that was meant, as far as the asker may see it."""
        data = dict(super().clean() or {})
        key = str(data.get("key", "")).strip().lstrip("#")
        if key and "kind" in data:
            data["row"] = self._found(data["kind"], key)
            if data["row"] is None:
                self.add_error("key", f"Nothing is known as {key!r}. Look it up in its list.")
        return data

    def _found(self, kind: str, key: str) -> Incident | Postmortem | Change | None:
        if kind == "changes":
            found = Q(revision__startswith=key.lower())
            if key.isdigit() and len(key) < 10:
                found |= Q(pk=int(key))
            return Change.objects.visible_to(self.user).filter(found).first()
        number = int(key) if key.isdigit() and len(key) < 10 else -1
        if kind == "incidents":
            return Incident.objects.visible_to(self.user).filter(number=number).first()
        return Postmortem.objects.visible_to(self.user).filter(number=number).first()


def recent(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Those one chooses among: the latest 200."""
    return incidents.filter(pk__in=incidents.order_by("-number").values("pk")[:200])
