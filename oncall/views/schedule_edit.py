"""Making and changing schedules: previewed first, saved second."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from notifications.refusals import carry_out, status_of
from oncall import services
from oncall.definition import Definition
from oncall.forms.schedules import JsonScheduleForm, NamedForm, ScheduleForm
from oncall.models import Schedule
from oncall.previews import shown, when_it_differs
from oncall.requests import asker, responders
from oncall.rotas.effects import compare
from oncall.stored_definition import load_definition
from oncall.views.schedules import schedule_url

AHEAD = timedelta(weeks=8)


@require_http_methods(["GET", "POST"])
@responders
def schedule_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None, None)


@require_http_methods(["GET", "POST"])
@responders
def schedule_edit(request: HttpRequest, slug: str) -> HttpResponse:
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
    return _edit(request, schedule, load_definition(schedule))


def _edit(request: HttpRequest, schedule: Schedule | None, current: Definition | None) -> HttpResponse:
    form = _form(request, schedule, current)
    previewed = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "save":
            saved = carry_out(form, partial(_save, request, form, schedule))
            if saved:
                messages.success(request, f"{saved} is saved; its shifts stand for the next 180 days.")
                return redirect(schedule_url(saved))
        else:
            now = timezone.now()
            effects = compare(current, form.definition, now, now + AHEAD)
            previewed = shown(effects, when_it_differs(effects), current, form.definition)
    context = {
        "form": form,
        "schedule": schedule,
        "as_json": isinstance(form, JsonScheduleForm),
        "fits_form": current is None or ScheduleForm.initial_of(current) is not None,
        "previewed": previewed,
    }
    return render(request, "oncall/schedule_form.html", context, status=status_of(form))


def _form(request: HttpRequest, schedule: Schedule | None, current: Definition | None) -> NamedForm:
    simple = ScheduleForm.initial_of(current) if current else ScheduleForm.BLANK | {"timezone": asker(request).timezone}
    as_json = simple is None or request.GET.get("as") == "json"
    initial: dict[str, Any] = {"name": schedule.name, "slug": schedule.slug} if schedule else {}
    if as_json:
        initial |= JsonScheduleForm.initial_of(current) if current else {}
    else:
        initial |= simple or {}
    kind: type[NamedForm] = JsonScheduleForm if as_json else ScheduleForm
    return kind(request.POST or None, initial=initial, current=current)


def _save(request: HttpRequest, form: NamedForm, schedule: Schedule | None, **_: Any) -> Schedule:
    return services.save_schedule(
        slug=form.cleaned_data["slug"],
        name=form.cleaned_data["name"],
        definition=form.definition,
        schedule=schedule,
        by=asker(request),
    )
