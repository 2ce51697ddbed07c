"""Making and changing schedules: previewed first, saved second."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from notifications.refusals import carry_out, status_of
from oncall import services
from oncall.coverage import Interval
from oncall.definition import Definition
from oncall.drawing import Window, draw, lane, title_of
from oncall.effects import SeatEffect, compare
from oncall.forms.schedules import JsonScheduleForm, NamedForm, ScheduleForm
from oncall.models import Schedule
from oncall.requests import asker, responders
from oncall.stored_definition import load_definition
from oncall.views.schedules import names_of, schedule_url

AHEAD = timedelta(weeks=8)
MOST_NAMED = 3


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
            previewed = shown(effects, Window(timezone.localdate(), 4), current, form.definition)
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


def shown(effects: list[SeatEffect], window: Window, *definitions: Definition | None) -> dict[str, Any]:
    """Effects as the preview shows them: bars before and after over the window, and whose shifts alter."""
    names: dict[str, str] = {}
    for definition in definitions:
        names |= names_of(definition) if definition else {}
    rows = []
    for effect in effects:
        title = title_of(effect.name)
        if effect.before:
            rows.append(lane(f"{title}, now", effect.name, effect.before, names))
        rows.append(lane(f"{title}, then", effect.name, effect.after, names, gaps=effect.gaps))
    changes = [
        {
            "seat": effect.name,
            "person": names.get(change.person, change.person),
            "gained": in_words(change.gained),
            "lost": in_words(change.lost),
        }
        for effect in effects
        for change in effect.changes
    ]
    return {"svg": draw(rows, window, "Preview"), "changes": changes, "gaps": [e for e in effects if e.gaps]}


def in_words(intervals: list[Interval]) -> str:
    """The first of these intervals in the viewer's zone, and how many more."""
    spans = [f"{_moment(one.start)} – {_moment(one.end)}" for one in intervals[:MOST_NAMED]]
    more = len(intervals) - len(spans)
    return "; ".join(spans) + (f" and {more} more" if more else "")


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %b, %H:%M}"
