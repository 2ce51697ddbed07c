"""The meeting of a post-mortem: set, call off, take into one's calendar."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from notifications.refusals import carry_out, press
from oncall.requests import Request
from postmortems import services
from postmortems.facilitating.calendar_file import calendar_file
from postmortems.forms.facilitation import MeetingForm
from postmortems.models import Postmortem
from postmortems.views.base import postmortem_or_404
from postmortems.views.facilitation import page


def _here(postmortem: Postmortem) -> str:
    return f"{postmortem.get_absolute_url()}facilitation/#h-meeting"


@require_POST
def set_meeting(request: Request, number: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    form = MeetingForm(request.POST, prefix="meeting")
    if carry_out(form, partial(services.set_meeting, postmortem=postmortem, by=request.user)):
        messages.success(request, "The meeting is set. Everybody invited gets it for their calendar.")
        return redirect(_here(postmortem))
    return page(request, postmortem, meeting_form=form)


@require_POST
def call_off(request: Request, number: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    return press(
        request,
        partial(services.cancel_meeting, postmortem=postmortem, by=request.user),
        done="The meeting is called off, and leaves the calendars of those invited.",
        to=_here(postmortem),
    )


@require_GET
def download(request: Request, number: int) -> HttpResponse:
    """The entry for a calendar; 404 while no meeting stands."""
    return calendar_file(postmortem_or_404(request, number))
