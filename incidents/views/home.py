"""Home: what is burning, who is on call, what waits for me."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from changes.gate.waiting import waiting_for
from incidents.listed import for_lists
from incidents.models import Incident, RoleAssignment, Task
from incidents.querysets import OPEN
from notifications import live
from notifications.errors import Conflict
from oncall import paging, shifts
from oncall.first_steps import first_steps
from oncall.maintenance import sentence
from oncall.mine import offers_to
from oncall.models import Maintenance, Page, Person, Service
from oncall.requests import Request

MOST_OPEN = 30
RECENT = 8
MOST_OFFERED = 4
LIVE = "incidents"


@require_safe
def home(request: Request) -> HttpResponse:
    """Each column fetches itself again when an incident changes; `part` asks for one of them."""
    part = request.GET.get("part")
    if part == "burning":
        return render(request, "incidents/_burning.html", _burning(request.user))
    if part == "mine":
        return render(request, "incidents/_mine.html", _mine(request.user))
    on_call = _on_call()
    context = _burning(request.user) | _mine(request.user) | {"on_call": on_call, "live_token": live.token(LIVE)}
    context["offers"] = offers_to(request.user)[:MOST_OFFERED]
    if request.user.is_administrator:
        context["first_steps"] = first_steps(answered=bool(on_call))
    return render(request, "incidents/home.html", context)


@require_POST
def answer(request: Request, page: int) -> HttpResponse:
    """Acknowledge one of the pages that wait for me, with one tap."""
    found = get_object_or_404(Page.objects.visible_to(request.user), pk=page)
    try:
        paging.acknowledge(page=found, person=request.user, via="web")
    except Conflict as error:
        messages.warning(request, error.detail)
    return redirect("incidents:home")


def _burning(user: Any) -> dict[str, Any]:
    visible = Incident.objects.visible_to(user)
    burning = for_lists(visible.open()).order_by("practice", "severity", "number")[:MOST_OPEN]
    recent = for_lists(visible.exclude(status__in=OPEN)).order_by("-number")[:RECENT]
    return {"burning": burning, "recent": recent, "maintenance": _maintenance(user)}


def _maintenance(user: Any) -> list[str]:
    """A sentence for each window that holds now."""
    windows = Maintenance.objects.visible_to(user).at(timezone.now()).prefetch_related("services")
    return [sentence([service.name for service in window.services.all()], window) for window in windows]


def _mine(user: Any) -> dict[str, Any]:
    visible = Incident.objects.visible_to(user)
    return {
        "my_pages": list(_waiting_for(user)),
        "my_checks": waiting_for(user),
        "my_roles": RoleAssignment.objects.filter(person=user, until=None, incident__in=visible.open()).select_related(
            "incident"
        ),
        "my_tasks": Task.objects.filter(assignee=user, done_at=None, incident__in=visible).select_related("incident"),
    }


def _waiting_for(user: Person) -> Any:
    """Open pages with a side that this person was told of and nobody has answered."""
    told = {"log__kind": "notified", "log__person": user, "log__seat": F("escalations__seat")}
    return Page.objects.open().filter(escalations__acknowledged_at=None, **told).distinct()


def _on_call() -> list[dict[str, Any]]:
    """Who is on call now, a row for each schedule with the services it answers for; those without one come last."""
    services = list(Service.objects.select_related("schedule").order_by("tier", "name"))
    found = shifts.on_call(services)
    rows: dict[int, dict[str, Any]] = {}
    for service in services:
        if service.schedule:
            row = rows.setdefault(
                service.schedule.pk, {"schedule": service.schedule, "services": [], "seats": found[service.pk]}
            )
            row["services"].append(service)
    return list(rows.values())
