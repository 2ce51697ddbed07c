"""All alerts of an incident, a page at a time."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents.alert_counts import count_alerts
from incidents.models import Incident
from incidents.views.common import visible_incident
from oncall.requests import Request
from telemetry.filters import AlertFilter
from telemetry.models import Alert

PER_PAGE = 100


@require_safe
@visible_incident
def alerts(request: Request, incident: Incident) -> HttpResponse:
    """Those of the incident, the newest first, narrowed by the query."""
    narrowed = AlertFilter(request.GET, Alert.objects.filter(incidents=incident).select_related("service"))
    context = {
        "incident": incident,
        "counts": count_alerts(incident),
        "page": Paginator(narrowed.qs, PER_PAGE).get_page(request.GET.get("page")),
        "form": narrowed.form,
    }
    return render(request, "incidents/alerts.html", context)
