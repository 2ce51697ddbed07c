"""Standing in for somebody, seen before it is saved; and learning beside a seat."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall import services
from oncall.forms.cover import CoverForm, ShadowForm, suggested_part
from oncall.models import Schedule, Shadow
from oncall.previews import if_covered
from oncall.requests import asker, responders
from oncall.services.cover import cover
from oncall.views.schedules import schedule_url


@require_http_methods(["GET", "POST"])
@responders
def cover_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A form; then the same form with what would change; then it is saved."""
    schedule = _schedule(request, slug)
    first = suggested_part(request.GET, None)
    initial = first | {"person": request.GET.get("person"), "by_person": asker(request).pk}
    form = CoverForm(schedule, request.POST or None, initial=initial)
    previewed: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        if request.POST.get("step") == "save":
            if carry_out(form, partial(cover, by=asker(request))):
                messages.success(request, "Saved. Those whose shifts changed are told.")
                return redirect(schedule_url(schedule))
        else:
            given = form.cleaned_data
            start = max(given["start"], timezone.now())
            previewed = if_covered(given["seat"], given["person"], given["by_person"], start, given["end"])
    context = {"form": form, "schedule": schedule} | previewed
    return render(request, "oncall/cover_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@responders
def shadow_add(request: HttpRequest, slug: str) -> HttpResponse:
    schedule = _schedule(request, slug)
    initial = {"seat": request.GET.get("seat"), "person": asker(request).pk}
    form = ShadowForm(schedule, request.POST or None, initial=initial)
    if request.method == "POST" and (made := carry_out(form, partial(services.add_shadow, by=asker(request)))):
        messages.success(request, f"{made.person} hears of this seat's pages, and need not answer any.")
        return redirect(schedule_url(schedule))
    return render(request, "oncall/shadow_form.html", {"form": form, "schedule": schedule}, status=status_of(form))


@require_POST
@responders
def shadow_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    shadows = Shadow.objects.visible_to(request.user).select_related("seat__schedule", "person")
    shadow = get_object_or_404(shadows, pk=pk, seat__schedule__slug=slug)
    return press(
        request,
        partial(services.end_shadow, shadow=shadow, by=asker(request)),
        done=f"{shadow.person} is no longer told.",
        to=schedule_url(shadow.seat.schedule),
    )


def _schedule(request: HttpRequest, slug: str) -> Schedule:
    return get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
