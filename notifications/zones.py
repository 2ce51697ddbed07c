"""Times in the viewer's zone: middleware, after authentication."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

PROGRAMS = "/api/"  # for whom times are in UTC, whoever's session they use


def viewers_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Show and read the times of a page in the zone of whoever signed in."""

    def respond(request: HttpRequest) -> HttpResponse:
        name = "" if request.path.startswith(PROGRAMS) else getattr(request.user, "timezone", "")
        with timezone.override(ZoneInfo(name) if name else None):
            return get_response(request)

    return respond
