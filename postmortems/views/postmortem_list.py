"""The list of post-mortems, and opening one or saying why none is needed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from incidents.models import Incident
from incidents.severity import SEVERITIES
from notifications.refusals import carry_out
from oncall.models import Service
from oncall.requests import Request
from postmortems import services
from postmortems.forms.postmortems import OpenForm, ReasonForm
from postmortems.forms.problems import recent
from postmortems.models import Postmortem
from postmortems.views.base import page_of

WAITING = 20


@require_GET
def listing(request: Request) -> HttpResponse:
    """`status`, `service`, `overdue` and `q` narrow it; what waits for a post-mortem stands above."""
    rows = narrowed(Postmortem.objects.visible_to(request.user), request.GET.dict())
    rows = rows.select_related("facilitator", "template").prefetch_related("incidents__services", "services")
    rows = rows.annotate(open_actions=Count("actions", ~Q(actions__state__in=("done", "wont_do")), distinct=True))
    page = page_of(request, rows.order_by("-opened_at", "-number"))
    context = {
        "page": page,
        "filters": request.GET,
        "statuses": Postmortem.Status.choices,
        "services": Service.objects.visible_to(request.user),
        "missing": list(without_one(request.user)[:WAITING]),
        "now": timezone.now(),
        "may_write": request.user.is_responder,
        "exempted": Incident.objects.visible_to(request.user).counted().filter(exemption__isnull=False).count(),
    }
    return render(request, "postmortems/postmortem_list.html", context)


def narrowed(rows: QuerySet[Postmortem], given: dict[str, str]) -> QuerySet[Postmortem]:
    if given.get("status") in Postmortem.Status.values:
        rows = rows.filter(status=given["status"])
    if given.get("service"):
        slug = given["service"]
        rows = rows.filter(Q(incidents__services__slug=slug) | Q(services__slug=slug)).distinct()
    if given.get("overdue"):
        rows = rows.exclude(status="published").filter(due_at__lt=timezone.now())
    if given.get("q"):
        rows = rows.filter(title__icontains=given["q"])
    return rows


def without_one(user: Any) -> QuerySet[Incident]:
    """Resolved incidents whose severity asks for a post-mortem, that have none and are not exempted."""
    grave = [key for key, severity in SEVERITIES.items() if severity.post_mortem_required]
    rows = Incident.objects.visible_to(user).counted()
    return rows.filter(
        severity__in=grave, status__in=("resolved", "closed"), postmortems=None, exemption=None
    ).order_by("severity", "resolved_at")


def open_one(request: Request) -> HttpResponse:
    """From one or several incidents (`?incident=`), or for a near miss."""
    visible = recent(Incident.objects.visible_to(request.user))
    asked = [value for value in request.GET.getlist("incident") if value.isdecimal() and len(value) < 10]
    given = Incident.objects.visible_to(request.user).filter(number__in=asked)
    form = OpenForm(
        request.POST if request.method == "POST" else None,
        incidents=visible | given,
        initial={"incidents": [incident.pk for incident in given]},
    )
    if request.method == "POST" and (opened := carry_out(form, partial(_open, request))):
        return redirect(opened)
    context = {"form": form, "given": given}
    return render(request, "postmortems/postmortem_open.html", context, status=422 if form.errors else 200)


def _open(request: Request, *, title: str, incidents: QuerySet[Incident], **given: Any) -> Postmortem:
    return services.open_postmortem(title=title or None, incidents=list(incidents), by=request.user, **given)


def exempt(request: Request, incident: int) -> HttpResponse:
    """Say why this incident needs none; it is counted beside the coverage."""
    found = get_object_or_404(Incident.objects.visible_to(request.user), number=incident)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carry_out(form, partial(services.exempt, incident=found, by=request.user)):
        return redirect("postmortems:list")
    context = {"form": form, "incident": found}
    return render(request, "postmortems/exempt.html", context, status=422 if form.errors else 200)
