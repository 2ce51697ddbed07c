"""Importing a calendar of another product: upload, say whom its names mean, see what changes, save."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from notifications.errors import InvalidInput
from notifications.refusals import carry_out, explain, status_of
from oncall.calendar_import import CalendarRefused, Imported, UnknownPeople
from oncall.drawing import WEEKS, Window
from oncall.forms.calendar_import import ImportForm
from oncall.models import Schedule
from oncall.previews import shown
from oncall.requests import asker, responders
from oncall.rotas.effects import compare
from oncall.services.calendar_import import Plan, import_calendar, plan_import
from oncall.views.schedules import schedule_url


@require_http_methods(["GET", "POST"])
@responders
def calendar_import(request: HttpRequest, slug: str) -> HttpResponse:
    """A form; then the same form with whom to name, or with what would change; then it is saved."""
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
    form = ImportForm(schedule, request.POST or None, request.FILES)
    plan = _plan(schedule, form) if form.is_bound and form.is_valid() else None
    if plan and request.POST.get("step") == "save":
        if made := carry_out(form, lambda **_: import_calendar(schedule=schedule, by=asker(request), **form.given())):
            messages.success(request, f"Imported: {in_words(made)}. Those whose shifts changed are told.")
            return redirect(schedule_url(schedule))
        plan = None
    context = {"form": form, "schedule": schedule, "plan": plan, "previewed": plan and _previewed(plan, form)}
    if plan:
        context["made"] = in_words(plan.imported)
    return render(request, "oncall/calendar_import.html", context, status=status_of(form))


def in_words(imported: Imported) -> str:
    """How much it is: 3 overrides and 2 layers."""
    numbers = ((len(imported.overrides), "override"), (len(imported.layers), "layer"))
    return (
        " and ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in numbers if number) or "nothing"
    )


def _plan(schedule: Schedule, form: ImportForm) -> Plan | None:
    try:
        return plan_import(schedule=schedule, **form.given())
    except UnknownPeople as unknown:
        form.ask(list(unknown.names))
    except CalendarRefused as refusal:
        explain(form, InvalidInput({"file" if name == "text" else name: said for name, said in refusal.errors.items()}))
    return None


def _previewed(plan: Plan, form: ImportForm) -> dict[str, Any]:
    window = Window(timezone.localdate(), WEEKS[-1])
    effects = compare(plan.before, plan.after, timezone.now(), window.until)
    seat = form.cleaned_data["seat"].name
    return shown([effect for effect in effects if effect.name == seat], window, plan.before, plan.after)
