"""What the gate decides by, and freezes: their forms, with fields as the services take them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from changes.gate import weekly
from changes.models import Change, ChangeTemplate, Freeze, Guard
from notifications.forms import Moment
from oncall.models import Service, Team


def _service(empty: str) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Service.objects.all(), to_field_name="slug", required=False, empty_label=empty)


def _team(empty: str, *, required: bool = False, label: str, help_text: str = "") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Team.objects.all(),
        to_field_name="slug",
        required=required,
        empty_label=empty,
        label=label,
        help_text=help_text,
    )


class Patterns(forms.CharField):
    """Patterns of paths, one a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea({"rows": 3, "spellcheck": "false"}), **options)

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class WithSlugs(forms.Form):
    """Services and teams are handed on by their slugs."""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("service", "team", "owner"):
            if name in given:
                given[name] = given[name].slug if given[name] else ""
        return given


class TemplateForm(WithSlugs):
    """As `changes.gate.policy.save_template` takes it."""

    name = forms.CharField(max_length=100, help_text="Such as: Checkout's weekly release.")
    owner = _team("Choose a team", required=True, label="Owned by", help_text="Told when it is suspended.")
    service = _service("Every service")
    environment = forms.CharField(max_length=60, required=False, help_text="Or a pattern. Empty: every one.")
    kind = forms.ChoiceField(choices=[("", "Every kind"), *Change.Kind.choices], required=False)
    paths = Patterns(help_text="Every file that a change touches must fit one of these, such as docs/ or *.md.")
    team = _team("Anybody's changes", label="Its author is in")
    earlier_successes = forms.IntegerField(
        min_value=0, max_value=100, initial=0, help_text="So many such changes must have succeeded before."
    )
    failures_allowed = forms.IntegerField(
        min_value=0, max_value=9, initial=3, help_text="Of its last ten changes; one more suspends it."
    )


class GuardForm(WithSlugs):
    """As `changes.gate.policy.save_guard` takes it."""

    name = forms.CharField(max_length=100, help_text="Such as: Sign-in and sessions.")
    service = _service("Every service")
    paths = Patterns(help_text="Changes that touch one of these, such as auth/ or *.pem. Empty: every change to it.")
    team = _team("The other side alone", label="Also authorised by", help_text="Such as the security team.")
    why = forms.CharField(max_length=1000, required=False, help_text="Said to those whose change has to wait.")


class FreezeForm(forms.Form):
    """As `changes.gate.freezes.save_freeze` takes it; times are the viewer's, windows those of the zone."""

    name = forms.CharField(max_length=100, help_text="Such as: Black Friday.")
    why = forms.CharField(max_length=1000, required=False, help_text="Said to those whose change has to wait.")
    start = Moment(required=False, label="From")
    end = Moment(required=False, label="Until")
    windows = forms.CharField(
        required=False,
        label="Every week",
        widget=forms.Textarea({"rows": 2}),
        help_text="Instead, or only within from and until. One window a line, such as fri 16:00-24:00 or mon-thu "
        "22:00-06:00.",
    )
    timezone = forms.CharField(max_length=60, label="Time zone", help_text="Of the windows; such as Europe/Berlin.")
    environment = forms.CharField(
        max_length=60, required=False, initial="production", help_text="Or a pattern. Empty: every one."
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: all of them.",
    )

    def clean_windows(self) -> list[dict[str, Any]]:
        try:
            return weekly.read(self.cleaned_data["windows"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_services(self) -> list[str]:
        return [service.slug for service in self.cleaned_data["services"]]


def template_initial(template: ChangeTemplate) -> dict[str, Any]:
    """What the form of this template begins with."""
    names = ("name", "environment", "kind", "earlier_successes", "failures_allowed")
    given = {name: getattr(template, name) for name in names}
    return given | _common(template) | {"owner": template.owner.slug}


def guard_initial(guard: Guard) -> dict[str, Any]:
    """What the form of this guard begins with."""
    return {"name": guard.name, "why": guard.why} | _common(guard)


def freeze_initial(freeze: Freeze) -> dict[str, Any]:
    """What the form of this freeze begins with."""
    given = {name: getattr(freeze, name) for name in ("name", "why", "start", "end", "timezone", "environment")}
    services = [service.slug for service in freeze.services.all()]
    return given | {"windows": weekly.written(freeze.windows), "services": services}


def new_freeze() -> dict[str, Any]:
    """What a new freeze begins with."""
    return {"timezone": timezone.get_current_timezone_name(), "environment": "production"}


def _common(row: ChangeTemplate | Guard) -> dict[str, Any]:
    return {
        "service": row.service.slug if row.service else "",
        "team": row.team.slug if row.team else "",
        "paths": "\n".join(row.paths),
    }
