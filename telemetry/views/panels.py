"""The panels of a service, over a window that one chooses."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET

from oncall.models import Service
from telemetry.models import Alert, Snapshot
from telemetry.panels import panels_json
from telemetry.snapshots import look
from telemetry.windows import DEFAULT_WINDOW, WINDOWS

MOST_ALERTS = 50


@require_GET
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """What was fetched last, as a fragment or as a page; it asks for itself again while the page is open."""
    service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
    window = request.GET.get("window", DEFAULT_WINDOW)
    if window not in WINDOWS:
        window = DEFAULT_WINDOW
    snapshots = look(service=service, window=window)
    since = timezone.now() - WINDOWS[window]
    alerts = Alert.objects.visible_to(request.user).touching([service.pk], since, timezone.now())[:MOST_ALERTS]
    changes = [mark for path in settings.PANEL_MARKS for mark in import_string(path)(service, since)]
    seen = [snapshot for snapshot in snapshots if snapshot.covers_until]
    context = {
        "service": service,
        "window": window,
        "windows": list(WINDOWS),
        "snapshots": snapshots,
        "panels": panels_json(seen, changes=changes, alerts=alerts),
        "panels_id": f"panels-{service.slug}-{window}",
        "on_the_way": any(snapshot.next_at for snapshot in snapshots),
        "errors": _errors(snapshots),
    }
    template = "telemetry/_of_service.html" if "HX-Request" in request.headers else "telemetry/panels.html"
    return render(request, template, context)


def _errors(snapshots: list[Snapshot]) -> list[str]:
    """What is missing and why; panels that lack the same are named together."""
    names: dict[str, list[str]] = {}
    for snapshot in snapshots:
        if snapshot.error:
            names.setdefault(snapshot.error, []).append(snapshot.name)
    return [f"{', '.join(panels)}: {error}" for error, panels in names.items()]
