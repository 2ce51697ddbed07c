"""Alerts: the list, one of them, and those of a service."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from oncall.models import Service
from telemetry.filters import AlertFilter
from telemetry.holding import with_hold
from telemetry.models import Alert

PER_PAGE = 50
OF_SERVICE, RECENT = 10, timedelta(days=1)
OF_HISTORY = 20


@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """What fires and what has fired, the newest first, narrowed by the query."""
    visible = Alert.objects.visible_to(request.user)
    narrowed = AlertFilter(request.GET, with_hold(visible.select_related("service", "integration")))
    context = {
        "page": Paginator(narrowed.qs, PER_PAGE).get_page(request.GET.get("page")),
        "form": narrowed.form,
        "services": Service.objects.visible_to(request.user),
        "unmatched": visible.unmatched().count(),
    }
    return render(request, "telemetry/alert_list.html", context)


@require_GET
def alert_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is known of an alert, and how often it fired before and after."""
    visible = Alert.objects.visible_to(request.user)
    alert = get_object_or_404(with_hold(visible.select_related("service", "integration", "page")), pk=pk)
    same = visible.filter(integration=alert.integration, fingerprint=alert.fingerprint).exclude(pk=pk)
    history = same.select_related("service").order_by("-starts_at", "-pk")
    context = {"alert": alert, "history": history[:OF_HISTORY], "times": same.count() + 1}
    return render(request, "telemetry/alert_detail.html", context)


@require_GET
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """What fires or ended within a day, what fires first: a part of the service's page; alone, the list."""
    service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
    if "HX-Request" not in request.headers:
        return redirect(f"{reverse('telemetry:list')}?service={service.slug}")
    recent = Q(status=Alert.Status.FIRING) | Q(ends_at__gte=timezone.now() - RECENT)
    alerts = Alert.objects.visible_to(request.user).filter(recent, service=service)
    shown = with_hold(alerts).order_by("status", "-starts_at", "-pk")[: OF_SERVICE + 1]
    context = {"service": service, "alerts": shown[:OF_SERVICE], "more": len(shown) > OF_SERVICE}
    return render(request, "telemetry/_alerts_of_service.html", context)
