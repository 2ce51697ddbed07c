"""Forms of the page where a post-mortem is facilitated."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from notifications.forms import Day, Moment
from postmortems.facilitating import meeting
from postmortems.forms import fields
from postmortems.models import InterviewNote, Invitation, Postmortem

MORNING = 10


class InviteForm(forms.Form):
    person = fields.person(required=True, empty="Choose …")
    side = forms.ChoiceField(
        choices=[("", "By their team"), *Invitation.Side.choices], required=False, label="For", initial=""
    )


class MeetingForm(forms.Form):
    """When, how long and where; the time is wall time in the viewer's zone."""

    at = Moment(label="When")
    minutes = forms.IntegerField(label="Minutes", min_value=meeting.SHORTEST, max_value=meeting.LONGEST, initial=60)
    place = forms.CharField(max_length=500, required=False, label="Where", help_text="A room, or a web address.")

    @classmethod
    def of(cls, postmortem: Postmortem) -> MeetingForm:
        """Filled in with the meeting that stands, or with a morning that is left before it is due."""
        at = postmortem.meeting_at or _offered(postmortem)
        initial: dict[str, Any] = {"at": timezone.localtime(at), "place": postmortem.meeting_place}
        return cls(prefix="meeting", initial=initial | {"minutes": postmortem.meeting_minutes})


class SoakForm(forms.Form):
    until = forms.DateField(widget=Day, label="Let it soak until")

    @classmethod
    def of(cls, postmortem: Postmortem) -> SoakForm:
        at = postmortem.meeting_at
        offered = meeting.soak_until(timezone.localdate(at) if at else None, timezone.localdate())
        return cls(prefix="soak", initial={"until": postmortem.soak_until or offered})


class InterviewForm(forms.Form):
    person = fields.person(empty="Nobody named", label="Talked with", help_text="Leave it out if they ask you to.")
    body = fields.markdown(rows=8, required=True, label="What they told you", help_text="Markdown.")

    @classmethod
    def of(cls, note: InterviewNote) -> InterviewForm:
        return cls(prefix=f"note-{note.pk}", initial={"person": note.person_id, "body": note.body})

    def clean_body(self) -> str:
        """Browsers send CR LF; we keep LF, so that the same text is the same."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")


def _offered(postmortem: Postmortem) -> datetime:
    """Ten in the morning of the last working day before it is due; of tomorrow where that is past, or no day is due."""
    now = timezone.localtime()
    last = timezone.localtime(postmortem.due_at) if postmortem.due_at else now
    day = last - timedelta(days=max(last.weekday() - 4, 0))
    morning = day.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if morning > last:
        morning -= timedelta(days=1 if day.weekday() else 3)
    return morning if morning > now else _next_morning(now)


def _next_morning(now: datetime) -> datetime:
    day = now + timedelta(days=1)
    day += timedelta(days=max(7 - day.weekday(), 0) if day.weekday() > 4 else 0)
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)
