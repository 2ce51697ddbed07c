"""Exercises: a past incident replayed as a game day. Players see what was known then, and nothing of how it ended."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from notifications import live
from notifications.refusals import carry_out, press, status_of
from oncall.requests import Request
from postmortems import services
from postmortems.exercises import Replay, declared_titles
from postmortems.forms.exercises import FindingsForm, NextForm, SayForm, StartForm
from postmortems.models import Exercise
from postmortems.services.common import topic
from postmortems.text import rendering
from postmortems.views.base import page_of


@require_GET
def listing(request: Request) -> HttpResponse:
    exercises = Exercise.objects.visible_to(request.user).select_related("incident", "host")
    page = page_of(request, exercises)
    context = {"page": page, "rows": declared_titles(page.object_list), "may_write": request.user.is_responder}
    return render(request, "postmortems/exercise_list.html", context)


def new(request: Request) -> HttpResponse:
    """Choose what is replayed; `?incident=` comes with the choice made."""
    initial = {"incident": request.GET.get("incident")}
    form = StartForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "POST" and (started := carry_out(form, partial(services.start_exercise, by=request.user))):
        return redirect(started)
    return render(request, "postmortems/exercise_new.html", {"form": form}, status=status_of(form))


@require_GET
def detail(request: Request, number: int) -> HttpResponse:
    return _page(request, exercise_or_404(request, number))


def exercise_or_404(request: Request, number: int) -> Exercise:
    found = Exercise.objects.visible_to(request.user).select_related("incident", "host")
    return get_object_or_404(found, number=number)


def _context(request: Request, exercise: Exercise, **more: Any) -> dict[str, Any]:
    return {
        "exercise": exercise,
        "replay": Replay(exercise, request.user),
        "may_write": request.user.is_responder,
        "say_form": SayForm(),
        "findings_form": FindingsForm(initial={"findings": exercise.findings}),
        "findings": rendering.to_html(exercise.findings),
        "live_token": live.token(topic(exercise)),
        **more,
    }


def _page(request: Request, exercise: Exercise, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "postmortems/exercise_detail.html", _context(request, exercise, **more), status=status)


@require_GET
def now(request: Request, number: int) -> HttpResponse:
    """The steps so far; once the outcome is shown, the whole page."""
    exercise = exercise_or_404(request, number)
    answer = render(request, "postmortems/_exercise_now.html", _context(request, exercise))
    if exercise.finished_at and request.htmx:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def say(request: Request, number: int) -> HttpResponse:
    exercise = exercise_or_404(request, number)
    form = SayForm(request.POST)
    if not carry_out(form, partial(services.say_in_exercise, exercise=exercise, by=request.user)):
        template = "postmortems/_exercise_said.html" if request.htmx else "postmortems/exercise_detail.html"
        return render(request, template, _context(request, exercise, say_form=form), status=status_of(form))
    if request.htmx:
        return render(request, "postmortems/_exercise_said.html", _context(request, exercise))
    return redirect(f"{exercise.get_absolute_url()}#now")


@require_POST
def show_next(request: Request, number: int) -> HttpResponse:
    exercise, form = exercise_or_404(request, number), NextForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else exercise.shown
    do = partial(services.show_next, exercise=exercise, seen=seen, by=request.user)
    return press(request, do, done="The next step is shown.", to=f"{exercise.get_absolute_url()}#now")


@require_POST
def finish(request: Request, number: int) -> HttpResponse:
    exercise = exercise_or_404(request, number)
    do = partial(services.finish_exercise, exercise=exercise, by=request.user)
    return press(request, do, done="The outcome is shown to all.", to=exercise.get_absolute_url())


@require_POST
def findings(request: Request, number: int) -> HttpResponse:
    exercise = exercise_or_404(request, number)
    form = FindingsForm(request.POST)
    if carry_out(form, partial(services.record_findings, exercise=exercise, by=request.user)):
        return redirect(f"{reverse('postmortems:exercise', args=[number])}#findings")
    return _page(request, exercise, status=status_of(form), findings_form=form)
