"""Forms of problem records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from changes.models import Change
from incidents.models import Incident
from notifications.forms import Day
from oncall.models import Service
from postmortems.forms import fields
from postmortems.models import Factor, Postmortem, Problem


class LevelField(forms.TypedChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Problem.Level.choices, coerce=int, initial=Problem.Level.MEDIUM, **kwargs)


class EffectivenessField(forms.ChoiceField):
    def __init__(self) -> None:
        choices = [("", "Not said"), *Problem.Effectiveness.choices]
        super().__init__(choices=choices, required=False, label="What the workaround does")


class ProblemForm(forms.Form):
    """What is said of a problem."""

    title = forms.CharField(max_length=200)
    category = forms.ModelChoiceField(
        Factor.objects.filter(retired_at=None), required=False, empty_label="None yet", help_text="What kind of cause."
    )
    symptoms = fields.markdown(
        rows=3, help_text="What one sees, a line for each, in the words of those who meet it: it is found by them."
    )
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
    effectiveness = EffectivenessField()
    cause_notes = fields.markdown(label="What is known of the cause")
    fix_notes = fields.markdown(label="What would remove it")


class OpenProblemForm(ProblemForm):
    """With what it came from."""

    incidents = forms.ModelMultipleChoiceField(Incident.objects.none(), required=False)
    postmortems = forms.ModelMultipleChoiceField(
        Postmortem.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incidents"].queryset = recent(Incident.objects.visible_to(user))  # type: ignore[attr-defined]
        self.fields["postmortems"].queryset = Postmortem.objects.visible_to(user)  # type: ignore[attr-defined]


class KnownErrorForm(forms.Form):
    cause_notes = fields.markdown(required=True, label="What is known of the cause")
    workaround = fields.markdown(help_text="What to do until it is fixed. Empty where there is none.")
    effectiveness = EffectivenessField()


class DismissForm(forms.Form):
    """That no problem is opened for what recurs."""

    factor = forms.ModelChoiceField(Factor.objects.all(), to_field_name="key", widget=forms.HiddenInput)
    service = forms.ModelChoiceField(Service.objects.all(), to_field_name="slug", widget=forms.HiddenInput)
    reason = forms.CharField(max_length=300, label="Why not")


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
    key = forms.CharField(
        max_length=100,
        label="Number or revision",
        help_text="42, the first letters of a revision, or checkout 4f2a1c9.",
    )

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
            return self._change(key)
        number = int(key) if key.isdigit() and len(key) < 10 else -1
        if kind == "incidents":
            return Incident.objects.visible_to(self.user).filter(number=number).first()
        return Postmortem.objects.visible_to(self.user).filter(number=number).first()

    def _change(self, key: str) -> Change | None:
        """By revision, or by the service and a revision (`checkout 4f2a1c9`), or by its id in the ledger."""
        slug, _, revision = key.rpartition(" ")
        if slug == "id" and revision.isdigit() and len(revision) < 10:
            return Change.objects.visible_to(self.user).filter(pk=int(revision)).first()
        found = Change.objects.visible_to(self.user).filter(revision__startswith=revision.lower())
        if slug:
            found = found.filter(service__slug=slug.strip().lower())
        some = list(found.select_related("service").order_by("-pk")[:5])
        if len({one.service_id for one in some}) > 1:
            names = ", ".join(f"{one.service.slug if one.service else '?'} {one.short_revision}" for one in some)
            raise forms.ValidationError({"key": f"Several changes begin like {key!r}: write one of {names}."})
        if some:
            return some[0]
        exact = Change.objects.visible_to(self.user).filter(pk=int(key)) if key.isdigit() and len(key) < 10 else None
        return exact.first() if exact is not None else None


def recent(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Those one chooses among: the latest 200."""
    return incidents.filter(pk__in=incidents.order_by("-number").values("pk")[:200])
