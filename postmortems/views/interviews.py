"""Writing interview notes, releasing them, taking them back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from notifications.refusals import carry_out, press
from oncall.requests import Request
from postmortems import services
from postmortems.forms.facilitation import InterviewForm
from postmortems.models import InterviewNote, Postmortem
from postmortems.views.base import postmortem_or_404
from postmortems.views.facilitation import page
from postmortems.views.told import told


@require_POST
def write(request: Request, number: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    form = InterviewForm(request.POST, prefix="interview")
    if carry_out(form, partial(services.write_interview, postmortem=postmortem, by=request.user)):
        return redirect(_here(postmortem))
    return page(request, postmortem, interview_form=form)


@require_POST
def edit(request: Request, number: int, note: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    found = _note(request, postmortem, note)
    form = InterviewForm(request.POST, prefix=f"note-{found.pk}")
    if carry_out(form, partial(services.edit_interview, note=found, by=request.user)):
        return redirect(_here(postmortem))
    return page(request, postmortem, told=told(request, postmortem, refused=form), status=422)


@require_POST
def release(request: Request, number: int, note: int) -> HttpResponse:
    done = "Released: everybody who may see this post-mortem may read it."
    return _press(request, number, note, services.release_interview, done)


@require_POST
def take_back(request: Request, number: int, note: int) -> HttpResponse:
    done = "Private again. Who read it meanwhile has read it."
    return _press(request, number, note, services.take_back_interview, done)


@require_POST
def delete(request: Request, number: int, note: int) -> HttpResponse:
    return _press(request, number, note, services.delete_interview, "Deleted for good.")


def _press(request: Request, number: int, pk: int, do: Callable[..., Any], done: str) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    note = _note(request, postmortem, pk)
    return press(request, partial(do, note=note, by=request.user), done=done, to=_here(postmortem))


def _note(request: Request, postmortem: Postmortem, pk: int) -> InterviewNote:
    """A note that this person may read; the others are not there."""
    readable = InterviewNote.objects.visible_to(request.user).select_related("postmortem")
    return get_object_or_404(readable, postmortem=postmortem, pk=pk)


def _here(postmortem: Postmortem) -> str:
    return f"{postmortem.get_absolute_url()}facilitation/#h-interviews"
