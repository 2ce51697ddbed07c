"""The panels of a service, over a window that one chooses."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from notifications.forms import WALL
from notifications.refusals import carry_out, status_of
from oncall.models import Service
from oncall.requests import asker
from telemetry.overview import overview
from telemetry.panel_forms import WindowForm
from telemetry.panels import draw
from telemetry.windows import DEFAULT_WINDOW, WINDOWS, Window, window_between, window_called


@require_GET
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """What was fetched last, as a fragment or as a page; it asks for itself again while the page is open."""
    service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
    fragment = "HX-Request" in request.headers
    template = "telemetry/_of_service.html" if fragment else "telemetry/panels.html"
    form = WindowForm(request.GET) if _is_custom(request) else WindowForm()
    context = {"service": service, "windows": list(WINDOWS), "form": form}
    window = _window(request, form)
    if window is None:
        return render(request, template, context, status=status_of(form))
    seen = overview(service=service, window=window, by=asker(request))
    all_lines = "all" in request.GET.getlist("lines")
    key = f"{service.slug}-{window.name}"
    context |= {
        "window": window,
        "query": urlencode(_query(window) | ({"lines": "all"} if all_lines else {})),
        "all_lines": urlencode(_query(window) | {"lines": "all"}),
        "form": form if form.is_bound else WindowForm(initial={"since": window.since, "until": window.until}),
        "overview": seen,
        "drawing": draw(
            seen.snapshots, key=key, since=window.since, until=window.until, marks=seen.marks, all_lines=all_lines
        ),
        "open_tables": not fragment,
    }
    return render(request, template, context)


def _is_custom(request: HttpRequest) -> bool:
    return "since" in request.GET or "until" in request.GET


def _window(request: HttpRequest, form: WindowForm) -> Window | None:
    """The one that was asked for; None where it cannot be, which the form then says."""
    if not _is_custom(request):
        name = request.GET.get("window", DEFAULT_WINDOW)
        return window_called(name if name in WINDOWS else DEFAULT_WINDOW)
    found: Window | None = carry_out(form, window_between)
    return found


def _query(window: Window) -> dict[str, str]:
    """The address of the same window."""
    if not window.is_custom:
        return {"window": window.name}
    return {"since": _utc(window.since), "until": _utc(window.until)}


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):{WALL}}Z"
