"""Settings: issue trackers, for administrators."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.links import absolute
from notifications.refusals import carry_out, press, status_of
from oncall.requests import Request, administrators
from postmortems.forms.trackers import TrackerEditForm, TrackerForm
from postmortems.models import Tracker
from postmortems.services import trackers as services

ACTS: dict[str, tuple[Any, str]] = {
    "test": (services.ask_test, "It is tested; what comes of it stands below in seconds."),
    "retire": (services.retire_tracker, "It is neither asked nor heard any more, and its token is forgotten."),
    "take-up": (services.take_up_tracker, "It is asked and heard again. Give it its token anew."),
}


@require_GET
@administrators
def tracker_list(request: Request) -> HttpResponse:
    found = Tracker.objects.annotate(followed=Count("issues")).order_by("retired_at", "name")
    return render(request, "postmortems/tracker_list.html", {"trackers": found})


@never_cache
@require_http_methods(["GET", "POST"])
@administrators
def tracker_new(request: Request) -> HttpResponse:
    """A new one; its webhook's secret is shown once, on the page that answers."""
    form = TrackerForm(request.POST or None)
    if request.method == "POST" and (made := carry_out(form, partial(services.add_tracker, by=request.user))):
        tracker, secret = made
        return render(request, "postmortems/tracker_secret.html", _about(tracker) | {"secret": secret}, status=201)
    return render(request, "postmortems/tracker_form.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "POST"])
@administrators
def tracker_detail(request: Request, pk: int) -> HttpResponse:
    """What it is set up with, what a test said, and its fields to change; htmx asks for the test alone."""
    tracker = get_object_or_404(Tracker.objects.annotate(followed=Count("issues")), pk=pk)
    if request.htmx and request.method == "GET":
        return render(request, "postmortems/_tracker_test.html", {"tracker": tracker})
    form = TrackerEditForm(request.POST or None, initial=TrackerEditForm.initial_of(tracker))
    change = partial(services.change_tracker, tracker=tracker, by=request.user)
    if request.method == "POST" and carry_out(form, change):
        messages.success(request, "It is changed, and tested.")
        return redirect("postmortems:tracker", pk)
    context = _about(tracker) | {"form": form}
    return render(request, "postmortems/tracker_detail.html", context, status=status_of(form))


@require_POST
@administrators
def tracker_act(request: Request, pk: int, act: str) -> HttpResponse:
    """One of the buttons: `ACTS`."""
    service, done = ACTS[act]
    tracker = get_object_or_404(Tracker, pk=pk)
    to = reverse("postmortems:tracker", args=[pk])
    return press(request, partial(service, tracker=tracker, by=request.user), done=done, to=to)


def _about(tracker: Tracker) -> dict[str, Any]:
    return {
        "tracker": tracker,
        "webhook_url": absolute(f"/hooks/issues/{tracker.key}"),
        "integration": services.integration_of(tracker),
    }
