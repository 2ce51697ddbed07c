"""All alerts of an incident, a page at a time."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents.alert_counts import count_alerts
from incidents.models import Incident
from incidents.views.common import visible_incident
from oncall.models import Service
from oncall.requests import Request
from telemetry.filters import AlertFilter
from telemetry.holding import with_hold
from telemetry.models import Alert

PER_PAGE = 100


@require_safe
@visible_incident
def alerts(request: Request, incident: Incident) -> HttpResponse:
    """Those of the incident, the newest first, narrowed by the query."""
    of_incident = Alert.objects.filter(incidents=incident)
    narrowed = AlertFilter(request.GET, with_hold(of_incident.select_related("service", "integration")))
    context = {
        "incident": incident,
        "counts": count_alerts(incident),
        "services": Service.objects.filter(alerts__incidents=incident).distinct(),
        "page": Paginator(narrowed.qs, PER_PAGE).get_page(request.GET.get("page")),
        "form": narrowed.form,
    }
    return render(request, "incidents/alerts.html", context)
