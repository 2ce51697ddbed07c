"""People, and teams."""

from __future__ import annotations

from typing import Any

from django import forms

from oncall.models import Person, Team
from oncall.models.people import Discipline


class ProfileForm(forms.Form):
    """What everybody may change of themselves."""

    name = forms.CharField(max_length=100)
    timezone = forms.CharField(label="Time zone", help_text="IANA name, such as Europe/London. Pages show times in it.")
    country = forms.CharField(
        max_length=10,
        required=False,
        help_text="For public holidays: GB, or a part of it, GB-SCT. Shifts on them ask for cover.",
    )


class PersonForm(ProfileForm):
    """What an administrator may say of anybody."""

    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(
        choices=[
            ("responder", "Responder: everything but Settings"),
            ("administrator", "Administrator: everything"),
            ("viewer", "Viewer: reads, declares, answers pages"),
        ],
        initial="responder",
    )
    slack_id = forms.CharField(max_length=30, required=False, label="Slack user id", help_text="Such as U012AB3CD.")
    field_order = ["name", "email", "role", "timezone", "country", "slack_id"]


class JoinForm(forms.Form):
    """What somebody who was invited chooses."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password", "autofocus": True}),
        help_text="Twelve characters at least.",
    )


class TeamForm(forms.Form):
    """Fields as `oncall.services.save_team` takes them."""

    name = forms.CharField(max_length=100)
    slug = forms.SlugField(label="Short name", help_text="For addresses and the API.")
    discipline = forms.ChoiceField(choices=Discipline.choices, help_text="The side it works on.")
    lead = forms.ModelChoiceField(Person.objects.active(), required=False, empty_label="Nobody yet")
    channel = forms.CharField(
        max_length=80,
        required=False,
        label="Slack channel",
        help_text="Hears each morning who is on call and what is to mend, as #shop. Without one the lead hears it.",
    )
    members = forms.ModelMultipleChoiceField(
        Person.objects.active(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def given(self) -> dict[str, Any]:
        lead = self.cleaned_data["lead"]
        members = [person.email for person in self.cleaned_data["members"]]
        return self.cleaned_data | {"lead": lead.email if lead else "", "members": members}

    @staticmethod
    def initial_of(team: Team) -> dict[str, Any]:
        return {
            "name": team.name,
            "slug": team.slug,
            "discipline": team.discipline,
            "lead": team.lead,
            "channel": team.channel,
            "members": team.members.all(),
        }
