"""Lists of incidents: all that one may see, and those of a service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents.forms import FilterForm
from incidents.listed import for_lists
from incidents.models import Incident
from incidents.querysets import IncidentQuerySet
from oncall.models import Service
from oncall.requests import Request

PER_PAGE = 30
RECENT = 10


@require_safe
def incidents(request: Request) -> HttpResponse:
    form = FilterForm(request.GET)
    form.is_valid()  # what cannot be read filters nothing, and its field says why
    found = _narrowed(Incident.objects.visible_to(request.user), form.cleaned_data)
    page = Paginator(for_lists(found.order_by("-number")), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "narrowed": any(request.GET.values())}
    return render(request, "incidents/incident_list.html", context)


def _narrowed(found: IncidentQuerySet, given: dict[str, Any]) -> IncidentQuerySet:
    if status := given.get("status"):
        found = found.open() if status == "open" else found.filter(status=status)
    if severity := given.get("severity"):
        found = found.filter(severity=severity)
    if service := given.get("service"):
        found = found.filter(services__slug=service)
    if words := given.get("q"):
        number = words.lstrip("#")
        matches = Q(title__icontains=words) | Q(summary__icontains=words)
        found = found.filter(matches | Q(number=number) if number.isdecimal() and len(number) < 10 else matches)
    if since := given.get("since"):
        found = found.filter(started_at__date__gte=since)
    if until := given.get("until"):
        found = found.filter(started_at__date__lte=until)
    return found


@require_safe
def of_service(request: Request, slug: str) -> HttpResponse:
    """Recent incidents of a service, for its page."""
    service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
    found = Incident.objects.visible_to(request.user).filter(services=service).order_by("-number")
    quarter = found.counted().filter(declared_at__gte=timezone.now() - timedelta(days=90)).count()
    context = {"service": service, "incidents": for_lists(found)[:RECENT], "quarter": quarter}
    return render(request, "incidents/_of_service.html", context)
