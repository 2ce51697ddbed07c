"""`/heartbeats/<token>`: where a job says that it has run."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from telemetry.heartbeats import receive

PLAIN = "text/plain; charset=utf-8"
UNKNOWN = "No heartbeat has this address. Copy it again from the page of its service; it may have been deleted.\n"
NOT_KEPT = "Not kept: the database cannot be reached. Call again.\n"


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, token: str) -> HttpResponse:
    """200: noted, for good. 404: nobody's address. 503: not noted. The address is the proof; a body is not read."""
    try:
        known = receive(token)
    except OperationalError:
        return HttpResponse(NOT_KEPT, status=503, content_type=PLAIN, headers={"Retry-After": "5"})
    if not known:
        return HttpResponse(UNKNOWN, status=404, content_type=PLAIN)
    return HttpResponse("OK\n", content_type=PLAIN)
