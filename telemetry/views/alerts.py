"""Alerts: the list."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from oncall.models import Service
from telemetry.filters import AlertFilter
from telemetry.models import Alert

PER_PAGE = 50


@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """What fires and what has fired, the newest first, narrowed by the query."""
    visible = Alert.objects.visible_to(request.user)
    narrowed = AlertFilter(request.GET, visible.select_related("service"))
    context = {
        "page": Paginator(narrowed.qs, PER_PAGE).get_page(request.GET.get("page")),
        "form": narrowed.form,
        "services": Service.objects.visible_to(request.user),
        "unmatched": visible.unmatched().count(),
    }
    return render(request, "telemetry/alert_list.html", context)
