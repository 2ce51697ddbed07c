"""Pages speak in the viewer's time zone; the API and exports in UTC."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from oncall.definition import values


class ViewerZone:
    """Middleware: what a page formats is in the zone of whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zone_or_utc(request.user.timezone)):
            return self.get_response(request)


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of this name; UTC for one that no longer exists."""
    try:
        return values.zone(name)
    except ValueError:
        return ZoneInfo("UTC")
