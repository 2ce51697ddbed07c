"""Maintenance windows: what holds, what is planned, what was; planning, changing and ending them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall.forms.maintenance import MaintenanceForm, initial_of, suggested
from oncall.models import Maintenance
from oncall.querysets import MaintenanceQuerySet
from oncall.requests import asker, responders
from oncall.services.maintenance import change_maintenance, end_or_cancel, plan_maintenance

PER_PAGE = 20


@require_GET
def maintenance_list(request: HttpRequest) -> HttpResponse:
    """Windows that hold now, those to come, and those that are over, the latest first."""
    windows, now = _windows(request), timezone.now()
    context = {
        "current": windows.at(now).order_by("end", "id"),
        "upcoming": windows.upcoming(now),
        "page": Paginator(windows.over(now).order_by("-end", "-id"), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "oncall/maintenance_list.html", context)


@require_http_methods(["GET", "POST"])
@responders
def maintenance_new(request: HttpRequest) -> HttpResponse:
    """Plan one; `service` says for what the form begins."""
    form = MaintenanceForm(request.POST or None, initial=suggested(request.GET.get("service", "")))
    if request.method == "POST" and carry_out(form, partial(plan_maintenance, by=asker(request))):
        messages.success(request, "Maintenance is planned. What still fires when it is over pages then.")
        return redirect("oncall:maintenance")
    return _show(request, form, None)


@require_http_methods(["GET", "POST"])
@responders
def maintenance_edit(request: HttpRequest, pk: int) -> HttpResponse:
    maintenance = get_object_or_404(_windows(request), pk=pk)
    form = MaintenanceForm(request.POST or None, initial=initial_of(maintenance), maintenance=maintenance)
    change = partial(change_maintenance, maintenance=maintenance, by=asker(request))
    if request.method == "POST" and carry_out(form, change):
        messages.success(request, "The maintenance is changed.")
        return redirect("oncall:maintenance")
    return _show(request, form, maintenance)


@require_POST
@responders
def maintenance_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End the one that holds, or cancel the one that has yet to begin."""
    maintenance = get_object_or_404(_windows(request), pk=pk)
    upcoming = maintenance.state == "upcoming"
    return press(
        request,
        partial(end_or_cancel, maintenance=maintenance, by=asker(request)),
        done="The maintenance is cancelled." if upcoming else "The maintenance is over. What still fires pages now.",
        to=reverse("oncall:maintenance"),
    )


def _windows(request: HttpRequest) -> MaintenanceQuerySet:
    visible = Maintenance.objects.visible_to(request.user)
    return visible.select_related("created_by").prefetch_related("services")


def _show(request: HttpRequest, form: MaintenanceForm, maintenance: Maintenance | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "maintenance": maintenance}
    return render(request, "oncall/maintenance_form.html", context, status=status_of(form))
