"""The service catalogue."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall import maintenance, services
from oncall.board import now_and_next
from oncall.forms.services import PanelForms, ServiceForm, panels_of
from oncall.models import Service, Team
from oncall.requests import asker, responders
from oncall.shifts import on_call

WITH_OWNERS = ("dev_team", "ops_team", "schedule", "policy")


@require_GET
def service_list(request: HttpRequest) -> HttpResponse:
    """Services by name, with who is on call for each; `q`, `team` and `stage` narrow it down."""
    found = Service.objects.visible_to(request.user).select_related(*WITH_OWNERS)
    words, team, stage = (request.GET.get(name, "").strip() for name in ("q", "team", "stage"))
    if words:
        found = found.filter(Q(name__icontains=words) | Q(slug__icontains=words))
    if team:
        found = found.of_team(team)
    if stage in Service.Stage.values:
        found = found.filter(stage=stage)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    now = on_call(page.object_list)
    context = {
        "page": page,
        "rows": [{"service": service, "seats": now[service.pk].items()} for service in page.object_list],
        "teams": Team.objects.all(),
        "stages": Service.Stage.choices,
        "chosen": {"q": words, "team": team, "stage": stage},
    }
    return render(request, "oncall/service_list.html", context)


@require_GET
def service_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One service; what higher rooms know of it loads into the page as fragments."""
    service = _service(request, slug)
    window = maintenance.of(service)
    context = {
        "service": service,
        "seats": now_and_next([service.schedule])[service.schedule.pk] if service.schedule else [],
        "needs": service.depends_on.all(),
        "needed_by": service.depended_on_by.all(),
        "maintenance": maintenance.sentence([service.name], window) if window else "",
        "windows": [*filter(None, [window]), *maintenance.upcoming(service)],
        "steps": service.policy.steps.prefetch_related("targets__person", "targets__team") if service.policy else [],
    }
    return render(request, "oncall/service_detail.html", context)


@require_http_methods(["GET", "POST"])
@responders
def service_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@responders
def service_edit(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit(request, _service(request, slug))


@require_POST
@responders
def service_delete(request: HttpRequest, slug: str) -> HttpResponse:
    service = _service(request, slug)
    return press(
        request,
        partial(services.delete_service, service=service, by=asker(request)),
        done=f"{service} is deleted.",
        to=reverse("oncall:services"),
        back=reverse("oncall:service", args=[slug]),
    )


def _service(request: HttpRequest, slug: str) -> Service:
    return get_object_or_404(Service.objects.visible_to(request.user).select_related(*WITH_OWNERS), slug=slug)


def _edit(request: HttpRequest, service: Service | None) -> HttpResponse:
    initial = ServiceForm.initial_of(service) if service else None
    drawn: list[dict[str, Any]] = (
        [dict(panel) for panel in service.panels.values("name", "unit", "source", "query")] if service else []
    )
    form = ServiceForm(request.POST or None, initial=initial, service=service)
    panels = PanelForms(request.POST or None, initial=drawn, prefix="panels")

    def save(**_: Any) -> Service:
        return services.save_service(**form.given(), panels=panels_of(panels), service=service, by=asker(request))

    if request.method == "POST" and panels.is_valid() and (saved := carry_out(form, save)):
        messages.success(request, f"{saved} is saved.")
        return redirect("oncall:service", saved.slug)
    context = {"form": form, "panels": panels, "service": service}
    return render(request, "oncall/service_form.html", context, status=status_of(form))
