"""Taking a seat for a while, after seeing what that changes; and giving it back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall import services
from oncall.forms.overrides import OverrideForm, suggested
from oncall.models import Override, Person, Schedule
from oncall.previews import if_overridden
from oncall.requests import asker, responders
from oncall.rotas.schedule import Override as OverrideDefinition
from oncall.views.schedules import schedule_url


@require_http_methods(["GET", "POST"])
@responders
def override_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A form; then the same form with what would change; then it is saved."""
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
    first = suggested(*(request.GET.get(name, "") for name in ("seat", "start", "end")))
    form = OverrideForm(schedule, request.POST or None, initial=first | {"person": asker(request).pk})
    previewed = None
    if form.is_bound and form.is_valid():
        if request.POST.get("step") == "save":
            if carry_out(form, partial(_add, request)):
                messages.success(request, "Saved. Those whose shifts changed are told.")
                return redirect(schedule_url(schedule))
        else:
            given = form.cleaned_data
            override = OverrideDefinition(given["start"], given["end"], (given["person"].email,))
            previewed = if_overridden(given["seat"], [override])
    context = {"form": form, "schedule": schedule, "previewed": previewed}
    return render(request, "oncall/override_form.html", context, status=status_of(form))


@require_POST
@responders
def override_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    override = get_object_or_404(Override.objects.select_related("seat__schedule"), pk=pk, seat__schedule__slug=slug)
    return press(
        request,
        partial(services.remove_override, override=override, by=asker(request)),
        done="The override is removed; whoever was due is on call again.",
        to=schedule_url(override.seat.schedule),
    )


def _add(request: HttpRequest, *, person: Person, **given: Any) -> Override:
    return services.add_override(people=[person], **given, by=asker(request))
